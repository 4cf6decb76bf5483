"""One chat's updates in order, chats at once; a failure is tried again, then told with a reference."""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from telegram import Update
from telegram.ext import MessageHandler, filters

from bot import app as wiring
from bot.loops import Bell
from bot.messages.feeding import Added
from bot.messages.uploads import Upload
from bot.settings import load
from bot.telegram.context import App, Context, Room
from bot.telegram.lanes import ATTEMPTS_MAX, Lanes
from bot.workers import Workers
from retrieval.engine.embedded import Embedded
from storage import inbox, outbox
from storage.database import Store
from storage.values import OutboxMessage
from tests.waiting import ended, until

BOT = 7700000001
TOKEN = f"{BOT}:{'x' * 35}"
DEADLINE = 30.0


class Office:
    """Stands where the commands are: notes what it is asked, waits and fails where it is told."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, str]] = []
        self.at_work: dict[int, int] = defaultdict(int)
        self.most_at_work: dict[int, int] = defaultdict(int)
        self.changed = asyncio.Event()
        self.closed: dict[int, asyncio.Event] = {}
        self.failures: dict[str, int] = {}

    async def ask(self, update: Update, context: Context) -> None:
        message = update.effective_message
        assert message is not None
        chat, words = message.chat_id, message.text or ""
        self.asked.append((chat, words))
        self.at_work[chat] += 1
        self.most_at_work[chat] = max(self.most_at_work[chat], self.at_work[chat])
        self.changed.set()
        try:
            if chat in self.closed:
                await self.closed[chat].wait()
            if self.failures.get(words, 0) > 0:
                self.failures[words] -= 1
                raise KeyError(f"a defect at {words}")
        finally:
            self.at_work[chat] -= 1

    async def until(self, count: int) -> None:
        async with asyncio.timeout(DEADLINE):
            while len(self.asked) < count:
                self.changed.clear()
                await self.changed.wait()


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    return sqlite_store


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office() -> Office:
    return Office()


def unheard() -> None:
    """Nothing is sent here."""


async def unasked(address: str) -> Added:
    raise AssertionError("nobody adds anything here")


class NoUploads:
    """Nobody sends a file here."""

    def unusable(self, name: str) -> bool:
        raise AssertionError(name)

    async def keep(self, upload: Upload, content: bytes) -> None:
        raise AssertionError(upload)

    async def warm(self) -> None:
        raise AssertionError("nothing is warmed here")


@pytest.fixture
def app(office: Office, store: Store, clock: Clock) -> App:
    app = wiring.application(TOKEN, "http://127.0.0.1:9")
    app.add_handler(MessageHandler(filters.TEXT, office.ask))
    settings = load()
    app.bot_data = Room(settings, store, Embedded(), Workers(0), BOT, "velm_bot", unheard, unasked, NoUploads(), clock)
    return app


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
async def lanes(app: App, bell: Bell) -> AsyncIterator[Lanes]:
    lanes = Lanes(app, app.bot_data, bell)
    task = asyncio.create_task(lanes.run())
    yield lanes
    await ended(task)
    await lanes.finish(DEADLINE)


async def accept(store: Store, number: int, chat: int, words: str) -> None:
    place = {"message_id": number, "date": 1, "chat": {"id": chat, "type": "private"}}
    payload = {"update_id": number, "message": {**place, "text": words}}
    async with store.writing() as session:
        await inbox.accept(session, BOT, number, chat, payload, now=datetime.now(UTC))


async def settled(store: Store) -> None:
    async def none_waits() -> bool:
        async with store.reading() as session:
            return await inbox.count_waiting(session, BOT) == 0

    await until(none_waits)


async def owed(store: Store) -> list[OutboxMessage]:
    async with store.reading() as session:
        found = [await outbox.find(session, f"{kind}:{BOT}:1") for kind in ("trying", "failed")]
    return [message for message in found if message is not None]


async def test_one_chats_updates_are_taken_up_in_order(store: Store, office: Office, lanes: Lanes) -> None:
    for number in range(1, 6):
        await accept(store, number, 9, str(number))
    await settled(store)
    assert office.asked == [(9, str(number)) for number in range(1, 6)]
    assert office.most_at_work[9] == 1


async def test_a_chat_with_a_hundred_questions_does_not_hold_up_the_others(
    store: Store, office: Office, app: App, bell: Bell
) -> None:
    for number in range(1, 101):
        await accept(store, number, 9, str(number))
    await accept(store, 101, 10, "mine")
    office.closed[9] = asyncio.Event()
    lanes = Lanes(app, app.bot_data, bell)
    task = asyncio.create_task(lanes.run())
    await office.until(2)
    assert sorted(office.asked) == [(9, "1"), (10, "mine")]
    await ended(task)
    office.closed[9].set()
    await lanes.finish(DEADLINE)


async def test_a_failure_is_tried_again_and_the_reader_hears_of_it_once(
    store: Store, office: Office, lanes: Lanes, clock: Clock, bell: Bell
) -> None:
    office.failures["1"] = 1
    await accept(store, 1, 9, "1")
    await office.until(1)
    await noticed(store, 1)
    clock.now += timedelta(minutes=1)
    bell.ring()
    await settled(store)
    assert len(office.asked) == 2
    assert [message.reply_to for message in await owed(store)] == [1]


async def test_a_defect_is_told_with_a_reference_and_stops_nobody(
    store: Store, office: Office, lanes: Lanes, clock: Clock, bell: Bell, caplog: pytest.LogCaptureFixture
) -> None:
    office.failures["secret words"] = ATTEMPTS_MAX
    await accept(store, 1, 9, "secret words")
    await accept(store, 2, 9, "next")
    for attempt in range(1, ATTEMPTS_MAX + 1):
        await office.until(attempt)
        await noticed(store, 1 if attempt < ATTEMPTS_MAX else 2)
        clock.now += timedelta(minutes=1)
        bell.ring()
    await settled(store)
    assert office.asked[-1] == (9, "next")
    reference = re.search(r"ref ([A-Z2-9]{4})", (await owed(store))[-1].plain)
    assert reference is not None
    logged = caplog.text
    assert reference[1] in logged
    assert "test_lanes.py" in logged
    assert "secret" not in logged


async def noticed(store: Store, count: int) -> None:
    async def told() -> bool:
        return len(await owed(store)) >= count

    await until(told)
