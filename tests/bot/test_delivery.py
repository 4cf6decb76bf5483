"""Delivery marks before it sends, keeps its bound, keeps each chat's order, and settles by outcome."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from bot.delivery.loop import LEASE, SENDS_IN_FLIGHT_MAX, Delivery
from bot.delivery.settling import BROKEN_ATTEMPTS_MAX
from bot.loops import Bell
from bot.telegram.outcome import Outcome, Sent, TryLater
from storage import outbox
from storage.database import Store
from storage.values import MessageState, OutboxDraft, OutboxMessage, Pace
from tests.waiting import ended, until

BOT = 77
FREE = Pace(per_second=10_000, per_chat_per_second=10_000, per_group_per_minute=10_000, burst=10_000)
DEADLINE = 30.0


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    return sqlite_store


def draft(number: int, chat_id: int | None = None) -> OutboxDraft:
    return OutboxDraft(
        key=f"m:{number}", bot_id=BOT, chat_id=chat_id or number + 1, html=f"{number}", plain=f"{number}"
    )


async def owe(store: Store, *drafts: OutboxDraft) -> None:
    async with store.writing() as session:
        await outbox.put(session, *drafts, now=datetime.now(UTC))


async def states(store: Store, count: int) -> list[MessageState]:
    async with store.reading() as session:
        found = [await outbox.find(session, f"m:{number}") for number in range(count)]
    return [message.state for message in found if message is not None]


class Wire:
    """Stands where Telegram is: tells what arrives, and answers when it is let."""

    def __init__(self) -> None:
        self.arrived: list[OutboxMessage] = []
        self.open = asyncio.Event()
        self.answer: Callable[[OutboxMessage], Outcome] = lambda message: Sent(message.id)

    async def send(self, message: OutboxMessage) -> Outcome:
        self.arrived.append(message)
        await self.open.wait()
        return self.answer(message)


@pytest.fixture
def wire() -> Wire:
    return Wire()


def delivery(store: Store, wire: Wire, holder: str = "here", pace: Pace = FREE) -> Delivery:
    return Delivery(
        store, wire.send, bot_id=BOT, holder=holder, pace=pace, clock=lambda: datetime.now(UTC), bell=Bell()
    )


@pytest.fixture
async def running(store: Store, wire: Wire) -> AsyncIterator[Delivery]:
    delivering = delivery(store, wire)
    task = asyncio.create_task(delivering.run())
    yield delivering
    await ended(task)
    wire.open.set()
    await delivering.finish(DEADLINE)


async def test_no_more_than_the_bound_is_in_flight(store: Store, wire: Wire, running: Delivery) -> None:
    await owe(store, *map(draft, range(3 * SENDS_IN_FLIGHT_MAX)))
    await until(lambda: len(wire.arrived) >= SENDS_IN_FLIGHT_MAX)
    found = await states(store, 3 * SENDS_IN_FLIGHT_MAX)
    assert found.count(MessageState.SENDING) == len(wire.arrived) == SENDS_IN_FLIGHT_MAX
    wire.open.set()
    await until(lambda: len(wire.arrived) == 3 * SENDS_IN_FLIGHT_MAX)


async def test_a_chats_messages_go_one_after_the_other(store: Store, wire: Wire, running: Delivery) -> None:
    await owe(store, *(draft(number, chat_id=5) for number in range(3)), draft(3))
    await until(lambda: len(wire.arrived) == 2)
    assert [message.plain for message in wire.arrived] == ["0", "3"]
    wire.open.set()
    await until(lambda: len(wire.arrived) == 4)
    assert [message.plain for message in wire.arrived if message.chat_id == 5] == ["0", "1", "2"]


async def test_what_was_in_flight_at_the_end_is_settled(store: Store, wire: Wire) -> None:
    delivering = delivery(store, wire)
    task = asyncio.create_task(delivering.run())
    await owe(store, draft(0))
    await until(lambda: bool(wire.arrived))
    await ended(task)
    wire.open.set()
    await delivering.finish(DEADLINE)
    assert await states(store, 1) == [MessageState.SENT]


async def test_what_a_dead_process_was_sending_is_sent_again_and_the_rest_once(store: Store, wire: Wire) -> None:
    dead = delivery(store, wire, holder="dead")
    task = asyncio.create_task(dead.run())
    await owe(store, draft(0))
    await until(lambda: bool(wire.arrived))
    await ended(task)
    await dead.finish(0)
    await owe(store, draft(1))
    async with store.writing() as session:
        assert await outbox.recover(session, BOT, now=None) == 1
    wire.open.set()
    alive = delivery(store, wire)
    task = asyncio.create_task(alive.run())
    await until(lambda: len(wire.arrived) == 3)
    await ended(task)
    await alive.finish(DEADLINE)
    assert sorted(message.plain for message in wire.arrived) == ["0", "0", "1"]


async def test_a_message_that_cannot_be_put_together_is_given_up_and_stops_no_other(
    store: Store, wire: Wire, running: Delivery
) -> None:
    def broken(message: OutboxMessage) -> Outcome:
        if message.plain == "0":
            raise KeyError("a defect")
        return Sent(1)

    wire.answer = broken
    wire.open.set()
    await owe(store, draft(0, chat_id=5), draft(1, chat_id=5))

    async def given_up() -> bool:
        return await states(store, 2) == [MessageState.FAILED, MessageState.SENT]

    await until(given_up)
    assert [message.plain for message in wire.arrived] == ["0"] * BROKEN_ATTEMPTS_MAX + ["1"]


async def test_a_message_that_cannot_be_settled_is_given_up_and_stops_no_other(
    store: Store, wire: Wire, running: Delivery
) -> None:
    nowhere = cast(int, object())  # an id that no database takes
    wire.answer = lambda message: Sent(nowhere if message.plain == "0" else 1)
    wire.open.set()
    await owe(store, draft(0, chat_id=5), draft(1, chat_id=5))

    async def given_up() -> bool:
        return await states(store, 2) == [MessageState.FAILED, MessageState.SENT]

    await until(given_up)
    assert [message.plain for message in wire.arrived] == ["0"] * BROKEN_ATTEMPTS_MAX + ["1"]


async def test_what_takes_long_keeps_its_lease(store: Store, wire: Wire, running: Delivery) -> None:
    await owe(store, draft(0))
    await until(lambda: bool(wire.arrived))
    await running.hold()
    async with store.writing() as session:
        assert await outbox.recover(session, BOT, now=datetime.now(UTC) + LEASE - timedelta(seconds=5)) == 0
    wire.open.set()


async def test_pace_holds_a_chat_back_beyond_its_burst(store: Store, wire: Wire) -> None:
    pace = Pace(per_second=1_000, per_chat_per_second=0.001, burst=1_000, chat_burst=2)
    delivering = delivery(store, wire, pace=pace)
    wire.open.set()
    await owe(store, *(draft(number, chat_id=5) for number in range(4)), draft(9))
    task = asyncio.create_task(delivering.run())
    await until(lambda: len(wire.arrived) >= 3)
    await ended(task)
    await delivering.finish(DEADLINE)
    assert sorted(message.plain for message in wire.arrived) == ["0", "1", "9"]


async def test_what_telegram_puts_off_waits_as_long_as_it_says(store: Store, wire: Wire, running: Delivery) -> None:
    wire.answer = lambda message: TryLater(600, "flood")
    wire.open.set()
    began = datetime.now(UTC)
    await owe(store, draft(0))

    async def postponed() -> bool:
        async with store.reading() as session:
            message = await outbox.find(session, "m:0")
        return message is not None and message.state is MessageState.PENDING and message.attempts == 1

    await until(postponed)
    async with store.reading() as session:
        message = await outbox.find(session, "m:0")
    assert message is not None
    assert message.not_before is not None
    assert message.not_before >= began + timedelta(seconds=600)
