"""The bot's queue of updates: long polling, confirmation by offset, one poller at a time."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bot.localchat.refusal import CONFLICT, refused
from bot.localchat.world import fresh_number

UPDATES_MAX = 10_000
BATCH_MAX = 100
POLL_SECONDS_MAX = 50

#: Sent only to bots that ask for them by name.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

_ANOTHER = "terminated by other getUpdates request; make sure that only one bot instance is running"

Update = dict[str, Any]


class UpdateQueue:
    """What has happened and is not yet confirmed. Ids grow by one and are never given twice.

    `changed` is called where a poll begins to wait.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self.next_id = fresh_number()
        self.allowed: tuple[str, ...] = ()
        self._waiting: dict[int, Update] = {}  # by id, oldest first
        self._arrived = asyncio.Event()
        self._poll: asyncio.Future[None] | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Update]:
        return iter(list(self._waiting.values()))

    def __contains__(self, number: int) -> bool:
        return number in self._waiting

    @property
    def is_polled(self) -> bool:
        """Whether a poll waits now."""
        return self._poll is not None and not self._poll.done()

    def put(self, kind: str, content: dict[str, Any]) -> int | None:
        """Queues an update and returns its id; None where the bot has not asked for its kind."""
        if not self._wants(kind):
            return None
        number = self.next_id
        self.next_id += 1
        self._waiting[number] = {"update_id": number, kind: content}
        if len(self._waiting) > UPDATES_MAX:
            del self._waiting[next(iter(self._waiting))]
        self._arrived.set()
        return number

    def _wants(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in ON_REQUEST

    async def arrival(self) -> None:
        """Returns at the next update."""
        self._arrived.clear()
        await self._arrived.wait()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Update]:
        """The next updates, oldest first, after at most `seconds`; an earlier poll still waiting gets 409."""
        self.interrupt(_ANOTHER)
        self._confirm(offset)
        if not self._waiting and seconds > 0 and not self._closed:
            await self._wait(seconds)
        return list(self._waiting.values())[: max(1, min(limit, BATCH_MAX))]

    def interrupt(self, words: str) -> None:
        """Ends a poll that waits with 409."""
        if self._poll and self.is_polled:
            self._poll.set_exception(refused(CONFLICT, words))

    async def _wait(self, seconds: float) -> None:
        mine = self._poll = asyncio.get_running_loop().create_future()
        arrival = asyncio.create_task(self.arrival())
        self._changed()
        try:
            await asyncio.wait({mine, arrival}, timeout=min(seconds, POLL_SECONDS_MAX), return_when="FIRST_COMPLETED")
            if mine.done():
                mine.result()
        finally:
            arrival.cancel()
            mine.cancel()

    def _confirm(self, offset: int) -> None:
        """Forgets updates below `offset`; a negative one keeps only that many of the newest."""
        kept = list(self._waiting)[offset:] if offset < 0 else [one for one in self._waiting if one >= offset]
        self._waiting = {number: self._waiting[number] for number in kept}

    def settle(self, number: int) -> None:
        """Forgets one update: it was taken by a webhook."""
        self._waiting.pop(number, None)

    def allow(self, kinds: Sequence[str]) -> None:
        """Which kinds to queue from now on; none named means all but those ON_REQUEST."""
        self.allowed = tuple(kinds)

    def forget(self) -> None:
        """Drops all that wait."""
        self._waiting.clear()

    def close(self) -> None:
        """Lets a waiting poll return at once, and later ones too."""
        self._closed = True
        self._arrived.set()
