"""From question to answer in the chat: 50 chats at once over the local server, 10,000 passages stored.

Server and readers are this process, the bot is another one, which also measures how late its event loop wakes a task:
at rest, and while it answers. A third process has an event loop that does nothing else, and measures the same at the
same moments: what the machine owes. Figures, never a pass or a failure.

    python tests/benchmarks/answering.py [PASSAGES] [CHATS] [SECONDS]
"""

import asyncio
import json
import os
import random
import sys
import tempfile
from asyncio.subprocess import DEVNULL
from collections.abc import Iterator
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from time import monotonic, perf_counter

from bot import app
from bot.cli.opening import served
from bot.localchat import LocalServer, User, serve
from bot.settings import load

PASSAGES, CHATS, SECONDS = 10_000, 50, 60.0
SETTLE_SECONDS = 15.0  # after the first questions: the compiled loops are loaded beside them
IDLE_SECONDS = 15.0
PROBE_SECONDS = 0.005
THINKING_SECONDS = (5.5, 7.5)  # a reader may ask 12 times a minute
PATIENCE_SECONDS = 60.0
BURSTS = 4
PASSAGES_AN_ARTICLE = 8
SENTENCES_A_PASSAGE = 3
VOCABULARY = 8_000
SYLLABLES = ("ba", "den", "ko", "lir", "mas", "nu", "por", "ra", "sil", "tam", "ve", "zor")
PEOPLE = ("Ada Byron", "Ines Varga", "Jonas Pell", "Mira Dahl", "Lena Orlo", "Tomas Reyle")
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "p99.9": 0.999, "most": 1.0}


class Words:
    """Invented words, some frequent and most rare, as in news."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        known = {"".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(2 * VOCABULARY)}
        self._words = sorted(known)[:VOCABULARY]
        self._weights = list(accumulate(1 / (rank + 10) for rank in range(len(self._words))))
        chance.shuffle(self._words)

    def some(self, count: int) -> str:
        return " ".join(self._chance.choices(self._words, cum_weights=self._weights, k=count))

    def sentence(self) -> str:
        name = self._chance.choice(PEOPLE)
        return self._chance.choice(
            [
                f"The {self.some(8)} was closed after the {self.some(5)} on Monday.",
                f"“We will open the {self.some(9)} soon,” said {name}, who runs the {self.some(2)}.",
                f"{name} said that the {self.some(10)} had cost {self._chance.randint(2, 900)} million.",
            ]
        )

    def question(self) -> str:
        return f"What did {self._chance.choice(PEOPLE)} say about the {self.some(3)}?"


def articles(words: Words, passages: int) -> Iterator[dict[str, str]]:
    for number in range(passages // PASSAGES_AN_ARTICLE):
        paragraphs = [
            " ".join(words.sentence() for _ in range(SENTENCES_A_PASSAGE)) for _ in range(PASSAGES_AN_ARTICLE)
        ]
        text = "\n\n".join(paragraphs)
        yield {"id": f"g-{number}", "outlet": f"Outlet {number % 40}", "headline": f"Report {number}", "text": text}


# ── the bot's process ────────────────────────────────────────────────────────────────────────────


async def live(lags: Path) -> None:
    """The bot, and beside it a task that writes down how late it is woken."""
    async with app.serving(load()):
        app.calm_collector()
        await probe(lags)


async def probe(lags: Path) -> None:
    """Write down again and again how late the event loop wakes a task."""
    with lags.open("w", buffering=1) as lines:
        while True:
            before = perf_counter()
            await asyncio.sleep(PROBE_SECONDS)
            lines.write(f"{monotonic():.6f} {perf_counter() - before - PROBE_SECONDS:.6f}\n")


# ── server and readers ───────────────────────────────────────────────────────────────────────────


async def ask(server: LocalServer, user: User, words: Words) -> float:
    began = perf_counter()
    said = server.says(user, user, words.question())
    await server.answer_to(user, said, PATIENCE_SECONDS)
    return perf_counter() - began


async def read(server: LocalServer, user: User, words: Words, chance: random.Random, took: list[float]) -> None:
    await asyncio.sleep(chance.uniform(0, THINKING_SECONDS[0]))
    while True:
        took.append(await ask(server, user, words))
        await asyncio.sleep(chance.uniform(*THINKING_SECONDS))


async def steadily(server: LocalServer, users: list[User], words: Words, seconds: float) -> list[float]:
    took: list[float] = []
    readers = [asyncio.create_task(read(server, user, words, random.Random(user.id), took)) for user in users]
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*readers), seconds)
    return took


async def at_once(server: LocalServer, chats: int, words: Words) -> list[float]:
    took: list[float] = []
    for _ in range(BURSTS):
        users = [server.add_user() for _ in range(chats)]
        took += await asyncio.gather(*(ask(server, user, words) for user in users))
    return took


def lags_between(file: Path, start: float, end: float) -> list[float]:
    lines = [line.split() for line in file.read_text().splitlines() if line.count(" ") == 1]
    return [float(lag) for moment, lag in lines if start <= float(moment) < end]


def told(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    at = {name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] for name, share in SHARES.items() if ordered}
    return f"{len(ordered):>6} times  " + "  ".join(f"{name} {value * 1000:8.1f} ms" for name, value in at.items())


async def measure(folder: Path, passages: int, chats: int, seconds: float) -> None:
    words, lags, bare_lags = Words(random.Random(7)), folder / "lags", folder / "bare"
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/briefing.db",
        "DATA_DIR": str(folder),
        "ADMIN_IDS": "1",
        "MESSAGES_PER_SECOND": "1000",
        "LOG_LEVEL": "WARNING",
    }
    lines = (json.dumps(each) for each in articles(words, passages))
    (folder / "articles.jsonl").write_text("\n".join(lines))
    add = (sys.executable, "-m", "bot", "add", str(folder / "articles.jsonl"))
    loading = await asyncio.create_subprocess_exec(*add, env=environment, stdout=DEVNULL, stderr=DEVNULL)
    if await loading.wait():
        raise SystemExit("the load failed")
    async with serve(pace=None) as server:
        environment |= {"TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_URL": server.url}
        bot = await asyncio.create_subprocess_exec(sys.executable, __file__, "live", str(lags), env=environment)
        bare = await asyncio.create_subprocess_exec(sys.executable, __file__, "bare", str(bare_lags), env=environment)
        try:
            for _ in range(chats):
                await ask(server, server.add_user(), words)  # everything is loaded and has been used once
            await asyncio.sleep(SETTLE_SECONDS)
            idle = monotonic()
            await asyncio.sleep(IDLE_SECONDS)
            steady = monotonic()
            took = await steadily(server, [server.add_user() for _ in range(chats)], words, seconds)
            burst = monotonic()
            took_at_once = await at_once(server, chats, words)
            end = monotonic()
        finally:
            for process in (bot, bare):
                process.kill()
                await process.wait()
    print(f"answer, {chats} chats, {len(took) / seconds:.1f} questions a second: {told(took)}")
    print(f"answer, {chats} questions at one moment:          {told(took_at_once)}")
    phases = {"at rest": (idle, steady), "answering": (steady, burst), "all at one moment": (burst, end)}
    for name, (start, stop) in phases.items():
        print(f"event loop late, {name + ':':31} {told(lags_between(lags, start, stop))}")
        print(f"    a bare one at the same moments:             {told(lags_between(bare_lags, start, stop))}")


def main() -> None:
    if sys.argv[1:2] in (["live"], ["bare"]):
        served({"live": live, "bare": probe}[sys.argv[1]](Path(sys.argv[2])))
        return
    given = [float(each) for each in sys.argv[1:]]
    passages, chats, seconds = [*given, *[float(PASSAGES), float(CHATS), SECONDS][len(given) :]]
    with tempfile.TemporaryDirectory(prefix="briefing-bot-answering-") as folder:
        asyncio.run(measure(Path(folder), int(passages), int(chats), seconds))


if __name__ == "__main__":
    main()
