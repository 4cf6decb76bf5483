"""The memory of the whole bot through virtual days: every process of it, on one core.

The bot runs as `run` runs it (its process, the worker of answers, the worker of the newsroom) on an archive of so many
passages, with feeds that bring articles, chats with a daily briefing, and questions. Its clock goes on by an hour as
soon as it has done all that is due. Memory is summed over its processes, by PSS (a page that two of them share counts
half for each) and by RSS; pages of files that are mapped count in both. Figures, never a pass or a failure.

    python -m tests.benchmarks.memory [--passages N] [--feeds N] [--chats N] [--days N] [--curve FILE.csv|.svg]...
"""

import argparse
import asyncio
import csv
import os
import random
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from struct import pack
from time import perf_counter

import sqlalchemy as sa

from bot.localchat import LocalServer, User, serve
from bot.newsroom.preparation import prepared
from bot.workers import Workers
from retrieval.model import Draft, Precision, Published
from storage import articles, feeds, inbox, outbox
from storage.database import Store, open_store
from storage.tables import FeedRow, LookRow, SubscriptionRow
from tests.benchmarks import processes
from tests.benchmarks.answering import PEOPLE, Words
from tests.benchmarks.living import web
from tests.benchmarks.processes import MEGABYTE, Memory
from tests.web import stub_web

GOAL = 512 * MEGABYTE
PASSAGES, FEEDS, CHATS, DAYS = 100_000, 100, 200, 7
A_DAY = 1.0  # articles of a feed
QUESTIONS_A_DAY = 0.5  # of a chat
ALERTED_EVERY = 10  # one chat of so many has alerts
TOGETHER = 50  # articles stored in a transaction while the archive is made
LOOK_SECONDS = 0.25
IDLE_SECONDS = 0.05
HOUR_SECONDS_MAX = 60.0  # beyond, the clock goes on all the same, and it is said
START_SECONDS_MAX = 300.0
ZONES = ("UTC", "Kyiv", "Berlin", "Lisbon")


@dataclass(frozen=True)
class Point:
    """The most that the bot held within a virtual hour."""

    hour: int
    most: Memory
    last: Memory


# ── the archive ──────────────────────────────────────────────────────────────────────────────────


async def fill(store: Store, passages: int) -> int:
    """An archive of at least so many passages, printed over the last three years; how many articles."""
    texts, chance, stored, count = web.archive(11), random.Random(5), 0, 0
    now = datetime.now(UTC) - timedelta(days=10)
    async with Workers() as workers:
        while stored < passages:
            drafts = [
                Draft(
                    next(texts),
                    external_id=f"a-{count + at}",
                    outlet=f"Archive {at % 40}",
                    headline=f"Report {count + at}",
                    published=Published(now - timedelta(hours=chance.randrange(26_000)), Precision.MOMENT, 0),
                )
                for at in range(TOGETHER)
            ]
            made = await asyncio.gather(*(workers.run(prepared, each) for each in drafts))
            async with store.writing() as session:
                for draft, ready in zip(drafts, made, strict=True):
                    await articles.put(session, draft, ready, now=now)
            count, stored = count + TOGETHER, stored + sum(len(each.passages) for each in made)
            if count % 500 == 0:
                print(f"archive: {stored:,} of {passages:,} passages", file=sys.stderr)
    return count


# ── the bot ──────────────────────────────────────────────────────────────────────────────────────


class Bot:
    """The bot's processes, their clock, and what they hold."""

    def __init__(self, process: Process, ahead: Path, store: Store, server: LocalServer) -> None:
        self.ahead = timedelta()
        self.points: list[Point] = []
        self.started = Memory(0, 0)
        self._process = process
        self._file = ahead
        self._store = store
        self._bot_id = int(server.token.partition(":")[0])
        self._server = server

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def memory(self) -> Memory:
        return processes.memory(self._process.pid)

    def processor_seconds(self) -> float:
        return processes.processor_seconds(self._process.pid)

    def passes(self, hours: float) -> None:
        self.ahead += timedelta(hours=hours)
        with self._file.open("r+b") as file:
            file.write(pack("d", self.ahead.total_seconds()))

    async def begins(self) -> None:
        """Returns when it serves; the memory of its start is looked at meanwhile."""
        assert self._process.stdout is not None
        ready = asyncio.create_task(self._process.stdout.readline())
        while not ready.done():
            self.started = most(self.started, self.memory())
            await asyncio.wait([ready], timeout=LOOK_SECONDS)
        if ready.result() != b"ready\n":
            raise SystemExit("the bot did not start")

    async def lives(self, hour: int) -> None:
        """Returns when all that is due in this hour is done."""
        began, looked, held = perf_counter(), 0.0, self.memory()
        while not await self._idle():
            if perf_counter() - looked > LOOK_SECONDS:
                looked, held = perf_counter(), most(held, self.memory())
            if perf_counter() - began > HOUR_SECONDS_MAX:
                print(f"hour {hour} was not done within {HOUR_SECONDS_MAX:.0f} s", file=sys.stderr)
                break
            await asyncio.sleep(IDLE_SECONDS)
        last = self.memory()
        self.points.append(Point(hour, most(held, last), last))

    async def _idle(self) -> bool:
        if self._server.bench.updates:
            return False
        now = self.now()
        async with self._store.reading() as session:
            if await inbox.count_waiting(session, self._bot_id):
                return False
            if await outbox.oldest_waiting(session, self._bot_id, now=now):
                return False
            due = (FeedRow.next_check_at <= now, LookRow.next_at <= now, SubscriptionRow.next_due_at <= now)
            return not any([await session.scalar(sa.select(sa.exists().where(each))) for each in due])


def most(one: Memory, other: Memory) -> Memory:
    return Memory(max(one.rss, other.rss), max(one.pss, other.pss))


@asynccontextmanager
async def running(folder: Path, store: Store, server: LocalServer, *, fast: bool) -> AsyncIterator[Bot]:
    """The bot at work on one core."""
    ahead = folder / "ahead"
    ahead.write_bytes(pack("d", 0.0))
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/briefing.db",
        "DATA_DIR": str(folder),
        "ADMIN_IDS": str(server.add_user("Operator").id),
        "ALLOW_PRIVATE_ADDRESSES": "true",
        "MESSAGES_PER_SECOND": "1000",
        "MESSAGES_PER_CHAT_PER_SECOND": "100",
        "LOG_LEVEL": "WARNING",
        "TELEGRAM_BOT_TOKEN": server.token,
        "TELEGRAM_API_URL": server.url,
    }
    core = min(os.sched_getaffinity(0))
    pinned = f"import os, sys; os.sched_setaffinity(0, [{core}]); os.execv(sys.argv[1], sys.argv[1:])"
    live = (
        sys.executable,
        "-c",
        pinned,
        sys.executable,
        "-m",
        "tests.benchmarks.living.bot",
        str(ahead),
        *([] if fast else ["--plain"]),
    )
    with (folder / "bot.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(*live, env=environment, stdout=PIPE, stderr=log)
    try:
        yield Bot(process, ahead, store, server)
    finally:
        process.terminate()
        await process.wait()


# ── the days ─────────────────────────────────────────────────────────────────────────────────────


class Readers:
    """Chats with topics, a briefing at an hour of their own, and questions now and then."""

    def __init__(self, server: LocalServer, count: int) -> None:
        self._server = server
        self._chance = random.Random(9)
        self._words = Words(random.Random(7))
        self.users: list[User] = [server.add_user() for _ in range(count)]

    async def begin(self, bot: Bot) -> None:
        for at, user in enumerate(self.users):
            topic = self._words.some(1)
            orders = [f"/timezone {ZONES[at % len(ZONES)]}", f"/follow {topic}", f"/subscribe {at % 24:02}:00"]
            for words in [*orders, *([f"/alerts {topic}"] if at % ALERTED_EVERY == 0 else [])]:
                self._server.says(user, user, words)
            if at % TOGETHER == TOGETHER - 1:
                await bot.lives(0)
        await bot.lives(0)
        bot.points.clear()

    def ask(self) -> int:
        """Those who ask in this hour; how many."""
        asking = [each for each in self.users if self._chance.random() < QUESTIONS_A_DAY / 24]
        for user in asking:
            name = self._chance.choice(PEOPLE)
            self._server.says(user, user, f"What did {name} say about the {self._words.some(3)}?")
        return len(asking)


async def measure(folder: Path, given: argparse.Namespace) -> list[Point]:
    store = await open_store(f"sqlite+aiosqlite:///{folder}/briefing.db")
    archived = await fill(store, given.passages)
    async with stub_web() as stub, serve(pace=None) as server:
        press = web.Press(stub, given.feeds, given.a_day, datetime.now(UTC))
        async with store.writing() as session:
            for url in press.feeds:
                await feeds.add(session, url, now=datetime.now(UTC))
        async with running(folder, store, server, fast=given.fast) as bot:
            await bot.begins()
            readers = Readers(server, given.chats)
            await readers.begin(bot)
            head(given, archived, bot)
            asked, began = 0, perf_counter()
            for hour in range(1, 24 * given.days + 1):
                press.hours = hour
                bot.passes(hours=1)
                asked += readers.ask()
                await bot.lives(hour)
                if hour % 24 == 0:
                    await tell(store, bot, asked, perf_counter() - began)
            points = bot.points
    await store.close()
    return points


def head(given: argparse.Namespace, archived: int, bot: Bot) -> None:
    print(f"{given.passages:,} passages in {archived:,} articles, {given.feeds} feeds, {given.chats} chats, one core")
    start = f"PSS at most {mb(bot.started.pss)}, RSS {mb(bot.started.rss)}"
    print(f"start, the index built anew: {start}; with all chats begun: {mb(bot.memory().pss)}")
    print("| day | PSS, most | at its end | RSS, most | articles | passages | questions | processor | by the clock |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|", flush=True)


async def tell(store: Store, bot: Bot, asked: int, seconds: float) -> None:
    """A row of the table, at the end of a day."""
    day = bot.points[-24:]
    async with store.reading() as session:
        corpus = await articles.statistics(session)
    held = [mb(max(each.most.pss for each in day)), mb(day[-1].last.pss), mb(max(each.most.rss for each in day))]
    counted = [f"{corpus.articles:,}", f"{corpus.passages:,}", f"{asked:,}"]
    used = [f"{bot.processor_seconds():.0f} s", f"{seconds:.0f} s"]
    print(f"| {' | '.join([str(day[-1].hour // 24), *held, *counted, *used])} |", flush=True)


def mb(size: int) -> str:
    return f"{size / MEGABYTE:.0f} MB"


def draw(points: Sequence[Point], path: Path) -> None:
    """The curve as numbers (.csv) or as a picture."""
    if path.suffix == ".csv":
        with path.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["hour", "pss_most", "pss_last", "rss_most"])
            rows.writerows([each.hour, each.most.pss, each.last.pss, each.most.rss] for each in points)
        return
    import matplotlib as mpl

    mpl.use(path.suffix.removeprefix("."))
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.2))
    days = [each.hour / 24 for each in points]
    axes.plot(days, [each.most.pss / MEGABYTE for each in points], label="PSS, most within the hour")
    axes.plot(days, [each.most.rss / MEGABYTE for each in points], label="RSS, most within the hour", linewidth=0.7)
    axes.axhline(GOAL / MEGABYTE, color="red", linestyle="--", linewidth=0.8, label="the goal")
    axes.set(xlabel="virtual days", ylabel="MB, all processes of the bot", ylim=(0, None))
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name, value in (("passages", PASSAGES), ("feeds", FEEDS), ("chats", CHATS), ("days", DAYS)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--a-day", type=float, default=A_DAY, help="articles of each feed")
    parser.add_argument("--curve", type=Path, action="append", default=[], metavar="FILE", help=".csv or .svg")
    parser.add_argument("--fast", action="store_true", help="with the compiled loops of the extra")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="briefing-bot-memory-") as folder:
        points = asyncio.run(measure(Path(folder), given))
    for path in given.curve:
        draw(points, path)


if __name__ == "__main__":
    main()
