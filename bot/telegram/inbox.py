"""Updates are stored before they are confirmed: the queue whose `put` is the last step before that.

Reads no words and answers nothing, but a button press: Telegram wants to hear of one at once.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog
from telegram import Update

from bot.telegram import membership
from bot.telegram.trimming import JSON, chat_of, trimmed
from storage import inbox
from storage.database import DatabaseUnavailable, Store

RETRY_SECONDS = 0.05
RETRY_SECONDS_MAX = 5.0

log = structlog.get_logger(__name__)


class InboxQueue(asyncio.Queue[object]):
    """Where the library puts updates: nothing is queued, each is stored, and only then does `put` return.

    An error out of `put` would end polling for good while `running` stays true; so none comes out. While the
    database is away `put` waits, and with it Telegram, which keeps what is not confirmed for a day.
    """

    def __init__(
        self,
        store: Store,
        bot_id: int,
        clock: Callable[[], datetime],
        arrived: Callable[[JSON], None],
    ) -> None:
        super().__init__()
        self._store = store
        self._bot_id = bot_id
        self._clock = clock
        self._arrived = arrived

    async def put(self, item: object) -> None:
        if not isinstance(item, Update):
            return
        await self.take(trimmed(item.to_dict()))

    async def take(self, payload: JSON) -> None:
        """Returns when this trimmed update is stored; what somebody types is not, since a second later it is stale."""
        passing = "inline_query" in payload
        if passing or await self._stored(payload) or await self._stored({"update_id": payload["update_id"]}):
            self._arrived(payload)

    async def _stored(self, payload: JSON) -> bool:
        """Whether it is stored now; False where the database would never take it."""
        wait = RETRY_SECONDS
        while True:
            try:
                await self._accept(payload)
            except DatabaseUnavailable as error:
                log.warning("inbox waits for the database", update_id=payload["update_id"], why=type(error).__name__)
                await asyncio.sleep(wait)
                wait = min(2 * wait, RETRY_SECONDS_MAX)
            except Exception:  # the top of the update: polling must outlive a defect in one
                log.exception("update could not be stored", update_id=payload["update_id"])
                return False
            else:
                return True

    async def _accept(self, payload: JSON) -> None:
        async with self._store.writing() as session:
            now, update_id = self._clock(), payload["update_id"]
            if await inbox.accept(session, self._bot_id, update_id, chat_of(payload), payload, now=now):
                await membership.note(session, self._bot_id, payload, now=now)
