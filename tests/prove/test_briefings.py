"""Many chats due at one minute, through the local server with Telegram's limits, scaled in time.

Amid 429s, blocked chats, upgraded groups and kills every due edition is delivered; repeats are bounded by what was in
flight at a kill; both are told by the server's own log. One process on SQLite, two that share the work on PostgreSQL. A
hundred and twenty chats and two kills by default; `PROVE_CHATS=10000 PROVE_SCALE=2` is the whole, with twenty kills.
"""

import asyncio
import os
import random
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time

import pytest
import sqlalchemy as sa

from bot.delivery.loop import SENDS_IN_FLIGHT_MAX
from bot.localchat import Fault, LocalServer, serve
from bot.localchat.calls import CALLS_MAX, Call
from bot.localchat.pace import Pace
from storage.database import open_store
from storage.tables import OutboxRow
from tests.databases import Postgres
from tests.ordering import ordered, printed, words
from tests.prove.living import Living, living

CHATS = int(os.environ.get("PROVE_CHATS", "120"))
GROUPS, BLOCKED, KILLS = max(1, CHATS // 100), CHATS // 20, max(2, min(20, CHATS // 200))
PROCESSES_MAX = 2
TOPICS, ARTICLES = 60, 120
SCALE = float(os.environ.get("PROVE_SCALE", "6"))  # of the server's seconds in one of ours
PACE = {
    "MESSAGES_PER_SECOND": str(30 * SCALE),
    "MESSAGES_PER_CHAT_PER_SECOND": str(SCALE),
    "MESSAGES_PER_GROUP_PER_MINUTE": str(20 * SCALE),
}
TOO_MANY = 0.01
ROUND_SECONDS, LAST_SECONDS = 120.0, max(900.0, CHATS / 4)

pytestmark = pytest.mark.prove


@pytest.fixture
def shared_url(postgres: Postgres) -> str:
    """A PostgreSQL database of the test's own."""
    return postgres.empty()


@dataclass
class Record:
    """Who is to be told, and what was sent, by the server's own log."""

    server: LocalServer
    wanted: set[int]
    sends: list[Call] = field(default_factory=list)
    kills: list[int] = field(default_factory=list)
    too_many: int = 0
    _read: int = 0

    def __post_init__(self) -> None:
        self._untold: set[int | None] = set(self.wanted)

    def read(self) -> None:
        calls = list(self.server.calls)
        for call in calls[self._read :]:
            self.too_many += call.status == 429 and call.fault is None
            if call.executed and call.method == "sendMessage" and "Your briefing" in str(call.fields.get("text")):
                self.sends.append(call)
                self._untold.discard(call.chat_id)
        self._read = len(calls)

    def has_sent(self, many: int) -> bool:
        self.read()
        return len(self.sends) >= many

    def has_told_all(self) -> bool:
        self.read()
        return not self._untold

    def repeats(self) -> int:
        """How many messages were sent again."""
        sent = Counter((call.chat_id, str(call.fields["text"])) for call in self.sends)
        return sum(times - 1 for times in sent.values())

    def repeated_without_a_kill(self) -> list[str]:
        """Messages sent again though no process was killed between; what was under way at a kill arrives after it."""
        places: dict[tuple[int | None, str], list[int]] = defaultdict(list)
        for n, call in enumerate(self.sends):
            places[call.chat_id, str(call.fields["text"])].append(n)
        kills = [(kill, kill + SENDS_IN_FLIGHT_MAX * PROCESSES_MAX) for kill in self.kills]
        return [
            text
            for (_, text), (first, *_, last) in ((key, [*at, at[-1]]) for key, at in places.items() if len(at) > 1)
            if not any(first < late and kill <= last for kill, late in kills)
        ]

    def seconds(self) -> float:
        return self.sends[-1].at - self.sends[0].at

    def most_a_second(self) -> int:
        """The most messages that arrived within one of the server's seconds."""
        moments = [call.at * SCALE for call in self.sends]
        return max(n - bisect_left(moments, moment - 1) + 1 for n, moment in enumerate(moments))


def _furnished(server: LocalServer) -> tuple[list[int], set[int]]:
    """The chats that order: private ones, some of them blocked, and groups that were upgraded and told nobody."""
    users = [server.add_user() for _ in range(CHATS - GROUPS)]
    groups = [server.add_group(f"Group {n}", users[n], supergroup=False) for n in range(GROUPS)]
    upgraded = [server.upgrades(group, tell=False) for group in groups]
    blocked = {user.id for user in users[-BLOCKED:]}
    for id_ in blocked:
        server.chat(id_).blocked = True
    wanted = {user.id for user in users} - blocked | {group.id for group in upgraded}
    return [*(user.id for user in users), *(group.id for group in groups)], wanted


async def _stocked(url: str, server: LocalServer, chat_ids: Iterable[int]) -> None:
    """A database with news, and a subscription of each chat that is due now, at its own noon."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    ahead = 12 - now.hour
    zone = f"Etc/GMT{'-' if ahead >= 0 else '+'}{abs(ahead)}"
    topics = words(random.Random(3), TOPICS)
    store = await open_store(url)
    await printed(store, topics, ARTICLES, now=now)
    await ordered(store, server.bot.id, list(chat_ids), topics, due_at=now - timedelta(minutes=1), zone=zone)
    await store.close()


async def test_every_due_edition_is_delivered_amid_kills_429s_and_blocked_chats(tmp_path: Path) -> None:
    async with serve(pace=Pace(), time_scale=SCALE) as server, living(server, tmp_path, **PACE) as bot:
        chat_ids, wanted = _furnished(server)
        await _stocked(f"sqlite+aiosqlite:///{bot.database}", server, chat_ids)
        server.faults.mix({Fault.TOO_MANY: TOO_MANY}, seed=5, methods=("sendMessage",))
        record, draw = Record(server, wanted), random.Random(20)
        await _killed(bot, record, draw)
        await bot.start()
        await _all_told(record, len(chat_ids))


async def test_with_nothing_in_the_way_telegrams_pace_alone_says_how_long_it_takes(tmp_path: Path) -> None:
    """The bot is at rest when all come due; the time is that from the moment the orders stand in its database."""
    async with serve(pace=Pace(), time_scale=SCALE) as server, living(server, tmp_path, **PACE) as bot:
        chat_ids = [server.add_user().id for _ in range(CHATS)]
        await bot.start()
        await server.until(lambda: server.calls.idle_polls > 0, ROUND_SECONDS)
        await _stocked(f"sqlite+aiosqlite:///{bot.database}", server, chat_ids)
        due, record = time(), Record(server, set(chat_ids))
        await server.until(record.has_told_all, LAST_SECONDS)
        took, least = record.sends[-1].at - due, CHATS / (30 * SCALE)
        print(
            f"\n{CHATS} chats told {took:.1f} s after they came due, the first after {record.sends[0].at - due:.1f} s; "
            f"at Telegram's pace {least:.1f} s: {took / least:.3f} of it; at most {record.most_a_second()} a second"
        )
        assert record.repeats() == record.too_many == 0
        assert len(record.sends) == CHATS


async def test_two_processes_share_the_delivery_and_double_nothing_but_by_a_kill(
    tmp_path: Path, shared_url: str
) -> None:
    async with serve(pace=Pace(), time_scale=SCALE) as server, AsyncExitStack() as stack:
        chat_ids, wanted = _furnished(server)
        await _stocked(shared_url, server, chat_ids)
        server.faults.mix({Fault.TOO_MANY: TOO_MANY}, seed=5, methods=("sendMessage",))
        bots = []
        for n in range(PROCESSES_MAX):
            folder = tmp_path / str(n)
            folder.mkdir()
            bots.append(await stack.enter_async_context(living(server, folder, **PACE, DATABASE_URL=shared_url)))
            await bots[-1].start()
        record, draw = Record(server, wanted), random.Random(21)
        for n in range(KILLS):
            await _killed_amid_sends(bots[n % len(bots)], record, draw)
            await bots[n % len(bots)].start()
        await _all_told(record, len(chat_ids))
        owed, sent = await _outcomes(shared_url)
        assert owed == 0
        assert sent == len({(call.chat_id, str(call.fields["text"])) for call in record.sends})


async def _all_told(record: Record, chats: int) -> None:
    """Wait for the last edition; then say and check what it took."""
    await record.server.until(record.has_told_all, LAST_SECONDS)
    least = len(record.sends) / (30 * SCALE)
    print(
        f"\n{len(record.wanted)} of {chats} chats told, {len(record.sends)} messages, {KILLS} kills, "
        f"{record.repeats()} repeats, {record.too_many} refused by pace, at most {record.most_a_second()} a second; "
        f"{record.seconds():.1f} s, at Telegram's pace at least {least:.1f} s"
    )
    assert len(record.server.calls) < CALLS_MAX  # beyond it the log forgets, and would prove nothing
    assert record.repeats() <= SENDS_IN_FLIGHT_MAX * KILLS
    assert record.repeated_without_a_kill() == []
    assert {call.chat_id for call in record.sends} == record.wanted
    assert record.too_many == 0


async def _outcomes(url: str) -> tuple[int, int]:
    """How many editions are still owed once what was under way has been settled, and how many were sent."""
    store = await open_store(url)
    try:
        async with asyncio.timeout(ROUND_SECONDS):
            while True:
                async with store.reading() as session:
                    rows = await session.execute(sa.select(OutboxRow.state, sa.func.count()).group_by(OutboxRow.state))
                    states: dict[str, int] = {row[0]: row[1] for row in rows}
                owed = sum(states.get(state, 0) for state in ("pending", "claimed", "sending"))
                if owed == 0:
                    return 0, states.get("sent", 0)
                await asyncio.sleep(0.2)
    finally:
        await store.close()


async def _killed(bot: Living, record: Record, draw: random.Random) -> None:
    """Start and kill the bot again and again amid its sends."""
    for _ in range(KILLS):
        await bot.start()
        await _killed_amid_sends(bot, record, draw)


async def _killed_amid_sends(bot: Living, record: Record, draw: random.Random) -> None:
    """Kill a process that runs, some sends from now."""
    record.read()
    sent = len(record.sends) + draw.randint(1, max(2, CHATS // KILLS))
    await record.server.until(lambda: record.has_sent(sent), ROUND_SECONDS)
    await bot.kill()
    record.read()
    record.kills.append(len(record.sends))
