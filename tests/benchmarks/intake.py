"""A load of 10,000 articles by `briefing-bot add`, beside a bot whose 50 chats ask.

Prints articles a second, the largest process's memory, and how long storing an update and answering a question
take meanwhile. Figures, never a pass or a failure.   python tests/benchmarks/intake.py [ARTICLES] [CHATS]
"""

import asyncio
import json
import os
import random
import resource
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import perf_counter

from bot import answering
from bot.workers import Workers
from retrieval.engine.embedded import Embedded
from storage import inbox
from storage.database import Store, open_store

ARTICLES = 10_000
CHATS = 50
SECONDS_BETWEEN = (5.0, 15.0)  # of one chat's questions
PARAGRAPHS = 8
SENTENCES = 3
BOT = 1
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "most": 1.0}
NOUNS = (
    "bridge",
    "harbour",
    "council",
    "ferry",
    "tram",
    "storm",
    "budget",
    "school",
    "strike",
    "court",
    "river",
    "tax",
)
PEOPLE = ("Ada Byron", "Ines Varga", "Jonas Pell", "Mira Dahl", "Lena Orlo", "Tomas Reyle")


@dataclass(frozen=True)
class Asking:
    """Chats that ask at the bot, and how long each step of theirs took, in seconds."""

    store: Store
    engine: Embedded
    workers: Workers
    updates: Iterator[int] = field(default_factory=lambda: count(1))
    accepted: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)

    async def chat(self, number: int) -> None:
        chance = random.Random(number)
        while True:
            await asyncio.sleep(chance.uniform(*SECONDS_BETWEEN))
            await self.ask(number, f"What did {chance.choice(PEOPLE)} say about the {chance.choice(NOUNS)}?")

    async def ask(self, chat: int, words: str) -> None:
        began = perf_counter()
        async with self.store.writing() as session:
            await inbox.accept(session, BOT, next(self.updates), chat, {"text": words}, now=datetime.now(UTC))
        stored = perf_counter()
        await answering.answer(words, store=self.store, engine=self.engine, workers=self.workers)
        self.accepted.append(stored - began)
        self.answered.append(perf_counter() - stored)


def generated(articles: int) -> Iterator[dict[str, str]]:
    """Articles of some 350 words about invented places."""
    chance = random.Random(7)
    for number in range(articles):
        text = "\n\n".join(" ".join(sentence(chance) for _ in range(SENTENCES)) for _ in range(PARAGRAPHS))
        yield {"id": f"g-{number}", "outlet": f"Outlet {number % 40}", "headline": f"Report {number}", "text": text}


def sentence(chance: random.Random) -> str:
    first, second, third = chance.sample(NOUNS, 3)
    name, number = chance.choice(PEOPLE), chance.randint(2, 900)
    return chance.choice(
        [
            f"The {first} of district {number} was closed after the {second} met the {third} on Monday.",
            f"“We will open the {first} in {number} days,” said {name}, who runs the {second}.",
            f"{name} said that the {first} had cost {number} million and that the {third} would follow.",
        ]
    )


async def measure(path: Path, chats: int, url: str) -> tuple[float, Asking]:
    """The seconds of the load, and what the chats beside it saw."""
    store = await open_store(url)
    async with Workers() as workers:
        await workers.warm("bot.answering")
        asking = Asking(store, Embedded(), workers)
        tasks = [asyncio.create_task(asking.chat(each)) for each in range(1, chats + 1)]
        began = perf_counter()
        environment = {**os.environ, "DATABASE_URL": url}
        add = (sys.executable, "-m", "bot", "add", str(path))
        load = await asyncio.create_subprocess_exec(*add, env=environment, stdout=asyncio.subprocess.DEVNULL)
        if await load.wait():
            raise SystemExit("the load failed")
        seconds = perf_counter() - began
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await store.close()
    return seconds, asking


def told(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    at = {name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] for name, share in SHARES.items() if ordered}
    return f"{len(ordered)} times, " + ", ".join(f"{name} {value * 1000:.1f} ms" for name, value in at.items())


def main(articles: int, chats: int) -> None:
    with tempfile.TemporaryDirectory(prefix="briefing-bot-intake-") as folder:
        path = Path(folder) / "articles.jsonl"
        with path.open("w", encoding="utf-8") as lines:
            lines.writelines(f"{json.dumps(each)}\n" for each in generated(articles))
        seconds, asking = asyncio.run(measure(path, chats, f"sqlite+aiosqlite:///{folder}/briefing.db"))
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"add     {articles} articles in {seconds:.1f} s, {articles / seconds:.1f} a second; {chats} chats asking")
    print(f"memory  {memory:.0f} MB in the largest process of the load")
    print(f"accept  {told(asking.accepted)}")
    print(f"answer  {told(asking.answered)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else ARTICLES, int(sys.argv[2]) if sys.argv[2:] else CHATS)
