"""Catching up: whatever was stored before a search is searchable by it, and the event loop stays free."""

import asyncio

import pytest

from bot import corpus
from bot.newsroom.preparation import prepared
from retrieval.engine.embedded import Embedded
from storage import articles, index_changes
from storage.database import Store
from tests.build import NOON, an_article
from tests.databases import sqlite_store, sqlite_template, sqlite_url

__all__ = ["sqlite_store", "sqlite_template", "sqlite_url"]

ARTICLES = 30


@pytest.fixture
async def stored(sqlite_store: Store) -> Store:
    """Articles, one of them changed and one removed again."""
    drafts = [
        an_article(f"Bridge number {number} was closed.", external_id=f"b-{number}") for number in range(ARTICLES)
    ]
    drafts.append(an_article("Bridge number zero opened again.", external_id="b-0", url=drafts[0].url))
    async with sqlite_store.writing() as session:
        for draft in drafts:
            await articles.put(session, draft, prepared(draft), now=NOON)
        last = await articles.find(session, f"b-{ARTICLES - 1}")
        assert last is not None
        await articles.remove(session, last.id, reason="withdrawn", now=NOON)
    return sqlite_store


async def test_slices_and_the_quick_start_come_to_the_same(stored: Store) -> None:
    sliced, filled = Embedded(), Embedded()
    await corpus.catch_up(stored, sliced)
    await corpus.fill(stored, filled)
    async with stored.reading() as session:
        newest, _ = await index_changes.newest(session)
    assert sliced.seq == filled.seq == newest
    assert sliced.languages() == filled.languages() == {"en": ARTICLES - 1}
    words = ["bridg", "number"]
    assert sliced.search(words, ARTICLES, language="en") == filled.search(words, ARTICLES, language="en")


async def test_callers_at_once_share_one_catching_up(stored: Store) -> None:
    class Counting(Embedded):
        taken = 0

        def catch_up(self, changes: object) -> None:
            assert isinstance(changes, list)
            Counting.taken += len(changes)
            super().catch_up(changes)

    engine = Counting()
    await asyncio.gather(*(corpus.catch_up(stored, engine) for _ in range(5)))
    assert Counting.taken == engine.seq


async def test_other_tasks_run_between_slices(stored: Store) -> None:
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    other = asyncio.create_task(turn())
    seen: list[int] = []

    class Watched(Embedded):
        def catch_up(self, changes: object) -> None:
            seen.append(turns)
            super().catch_up(changes)  # type: ignore[arg-type]

    await corpus.catch_up(stored, Watched())
    other.cancel()
    assert len(seen) > 1
    assert seen == sorted(set(seen)), "two slices ran without a turn for others between them"
