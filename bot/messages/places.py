"""Where words stand: their paragraph, their neighbouring sentences, and the deep link that opens the place."""

import re
from dataclasses import dataclass

from bot.messages.limits import START_CHARACTERS_MAX
from retrieval.model import Span
from retrieval.text.sentences import sentences

_PAYLOAD = re.compile(r"at_([0-9]{1,18})_([0-9]{1,9})_([0-9]{1,9})", re.ASCII)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_LINE = re.compile(r"\n")
SUPERGROUPS_BELOW = 1_000_000_000_000  # a supergroup's id is less than minus that
NEIGHBOURS_CHARACTERS_MAX = 4_000  # how far a neighbouring sentence is looked for


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of one stored version."""

    version_id: int
    span: Span


def address(place: Place, bot_name: str) -> str:
    """The deep link that shows the stored text in the private chat at this place."""
    payload = f"at_{place.version_id}_{place.span.start}_{place.span.end}"
    return start_address(payload, bot_name)


def start_address(payload: str, bot_name: str) -> str:
    """The link that opens the private chat with a /start payload of at most 64 characters."""
    if len(payload) > START_CHARACTERS_MAX:
        raise ValueError("a start payload is at most 64 characters")
    return f"https://t.me/{bot_name}?start={payload}"


def topic_address(group_id: int, topic: int) -> str:
    """The link that opens a topic of a supergroup for its members."""
    return f"https://t.me/c/{-group_id - SUPERGROUPS_BELOW}/{topic}"


def of_payload(payload: str) -> Place | None:
    """The place that a deep link names, or None where it names none."""
    found = _PAYLOAD.fullmatch(payload)
    if found is None:
        return None
    version_id, start, end = (int(part) for part in found.groups())
    return Place(version_id, Span(start, end)) if start < end else None


def paragraph(text: str, at: int) -> tuple[int, int]:
    """Which paragraph holds this offset, counted from 1, and how many there are.

    Paragraphs are parted by blank lines where the text has any, else by line breaks.
    """
    parting = _BLANK_LINE if _BLANK_LINE.search(text) else _LINE
    starts, begin = [], 0
    for found in [*parting.finditer(text), None]:
        end = found.start() if found else len(text)
        if text[begin:end].strip():
            starts.append(begin)
        begin = found.end() if found else end
    number = sum(start <= at for start in starts)
    return max(number, 1), max(len(starts), 1)


def before(text: str, at: int, language: str, count: int) -> list[Span]:
    """At most `count` sentences that end before this offset, in order."""
    begin = max(0, at - NEIGHBOURS_CHARACTERS_MAX)
    found = _shifted(sentences(text[begin:at], language), begin)
    return found[-count:] if begin == 0 else found[1:][-count:]


def after(text: str, at: int, language: str, count: int) -> list[Span]:
    """At most `count` sentences that begin after this offset, in order."""
    stop = at + NEIGHBOURS_CHARACTERS_MAX
    found = _shifted(sentences(text[at:stop], language), at)
    return found[:count] if stop >= len(text) else found[:-1][:count]


def _shifted(spans: list[Span], by: int) -> list[Span]:
    return [Span(span.start + by, span.end + by) for span in spans]
