"""A load of web pages by `briefing-bot add` on one core, beside a bot whose chats ask on the others.

Pages of some 500 words amid menus, styles and scripts, 55 kB each, are extracted, attributed, stored and indexed by
one process and its worker, as fast as one core lets them; the chats ask at an even pace meanwhile, and as long again
when all is stored. With `--shared` the bot has the same one core. Figures, never a pass or a failure.

    python -m tests.benchmarks.intake [PAGES] [CHATS] [--shared]
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
from asyncio.subprocess import DEVNULL
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from time import perf_counter

import sqlalchemy as sa
import uvloop

from bot import answering
from bot.workers import Workers
from retrieval.engine.embedded import Embedded
from storage import articles, inbox
from storage.database import Store, open_store
from storage.tables import VersionRow
from tests.benchmarks import processes
from tests.benchmarks.answering import PASSAGES_AN_ARTICLE, PEOPLE, Words
from tests.benchmarks.answering import articles as generated
from tests.benchmarks.processes import MEGABYTE, Memory

PAGES, CHATS = 1_200, 50
SECONDS_BETWEEN = (5.0, 15.0)  # of one chat's questions
AFTERWARDS_SECONDS = 40.0
FILES_A_FOLDER = 100
BOT = 1
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "most": 1.0}
LOOK_SECONDS = 0.5
TOLD_EVERY_SECONDS = 10.0


# ── pages ────────────────────────────────────────────────────────────────────────────────────────


def page(article: dict[str, str], words: Words) -> str:
    """A page as outlets print one: more of it is not the article than is."""
    links = "".join(f"<li><a href=/section/{each}>{words.some(3)}</a></li>" for each in range(90))
    teasers = "".join(f"<div class=teaser><h3>{words.some(7)}</h3><p>{words.some(18)}</p></div>" for _ in range(25))
    paragraphs = "".join(f"<p>{each}</p>" for each in article["text"].split("\n\n"))
    linked = f'{{"@type": "NewsArticle", "headline": "{article["headline"]}", "articleSection": "Velm"}}'
    return f"""<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{article["headline"]}</title>
<meta property=og:site_name content="{article["outlet"]}"><link rel=stylesheet href=/a.css>
<meta property=article:published_time content=2026-11-20T08:00:00+01:00>
<script type="application/ld+json">{linked}</script><style>{".a{margin:0}" * 700}</style></head><body>
<header><nav><ul>{links}</ul></nav></header><main><article><h1>{article["headline"]}</h1>
<p class=byline>By {words.some(2)}</p>{paragraphs}</article><aside>{teasers}</aside></main>
<footer><ul>{links}</ul></footer><script>{"var a = 1; " * 900}</script></body></html>"""


def write(folder: Path, number: int) -> int:
    """So many pages in folders; the bytes of one."""
    words = Words(random.Random(7))
    made = enumerate(generated(words, number * PASSAGES_AN_ARTICLE))
    length = 0
    while some := list(islice(made, FILES_A_FOLDER)):
        below = folder / f"{some[0][0]:06}"
        below.mkdir(parents=True)
        for at, article in some:
            length = (below / f"{at:06}.html").write_text(page(article, words), encoding="utf-8")
    return length


# ── chats ────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Took:
    """How long each step of the chats took, in seconds."""

    accepted: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)


@dataclass
class Asking:
    """Chats that ask at the bot; `took` is where what they see is written down."""

    store: Store
    engine: Embedded
    workers: Workers
    updates: Iterator[int] = field(default_factory=lambda: count(1))
    took: Took = field(default_factory=Took)

    async def chat(self, number: int) -> None:
        chance = random.Random(number)
        words = Words(random.Random(7))
        while True:
            await asyncio.sleep(chance.uniform(*SECONDS_BETWEEN))
            await self.ask(number, f"What did {chance.choice(PEOPLE)} say about the {words.some(3)}?")

    async def ask(self, chat: int, words: str) -> None:
        took, began = self.took, perf_counter()
        async with self.store.writing() as session:
            await inbox.accept(session, BOT, next(self.updates), chat, {"text": words}, now=datetime.now(UTC))
        stored = perf_counter()
        await answering.answer(words, store=self.store, engine=self.engine, workers=self.workers)
        took.accepted.append(stored - began)
        took.answered.append(perf_counter() - stored)


# ── the load ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Look:
    """At a moment: the processor seconds that the load has used so far, and the memory its processes hold."""

    moment: datetime
    processor: float
    memory: Memory


async def load(folder: Path, url: str, store: Store, pages: int) -> list[Look]:
    """`add` on one core, looked at until it ends."""
    environment = {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(folder / "data")}
    core = min(os.sched_getaffinity(0))
    pinned = f"import os, sys; os.sched_setaffinity(0, [{core}]); os.execv(sys.argv[1], sys.argv[1:])"
    add = (sys.executable, "-c", pinned, sys.executable, "-m", "bot", "add", str(folder / "pages"))
    process = await asyncio.create_subprocess_exec(*add, env=environment, stdout=DEVNULL, stderr=DEVNULL)
    ended, looks, told = asyncio.create_task(process.wait()), list[Look](), perf_counter()
    while not ended.done():
        used, held = processes.processor_seconds(process.pid), processes.memory(process.pid)
        looks.append(Look(datetime.now(UTC), used, held))
        if perf_counter() - told > TOLD_EVERY_SECONDS:
            told = perf_counter()
            async with store.reading() as session:
                stored = (await articles.statistics(session)).articles
            print(f"{stored} of {pages} pages stored", file=sys.stderr)
        await asyncio.wait([ended], timeout=LOOK_SECONDS)
    if ended.result():
        raise SystemExit("the load failed")
    return looks


async def measure(folder: Path, pages: int, chats: int) -> None:
    url = f"sqlite+aiosqlite:///{folder}/briefing.db"
    store = await open_store(url)
    async with Workers() as workers:
        await workers.warm("bot.answering")
        asking = Asking(store, Embedded(), workers)
        tasks = [asyncio.create_task(asking.chat(each)) for each in range(1, chats + 1)]
        looks, during = await load(folder, url, store, pages), asking.took
        found = await ask_for_the_last(asking)
        print(f"asking on for {AFTERWARDS_SECONDS:.0f} s ...", file=sys.stderr)
        asking.took = after = Took()
        await asyncio.sleep(AFTERWARDS_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    async with store.reading() as session:
        stored = list(await session.scalars(sa.select(VersionRow.fetched_at).order_by(VersionRow.fetched_at)))
    await store.close()
    rows = {**cost(looks, stored), "the last article, asked for when it was stored": found}
    for name, took in (("meanwhile", during), ("afterwards", after)):
        rows |= {f"storing an update, {name}": told(took.accepted), f"answering, {name}": told(took.answered)}
    for name, value in rows.items():
        print(f"| {name} | {value} |")


async def ask_for_the_last(asking: Asking) -> str:
    """Whether the article that was stored last is found, and how long that took."""
    async with asking.store.reading() as session:
        ((_, newest),) = await articles.listing(session, limit=1)
    began = perf_counter()
    found = await answering.answer(
        f"What about {newest.text[:60]}?", store=asking.store, engine=asking.engine, workers=asking.workers
    )
    first = bool(found.quotes) and found.quotes[0].version.id == newest.id
    return f"{'found first' if first else 'not first'}, in {perf_counter() - began:.2f} s"


def cost(looks: list[Look], stored: list[datetime]) -> dict[str, str]:
    """What the load cost from its first article on; what starting took stands apart."""
    begun = next((each for each in looks if each.moment >= stored[0]), looks[-1])
    first, seconds = (stored[0] - looks[0].moment).total_seconds(), (stored[-1] - stored[0]).total_seconds()
    processor = looks[-1].processor - begun.processor
    quarters = " ".join(str(looks[len(looks) * part // 4 - 1].memory.pss // MEGABYTE) for part in (1, 2, 3, 4))
    pss, rss = (
        max(held) // MEGABYTE for held in zip(*((each.memory.pss, each.memory.rss) for each in looks), strict=True)
    )
    return {
        "articles stored": str(len(stored)),
        "seconds to the first, and from there to the last": f"{first:.1f}, {seconds:.1f}",
        "articles a second": f"{len(stored) / seconds:.1f}",
        "articles a second of a whole core": f"{len(stored) / processor:.1f}",
        "processor time an article": f"{1000 * processor / len(stored):.1f} ms",
        "memory of all its processes": f"PSS {quarters} MB at its quarters, most {pss}; RSS at most {rss} MB",
    }


def told(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    at = {name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] for name, share in SHARES.items() if ordered}
    return ", ".join(f"{name} {value * 1000:.0f} ms" for name, value in at.items()) + f" ({len(ordered)} times)"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pages", type=int, nargs="?", default=PAGES)
    parser.add_argument("chats", type=int, nargs="?", default=CHATS)
    parser.add_argument("--shared", action="store_true", help="the bot has the load's one core and no other")
    given = parser.parse_args()
    if given.shared:
        processes.pin(1)
    with tempfile.TemporaryDirectory(prefix="briefing-bot-intake-") as folder, suppress(KeyboardInterrupt):
        print(f"writing {given.pages} pages ...", file=sys.stderr)
        length = write(Path(folder) / "pages", given.pages)
        print(f"| {given.pages} pages of {length // 1000} kB, {given.chats} chats | |\n|---|---|", flush=True)
        uvloop.run(measure(Path(folder), given.pages, given.chats))


if __name__ == "__main__":
    main()
