"""What a reader can check of a quote: version, place, hash, moment of storing, compared at this moment."""

from hashlib import sha256

from bot.messages import markup, moments, shown
from bot.messages.markup import Markup
from bot.messages.message import Button, Message, Press
from bot.messages.view import View
from retrieval.model import ArticleVersion, Quote


def render(quote: Quote, words_sha256: str, newest: ArticleVersion, view: View) -> Message:
    """The comparison, made now: `words_sha256` is the hash of the words as they were sent."""
    version, phrases = quote.version, view.phrases
    place = {"version": version.id, "start": quote.span.start, "end": quote.span.end}
    return Message(
        markup.lines(
            markup.fill(phrases["check_first"], moment=moments.moment(view.now, view)),
            markup.words(phrases["check_article"].format(name=_name(quote, view))),
            markup.fill(
                phrases["check_version"], number=version.number, moment=moments.moment(version.fetched_at, view)
            ),
            markup.fill(
                phrases["check_place"],
                start=quote.span.start,
                end=quote.span.end,
                length=phrases.number(len(version.text)),
            ),
            markup.fill(phrases["check_hash"], hash=markup.code(version.text_sha256)),
            markup.words(phrases["check_same" if _same(quote, words_sha256) else "check_differs"]),
            _against(quote, newest, view),
        ),
        ((Button(phrases["button_wrong"], Press("wrong", place)),),),
    )


def _same(quote: Quote, words_sha256: str) -> bool:
    words = sha256(quote.text.encode()).hexdigest()
    return words == words_sha256 and sha256(quote.version.text.encode()).hexdigest() == quote.version.text_sha256


def _name(quote: Quote, view: View) -> str:
    title = shown.title(shown.outlet(quote.article, view.phrases), quote.version.headline, view.phrases)
    return title or shown.line(quote.article.name, 120)


def _against(quote: Quote, newest: ArticleVersion, view: View) -> Markup:
    if newest.id == quote.version.id:
        return markup.words(view.phrases["check_newest"])
    key = "check_still" if quote.text in newest.text else "check_changed"
    return markup.fill(view.phrases[key], number=newest.number, moment=moments.moment(newest.fetched_at, view))
