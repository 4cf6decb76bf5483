"""A file that an operator sent, and what became of it, as messages. Reads no file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.messages import markup, shown
from bot.messages.markup import Markup
from bot.messages.message import Document, Message
from bot.messages.view import View
from storage.values import Outcome

LISTED_MAX = 10  # refusals told in the message; more go into a file
REFUSALS_KEPT_MAX = 1_000
REASON_CHARACTERS_MAX = 200
REFUSED_FILE = "refused.txt"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: by whom in which private chat, in which message, and under which name."""

    update_id: int
    chat_id: int
    message_id: int
    name: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """One article or feed that was not taken in: where it stands in the file, and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file's articles or feeds.

    `feeds` counts the new ones and those known already; `refused` holds the first refusals, and `reason` says why
    nothing could be read. Of a feed that was saved as a file, `saved_feed` is its own address, empty where unknown.
    """

    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()
    feeds: tuple[int, int] | None = None
    reason: str | None = None
    saved_feed: str | None = None


def reading(view: View, upload: Upload, percent: int | None = None) -> Message:
    """That the file is being read, and how far."""
    name = "upload_reading" if percent is None else "upload_part"
    return Message(markup.fill(view.phrases[name], file=_file(upload, view), percent=str(percent)))


def refused(view: View, upload: Upload, reason: str) -> Message:
    """Why the file is not read at all."""
    return Message(markup.fill(view.phrases[reason], file=_file(upload, view)))


def result(view: View, upload: Upload, taken: Taken) -> list[Message]:
    """What became of the file: counts, and each refusal with its reason; many of them as a file of their own."""
    file = _file(upload, view)
    if taken.reason is not None:
        reason = shown.line(taken.reason, REASON_CHARACTERS_MAX)
        return [Message(markup.fill(view.phrases["upload_unread"], file=file, reason=reason))]
    lines = [markup.fill(view.phrases["upload_done"], file=file, counts=_counts(view, taken))]
    if taken.refused:
        lines.append(markup.words(view.phrases["upload_reasons"]))
        lines += [_line(view, each) for each in taken.refused[:LISTED_MAX]]
    told = Message(markup.lines(*lines, *_next(view, taken)))
    if len(taken.refused) <= LISTED_MAX:
        return [told]
    caption = view.phrases["upload_all_refused"].format(n=view.phrases.number(len(taken.refused)))
    whole = "".join(f"{each.place}: {each.reason}\n" for each in taken.refused)
    return [told, Message(markup.words(caption), document=Document(REFUSED_FILE, whole))]


def _counts(view: View, taken: Taken) -> str:
    phrases = view.phrases
    if taken.feeds is not None:
        new, known = taken.feeds
        read_already = [phrases.count("upload_feeds_known", known)] if known else []
        return ", ".join([phrases.count("upload_feeds_added", new), *read_already])
    told = [(outcome, number) for outcome in Outcome if (number := taken.outcomes.get(outcome, 0))]
    parts = [phrases[f"upload_{outcome.value}"].format(n=phrases.number(number)) for outcome, number in told]
    return ", ".join(parts) or phrases["upload_nothing"]


def _next(view: View, taken: Taken) -> list[Markup]:
    if taken.feeds is not None:
        return [markup.words(view.phrases["upload_feeds_next"])] if taken.feeds[0] else []
    found = any(number for outcome, number in taken.outcomes.items() if outcome is not Outcome.REFUSED)
    told = [markup.words(view.phrases["upload_next"])] if found else []
    if taken.saved_feed is not None:
        name = "upload_saved_feed" if taken.saved_feed else "upload_nameless_feed"
        told.append(markup.fill(view.phrases[name], add=markup.code(f"/add {taken.saved_feed}".strip())))
    return told


def _line(view: View, each: Refused) -> Markup:
    reason = shown.line(each.reason, REASON_CHARACTERS_MAX)
    return markup.fill(view.phrases["upload_line"], place=shown.name(each.place, view.phrases), reason=reason)


def _file(upload: Upload, view: View) -> str:
    return shown.name(upload.name, view.phrases)
