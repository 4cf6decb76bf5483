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
from tests.prove.living import Living, busy, living

QUESTION = "What did the mayor say about the bridge?"
IN_FLIGHT = 20
KILLS = 50
KILLS_AMID_FAULTS = 20
ROUND_SECONDS = 120.0
LAST_SECONDS = 300.0

pytestmark = pytest.mark.prove


@dataclass
class Record:
    """What was asked, and how many calls the log held at each kill."""

    server: LocalServer
    asked: set[tuple[int, int]] = field(default_factory=set)
    kills: list[int] = field(default_factory=list)

    def ask(self, count: int) -> None:
        for _ in range(count):
            user = self.server.add_user()
            message = self.server.says(user, user, QUESTION)
            self.asked.add((user.id, message.id))

    async def calls_reach(self, count: int) -> None:
        await self.server.until(lambda: len(self.server.calls) >= count, ROUND_SECONDS)

    @property
    def sends(self) -> list[tuple[int, Call]]:
        """The executed answers, each with its place in the log."""
        return [
            (place, call)
            for place, call in enumerate(self.server.calls)
            if call.executed and call.method == "sendMessage"
        ]

    @property
    def answered(self) -> set[tuple[int, int]]:
        return {asked for _, call in self.sends if (asked := _asked(call)) is not None}

    def repeats(self) -> list[int]:
        """How often a message was sent that had been sent before, between one kill and the next."""
        seen: set[tuple[int | None, str]] = set()
        counted = Counter[int]()
        for place, call in self.sends:
            message = (call.chat_id, str(call.fields["text"]))
            if message in seen:
                counted[sum(kill <= place for kill in self.kills)] += 1
            seen.add(message)
        return [counted[epoch] for epoch in range(len(self.kills) + 1)]


def _asked(call: Call) -> tuple[int, int] | None:
    reply = call.fields.get("reply_parameters")
    if call.chat_id is None or not reply:
        return None
    return call.chat_id, int((json.loads(reply) if isinstance(reply, str) else reply)["message_id"])


async def stocked(database: Path) -> None:
    """A database with a few articles."""
    store = await open_store(f"sqlite+aiosqlite:///{database}")
    async with store.writing() as session:
        for draft in (an_article(), an_article("The ferry Marigold carried 48 passengers, the harbour office said.")):
            await articles.put(session, draft, prepared(draft), now=NOON)
    await store.close()


async def killed_again_and_again(bot: Living, record: Record, times: int, draw: random.Random) -> None:
    for _ in range(times):
        await bot.start()
        record.ask(IN_FLIGHT)
        calls, ahead = len(record.server.calls), draw.randint(1, IN_FLIGHT)
        await record.calls_reach(calls + ahead)
        await bot.kill()
        record.kills.append(len(record.server.calls))
    await bot.start()
    await record.server.until(lambda: record.answered >= record.asked, LAST_SECONDS)


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
        lost_answers = sum(call.fault == Fault.DROP_AFTER for _, call in record.sends)
        print(
            f"\n{len(record.asked)} questions, {len(record.kills)} kills, {sum(repeats)} repeats, {lost_answers} drops"
        )
        assert sum(repeats) <= SENDS_IN_FLIGHT_MAX * len(record.kills) + lost_answers
