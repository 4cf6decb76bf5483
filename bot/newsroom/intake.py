"""Taking articles in: prepared in workers a batch at a time, stored one transaction an article, in order.

A load that was interrupted can be repeated and ends the same: what is stored already is unchanged. Memory
is bounded by the batches in flight, whatever the length of the load.
"""

import asyncio
import hashlib
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from retrieval.text.tokens import VERSION, index_of

from bot.newsroom import pages
from bot.newsroom.drafts import Unusable
from bot.newsroom.files import Arrival, Found, Ignored, PageArrival, Refusal
from bot.workers import TooSlow, Workers
from retrieval.attribution import statements
from retrieval.model import Article, Draft, Prepared, PreparedPassage
from retrieval.passages import cut, index_tokens
from retrieval.text.language import identify
from storage import articles
from storage.database import Store

BATCH_ARTICLES_MAX = 16
BATCH_BYTES_MAX = 400_000
BATCHES_AHEAD = 2  # a worker has its next batch when it ends one
SAMPLE_OUTLET = "(sample)"


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


@dataclass(frozen=True, slots=True)
class Ready:
    """An article with all that is computed from its text."""

    place: str
    draft: Draft
    prepared: Prepared
    length: int
    note: str | None = None


async def take_in(
    found: Iterable[Found], *, store: Store, workers: Workers, clock: Callable[[], datetime], samples: bool = False
) -> AsyncIterator[Report]:
    """What becomes of each article found, in order, each told once it is stored.

    Sample articles are refused unless `samples`. Raises `DatabaseUnavailable`; the rest then is not stored.
    """
    ahead: deque[asyncio.Task[list[Ready | Refusal | Ignored]]] = deque()
    try:
        for batch in _batches(found):
            ahead.append(asyncio.create_task(_prepared(batch, workers, samples)))
            if len(ahead) >= workers.processes + BATCHES_AHEAD:
                for ready in await ahead.popleft():
                    yield await _stored(ready, store, clock)
        while ahead:
            for ready in await ahead.popleft():
                yield await _stored(ready, store, clock)
    finally:
        for task in ahead:
            task.cancel()


def prepare(batch: Sequence[Arrival | PageArrival], samples: bool) -> list[Ready | Refusal]:
    """In a worker: what the articles of a batch come to."""
    return [_ready(arrival, samples) for arrival in batch]


def prepared(draft: Draft) -> Prepared:
    """All that is computed from a draft's text: language, hash, passages with tokens, statements."""
    language = identify(draft.text, draft.language)
    index = index_of(language)
    return Prepared(
        language=language,
        text_sha256=hashlib.sha256(draft.text.encode()).hexdigest(),
        passages=tuple(
            PreparedPassage(span, index, tuple(index_tokens(draft.headline, span.of(draft.text), language)))
            for span in cut(draft.text, language)
        ),
        statements=tuple(statements(draft.text, language, draft.headline)),
        tokenizer=VERSION,
    )


def is_sample(outlet: str | None) -> bool:
    """Whether an outlet is one of the demo's, which never stand beside real news."""
    return outlet is not None and outlet.rstrip().casefold().endswith(SAMPLE_OUTLET)


def _ready(arrival: Arrival | PageArrival, samples: bool) -> Ready | Refusal:
    try:
        draft = _draft(arrival)
        if is_sample(draft.outlet) and not samples:
            return Refusal(arrival.place, "a sample article; only the demo shows those", arrival.length)
        note = arrival.note if isinstance(arrival, Arrival) else None
        return Ready(arrival.place, draft, prepared(draft), arrival.length, note)
    except Unusable as error:
        return Refusal(arrival.place, str(error), arrival.length)
    except TooSlow:
        raise
    except Exception as error:  # noqa: BLE001 -- one article's defect never stops a load of ten thousand
        return Refusal(arrival.place, f"a defect in reading it ({type(error).__name__})", arrival.length)


def _draft(arrival: Arrival | PageArrival) -> Draft:
    if isinstance(arrival, PageArrival):
        return arrival.given.over(pages.article(arrival.content))
    return arrival.draft


async def _prepared(batch: Sequence[Found], workers: Workers, samples: bool) -> list[Ready | Refusal | Ignored]:
    """A batch's articles in their order; what costs a worker its life or its time is refused alone."""
    arrivals = [found for found in batch if isinstance(found, Arrival | PageArrival)]
    try:
        ready = iter(await workers.run(prepare, arrivals, samples) if arrivals else [])
    except (TooSlow, BrokenProcessPool):
        ready = iter([await _alone(arrival, workers, samples) for arrival in arrivals])
    return [next(ready) if isinstance(found, Arrival | PageArrival) else found for found in batch]


async def _alone(arrival: Arrival | PageArrival, workers: Workers, samples: bool) -> Ready | Refusal:
    try:
        return (await workers.run(prepare, [arrival], samples))[0]
    except TooSlow:
        return Refusal(arrival.place, "reading it takes too long", arrival.length)
    except BrokenProcessPool:
        return Refusal(arrival.place, "reading it ends the worker that tries", arrival.length)


async def _stored(ready: Ready | Refusal | Ignored, store: Store, clock: Callable[[], datetime]) -> Report:
    if isinstance(ready, Ignored):
        return Report(ready.place, Fate.IGNORED, ready.reason)
    if isinstance(ready, Refusal):
        return Report(ready.place, Fate.REFUSED, ready.reason, length=ready.length)
    async with store.writing() as session:
        stored = await articles.put(session, ready.draft, ready.prepared, now=clock())
    return Report(
        ready.place,
        Fate(stored.outcome.value),
        stored.reason or ready.note,
        stored.article,
        ready.draft.headline,
        ready.length,
    )


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
