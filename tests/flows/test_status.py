"""The bot's health over HTTP: counts and ages, and a status that a watching program understands."""

import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import status
from bot.listening import CannotListen
from bot.localchat import Fault, LocalServer
from tests.bot.test_inbox import executed
from tests.build import an_article
from tests.flows.conftest import Clock, Newsroom, Reader, bot_at
from tests.ports import free_port
from tests.waiting import DEADLINE_SECONDS, until

WELL = {
    "well": True,
    "database": "answers",
    "updates_waiting": 0,
    "oldest_message_owed_seconds": 0.0,
    "index_behind": 0,
}


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def options(port: int) -> dict[str, Any]:
    return {"status_listen": f"127.0.0.1:{port}"}


async def health(port: int) -> tuple[int, dict[str, Any]]:
    async with httpx.AsyncClient(timeout=DEADLINE_SECONDS) as client:
        answer = await client.get(f"http://127.0.0.1:{port}/health")
    return answer.status_code, answer.json()


async def test_health_is_told_in_counts_and_ages(reader: Reader, newsroom: Newsroom, port: int) -> None:
    assert await health(port) == (200, WELL)
    await newsroom.publish(an_article("“We reopen the bridge on Friday,” the mayor said."))
    await reader.says("What did the mayor say about the bridge?")
    assert await health(port) == (200, WELL)


async def test_what_is_owed_too_long_is_not_well(
    reader: Reader, newsroom: Newsroom, server: LocalServer, clock: Clock, port: int
) -> None:
    server.faults.order(Fault.TOO_MANY, "sendMessage", times=100, retry_after=1)
    server.says(reader.chat, reader.user, "/help")
    await until(lambda: bool(server.calls.of("sendMessage")))
    clock.passes(seconds=status.OWED_SECONDS_MAX + 60)

    async def unwell() -> bool:
        code, told = await health(port)
        return code == 503 and not told["well"] and told["oldest_message_owed_seconds"] > status.OWED_SECONDS_MAX

    await until(unwell)


async def test_a_database_that_does_not_answer_is_not_well(newsroom: Newsroom, port: int, tmp_path: Path) -> None:
    other = sqlite3.connect(
        tmp_path / "briefing.db", isolation_level=None, timeout=0
    )  # it may not hold up the bot in this loop
    await until(lambda: executed(other, "ALTER TABLE index_changes RENAME TO away"))
    assert await health(port) == (503, {"well": False, "database": "does not answer"})
    await until(lambda: executed(other, "ALTER TABLE away RENAME TO index_changes"))
    other.close()
    assert await health(port) == (200, WELL)


async def test_nothing_else_is_told(newsroom: Newsroom, port: int) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=DEADLINE_SECONDS) as client:
        assert (await client.get("/")).status_code == 404
        assert (await client.post("/health")).status_code == 405


async def test_a_taken_port_is_said_in_one_line(server: LocalServer, tmp_path: Path, clock: Clock) -> None:
    taken = int(server.url.rpartition(":")[2])
    with pytest.raises(CannotListen, match=rf"STATUS_LISTEN: 127.0.0.1:{taken}: address already in use"):
        async with bot_at(server, tmp_path, clock, status_listen=f"127.0.0.1:{taken}"):
            pass
