"""Which hour and which weekdays a reader means: ``07:30 weekdays``, ``7.30pm mon,thu``, ``19h fri-sun``.

Pure. Weekdays are a bit mask, Monday the lowest bit. Zones are named in `bot.zones`.
"""

import re
from dataclasses import dataclass
from datetime import time

EVERY_DAY, WEEKDAYS, WEEKEND = 0b1111111, 0b0011111, 0b1100000
NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LETTERS_MIN = 2  # of a weekday's name: mo, tu
SEVERAL = {
    "daily": EVERY_DAY,
    "everyday": EVERY_DAY,
    "every day": EVERY_DAY,
    "all": EVERY_DAY,
    "all days": EVERY_DAY,
    "weekdays": WEEKDAYS,
    "weekday": WEEKDAYS,
    "workdays": WEEKDAYS,
    "weekends": WEEKEND,
    "weekend": WEEKEND,
}
NOON = 12

_HOUR = re.compile(r"(\d{1,2})(?:[:.h](\d{2})?)?\s*(am|pm|a\.m\.|p\.m\.|h)?|(\d{2})(\d{2})", re.IGNORECASE)
_LEADING = re.compile(r"(?:at\s+)?(\d{4}\b|\d{1,2}(?:[:.h]\d{0,2})?\s*(?:am|pm|a\.m\.|p\.m\.|h\b)?)", re.IGNORECASE)
_PARTS = re.compile(r"[,;/]|\s+|\band\b|&", re.IGNORECASE)
_RANGE = re.compile(r"([a-z]+)\.?\s*[-–—]\s*([a-z]+)\.?")


@dataclass(frozen=True, slots=True)
class Ordered:
    """An hour and weekdays, None for what was not said."""

    hour: time | None = None
    weekdays: int | None = None


class NotUnderstood(Exception):
    """Words that are neither hour nor days; `words` are they."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def read(typed: str) -> Ordered:
    """The hour and the weekdays in what a reader typed after the command; raises NotUnderstood."""
    words = typed.strip()
    found = _LEADING.match(words)
    if found is None:
        return Ordered(None, days(words) if words else None)
    at, rest = hour(found.group(1)), words[found.end() :].strip(" ,;")
    if at is None or (rest and not rest[0].isalpha()):
        raise NotUnderstood(typed)
    return Ordered(at, days(rest) if rest else None)


def hour(typed: str) -> time | None:
    """The hour of ``7``, ``07:30``, ``7.30pm``, ``19h30`` or ``0730``; None where it is none."""
    found = _HOUR.fullmatch(typed.strip())
    if found is None:
        return None
    hours, minutes = int(found.group(1) or found.group(4)), int(found.group(2) or found.group(5) or 0)
    half = (found.group(3) or "").lower()[:1]
    if half in {"a", "p"}:
        if not 1 <= hours <= NOON:
            return None
        hours = hours % NOON + (NOON if half == "p" else 0)
    return time(hours, minutes) if hours < 2 * NOON and minutes < 60 else None


def days(typed: str) -> int:
    """The weekdays of ``weekdays``, ``mon,thu`` or ``fri-sun``; raises NotUnderstood."""
    words = typed.strip().lower().removeprefix("on ").strip()
    if words in SEVERAL:
        return SEVERAL[words]
    mask, left = 0, words
    for found in _RANGE.finditer(words):
        first, last = _weekday(found.group(1), typed), _weekday(found.group(2), typed)
        mask |= sum(1 << n % 7 for n in range(first, first + (last - first) % 7 + 1))
        left = left.replace(found.group(), " ")
    for part in filter(None, _PARTS.split(left)):
        mask |= SEVERAL[part] if part in SEVERAL else 1 << _weekday(part, typed)
    if not mask:
        raise NotUnderstood(typed)
    return mask


def _weekday(word: str, typed: str) -> int:
    word = word.strip(".")
    singular = word.removesuffix("s") if word not in {"tues", "thurs", "weds"} else word
    names = [n for n, name in enumerate(NAMES) if len(singular) >= LETTERS_MIN and name.startswith(singular)]
    if word in {"weds", "thurs"}:
        names = [NAMES.index("wednesday" if word == "weds" else "thursday")]
    if len(names) != 1:
        raise NotUnderstood(typed)
    return names[0]
