"""A citation: one quote with all that is needed to cite and find it, in words alone, to be copied by a tap."""

from bot.messages import markup, sources, voices
from bot.messages.cleaning import cleaned
from bot.messages.limits import COPY_CHARACTERS_MAX
from bot.messages.message import Button, Document, Message
from bot.messages.view import View
from retrieval.model import Quote


def render(quote: Quote, view: View) -> Message:
    """The citation under a tap, or as a file where a message would change or cut it."""
    text = words(quote, view)
    first = markup.words(view.phrases["citation_first"])
    whole = markup.lines(first, markup.pre(text))
    if not whole.fits or cleaned(text) != text:
        caption = markup.words(view.phrases["citation_in_file"])
        return Message(caption, document=Document(view.phrases["citation_file"], text))
    if len(text) > COPY_CHARACTERS_MAX:
        return Message(whole)
    return Message(whole, ((Button(view.phrases["button_copy"], copy=text),),))


def words(quote: Quote, view: View) -> str:
    """Speaker and form, the words, where they stand: no word of it is left to a link or a button."""
    quoted = voices.quoted(quote)
    before = [
        voices.heading(quote, quoted, view),
        *voices.labels(quote, quoted, view),
        *voices.namings(quote, quoted, view),
    ]
    place = view.phrases["citation_place"].format(
        number=quote.version.number, start=quote.span.start, end=quote.span.end
    )
    return "\n".join([*before, "", quote.text, "", *sources.plain(quote, view), place])
