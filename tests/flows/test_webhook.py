"""The bot by webhook: Telegram brings the updates, and each is stored before it is said to be taken."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.listening import CannotListen
from bot.localchat import Fault, LocalServer
from bot.telegram.webhook import SECRET_HEADER
from tests.build import an_article
from tests.flows.conftest import Clock, Newsroom, Reader, bot_at
from tests.ports import free_port
from tests.waiting import DEADLINE_SECONDS, until

SECRET = "a-secret-of-sixteen-or-more"
QUESTION = "What did the mayor say about the bridge?"


def by_webhook(port: int) -> dict[str, Any]:
    """Settings of a bot that is brought its updates at this port."""
    return {
        "webhook_url": f"http://127.0.0.1:{port}/telegram",
        "webhook_listen": f"127.0.0.1:{port}",
        "webhook_secret": SECRET,
    }


@pytest.fixture
def options() -> dict[str, Any]:
    return by_webhook(free_port())


async def knows_address(server: LocalServer) -> None:
    await server.until(lambda: server.bench.webhook is not None)


async def test_a_question_brought_is_answered_and_its_buttons_work(
    reader: Reader, newsroom: Newsroom, server: LocalServer
) -> None:
    await newsroom.publish(an_article("“We reopen the bridge on Friday,” the mayor said."))
    await knows_address(server)
    await reader.says(QUESTION)
    assert reader.sees("“We reopen the bridge on Friday,”")
    await reader.presses(reader.buttons[0])
    assert reader.seen
    await server.until(lambda: server.calls.executed("answerCallbackQuery"))
    assert not server.calls.of("getUpdates")
    assert server.bench.webhook is not None
    assert server.bench.webhook.secret == SECRET


async def test_what_was_asked_while_the_bot_was_away_is_answered_in_order(
    server: LocalServer, tmp_path: Path, clock: Clock, options: dict[str, Any]
) -> None:
    server.bench.time_scale = 100  # Telegram's pauses between tries pass a hundred times as fast
    async with bot_at(server, tmp_path, clock, **options):
        await knows_address(server)
    reader = server.add_user("Mira")
    asked = [server.says(reader, reader, words) for words in ("/help", "/latest", "/outlets")]
    webhook = server.bench.webhook
    assert webhook is not None
    await server.until(lambda: webhook.failure == "Connection refused")
    async with bot_at(server, tmp_path, clock, **options) as newsroom:
        await newsroom.done()
    assert len(server.from_bot(reader)) == len(asked)
    assert "/ask" in server.from_bot(reader)[0].text


async def test_an_update_is_taken_only_once_it_is_stored_and_answered_once(
    reader: Reader, newsroom: Newsroom, server: LocalServer, tmp_path: Path, options: dict[str, Any]
) -> None:
    other = sqlite3.connect(tmp_path / "briefing.db", isolation_level=None, timeout=0)
    await until(lambda: locks(other))
    update = {"update_id": 7, "message": a_message("/help", reader.user.id)}
    url = options["webhook_url"]
    async with brought() as client:
        bringing = asyncio.create_task(client.post(url, json=update))
        await asyncio.wait({bringing}, timeout=0.2)
        assert not bringing.done()
        other.execute("COMMIT")
        other.close()
        assert (await bringing).status_code == 200
        assert (await client.post(url, json=update)).status_code == 200
    await newsroom.done()
    assert len(server.from_bot(reader.chat)) == 1


def locks(other: sqlite3.Connection) -> bool:
    """Whether nobody else can write now: the bot's own ticks may be writing."""
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    return True


def a_message(words: str, user: int) -> dict[str, Any]:
    person = {"id": user, "is_bot": False, "first_name": "Ada"}
    mark = {"type": "bot_command", "offset": 0, "length": len(words)}
    chat = {"id": user, "type": "private", "first_name": "Ada"}
    return {"message_id": 1, "date": 1, "chat": chat, "from": person, "text": words, "entities": [mark]}


def brought() -> httpx.AsyncClient:
    return httpx.AsyncClient(headers={SECRET_HEADER: SECRET}, verify=False, timeout=DEADLINE_SECONDS)


async def test_who_does_not_know_the_secret_is_refused_unread(newsroom: Newsroom, options: dict[str, Any]) -> None:
    async with httpx.AsyncClient(verify=False, timeout=DEADLINE_SECONDS) as client:
        for secret in ("", "another-secret-of-sixteen", SECRET[:-1], SECRET + "x", "Ä" * 16):
            headers = [(SECRET_HEADER.encode(), secret.encode())] if secret else []
            assert (await client.post(options["webhook_url"], content=b"[", headers=headers)).status_code == 403


async def test_what_is_no_update_is_refused_and_stops_nothing(
    reader: Reader, newsroom: Newsroom, server: LocalServer, options: dict[str, Any]
) -> None:
    url = options["webhook_url"]
    async with brought() as client:
        for content, status in (
            (b"[1]", 400),
            (b"{", 400),
            (b"[" * 100_000, 400),
            (b"\xff\xfe", 400),
            (b"{}", 400),
            (b" " * (2**20 + 1), 413),
            (b'{"update_id": 5, "message": {"chat": "?"}}', 200),
            (b'{"update_id": 6, "poll": {}}', 200),
        ):
            assert (await client.post(url, content=content)).status_code == status, content[:40]
        assert (await client.get(url)).status_code == 405
        assert (await client.post(f"{url}/more", json={"update_id": 8})).status_code == 404
    await knows_address(server)
    await reader.says("hello")
    assert reader.seen


async def test_telegram_is_told_the_address_until_it_answers(
    server: LocalServer, tmp_path: Path, clock: Clock, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.webhook.LOOK_SECONDS", 0.05)
    faults = (Fault.BAD_GATEWAY, Fault.TOO_MANY, Fault.DROP_BEFORE, Fault.FORBIDDEN)
    for fault in faults:
        server.faults.order(fault, "setWebhook")
    async with bot_at(server, tmp_path, clock, **options):
        await knows_address(server)
        tried = [call.fault for call in server.calls.of("setWebhook")]
        assert tried == [*(fault.value for fault in faults), None]
        server.bench.webhook = None
        await knows_address(server)
        await until(lambda: server.bench.webhook is not None and server.bench.webhook.url == options["webhook_url"])


async def test_a_bot_that_fetches_again_ends_the_webhook(
    server: LocalServer, tmp_path: Path, clock: Clock, options: dict[str, Any]
) -> None:
    async with bot_at(server, tmp_path, clock, **options):
        await knows_address(server)
    async with bot_at(server, tmp_path, clock) as newsroom:
        reader = Reader(newsroom, server.add_user("Mira"))
        await reader.says("hello")
        assert reader.seen
        assert server.bench.webhook is None


async def test_a_taken_port_is_said_in_one_line(server: LocalServer, tmp_path: Path, clock: Clock) -> None:
    taken = int(server.url.rpartition(":")[2])
    with pytest.raises(CannotListen, match=rf"WEBHOOK_LISTEN: 127.0.0.1:{taken}: address already in use"):
        async with bot_at(server, tmp_path, clock, **by_webhook(taken)):
            pass
