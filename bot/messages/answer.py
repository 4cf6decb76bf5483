"""An answer as messages: who speaks before what is said, the words untouched, what is missing said in words.

Pure: takes plain values and gives plain values; buttons carry what they mean and are kept elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations

from bot.messages import differing, freshness, markup, named, nothing, sources, voices
from bot.messages.cleaning import cleaned, is_blank
from bot.messages.limits import FOLD_CHARACTERS
from bot.messages.markup import Markup
from bot.messages.message import Button, Document, Keyboard, Message, Press
from bot.messages.split import Block, pack
from bot.messages.view import View
from retrieval.attribution import Quoted
from retrieval.model import Answer, Quote
from storage.values import CorpusStatistics


@dataclass(frozen=True, slots=True)
class Voiced:
    """A quote under its number in this answer, None where it stands alone, with its attribution."""

    number: int | None
    quote: Quote
    quoted: Quoted
    asked_in: str  # the question's language


@dataclass(frozen=True, slots=True)
class Head:
    """The neutral first line of each message of an answer; `found` counts the quotes beyond it too.

    `differing_outlets` counts those that tell different figures.
    """

    _voiced: Sequence[Voiced]
    _found: int
    _view: View
    _differing_outlets: int

    def __call__(self, part: int, parts: int, quotes: int) -> str:
        first = self._first() if part == 1 else self._view.phrases.count("quotes", quotes)
        numbered = self._view.phrases["part"].format(part=part, parts=parts)
        return " · ".join([first, numbered] if parts > 1 else [first])

    def _first(self) -> str:
        phrases, voiced = self._view.phrases, self._voiced
        if self._differing_outlets:
            return phrases["different_figures"].format(outlets=phrases.count("outlets", self._differing_outlets))
        quotes = phrases.count("quotes", len(voiced))
        if len(voiced) < self._found:
            quotes = phrases["shown_of"].format(shown=len(voiced), quotes=phrases.count("quotes", self._found))
        articles = phrases.count("articles", len({each.quote.article.id for each in voiced}))
        speakers = len(_speakers(voiced))
        return " · ".join([quotes, articles, *([phrases.count("speakers", speakers)] if speakers else [])])


@dataclass(frozen=True, slots=True)
class Arranged:
    """The quotes in the order they are shown, the line before them, and what they have in common."""

    voiced: Sequence[Voiced]
    head: Head
    closing: Markup


def render(
    answer: Answer,
    view: View,
    corpus: CorpusStatistics | None = None,
    *,
    found: int | None = None,
    more: Press | None = None,
    first: int = 1,
    notes: Sequence[str] = (),
    beside: Sequence[Button] = (),
) -> list[Message]:
    """The messages of an answer: its quotes, or what was looked for in vain.

    `found` counts the quotes where only some are shown, `more` is the press that brings the others; `first` is
    the number of the first quote where earlier messages held some; `notes` are lines of our own about the question;
    `beside` are buttons about the answer as a whole; `corpus` tells what was searched where nothing was found.
    """
    notes = (
        *notes,
        *nothing.dated(answer.question, view),
        *named.notes(answer, view),
        *nothing.nearly(answer.question, view),
        *freshness.notes(answer, view),
    )
    if not answer.quotes:
        return nothing.render(answer, view, corpus, notes)
    told = arranged(answer, view, found=found, first=first)
    opening = markup.lines(*map(markup.words, notes))
    voiced = told.voiced
    closing = markup.lines(*sources.missing([each.quote for each in voiced], view), told.closing)
    around = (Block(opening), *(block(each, view) for each in voiced), Block(closing))
    parts = pack([each for each in around if each.markup], told.head)
    messages = [
        Message(part.markup, _keyboard(voiced, part.quotes, view, *_last(more, beside, part is parts[-1])))
        for part in parts
    ]
    return [*messages, *(_file(each, view) for each in voiced if _why_a_file(each, view))]


def alone(quote: Quote, asked_in: str, view: View) -> Markup | None:
    """One quote with all that is said of it, as a message that others read; None where only a file can hold it."""
    voiced = Voiced(None, quote, voices.quoted(quote), asked_in)
    first = markup.words(view.phrases["inline_first"])
    whole = markup.lines(first, _whole(voiced, _words(quote), view), *sources.missing([quote], view))
    return None if _why_a_file(voiced, view) or not whole.fits else whole


def arranged(answer: Answer, view: View, *, found: int | None = None, first: int = 1) -> Arranged:
    """The quotes of an answer in the order they are shown, and what is said of them together."""
    differing_outlets = differing.outlets(answer)
    quotes = differing.oldest_first(answer.quotes) if differing_outlets else answer.quotes
    voiced = [Voiced(n, each, voices.quoted(each), answer.question.language) for n, each in enumerate(quotes, first)]
    unjudged = markup.words(view.phrases["different_figures_end"]) if differing_outlets else Markup()
    closing = markup.lines(_in_common(voiced, view), unjudged)
    return Arranged(voiced, Head(voiced, found or len(voiced), view, differing_outlets), closing)


def place_of(quote: Quote) -> dict[str, int | str]:
    """What a button keeps of a quote: its place, and a hash of the words that were shown."""
    return {
        "version": quote.version.id,
        "start": quote.span.start,
        "end": quote.span.end,
        "words": sha256(quote.text.encode()).hexdigest(),
    }


def block(voiced: Voiced, view: View) -> Block:
    """One quote: attribution, form, the words in a blockquote, naming words, place."""
    why = _why_a_file(voiced, view)
    shown_words = markup.words(view.phrases[why]) if why else _words(voiced.quote)
    return Block(_whole(voiced, shown_words, view), voiced.number)


def _whole(voiced: Voiced, shown_words: Markup, view: View) -> Markup:
    quote, quoted = voiced.quote, voiced.quoted
    return markup.lines(
        _attribution(voiced, view),
        shown_words,
        *map(markup.words, voices.namings(quote, quoted, view)),
        sources.line(quote, view, voiced.asked_in),
    )


def _attribution(voiced: Voiced, view: View) -> Markup:
    quote, quoted = voiced.quote, voiced.quoted
    heading = voices.heading(quote, quoted, view)
    heading = f"{voiced.number}. {heading}" if voiced.number else heading
    return markup.lines(markup.bold(heading), *map(markup.words, voices.labels(quote, quoted, view)))


def _words(quote: Quote) -> Markup:
    return markup.blockquote(quote.text, folded=len(quote.text) > FOLD_CHARACTERS)


def _why_a_file(voiced: Voiced, view: View) -> str | None:
    """The phrase that says why the words go as a file, or None where a message shows them exactly."""
    words = voiced.quote.text
    if cleaned(words) != words or is_blank(words) or words != words.strip():
        return "as_file_cleaned"
    return None if Block(_whole(voiced, _words(voiced.quote), view)).fits else "as_file_long"


def _file(voiced: Voiced, view: View) -> Message:
    """The words as a UTF-8 file; the caption tells the speaker where it can hold the attribution."""
    first = markup.words(view.phrases["file_caption"].format(n=voiced.number))
    whole = markup.lines(first, _attribution(voiced, view), sources.line(voiced.quote, view, voiced.asked_in))
    name = view.phrases["file_name"].format(n=voiced.number)
    return Message(whole if whole.fits_caption else first, document=Document(name, voiced.quote.text))


def _speakers(voiced: Sequence[Voiced]) -> set[str]:
    """The names of all speakers; none where two articles may mean two people by one name."""
    printed = [(speaker, each.quote.article.id) for each in voiced for speaker in voices.speakers(each.quoted)]
    certain = all(
        article == other_article or (speaker.role == other.role is not None)
        for (speaker, article), (other, other_article) in combinations(printed, 2)
        if speaker.name == other.name
    )
    return {speaker.name for speaker, _ in printed} if certain else set()


def _in_common(voiced: Sequence[Voiced], view: View) -> Markup:
    """What two or more quotes share, so that nobody takes them for independent reports."""
    if len(voiced) < 2:
        return Markup()
    alone = [voices.certain(each.quoted) for each in voiced]
    one_speaker = all(alone) and len(_speakers(voiced)) == 1
    one_article = len({each.quote.article.id for each in voiced}) == 1
    key = "_".join(name for name, so in (("one_speaker", one_speaker), ("one_article", one_article)) if so)
    return markup.words(view.phrases[key]) if key else Markup()


def _last(more: Press | None, beside: Sequence[Button], last: bool) -> tuple[Press | None, Sequence[Button]]:
    """The buttons about the answer as a whole stand under its last message."""
    return (more, beside) if last else (None, ())


def _keyboard(
    voiced: Sequence[Voiced], numbers: tuple[int, ...], view: View, more: Press | None, beside: Sequence[Button]
) -> Keyboard:
    here = [each for each in voiced if each.number in numbers]
    rows = [
        tuple(_button(key, press, each, view, alone=len(voiced) == 1) for each in here)
        for key, press in (("button_context", "context"), ("button_cite", "cite"), ("button_check", "check"))
        if here
    ]
    if more:
        rows.append((Button(view.phrases["button_more"], more),))
    rows += [(button,) for button in beside]
    return tuple(rows)


def _button(key: str, press: str, voiced: Voiced, view: View, *, alone: bool) -> Button:
    text = view.phrases[key] if alone else view.phrases[f"{key}_n"].format(n=voiced.number)
    return Button(text, Press(press, place_of(voiced.quote)))
