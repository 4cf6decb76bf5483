"""One feed checked: fetched on condition, read in a worker, its new and changed entries taken in, its next check set.

Each article is stored in one transaction with its entry, and the feed's state follows when all are: a check that
is killed is made again from where it stood, since the server is asked for the whole feed until then.
"""

import asyncio
import hashlib
import random
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.newsroom import entries, intake, schedule, visiting
from bot.newsroom.courtesy import TOO_MANY, UNAVAILABLE, Courtesy
from bot.newsroom.drafts import Given, Unusable
from bot.newsroom.entries import Entry, FeedContent, NoFeed
from bot.newsroom.fetch import Fetched, FetchFailed
from bot.newsroom.files import Arrival, Found, PageArrival, Refusal
from bot.newsroom.preparation import Ready
from bot.workers import TooSlow, Workers
from retrieval.model import Supplied
from storage import articles, feeds
from storage.database import Store
from storage.values import Feed, KnownEntry, Outcome, Stored

ACCEPT = "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.5"
LEASE = timedelta(minutes=15)
NEW_FEED_ENTRIES_MAX = 30  # taken in at a feed's first check, the newest; older ones are left
ATTEMPTS_MAX = 5  # checks at which an entry whose page cannot be had is tried again
ENTRIES_AHEAD = 4  # of one feed, fetched or with a worker
GONE, NOT_MODIFIED = 410, 304

log = structlog.get_logger(__name__)


@dataclass
class Checked:
    """What a check came to: how many articles are new, changed or refused, or why there was none."""

    feed: Feed
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[str] = field(default_factory=list)
    error: str | None = None
    gone: bool = False
    outstanding: int = 0

    @property
    def news(self) -> bool:
        return bool(self.added or self.updated)


@dataclass(frozen=True, slots=True)
class _TakenIn:
    """The bytes of a feed all of whose entries are settled, and what it says of itself."""

    sha256: bytes
    content: FeedContent


@dataclass(frozen=True)
class Newsroom:
    """What checking feeds works with. `every` is the shortest interval between two checks of one feed.

    `taken_in` tells what came of each feed since the start, so that the same bytes are not read twice: many servers
    answer no request on condition, and reading a feed takes most of what its check costs.
    """

    store: Store
    workers: Workers
    courtesy: Courtesy
    clock: Callable[[], datetime]
    every: timedelta
    chance: schedule.Chance = random.random
    taken_in: dict[int, "_TakenIn"] = field(default_factory=dict)

    async def check(self, feed: Feed) -> Checked:
        """Check a feed that is held; whatever comes of it is settled, and the feed let go."""
        try:
            fetched = await self.courtesy.feed(feed.url, accept=ACCEPT, known=_known(feed))
        except FetchFailed as error:
            return await self.failed(feed, str(error))
        if fetched.status == NOT_MODIFIED:
            return await self._settled(Checked(feed), fetched, None)
        if fetched.status == GONE:
            return await self.failed(feed, "its server says that it is gone for ever", gone=True)
        if fetched.status != 200:
            return await self.failed(feed, f"its server answers with status {fetched.status}", fetched)
        sha256 = hashlib.sha256(fetched.content).digest()
        before = self.taken_in.get(feed.id)
        if before is not None and before.sha256 == sha256:
            return await self._settled(Checked(feed), fetched, before.content)
        try:
            content = await read(self.workers, fetched, self.clock())
        except NoFeed as error:
            return await self.failed(feed, str(error), fetched)
        checked = await self._settled(await self._taken_in(feed, content), fetched, content)
        if not checked.outstanding:
            self.taken_in[feed.id] = _TakenIn(sha256, replace(content, entries=()))
        return checked

    async def _taken_in(self, feed: Feed, content: FeedContent) -> Checked:
        """The new and changed entries of a feed, stored; the oldest first, as they were published."""
        checked = Checked(feed)
        async with self.store.reading() as session:
            new_feed = not await feeds.has_entries(session, feed.id)
            known = await feeds.known(session, feed.id, [entry.key for entry in content.entries])
        fresh = [entry for entry in content.entries if _is_fresh(entry, known.get(entry.key))]
        if new_feed:
            fresh, older = _newest(fresh)
            await self._left(feed, older)
        title = feed.title or content.title
        limit = asyncio.Semaphore(ENTRIES_AHEAD)

        async def take(entry: Entry) -> None:
            async with limit:
                await self._take(checked, entry, known.get(entry.key), title, backlog=new_feed)

        await asyncio.gather(*(take(entry) for entry in reversed(fresh)))
        return checked

    async def _take(
        self, checked: Checked, entry: Entry, known: KnownEntry | None, title: str | None, *, backlog: bool
    ) -> None:
        feed = checked.feed
        (ready,) = await intake.made_ready([await self._found(entry, title)], self.workers)
        if not isinstance(ready, Ready):
            passing = isinstance(ready, Refusal) and ready.passing
            again = passing and (known.attempts if known else 0) + 1 < ATTEMPTS_MAX
            checked.outstanding += again
            checked.refused.append(f"{entry.url or entry.headline or entry.key[:12]}: {ready.reason}")
            await self._settle_entry(feed, entry, None if again else entry.digest, reason=ready.reason)
            return
        alike = await intake.original_of(ready, self.store, self.workers)
        async with self.store.writing() as session:
            now = self.clock()
            stored = await articles.put(session, ready.draft, ready.prepared, now=now, backlog=backlog, alike=alike)
            await intake.plan_looks(session, ready, stored, now, self.chance)
            article_id = stored.article.id if stored.article else None
            await feeds.settle_entry(
                session,
                feed.id,
                entry.key,
                digest=entry.digest,
                article_id=article_id,
                reason=stored.reason,
                now=now,
            )
            await feeds.hold(session, feed.id, until=now + LEASE)
        _count(checked, entry, stored)

    async def _found(self, entry: Entry, title: str | None) -> Found:
        """The article of an entry: its own body where that is whole, else its page, else a body that is no teaser."""
        own = _own(entry, title)
        if entry.whole or entry.url is None:
            return own
        given = Given(outlet=title, headline=entry.headline, byline=entry.byline, published=entry.published)
        page = await visiting.arrival(self.courtesy, entry.url, given, fills=True)
        if isinstance(page, PageArrival) or page.passing or isinstance(own, Refusal):
            return page
        return own

    async def _settle_entry(self, feed: Feed, entry: Entry, digest: str | None, *, reason: str | None) -> None:
        async with self.store.writing() as session:
            now = self.clock()
            await feeds.settle_entry(session, feed.id, entry.key, digest=digest, reason=reason, now=now)
            await feeds.hold(session, feed.id, until=now + LEASE)

    async def _left(self, feed: Feed, older: Sequence[Entry]) -> None:
        """A new feed's older entries are known from now on, and not taken in."""
        async with self.store.writing() as session:
            for entry in older:
                await feeds.settle_entry(
                    session,
                    feed.id,
                    entry.key,
                    digest=entry.digest,
                    reason="older than the feed here",
                    now=self.clock(),
                )

    async def _settled(self, checked: Checked, fetched: Fetched, content: FeedContent | None) -> Checked:
        feed, now = checked.feed, self.clock()
        rest = schedule.rest_of(fetched.headers.get("cache-control", ""), content.rest if content else None)
        interval = schedule.adapted(feed.interval or self.every, news=checked.news, every=self.every)
        whole = not checked.outstanding
        told = fetched.headers if fetched.status == 200 else {"etag": feed.etag, "last-modified": feed.last_modified}
        async with self.store.writing() as session:
            await feeds.succeeded(
                session,
                feed,
                now=now,
                next_check_at=schedule.after_success(now, interval, rest, self.chance),
                interval=interval,
                url=fetched.moved_to or feed.url,
                title=content.title if content and not feed.title else None,
                site=content.site if content else None,
                etag=told.get("etag") if whole else None,
                last_modified=told.get("last-modified") if whole else None,
                news=checked.news,
            )
        return checked

    async def failed(self, feed: Feed, error: str, fetched: Fetched | None = None, *, gone: bool = False) -> Checked:
        """Settle a check that came to nothing; a server's wait is kept."""
        now = self.clock()
        wait = fetched.retry_after(now) if fetched and fetched.status in (TOO_MANY, UNAVAILABLE) else None
        next_check_at = schedule.after_failure(now, self.every, feed.failures, wait, self.chance)
        async with self.store.writing() as session:
            await feeds.failed(session, feed, now=now, next_check_at=next_check_at, error=error, gone=gone)
        log.warning("a feed failed", feed=feed.id, why=error)
        return Checked(feed, error=error, gone=gone)


async def read(workers: Workers, fetched: Fetched, now: datetime) -> FeedContent:
    """The feed that was fetched, read in a worker; raises `NoFeed`, also for one that no worker can read."""
    content_type = fetched.headers.get("content-type", "")
    try:
        return await workers.run(entries.read, fetched.content, fetched.url, content_type, now)
    except TooSlow:
        raise NoFeed("reading it takes too long") from None
    except BrokenProcessPool:
        raise NoFeed("reading it ends the worker that tries") from None
    except NoFeed:
        raise
    except Exception as error:  # noqa: BLE001 -- whatever a stranger's feed brings the parser to is its failure
        raise NoFeed(f"a defect in reading it ({type(error).__name__})") from None


def _known(feed: Feed) -> dict[str, str]:
    """The headers of a conditional request (RFC 9110, 13.1)."""
    told = {"if-none-match": feed.etag, "if-modified-since": feed.last_modified}
    return {name: value for name, value in told.items() if value}


def _is_fresh(entry: Entry, known: KnownEntry | None) -> bool:
    return known is None or known.digest != entry.digest


def _newest(fresh: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """The entries a new feed brings, and those it does not, both as listed: by date where all have one."""
    if all(entry.published for entry in fresh):
        by_date = sorted(fresh, key=lambda entry: entry.published.moment if entry.published else 0, reverse=True)
        fresh = by_date
    return list(fresh[:NEW_FEED_ENTRIES_MAX]), list(fresh[NEW_FEED_ENTRIES_MAX:])


def _own(entry: Entry, title: str | None) -> Found:
    """The entry's own words as an article, where they are more than a teaser."""
    place = entry.url or entry.headline or entry.key
    try:
        return Arrival(place, entries.article(entry, title, Supplied.FETCHED), len(entry.body))
    except Unusable as error:
        return Refusal(place, str(error))


def _count(checked: Checked, entry: Entry, stored: Stored) -> None:
    if stored.outcome is Outcome.REFUSED:
        checked.refused.append(f"{entry.url or entry.key[:12]}: {stored.reason}")
    elif stored.outcome is Outcome.UPDATED:
        checked.updated += 1
    elif stored.outcome is Outcome.UNCHANGED:
        checked.unchanged += 1
    else:
        checked.added += 1
