"""Quiet hours: when by a chat's own clock no alert comes, as chosen or as is usual."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

PREFERENCE = "quiet_hours"  # of a chat: two hours such as 23:00-06:30; equal ones for none
_TYPED = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|to)\s*(\d{1,2})(?:[:.](\d{2}))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From an hour to another one, also over midnight; of two equal ones none is quiet."""

    since: time
    until: time

    def hold(self, at: time) -> bool:
        """Whether this hour is quiet."""
        if self.since <= self.until:
            return self.since <= at < self.until
        return at >= self.since or at < self.until

    @property
    def any(self) -> bool:
        return self.since != self.until

    def __str__(self) -> str:
        return f"{self.since:%H:%M}-{self.until:%H:%M}"


USUAL = QuietHours(time(22), time(7))
NEVER = QuietHours(time(0), time(0))


def hours_of(preferences: Mapping[str, object]) -> QuietHours:
    """What a chat has chosen, else the usual ones."""
    chosen = preferences.get(PREFERENCE)
    return USUAL if chosen is None else read(str(chosen)) or NEVER


def read(typed: str) -> QuietHours | None:
    """Quiet hours as ``23:00-06:30`` or ``23-7`` gives them; None where it gives none."""
    found = _TYPED.fullmatch(typed.strip())
    if found is None:
        return None
    hours = [int(found[1]), int(found[3])]
    minutes = [int(found[2] or 0), int(found[4] or 0)]
    if max(hours) > 24 or max(minutes) > 59:
        return None
    since, until = (time(hour % 24, minute) for hour, minute in zip(hours, minutes, strict=True))
    return QuietHours(since, until)
