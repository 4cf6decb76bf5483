"""What is offered while a reader types the bot's name and a question in any chat: quotes, each a message of its own.

Pure. Whoever reads the message later sees no buttons of ours, so its text says all.
"""

from dataclasses import dataclass

from bot.messages import answer as answers
from bot.messages import voices
from bot.messages.limits import OFFER_DESCRIPTION_CHARACTERS, OFFER_TITLE_CHARACTERS
from bot.messages.markup import Markup
from bot.messages.shown import line
from bot.messages.view import View
from retrieval.model import Answer, Form, Quote

FORMS = {Form.DIRECT: "offer_direct", Form.INDIRECT: "offer_indirect", Form.MIXED: "offer_mixed"}


@dataclass(frozen=True, slots=True)
class Offer:
    """A quote to choose: `title` says who speaks, `description` in which form and what; `markup` is the message."""

    title: str
    description: str
    markup: Markup
    place: tuple[int, int, int]  # version id, start and end


@dataclass(frozen=True, slots=True)
class Offered:
    """The quotes to choose from, and a line above them that leads to the private chat."""

    offers: tuple[Offer, ...]
    note: str | None = None


def render(answer: Answer, view: View) -> Offered:
    """The quotes of an answer as offers; where there is none, a line that says so."""
    offers = tuple(offer for quote in answer.quotes if (offer := _offer(quote, answer.question.language, view)))
    return Offered(offers) if offers else only("inline_nothing", view)


def only(phrase: str, view: View) -> Offered:
    """No quote, and a line that says why."""
    return Offered((), view.phrases[phrase])


def _offer(quote: Quote, asked_in: str, view: View) -> Offer | None:
    whole = answers.alone(quote, asked_in, view)
    if whole is None:
        return None
    quoted = voices.quoted(quote)
    return Offer(
        line(voices.heading(quote, quoted, view), OFFER_TITLE_CHARACTERS),
        line(_description(quote, quoted.form, view), OFFER_DESCRIPTION_CHARACTERS),
        whole,
        (quote.version.id, quote.span.start, quote.span.end),
    )


def _description(quote: Quote, form: Form, view: View) -> str:
    """The form before the words; whose they are stands above."""
    published = quote.version.published
    day = view.phrases.day(published.day) if published else view.phrases["no_date"]
    if form is Form.NARRATION:
        return view.phrases["offer_own_words"].format(day=day, words=quote.text)
    return view.phrases["offer"].format(form=view.phrases[FORMS[form]], day=day, words=quote.text)
