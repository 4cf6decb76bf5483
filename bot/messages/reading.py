"""The stored text itself: a quote between its neighbours, and the whole text in pages."""

from bot.messages import markup, moments, places, shown, voices
from bot.messages.cleaning import cleaned, is_blank
from bot.messages.limits import FOLD_CHARACTERS
from bot.messages.markup import Markup
from bot.messages.message import Button, Document, Keyboard, Message, Press
from bot.messages.split import fits
from bot.messages.view import View
from retrieval.model import ArticleVersion, Quote, Span
from retrieval.text.sentences import sentences

NEIGHBOURS = 3
PAGE_CHARACTERS = 2_400  # a page is cut at a paragraph or sentence before this, and at this where neither ends


def in_context(quote: Quote, view: View, *, whole_text: bool) -> Message:
    """The quote in bold between up to three sentences on each side, its attribution before them."""
    text, language = quote.version.text, quote.version.language
    before = places.before(text, quote.span.start, language, NEIGHBOURS)
    after = places.after(text, quote.span.end, language, NEIGHBOURS)
    stretch = Span((before or [quote.span])[0].start, (after or [quote.span])[-1].end)
    quoted = voices.quoted(quote)
    head = markup.lines(
        markup.words(view.phrases["context_first"]),
        markup.bold(voices.heading(quote, quoted, view)),
        *map(markup.words, voices.labels(quote, quoted, view)),
        markup.words(view.phrases["context_reported"]),
    )
    press = Press("read", {"version": quote.version.id, "start": quote.span.start, "end": quote.span.end})
    keyboard: Keyboard = ((Button(view.phrases["button_whole"], press),),) if whole_text else ()
    return _message(head, quote.version, stretch, quote.span, _origin(quote, view), keyboard, view)


def page(quote: Quote, view: View, number: int | None = None) -> Message:
    """A page of the whole text: the one asked for (from 1), else the one where the quote begins."""
    pages = cut(quote.version.text, quote.version.language)
    begins = next((n for n, span in enumerate(pages, 1) if quote.span.start < span.end), len(pages))
    at = min(max(number or begins, 1), len(pages))
    stretch = pages[at - 1]
    marked = Span(max(quote.span.start, stretch.start), min(quote.span.end, stretch.end))
    head = markup.words(view.phrases["page_first"].format(page=at, pages=len(pages)))
    if marked.start < marked.end:
        head = markup.lines(head, markup.words(view.phrases["page_marked"]))
    return _message(
        head, quote.version, stretch, marked, _origin(quote, view), _turning(quote, at, len(pages), view), view
    )


def elsewhere(quote: Quote, view: View) -> Message:
    """For a text that may only be read at its own address."""
    return Message(markup.fill(view.phrases["place_refused"], link=_origin(quote, view)))


def cut(text: str, language: str) -> list[Span]:
    """The whole text in pages, in order, without a gap between their words."""
    pages: list[Span] = []
    for piece in _pieces(text, language):
        if pages and piece.end - pages[-1].start <= PAGE_CHARACTERS:
            pages[-1] = Span(pages[-1].start, piece.end)
        else:
            pages.append(piece)
    return pages or [Span(0, len(text))]


def _pieces(text: str, language: str) -> list[Span]:
    return [
        Span(at, min(at + PAGE_CHARACTERS, sentence.end))
        for sentence in sentences(text, language)
        for at in range(sentence.start, sentence.end, PAGE_CHARACTERS)
    ]


def _message(
    head: Markup,
    version: ArticleVersion,
    stretch: Span,
    marked: Span,
    origin: Markup,
    keyboard: Keyboard,
    view: View,
) -> Message:
    words = stretch.of(version.text)
    bold = (marked.start - stretch.start, marked.end - stretch.start) if marked.start < marked.end else None
    shown_words = markup.blockquote(words, folded=len(words) > FOLD_CHARACTERS and bold is None, marked=bold)
    whole = markup.lines(head, shown_words, origin)
    if fits(whole) and cleaned(words) == words and not is_blank(words):
        return Message(whole, keyboard)
    caption = markup.lines(head, markup.words(view.phrases["as_file_cleaned"]), origin)
    caption = caption if caption.fits_caption else markup.words(view.phrases["as_file_cleaned"])
    return Message(caption, keyboard, Document(view.phrases["page_file"], words))


def _origin(quote: Quote, view: View) -> Markup:
    """Whose text it is, from when, and which of the stored versions."""
    title = shown.title(shown.outlet(quote.article, view.phrases), quote.version.headline, view.phrases)
    named = markup.words(title) if title else Markup()
    if quote.article.url:
        named = shown.link(title or view.phrases["stored_text"], shown.page_address(quote), view)
    stored = markup.fill(
        view.phrases["version_line"],
        number=quote.version.number,
        moment=moments.moment(quote.version.fetched_at, view),
    )
    return markup.lines(markup.join(" · ", [named, moments.printed(quote.version.published, view)]), stored)


def _turning(quote: Quote, at: int, pages: int, view: View) -> Keyboard:
    place = {"version": quote.version.id, "start": quote.span.start, "end": quote.span.end}
    row = [
        Button(view.phrases[key], Press("read", {**place, "page": to}))
        for key, to in (("button_earlier", at - 1), ("button_later", at + 1))
        if 1 <= to <= pages
    ]
    return (tuple(row),) if row else ()
