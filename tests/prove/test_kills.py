"""Nothing is lost: the bot is killed with questions in flight, again and again, and every question is answered.

Told by the server's own log. A message may arrive twice only when its send was executed and not yet settled at the
moment of a kill: at most `SENDS_IN_FLIGHT_MAX` a kill.
"""

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.delivery.loop import SENDS_IN_FLIGHT_MAX
from bot.localchat import Fault, LocalServer, serve
from bot.localchat.calls import Call
from storage import articles
from storage.database import open_store
from tests.build import NOON, an_article, prepared
from tests.ports import free_port
from tests.prove.living import Living, busy, living

QUESTION = "What did the mayor say about the bridge?"
IN_FLIGHT = 20
KILLS = 50
KILLS_AMID_FAULTS = 20
KILLS_BY_WEBHOOK = 10
ROUND_SECONDS = 120.0
LAST_SECONDS = 300.0

pytestmark = pytest.mark.prove


Asked = tuple[int, int]  # the chat and the message


@dataclass
class Record:
    """What was asked and sent, and how many messages had been sent at each kill."""

    server: LocalServer
    asked: set[Asked] = field(default_factory=set)
    sends: list[Call] = field(default_factory=list)
    answered: set[Asked] = field(default_factory=set)
    kills: list[int] = field(default_factory=list)
    _read: int = 0

    def ask(self) -> None:
        """Ask until `IN_FLIGHT` questions wait for their answers."""
        self.read()
        for _ in range(IN_FLIGHT - len(self.asked - self.answered)):
            user = self.server.add_user()
            message = self.server.says(user, user, QUESTION)
            self.asked.add((user.id, message.id))

    def read(self) -> None:
        """Take in what the server has logged since the last look."""
        calls = list(self.server.calls)
        for call in calls[self._read :]:
            if call.executed and call.method == "sendMessage":
                self.sends.append(call)
                self.answered |= _asked(call)
        self._read = len(calls)

    def has_sent(self, count: int) -> bool:
        self.read()
        return len(self.sends) >= count

    def has_answered_all(self) -> bool:
        self.read()
        return self.answered >= self.asked

    def repeats(self) -> list[int]:
        """How often a message was sent that had been sent before, from one kill to the next."""
        seen: set[tuple[int | None, str]] = set()
        counted = Counter[int]()
        for place, call in enumerate(self.sends):
            message = (call.chat_id, str(call.fields["text"]))
            if message in seen:
                counted[sum(kill <= place for kill in self.kills)] += 1
            seen.add(message)
        return [counted[epoch] for epoch in range(len(self.kills) + 1)]


def _asked(call: Call) -> set[Asked]:
    """The question that a message answers."""
    reply = call.fields.get("reply_parameters")
    if call.chat_id is None or not reply:
        return set()
    return {(call.chat_id, int((json.loads(reply) if isinstance(reply, str) else reply)["message_id"]))}


async def stocked(database: Path) -> None:
    """A database with a few articles."""
    store = await open_store(f"sqlite+aiosqlite:///{database}")
    async with store.writing() as session:
        for draft in (an_article(), an_article("The ferry Marigold carried 48 passengers, the harbour office said.")):
            await articles.put(session, draft, prepared(draft), now=NOON)
    await store.close()


async def killed_again_and_again(bot: Living, record: Record, times: int, draw: random.Random) -> None:
    for _ in range(times):
        record.ask()
        sent = len(record.sends) + draw.randint(1, IN_FLIGHT)
        await bot.start()
        await record.server.until(lambda: record.has_sent(sent), ROUND_SECONDS)  # noqa: B023 -- awaited at once
        await bot.kill()
        record.read()
        record.kills.append(len(record.sends))
    await bot.start()
    await record.server.until(record.has_answered_all, LAST_SECONDS)


async def test_fifty_kills_with_twenty_questions_in_flight_lose_none(tmp_path: Path) -> None:
    async with serve(pace=None) as server, living(server, tmp_path) as bot:
        await stocked(bot.database)
        record = Record(server)
        await killed_again_and_again(bot, record, KILLS, random.Random(50))
        repeats = record.repeats()
        print(
            f"\n{len(record.asked)} questions, {len(record.kills)} kills, {sum(repeats)} repeats, most {max(repeats)}"
        )
        assert repeats[0] == 0
        assert max(repeats) <= SENDS_IN_FLIGHT_MAX


async def test_kills_amid_429s_drops_and_a_busy_database_lose_none(tmp_path: Path) -> None:
    async with serve(pace=None) as server, living(server, tmp_path) as bot:
        await stocked(bot.database)
        server.faults.mix(
            {Fault.TOO_MANY: 0.03, Fault.BAD_GATEWAY: 0.05, Fault.DROP_BEFORE: 0.05, Fault.DROP_AFTER: 0.05},
            seed=5,
            methods=("sendMessage", "getUpdates", "sendChatAction"),
        )
        record = Record(server)
        async with busy(bot.database):
            await killed_again_and_again(bot, record, KILLS_AMID_FAULTS, random.Random(20))
        repeats = record.repeats()
        lost_answers = sum(call.fault == Fault.DROP_AFTER for call in record.sends)
        print(
            f"\n{len(record.asked)} questions, {len(record.kills)} kills, {sum(repeats)} repeats, {lost_answers} drops"
        )
        assert sum(repeats) <= SENDS_IN_FLIGHT_MAX * len(record.kills) + lost_answers


async def test_kills_of_a_bot_with_a_webhook_lose_none(tmp_path: Path) -> None:
    """What Telegram brings while nobody listens, it brings again."""
    port = free_port()
    settings = {
        "WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
        "WEBHOOK_LISTEN": f"127.0.0.1:{port}",
        "WEBHOOK_SECRET": "a-secret-of-sixteen-or-more",
    }
    async with serve(pace=None, time_scale=10) as server, living(server, tmp_path, **settings) as bot:
        await stocked(bot.database)
        record = Record(server)
        await killed_again_and_again(bot, record, KILLS_BY_WEBHOOK, random.Random(10))
        repeats = record.repeats()
        print(f"\n{len(record.asked)} questions, {len(record.kills)} kills, {sum(repeats)} repeats")
        assert max(repeats) <= SENDS_IN_FLIGHT_MAX
        assert not server.calls.of("getUpdates")
