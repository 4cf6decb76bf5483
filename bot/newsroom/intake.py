"""Taking articles in: prepared in workers a batch at a time, stored one transaction an article, in order.

A load that was interrupted can be repeated and ends the same: what is stored already is unchanged. Memory
is bounded by the batches in flight, whatever the length of the load.
"""

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from time import perf_counter

from sqlalchemy.ext.asyncio import AsyncSession

from bot.newsroom import schedule
from bot.newsroom.files import Arrival, Found, Ignored, PageArrival, Refusal, Seen
from bot.newsroom.preparation import Ready, prepare
from bot.workers import TooSlow, Workers
from retrieval import likeness
from retrieval.model import Article, Draft, Supplied
from storage import articles, copies, looks
from storage.database import Store
from storage.values import Outcome, Stored

BATCH_ARTICLES_MAX = 16
BATCH_BYTES_MAX = 400_000
PAUSE_SECONDS_MIN, PAUSE_SECONDS_MAX = 0.005, 0.1
BATCHES_AHEAD = 2  # a worker has its next batch when it ends one


class Fate(StrEnum):
    """What became of an article."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    COPY = "copy"
    REFUSED = "refused"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Report:
    """What became of what stood at `place`; `length` in bytes is how far it moves a progress bar."""

    place: str
    fate: Fate
    reason: str | None = None
    article: Article | None = None
    headline: str | None = None
    length: int = 0


async def take_in(
    found: Iterable[Found], *, store: Store, workers: Workers, clock: Callable[[], datetime], samples: bool = False
) -> AsyncIterator[Report]:
    """What becomes of each article found, in order, each told once it is stored.

    Sample articles are refused unless `samples`. Raises `DatabaseUnavailable`; the rest then is not stored.
    """
    ahead: deque[asyncio.Task[list[Ready | Refusal | Ignored]]] = deque()
    try:
        for batch in _batches(found):
            ahead.append(asyncio.create_task(made_ready(batch, workers, samples)))
            if len(ahead) >= workers.processes + BATCHES_AHEAD:
                for ready in await ahead.popleft():
                    yield await _stored(ready, store, workers, clock)
        while ahead:
            for ready in await ahead.popleft():
                yield await _stored(ready, store, workers, clock)
    finally:
        for task in ahead:
            task.cancel()


async def made_ready(
    batch: Sequence[Found], workers: Workers, samples: bool = False
) -> list[Ready | Refusal | Ignored]:
    """A batch's articles in their order; what costs a worker its life or its time is refused alone."""
    arrivals = [found for found in batch if isinstance(found, Arrival | PageArrival)]
    try:
        ready = iter(await workers.run(prepare, arrivals, samples) if arrivals else [])
    except (TooSlow, BrokenProcessPool) as error:
        if len(arrivals) == 1:
            ready = iter([_refused(arrivals[0], error)])
        else:
            ready = iter([await _alone(arrival, workers, samples) for arrival in arrivals])
    return [next(ready) if isinstance(found, Arrival | PageArrival) else found for found in batch]


async def _alone(arrival: Arrival | PageArrival, workers: Workers, samples: bool) -> Ready | Refusal:
    try:
        return (await workers.run(prepare, [arrival], samples))[0]
    except (TooSlow, BrokenProcessPool) as error:
        return _refused(arrival, error)


def _refused(arrival: Arrival | PageArrival, error: TooSlow | BrokenProcessPool) -> Refusal:
    slow = isinstance(error, TooSlow)
    reason = "reading it takes too long" if slow else "reading it ends the worker that tries"
    return Refusal(arrival.place, reason, arrival.length)


async def _stored(
    ready: Ready | Refusal | Ignored, store: Store, workers: Workers, clock: Callable[[], datetime]
) -> Report:
    if isinstance(ready, Ignored):
        return Report(ready.place, Fate.IGNORED, ready.reason)
    if isinstance(ready, Refusal):
        return Report(ready.place, Fate.REFUSED, ready.reason, length=ready.length)
    alike = await original_of(ready, store, workers)
    async with store.writing() as session:
        began = perf_counter()
        now = clock()
        stored = await articles.put(session, ready.draft, ready.prepared, now=now, alike=alike)
        await plan_looks(session, ready, stored, now)
    await _let_others_write(perf_counter() - began)
    return Report(
        ready.place,
        Fate(stored.outcome.value),
        stored.reason or ready.note,
        stored.article,
        ready.draft.headline,
        ready.length,
    )


async def original_of(ready: Ready, store: Store, workers: Workers) -> int | None:
    """The article of another outlet whose text this one edits a little, if any is stored."""
    return await original_of_text(ready.draft, ready.prepared.fingerprints, store, workers)


async def original_of_text(draft: Draft, fingerprints: Sequence[int], store: Store, workers: Workers) -> int | None:
    """The same for a text of which only the fingerprints were computed."""
    async with store.reading() as session:
        found = await copies.candidates(session, fingerprints, outlet=draft.outlet, url=draft.url)
    others = [(id_, text) for id_, text in found if text != draft.text]
    return await workers.run(likeness.original_among, draft.text, others) if others else None


async def plan_looks(
    session: AsyncSession, ready: Ready, stored: Stored, now: datetime, chance: schedule.Chance = random.random
) -> None:
    """Look at the page of a fetched article again, from when it came in."""
    article, changed = stored.article, stored.outcome not in (Outcome.REFUSED, Outcome.UNCHANGED)
    if article is None or article.url is None or not changed or ready.draft.supplied is not Supplied.FETCHED:
        return
    seen = ready.seen or Seen(article.url)
    await looks.plan(
        session,
        article.id,
        address=seen.address,
        from_page=ready.seen is not None,
        etag=seen.etag,
        last_modified=seen.last_modified,
        next_at=schedule.next_look(now, now, chance),
        now=now,
    )


async def _let_others_write(wrote_seconds: float) -> None:
    """Leave the database to the bot for half as long as it was kept: a load that only lets go for an instant
    wins every race for SQLite's one lock, and readers' updates wait for seconds (measured: p50 12 s).
    """
    await asyncio.sleep(min(max(wrote_seconds / 2, PAUSE_SECONDS_MIN), PAUSE_SECONDS_MAX))


def _batches(found: Iterable[Found]) -> Iterator[list[Found]]:
    batch: list[Found] = []
    size = 0
    for each in found:
        length = 0 if isinstance(each, Ignored) else each.length
        if batch and (len(batch) >= BATCH_ARTICLES_MAX or size + length > BATCH_BYTES_MAX):
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += length
    if batch:
        yield batch
