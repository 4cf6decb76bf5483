"""An update is stored before `put` returns; `put` waits for a busy database and lets no error out."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from telegram import Update
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.localchat import Fault, LocalServer, serve
from bot.loops import every
from bot.telegram import polling
from bot.telegram.inbox import InboxQueue
from bot.telegram.trimming import JSON
from storage import inbox
from storage.database import Store
from tests.waiting import ended, until

BOT = 7700000001
DEADLINE = 30.0


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    return sqlite_store


@pytest.fixture
def arrived() -> list[JSON]:
    return []


@pytest.fixture
def queue(store: Store, arrived: list[JSON]) -> InboxQueue:
    return InboxQueue(store, BOT, lambda: datetime.now(UTC), arrived.append)


def an_update(number: int = 5, **parts: Any) -> Update:
    chat = {"id": 9, "type": "private", "first_name": "Ada"}
    message = {"message_id": 1, "date": 1, "chat": chat, "text": "Who left?", **parts}
    return Update.de_json({"update_id": number, "message": message}, None)


async def stored(store: Store) -> list[tuple[int, int | None]]:
    async with store.reading() as session:
        kept = await inbox.waiting(session, BOT, now=datetime.now(UTC), limit=100)
    return [(update.update_id, update.chat_id) for update in kept]


async def test_an_update_is_stored_when_put_returns(queue: InboxQueue, store: Store, arrived: list[JSON]) -> None:
    await queue.put(an_update())
    assert await stored(store) == [(5, 9)]
    assert "Ada" not in str(arrived)


async def test_an_update_that_comes_again_is_kept_once(queue: InboxQueue, store: Store) -> None:
    await queue.put(an_update())
    await queue.put(an_update())
    assert await stored(store) == [(5, 9)]


async def test_put_waits_for_a_busy_database(queue: InboxQueue, store: Store, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "briefing.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    putting = asyncio.create_task(queue.put(an_update()))
    await asyncio.wait({putting}, timeout=0.2)
    assert not putting.done()
    other.execute("COMMIT")
    other.close()
    await asyncio.wait_for(putting, DEADLINE)
    assert await stored(store) == [(5, 9)]


async def test_put_outlives_a_database_that_was_away(queue: InboxQueue, store: Store, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "briefing.db", isolation_level=None, timeout=0)
    other.execute("ALTER TABLE inbox RENAME TO away")
    putting = asyncio.create_task(queue.put(an_update()))
    await asyncio.wait({putting}, timeout=0.2)
    assert not putting.done()
    await until(lambda: executed(other, "ALTER TABLE away RENAME TO inbox"))
    other.close()
    await asyncio.wait_for(putting, DEADLINE)
    assert await stored(store) == [(5, 9)]


def executed(other: sqlite3.Connection, statement: str) -> bool:
    """Whether it could be executed now: `put`, which tries again and again, may be writing."""
    try:
        other.execute(statement)
    except sqlite3.OperationalError:
        return False
    return True


async def test_what_is_no_update_is_passed_over(queue: InboxQueue, store: Store) -> None:
    await queue.put("no update")
    assert not await stored(store)


class Dying(InboxQueue):
    """A queue with the defect that ends the library's polling for good: its first `put` raises."""

    died = False

    async def put(self, item: object) -> None:
        if not self.died:
            self.died = True
            raise RuntimeError("a defect")
        await super().put(item)


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with serve(pace=None) as server:
        yield server


@pytest.fixture
async def bot(server: LocalServer) -> AsyncIterator[ExtBot[None]]:
    uncertified = {"verify": False}  # certificates take longer to load than a test
    async with ExtBot(
        server.token,
        base_url=f"{server.url}/bot",
        request=HTTPXRequest(httpx_kwargs=uncertified),
        get_updates_request=polling.TrimmedRequest(connection_pool_size=2, httpx_kwargs=uncertified),
    ) as bot:
        yield bot


async def polled(bot: ExtBot[None], queue: InboxQueue, arrived: list[JSON]) -> list[str]:
    """Poll until an update has arrived; the words of all that did."""
    task = asyncio.create_task(every(0.01, partial(polling.live, bot, queue)))
    await until(lambda: bool(arrived))
    await ended(task)
    return [update["message"]["text"] for update in arrived]


async def test_polling_that_died_is_started_again(
    store: Store, bot: ExtBot[None], server: LocalServer, arrived: list[JSON]
) -> None:
    dying = Dying(store, BOT, lambda: datetime.now(UTC), arrived.append)
    server.says(server.add_user(), 501, "Who left?")
    assert await polled(bot, dying, arrived) == ["Who left?"]
    assert dying.died


@pytest.mark.parametrize("fault", [Fault.BAD_GATEWAY, Fault.TOO_MANY, Fault.DROP_BEFORE, Fault.DROP_AFTER])
async def test_polling_outlives_the_network(
    fault: Fault, queue: InboxQueue, bot: ExtBot[None], server: LocalServer, arrived: list[JSON]
) -> None:
    server.faults.order(fault, "getUpdates", retry_after=1)
    server.says(server.add_user(), 501, "Who left?")
    assert await polled(bot, queue, arrived) == ["Who left?"]
    assert [call.fault for call in server.calls.of("getUpdates")].count(fault.value) == 1


async def test_an_update_the_library_could_not_read_stops_nothing(
    queue: InboxQueue, bot: ExtBot[None], server: LocalServer, arrived: list[JSON]
) -> None:
    server.says(server.add_user(), 501, "?", more={"voice": {"unknown": True}, "photo": "none", "dice": [[]]})
    assert await polled(bot, queue, arrived) == ["?"]


async def test_what_was_stored_is_confirmed_when_polling_ends(
    queue: InboxQueue, bot: ExtBot[None], server: LocalServer, arrived: list[JSON]
) -> None:
    server.says(server.add_user(), 501, "Who left?")
    assert await polled(bot, queue, arrived) == ["Who left?"]
    assert not server.bench.updates
