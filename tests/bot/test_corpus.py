"""Catching up: whatever was stored before a search is searchable by it, and the event loop stays free."""

import asyncio
from pathlib import Path

import pytest

from bot import corpus
from bot.newsroom.preparation import prepared
from retrieval.engine import embedded
from retrieval.engine.embedded import Embedded
from retrieval.model import IndexChange, Kind
from storage import articles, index_changes
from storage.database import Store
from tests.build import NOON, an_article

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


async def test_the_index_is_kept_and_opened_again(
    stored: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "SAVE_CHANGES", 1)
    await corpus.keep(stored, tmp_path)
    kept = Embedded(tmp_path / corpus.INDEX / stored.id)
    assert kept.languages() == {"en": ARTICLES - 1}
    async with corpus.opened(stored, tmp_path) as engine:
        assert engine.seq == kept.seq
        assert engine.unsaved == 0


async def test_an_index_of_a_database_put_back_to_an_earlier_day_is_made_anew(
    stored: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "SAVE_CHANGES", 1)
    await corpus.keep(stored, tmp_path)
    ahead = Embedded(tmp_path / corpus.INDEX / stored.id)
    ahead.catch_up([IndexChange(ahead.seq + 1, 9_999, Kind.ADD, "en", ["dam"])])
    ahead.tend()
    ahead.close()
    async with corpus.opened(stored, tmp_path) as engine:
        assert engine.languages() == {"en": ARTICLES - 1}
        assert engine.search(["dam"], 1, language="en") == []


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
