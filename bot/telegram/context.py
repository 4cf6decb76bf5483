"""What a Telegram callback is handed: the room it works in, and the clock.

A callback writes its decision and its messages in one transaction and settles its update there:

    async with context.room.store.writing() as session:
        await questions.settle(session, ...)
        await outbox.put(session, ..., now=context.now())
        await context.settle(session)
    context.room.wake()

A button press needs no `answer()`: it was answered when it was stored, in `bot.telegram.inbox`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram.ext import Application, CallbackContext, ExtBot

from bot.settings import Settings
from bot.workers import Workers
from retrieval.engine import SearchEngine
from storage import inbox
from storage.database import Store
from storage.values import InboxUpdate


def utc_now() -> datetime:
    return datetime.now(UTC)


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
    clock: Callable[[], datetime] = utc_now


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
        """Mark the update at hand as done, in the transaction that holds what came of it."""
        if self.stored is not None:
            await inbox.settle(session, self.stored.bot_id, self.stored.update_id, now=self.now())
            self.settled = True


App = Application[ExtBot[None], Context, dict[Any, Any], dict[Any, Any], Room, None]
