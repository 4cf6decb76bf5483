"""Catching the engine up with storage, so that what was added is found by the next question.

Storage is the truth and the index is derived; nothing here writes.
"""

import asyncio
from time import thread_time
from weakref import WeakKeyDictionary

from retrieval.engine import SearchEngine
from storage import index_changes
from storage.database import Store

CHANGES_A_READ = 128  # some 2 ms of the event loop
CHANGES_A_READ_AT_START = 2_000
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


async def fill(store: Store, engine: SearchEngine) -> None:
    """Bring a new engine to the newest change as fast as it goes, before anybody is served."""
    async with _catching_up.setdefault(engine, asyncio.Lock()), store.reading() as session:
        while changes := await index_changes.since(session, engine.seq, limit=CHANGES_A_READ_AT_START):
            engine.catch_up(changes)


def _fitted(size: int, seconds: float) -> int:
    if seconds > SLICE_SECONDS:
        return max(1, size // 2)
    return size * 2 if seconds < SLICE_SECONDS / 4 and size < CHANGES_A_READ else size
