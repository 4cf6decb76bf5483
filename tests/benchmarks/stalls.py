"""How late the event loop wakes a task while the search index is asked, added to, merged and saved beside it.

The loop is uvloop, as in `run`; questions and additions run in the loop, in slices as the bot makes them; merging,
saving and loading the compiled kernel run in a thread. Figures, never a pass or a failure.

    python -m tests.benchmarks.stalls [PASSAGES] [SECONDS]
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import uvloop

from bot.app import calm_collector
from retrieval.engine.embedded import Embedded
from retrieval.model import IndexChange, Kind
from tests.benchmarks.searching.corpus import Corpus, generated
from tests.benchmarks.searching.engines import LANGUAGE

PASSAGES, SECONDS = 100_000, 10.0
PROBE_SECONDS = 0.005
BETWEEN_SECONDS = 0.01
CANDIDATES = 200  # of a question, as the bot asks
SLICE = 16  # changes the loop takes in before it lets others run
SHARES = (50, 99, 99.9, 100)

Work = Callable[[], Awaitable[None]]


class Load:
    """An engine over a folder, and what it is given to do."""

    def __init__(self, corpus: Corpus, folder: Path) -> None:
        self.engine = Embedded(folder)
        self._corpus = corpus
        self._questions = corpus.questions(200)
        self._asked, self._next = count(), 0
        while self._next < len(corpus) // 2:
            self.take(2_000)
        self.engine.tend()

    def take(self, changes: int) -> None:
        """The next passages; from the beginning again, with new ids, when all are in."""
        begin = self._next % (len(self._corpus) - changes)
        tokens = self._corpus.tokens(begin, begin + changes)
        numbers = range(self._next + 1, self._next + changes + 1)
        self.engine.catch_up(
            [IndexChange(at, at, Kind.ADD, LANGUAGE, words) for at, words in zip(numbers, tokens, strict=True)]
        )
        self._next += changes

    async def search(self) -> None:
        question = self._questions[next(self._asked) % len(self._questions)]
        self.engine.search(question, CANDIDATES, language=LANGUAGE)
        await asyncio.sleep(BETWEEN_SECONDS)

    async def add(self) -> None:
        self.take(SLICE)
        await asyncio.sleep(BETWEEN_SECONDS)

    async def add_and_merge(self) -> None:
        tending = asyncio.create_task(asyncio.to_thread(self.engine.tend))
        while not tending.done():
            await self.add()
            await self.search()

    async def quicken(self) -> None:
        await asyncio.to_thread(self.engine.quicken)


async def late(work: Work | None, seconds: float, *, once: bool = False) -> list[float]:
    """Milliseconds by which a sleeper was woken too late, while something is done again and again."""
    lags: list[float] = []
    end = perf_counter() + seconds
    done = False

    async def probe() -> None:
        while not done:
            before = perf_counter()
            await asyncio.sleep(PROBE_SECONDS)
            lags.append((perf_counter() - before - PROBE_SECONDS) * 1000)

    probing = asyncio.create_task(probe())
    while perf_counter() < end:
        await (work() if work else asyncio.sleep(BETWEEN_SECONDS))
        if once:
            break
    done = True
    await probing
    return lags


async def measure(load: Load, seconds: float) -> None:
    calm_collector()
    steps: list[tuple[str, Work | None, bool]] = [
        ("at rest", None, False),
        ("searching, array code", load.search, False),
        ("loading the compiled kernel, once", load.quicken, True),
        ("searching, compiled", load.search, False),
        ("adding", load.add, False),
        ("adding, searching, merging and saving", load.add_and_merge, False),
        ("at rest again", None, False),
    ]
    rest = None
    print("| event loop late, ms | p50 | p99 | p99.9 | most | p99.9 added |\n| --- | --: | --: | --: | --: | --: |")
    for name, work, once in steps:
        shares = np.percentile(await late(work, seconds, once=once), SHARES)
        rest = shares if rest is None else rest
        print(f"| {name} | {' | '.join(f'{each:.1f}' for each in shares)} | {shares[2] - rest[2]:.1f} |", flush=True)


def main() -> None:
    given = [float(each) for each in sys.argv[1:]]
    passages, seconds = [*given, *[float(PASSAGES), SECONDS][len(given) :]]
    with TemporaryDirectory(prefix="briefing-bot-stalls-") as folder:
        load = Load(generated(int(passages)), Path(folder))
        uvloop.run(measure(load, seconds))


if __name__ == "__main__":
    main()
