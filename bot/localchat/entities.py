"""Entities of a text, and the two ways to count in it: code points here, UTF-16 units in the Bot API."""

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any

ENTITIES_MAX = 100

#: These may overlap anything but code and pre, and are cut where they would cross.
SPLITTABLE = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
VERBATIM = frozenset({"code", "pre"})

#: What the order is where two entities begin and end at the same places: the outer kind first.
_ORDER = ("blockquote", "expandable_blockquote", "pre", "code", "text_link", "text_mention", "date_time")


@dataclass(frozen=True, slots=True)
class Entity:
    """A kind of formatting over ``text[start:end]``, in code points; `more` holds its other fields."""

    kind: str
    start: int
    end: int
    more: dict[str, Any] = field(default_factory=dict)

    def moved(self, start: int, end: int) -> "Entity":
        return replace(self, start=start, end=end)

    def meets(self, other: "Entity") -> bool:
        return self.start < other.end and other.start < self.end

    def holds(self, other: "Entity") -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text and its entities, in order of their starts, outer ones first."""

    text: str
    entities: tuple[Entity, ...] = ()


def in_order(entities: list[Entity]) -> list[Entity]:
    """Sorted by start, the longer first."""
    return sorted(entities, key=lambda entity: (entity.start, -entity.end, _rank(entity.kind)))


def _rank(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def utf16_length(text: str) -> int:
    """How many UTF-16 units `text` takes."""
    return len(text) + sum(character > "\uffff" for character in text)


def utf16_offsets(text: str) -> list[int]:
    """For every code point, and for the end, the UTF-16 units before it."""
    return [0, *accumulate(1 + (character > "\uffff") for character in text)]


def rendered(text: str, entities: tuple[Entity, ...]) -> list[dict[str, Any]]:
    """The entities as Bot API objects, in UTF-16 units."""
    offsets = utf16_offsets(text)
    return [
        {"type": one.kind, "offset": offsets[one.start], "length": offsets[one.end] - offsets[one.start]} | one.more
        for one in entities
    ]


def from_utf16(text: str, kind: str, offset: int, length: int, more: dict[str, Any]) -> Entity | None:
    """An entity given in UTF-16 units; None where it is empty or cuts a character in two."""
    offsets = utf16_offsets(text)
    start, end = (bisect_right(offsets, unit) - 1 for unit in (offset, offset + length))
    exact = offsets[start] == offset and offsets[end] == offset + length
    return Entity(kind, start, end, more) if exact and length > 0 else None
