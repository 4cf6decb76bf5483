"""The outbox goes out: claim, mark as sending, send, settle by outcome; at least once, in each chat in order.

Knows no library: `send` puts a message out and says what came of it. A message is marked as sending in the
transaction that claims it, for only as many as may be in flight; so of a killed process at most
`SENDS_IN_FLIGHT_MAX` messages may go out twice, and one never marked goes out once. What has landed counts as in
flight until it is settled, which is done for all that landed since, in the transaction that claims the next: a
transaction costs ten times what a row in it does.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot.delivery.alerts import NOBODY, Operators
from bot.delivery.settling import Broken, Landed, settle, settle_all
from bot.loops import Bell, every
from bot.telegram.outcome import Outcome
from storage import outbox, paces
from storage.database import DatabaseUnavailable, Store
from storage.values import OutboxMessage, Pace

SENDS_IN_FLIGHT_MAX = 8
BATCH = SENDS_IN_FLIGHT_MAX // 2  # messages settled and claimed together while more wait than pace allows
LEASE = timedelta(seconds=60)  # renewed while a send lasts: what it holds must not be sent beside it
HOLD_SECONDS = 15.0
IDLE_SECONDS = 1.0
REST_SECONDS = 0.03  # between looks while chats let no more through, growing to the next
REST_SECONDS_MAX = 0.5
DROP_EVERY = timedelta(seconds=1)  # between looks at what is past its time
BATCH_SECONDS_MIN = 0.005
SETTLE_STOP_SECONDS = 1.0  # at the end, for what has landed
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
        self._landed: list[Landed] = []
        self._crowded = False  # more waits than pace and the bound on what is in flight let through
        self._batch_seconds = min(max(BATCH / pace.per_second, BATCH_SECONDS_MIN), REST_SECONDS_MAX)
        self._drop_at = clock()  # when to look again for what is past its time

    async def run(self) -> None:
        """Send until cancelled; what is in flight goes on until `finish`."""
        await every(IDLE_SECONDS, self._step, bell=self._bell)

    async def hold(self) -> None:
        """Hold what is in flight for another `LEASE`; to be called every `HOLD_SECONDS`."""
        if self._in_flight or self._landed:
            async with self._store.writing() as session:
                await outbox.keep(session, self._holder, until=self._clock() + LEASE)

    async def finish(self, seconds: float) -> None:
        """Let what is in flight arrive, for so long, and settle it."""
        until = asyncio.get_running_loop().time() + seconds
        if self._in_flight:
            _, late = await asyncio.wait(self._in_flight, timeout=seconds)
            for task in late:
                task.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until + SETTLE_STOP_SECONDS):
                await self._settle_each()

    async def _step(self) -> None:
        """Send all that is due, waiting on pace and on what is in flight, until nothing more is due."""
        rest = REST_SECONDS
        while True:
            try:
                begun = await self._turn()
            except DatabaseUnavailable as error:
                if not self._landed:
                    raise
                log.warning("delivery waits for the database", landed=len(self._landed), why=str(error))
                await asyncio.sleep(DATABASE_REST_SECONDS)
                continue
            if begun is None and not self._in_flight:
                return
            rest = REST_SECONDS if begun else min(1.5 * rest, REST_SECONDS_MAX)
            await self._bell.heard(self._batch_seconds if self._crowded else rest)

    async def _turn(self) -> int | None:
        """Settle what landed, begin as many sends as there is room for and say how many; None where none is owed."""
        landed, free = list(self._landed), SENDS_IN_FLIGHT_MAX - len(self._in_flight)
        if not landed:
            if free <= 0:
                return 0
            if not await self._owing():
                self._crowded = False
                return None
        try:
            messages = await self._settled_and_claimed(landed, free)
        except DatabaseUnavailable:
            raise
        except Exception:  # the top of the delivery: one row that cannot be settled must not hold all others
            if not landed:
                raise
            log.exception("messages could not be settled together")
            await self._settle_each()
            return 0
        del self._landed[: len(landed)]
        for message in messages:
            task = asyncio.create_task(self._deliver(message))
            self._in_flight.add(task)
            task.add_done_callback(self._ended)
        return len(messages)

    async def _owing(self) -> bool:
        async with self._store.reading() as session:
            return await outbox.owes(session, self._bot_id, now=self._clock())

    async def _settled_and_claimed(self, landed: list[Landed], free: int) -> list[OutboxMessage]:
        """Settle what landed; claim messages and mark them as being sent, all committed: each is about to be."""
        now = self._clock()
        async with self._store.writing() as session:
            await settle_all(session, landed, now=now, operators=self._operators)
            if free <= 0:
                return []
            if now >= self._drop_at:
                await outbox.drop_unsendable(session, self._bot_id, now=now)
            claimed = await outbox.claim(
                session, self._bot_id, now=now, limit=free, lease=LEASE, holder=self._holder, pace=self._pace
            )
            ours = await outbox.mark_sending(session, [message.id for message in claimed], self._holder)
            paced = len(claimed) < free and await paces.allowance(session, self._bot_id, self._pace, now=now) < 1
        self._crowded = paced or len(claimed) == free
        self._drop_at = max(self._drop_at, now + DROP_EVERY) if now >= self._drop_at else self._drop_at
        return [message for message in claimed if message.id in ours]

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Wake the loop, but in a crowd only once a batch waits to be settled and its room is needed."""
        self._in_flight.discard(task)
        landed, flying = len(self._landed), len(self._in_flight)
        roomy = SENDS_IN_FLIGHT_MAX - flying - landed >= BATCH
        if not self._crowded or (not roomy and (landed >= BATCH or not flying)):
            self._bell.ring()

    async def _deliver(self, message: OutboxMessage) -> None:
        outcome: Outcome | Broken
        try:
            outcome = await self._send(message)
        except Exception as error:  # the top of the delivery: one message must not stop the next
            log.exception("message could not be put together", outbox_id=message.id)
            outcome = Broken(type(error).__name__)
        self._landed.append((message, outcome))

    async def _settle_each(self) -> None:
        """Settle what landed one by one; what cannot be settled is owed again, a few times."""
        for message, outcome in list(self._landed):
            try:
                await self._settle(message, outcome)
            except DatabaseUnavailable:
                raise
            except Exception as error:  # the top of the delivery: a row left in flight would hold its chat for ever
                log.exception("message could not be settled", outbox_id=message.id)
                await self._settle(message, Broken(type(error).__name__))
            self._landed.remove((message, outcome))

    async def _settle(self, message: OutboxMessage, outcome: Outcome | Broken) -> None:
        async with self._store.writing() as session:
            await settle(session, message, outcome, now=self._clock(), operators=self._operators)
