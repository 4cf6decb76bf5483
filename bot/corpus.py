"""Catching the engine up with storage, so that what was added is found by the next question.

Storage is the truth and the index is derived: its folder may be deleted at any time.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import thread_time
from weakref import WeakKeyDictionary

from retrieval.engine import SearchEngine
from retrieval.engine.embedded import Embedded
from storage import index_changes
from storage.database import Store

INDEX = "index"  # in the data folder; in it a folder for each database
CHANGES_A_READ = 128  # some 2 ms of the event loop
CHANGES_A_READ_AT_START = 2_000
CHANGES_UNSAVED_AT_START = 100_000  # so much is indexed again where a start is cut short
SLICE_SECONDS = 0.002
SLICE_CHANGES = 8

_catching_up: WeakKeyDictionary[SearchEngine, asyncio.Lock] = WeakKeyDictionary()


async def catch_up(store: Store, engine: SearchEngine) -> None:
    """Bring the engine to the newest change; other tasks run between slices of about `SLICE_SECONDS`.

    Callers at once share one catching up: each returns when all that was stored before its call is indexed.
    """
    async with _catching_up.setdefault(engine, asyncio.Lock()), store.reading() as session:
        size = SLICE_CHANGES
        while changes := await index_changes.since(session, engine.seq, limit=CHANGES_A_READ):
            while changes:
                began = thread_time()
                engine.catch_up(changes[:size])
                changes = changes[size:]
                size = _fitted(size, thread_time() - began)
                await asyncio.sleep(0)


async def fill(store: Store, engine: Embedded) -> None:
    """Bring a new engine to the newest change as fast as it goes, before anybody is served."""
    async with _catching_up.setdefault(engine, asyncio.Lock()), store.reading() as session:
        while changes := await index_changes.since(session, engine.seq, limit=CHANGES_A_READ_AT_START):
            engine.catch_up(changes)
            if engine.unsaved >= CHANGES_UNSAVED_AT_START:
                await asyncio.to_thread(engine.tend)


@asynccontextmanager
async def opened(store: Store, data_dir: Path) -> AsyncIterator[Embedded]:
    """The engine over the index kept in `data_dir`, at the newest change."""
    engine = Embedded(data_dir / INDEX / store.id)
    try:
        if engine.opened:
            async with store.reading() as session:
                known = await index_changes.since(session, engine.opened.seq - 1, limit=1)
            if not engine.follows(known[0] if known else None):
                engine.forget()
        await fill(store, engine)
        yield engine
    finally:
        engine.close()


async def follow(store: Store, engine: Embedded) -> None:
    """Catch up, and keep the index's folder in order meanwhile."""
    await catch_up(store, engine)
    await asyncio.to_thread(engine.tend)


async def keep(store: Store, data_dir: Path) -> None:
    """Bring the index's folder up to date, so that the next question need not."""
    async with opened(store, data_dir) as engine:
        await asyncio.to_thread(engine.tend)


def _fitted(size: int, seconds: float) -> int:
    if seconds > SLICE_SECONDS:
        return max(1, size // 2)
    return size * 2 if seconds < SLICE_SECONDS / 4 and size < CHANGES_A_READ else size
