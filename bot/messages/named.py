"""What an answer says of outlets and the speaker that its question names, and the buttons that take them away.

What is named counts for more and shuts nobody out; that it found nothing is said. Days are `nothing`'s.
"""

from bot.messages import shown, voices
from bot.messages.limits import NAME_CHARACTERS_MAX
from bot.messages.message import Button, Press
from bot.messages.view import View
from retrieval.model import Answer, Named, Question, Quote
from retrieval.names import asked_of

_BUTTONS = {Named.OUTLET: "button_any_outlet", Named.SPEAKER: "button_any_speaker"}


def notes(answer: Answer, view: View) -> list[str]:
    """A line for the outlets and one for the speaker: that they come first, or that nothing of theirs answers."""
    question, told = answer.question, []
    if not answer.quotes:
        return []
    if Named.OUTLET in counted(question):
        names = view.phrases["comma"].join(
            shown.name(each, view.phrases, NAME_CHARACTERS_MAX) for each in question.outlets
        )
        found = any(set(question.outlets) & _outlets(each) for each in answer.quotes)
        told.append(view.phrases["outlet_first" if found else "outlet_nothing"].format(outlets=names))
    if question.speaker and Named.SPEAKER in counted(question):
        found = any(_speaks(question, each) for each in answer.quotes)
        name = shown.name(question.speaker, view.phrases, NAME_CHARACTERS_MAX)
        told.append(view.phrases["speaker_first" if found else "speaker_nothing"].format(speaker=name))
    return told


def buttons(question: Question, view: View) -> list[Button]:
    """One for each that counts: it asks the same without it, and without what was taken away before."""
    return [
        Button(view.phrases[_BUTTONS[each]], Press("disregard", {"named": sorted({each, *question.disregarded})}))
        for each in counted(question)
    ]


def counted(question: Question) -> list[Named]:
    """What the question names and the reader has not taken away."""
    named = [Named.OUTLET] * bool(question.outlets) + [Named.SPEAKER] * bool(question.speaker)
    return [each for each in named if each not in question.disregarded]


def _outlets(quote: Quote) -> set[str]:
    own = quote.article.outlet
    return {*quote.carried_by, *([own.name] if own else [])}


def _speaks(question: Question, quote: Quote) -> bool:
    speaker = voices.certain(voices.quoted(quote))
    return speaker is not None and asked_of(question.words, speaker.name, question.language)
