"""The index outlives its processes: changed by one, searched by another, both killed at random, again and again.

After each kill a fresh start ranks as plain rank-bm25 ranks what storage holds, to the last bit.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from rank_bm25 import BM25Plus

from bot import corpus
from retrieval.model import Hit
from storage import index_changes
from storage.database import Store, open_store
from storage.passages import NEWEST
from storage.tables import ArticleRow, PassageRow, VersionRow
from tests.prove.changing import LANGUAGES, K, asked, url

KILLS = 50
CHANGES = 100_000
QUESTIONS = 5  # of each language after each kill
PATIENCE_SECONDS = 300.0  # of a slow machine
LOOK_SECONDS = 0.05

pytestmark = pytest.mark.prove

Names = tuple[str, ...]
VICTIMS: tuple[Names, ...] = (("write",), ("search",), ("write", "search"))


class Soak:
    """The two processes, of which each that is missing can be started."""

    def __init__(self, folder: Path) -> None:
        self.database, self.folder = folder / "briefing.db", folder
        self._processes: dict[str, Process] = {}
        self._seed = 0

    async def start(self) -> None:
        for what in ("write", "search"):
            if what not in self._processes:
                self._seed += 1
                self._processes[what] = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "tests.prove.changing", what),
                    *(str(self.database), str(self.folder), str(self._seed)),
                    cwd=Path.cwd(),
                )

    async def kill(self, *names: str) -> None:
        for name in names:
            process = self._processes.pop(name)
            assert process.returncode is None, f"{name} ended by itself"
            process.kill()
            await process.wait()

    def hold(self, number: signal.Signals) -> None:
        """Stop what is left, or let it go on: the corpus stands still while it is looked at."""
        for process in self._processes.values():
            os.kill(process.pid, number)

    async def end(self) -> None:
        self.hold(signal.SIGCONT)
        await self.kill(*self._processes)


async def seq(store: Store) -> int:
    async with store.reading() as session:
        return (await index_changes.newest(session))[0]


async def until_changed(store: Store, wanted: int) -> None:
    """Another process writes, so there is nothing to wait for but the number itself."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await seq(store) < wanted:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_SECONDS)


async def stored(store: Store, language: str) -> dict[int, list[str]]:
    """What storage says is to be found: passages of the newest versions, with their tokens."""
    rows = sa.select(PassageRow.id, PassageRow.tokens).join(VersionRow, VersionRow.id == PassageRow.version_id)
    rows = rows.join(ArticleRow, NEWEST).where(ArticleRow.removed_at.is_(None), PassageRow.language == language)
    async with store.reading() as session:
        return {row.id: row.tokens.split() for row in await session.execute(rows.order_by(PassageRow.id))}


def ranked(passages: dict[int, list[str]], words: list[str]) -> list[Hit]:
    scores = BM25Plus(list(passages.values()), delta=0).get_scores(words).tolist()  # type: ignore[no-untyped-call]
    hits = [Hit(passage, score) for passage, score in zip(passages, scores, strict=True) if score > 0]
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))[:K]


async def started_anew(store: Store, folder: Path, chance: Random) -> bool:
    """A start on the folder as it was left, asked with both kernels; whether there was an index in it."""
    async with corpus.opened(store, folder) as engine:
        in_folder = engine.opened is not None
        for _ in range(2):
            for language in set(LANGUAGES):
                passages = await stored(store, language)
                for words in [asked(chance) for _ in range(QUESTIONS)]:
                    assert engine.search(words, K, language=language) == ranked(passages, words)
            engine.quicken()
    return in_folder


async def test_fifty_kills_amid_a_hundred_thousand_changes_leave_the_ranking_whole(tmp_path: Path) -> None:
    soak, chance = Soak(tmp_path), Random(50)
    store = await open_store(url(str(soak.database)))
    found_in_folder = 0
    try:
        for kill in range(1, KILLS + 1):
            await soak.start()
            wanted = CHANGES * kill // KILLS - chance.randrange(CHANGES // KILLS // 2) * (kill < KILLS)
            await until_changed(store, wanted)
            await soak.kill(*chance.choice(VICTIMS))
            soak.hold(signal.SIGSTOP)
            found_in_folder += await started_anew(store, tmp_path, chance)
            soak.hold(signal.SIGCONT)
            print(f"{kill} kills, {wanted:,} changes", flush=True)
        assert await seq(store) >= CHANGES
        assert found_in_folder > KILLS / 2, "most starts find an index in the folder, rather than making it anew"
        print(f"\n{await seq(store)} changes, {KILLS} kills, {found_in_folder} starts from the folder")
    finally:
        await soak.end()
        await store.close()
