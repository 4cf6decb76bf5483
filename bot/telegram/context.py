"""What a Telegram callback is handed: the room it works in, and the clock.

A callback writes its decision and its messages in one transaction and settles its update there:

    async with context.room.store.writing() as session:
        await questions.settle(session, ...)
        await outbox.put(session, ..., now=context.now())
        await context.settle(session)
    context.room.wake()

A button press needs no `answer()`: it was answered when it was stored, in `bot.telegram.inbox`.
"""

from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession
from telegram.ext import Application, CallbackContext, ExtBot

from bot.messages.feeding import Added
from bot.messages.uploads import Upload
from bot.settings import Settings
from bot.workers import Workers
from retrieval.engine import SearchEngine
from storage import inbox
from storage.database import Store
from storage.values import InboxUpdate


class Withdrawn(Exception):
    """The update at hand was cancelled while it was answered, as by /forget in another chat."""


ACTS_A_MINUTE_MAX = 30  # commands and presses of one reader
READERS_COUNTED_MAX = 10_000


def utc_now() -> datetime:
    return datetime.now(UTC)


class Turns:
    """How often each reader has acted in the last while: in memory, since a restart may forgive."""

    def __init__(self, most: int, within: timedelta, readers: int) -> None:
        self._most, self._within, self._readers = most, within, readers
        self._acts: OrderedDict[int, deque[datetime]] = OrderedDict()

    def take(self, reader: int, at: datetime) -> datetime | None:
        """Count an act and return None, or the moment from which one is free again."""
        acts = self._acts.setdefault(reader, deque(maxlen=self._most))
        self._acts.move_to_end(reader)
        if len(self._acts) > self._readers:
            self._acts.popitem(last=False)
        if len(acts) == self._most and at < acts[0] + self._within:
            return acts[0] + self._within
        acts.append(at)
        return None


class Uploads(Protocol):
    """Where files of operators go."""

    def unusable(self, name: str) -> bool:
        """Whether nothing can be made of a file of this name."""

    async def keep(self, upload: Upload, content: bytes) -> None:
        """Have the file taken in and its chat told; kept over a restart once this returns."""

    async def warm(self) -> None:
        """Have what reads files ready, so that the first file does not wait for its start."""


@dataclass(frozen=True, slots=True)
class Room:
    """All that callbacks share. `wake` tells delivery that the outbox holds something new; call it after the commit."""

    settings: Settings
    store: Store
    engine: SearchEngine
    workers: Workers
    bot_id: int
    bot_name: str  # without the @
    wake: Callable[[], None]
    add: Callable[[str], Awaitable[Added]]  # a feed or an article, by an operator's address
    uploads: Uploads
    clock: Callable[[], datetime] = utc_now
    turns: Turns = field(default_factory=lambda: Turns(ACTS_A_MINUTE_MAX, timedelta(minutes=1), READERS_COUNTED_MAX))


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], Room]):
    """The library's context with our room, and the update at hand as it is stored."""

    stored: InboxUpdate | None = None
    settled = False

    @property
    def room(self) -> Room:
        return self.bot_data

    def now(self) -> datetime:
        return self.room.clock()

    async def settle(self, session: AsyncSession) -> None:
        """Mark the update at hand as done, in the transaction that holds what came of it.

        Raises `Withdrawn` where it was cancelled meanwhile: the transaction ends without a trace.
        """
        if self.stored is None or self.settled:
            return
        if not await inbox.settle(session, self.stored.bot_id, self.stored.update_id, now=self.now()):
            raise Withdrawn
        self.settled = True


App = Application[ExtBot[None], Context, dict[Any, Any], dict[Any, Any], Room, None]
