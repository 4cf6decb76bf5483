"""The outbox goes out: claim, mark as sending, send, settle by outcome; at least once, in each chat in order.

Knows no library: `send` puts a message out and says what came of it. A message is marked as sending in the
transaction that claims it, for only as many as may be in flight; so of a killed process at most
`SENDS_IN_FLIGHT_MAX` messages may go out twice, and one never marked goes out once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.delivery.alerts import NOBODY, Operators
from bot.delivery.settling import Broken, settle
from bot.loops import Bell, every
from bot.telegram.outcome import Outcome
from storage import outbox
from storage.database import DatabaseUnavailable, Store
from storage.values import OutboxMessage, Pace

SENDS_IN_FLIGHT_MAX = 8
LEASE = timedelta(seconds=60)  # renewed while a send lasts: what it holds must not be sent beside it
HOLD_SECONDS = 15.0
IDLE_SECONDS = 1.0
REST_SECONDS = 0.03  # between looks while pace allows no more, growing to the next
REST_SECONDS_MAX = 0.5
DATABASE_REST_SECONDS = 0.5

log = structlog.get_logger(__name__)

Send = Callable[[OutboxMessage], Awaitable[Outcome]]


class Delivery:
    """The sends of one process. `bell` rings when the outbox holds something new."""

    def __init__(
        self,
        store: Store,
        send: Send,
        *,
        bot_id: int,
        holder: str,
        pace: Pace,
        clock: Callable[[], datetime],
        bell: Bell,
        operators: Operators = NOBODY,
    ) -> None:
        self._store = store
        self._send = send
        self._bot_id = bot_id
        self._holder = holder
        self._pace = pace
        self._clock = clock
        self._bell = bell
        self._operators = operators
        self._in_flight: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send until cancelled; what is in flight goes on until `finish`."""
        await every(IDLE_SECONDS, self._step, bell=self._bell)

    async def hold(self) -> None:
        """Hold what is in flight for another `LEASE`; to be called every `HOLD_SECONDS`."""
        if self._in_flight:
            async with self._store.writing() as session:
                await outbox.keep(session, self._holder, until=self._clock() + LEASE)

    async def finish(self, seconds: float) -> None:
        """Let what is in flight arrive, for so long."""
        if self._in_flight:
            _, late = await asyncio.wait(self._in_flight, timeout=seconds)
            for task in late:
                task.cancel()

    async def _step(self) -> None:
        """Send all that is due, waiting on pace and on what is in flight, until nothing more is due."""
        rest = REST_SECONDS
        while True:
            begun = await self._begin()
            if begun is None and not self._in_flight:
                return
            rest = REST_SECONDS if begun else min(1.5 * rest, REST_SECONDS_MAX)
            await self._bell.heard(rest)

    async def _begin(self) -> int | None:
        """Begin as many sends as there is room for, and say how many; None where nothing is owed."""
        free = SENDS_IN_FLIGHT_MAX - len(self._in_flight)
        if free <= 0:
            return 0
        if not await self._owing():
            return None
        messages = await self._claimed(free)
        for message in messages:
            task = asyncio.create_task(self._deliver(message))
            self._in_flight.add(task)
            task.add_done_callback(self._landed)
        return len(messages)

    async def _owing(self) -> bool:
        async with self._store.reading() as session:
            return await outbox.oldest_waiting(session, self._bot_id, now=self._clock()) is not None

    async def _claimed(self, limit: int) -> list[OutboxMessage]:
        """Messages claimed and marked as being sent, both committed: each is about to be."""
        async with self._store.writing() as session:
            claimed = await outbox.claim(
                session,
                self._bot_id,
                now=self._clock(),
                limit=limit,
                lease=LEASE,
                holder=self._holder,
                pace=self._pace,
            )
            return [message for message in claimed if await outbox.mark_sending(session, message.id, self._holder)]

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        self._bell.ring()

    async def _deliver(self, message: OutboxMessage) -> None:
        """Send one message and settle it; a message that cannot be settled is owed again, a few times."""
        outcome: Outcome | Broken
        try:
            outcome = await self._send(message)
        except Exception as error:  # the top of the delivery: one message must not stop the next
            log.exception("message could not be put together", outbox_id=message.id)
            outcome = Broken(type(error).__name__)
        try:
            await self._settle(message, outcome)
        except Exception as error:  # the top of the delivery: a row left in flight would hold its chat for ever
            log.exception("message could not be settled", outbox_id=message.id)
            await self._settle(message, Broken(type(error).__name__))

    async def _settle(self, message: OutboxMessage, outcome: Outcome | Broken) -> None:
        while True:
            try:
                async with self._store.writing() as session:
                    return await settle(session, message, outcome, now=self._clock(), operators=self._operators)
            except DatabaseUnavailable as error:
                log.warning("delivery waits for the database", outbox_id=message.id, why=str(error))
                await asyncio.sleep(DATABASE_REST_SECONDS)
