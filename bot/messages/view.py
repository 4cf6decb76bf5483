"""How one reader sees: in whose words, in which zone, at what moment, through which bot."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from bot.messages.phrases import Phrases


@dataclass(frozen=True, slots=True)
class View:
    """`zone` is the reader's, None where it is not known; `bot_name` goes without the @."""

    phrases: Phrases
    now: datetime
    bot_name: str
    zone: tzinfo | None = None
    operator: bool = False

    @property
    def clock(self) -> tzinfo:
        return self.zone or UTC

    @property
    def today(self) -> date:
        """The reader's own day."""
        return self.now.astimezone(self.clock).date()
