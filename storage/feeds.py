"""Feeds: which there are, when each is due, and what came of its entries.

A feed is checked by one process at a time, by a lease; what a check found is settled in one transaction.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from storage import articles
from storage.conflicts import insert
from storage.tables import ArticleRow, EntryRow, FeedRow
from storage.values import Feed, FeedState, KnownEntry

REMOVED = "removed with its feed"


async def add(
    session: AsyncSession,
    url: str,
    *,
    title: str | None = None,
    site: str | None = None,
    topic: str | None = None,
    now: datetime,
) -> tuple[Feed, bool]:
    """The feed of this address, due at once where it is new, and whether it is."""
    known = await session.scalar(sa.select(FeedRow).where(FeedRow.url == url))
    if known is not None:
        return _value(known), False
    row = FeedRow(
        url=url,
        title=title,
        site=site,
        topic=topic,
        state=FeedState.ACTIVE,
        added_at=now,
        next_check_at=now,
        failures=0,
    )
    session.add(row)
    await session.flush()
    return _value(row), True


async def find(session: AsyncSession, name: str) -> Feed | None:
    """The feed of this address or number."""
    named = [FeedRow.url == name]
    if name.isascii() and name.isdigit() and len(name) <= 18:
        named.append(FeedRow.id == int(name))
    row = await session.scalar(sa.select(FeedRow).where(sa.or_(*named)).order_by(FeedRow.id).limit(1))
    return _value(row) if row else None


async def listing(session: AsyncSession) -> list[tuple[Feed, int]]:
    """Every feed in the order of adding, with how many stored articles came of it."""
    count = (
        sa.select(EntryRow.feed_id, sa.func.count(ArticleRow.id.distinct()).label("articles"))
        .join(ArticleRow, ArticleRow.id == EntryRow.article_id)
        .where(ArticleRow.removed_at.is_(None))
        .group_by(EntryRow.feed_id)
        .subquery()
    )
    rows = sa.select(FeedRow, sa.func.coalesce(count.c.articles, 0)).outerjoin(count, count.c.feed_id == FeedRow.id)
    return [(_value(row), number) for row, number in await session.execute(rows.order_by(FeedRow.id))]


async def remove(
    session: AsyncSession, feed_id: int, *, with_articles: bool, instead: str | None = None, now: datetime
) -> int:
    """Forget a feed; its articles stay unless asked. How many articles went; `instead` as for `articles.remove`."""
    gone = 0
    if with_articles:
        others = sa.select(EntryRow.article_id).where(EntryRow.feed_id != feed_id, EntryRow.article_id.is_not(None))
        only = sa.select(EntryRow.article_id).where(
            EntryRow.feed_id == feed_id, EntryRow.article_id.is_not(None), EntryRow.article_id.not_in(others)
        )
        for article_id in (await session.scalars(only.distinct())).all():
            gone += await articles.remove(session, article_id or 0, reason=REMOVED, instead=instead, now=now)
    await session.execute(sa.delete(EntryRow).where(EntryRow.feed_id == feed_id))
    await session.execute(sa.delete(FeedRow).where(FeedRow.id == feed_id))
    return gone


async def claim_due(session: AsyncSession, *, now: datetime, limit: int, lease: timedelta) -> list[Feed]:
    """The feeds most overdue, held for as long as the lease says; never one that is held already."""
    due = (
        sa.select(FeedRow)
        .where(
            FeedRow.state == FeedState.ACTIVE,
            FeedRow.next_check_at <= now,
            sa.or_(FeedRow.lease_until.is_(None), FeedRow.lease_until <= now),
        )
        .order_by(FeedRow.next_check_at, FeedRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return await _held(session, list(await session.scalars(due)), now + lease)


async def claim(session: AsyncSession, feed_id: int, *, now: datetime, lease: timedelta) -> Feed | None:
    """This feed, held, whether it is due or not; None where another process holds it."""
    free = sa.or_(FeedRow.lease_until.is_(None), FeedRow.lease_until <= now)
    row = await session.scalar(sa.select(FeedRow).where(FeedRow.id == feed_id, free).with_for_update())
    return (await _held(session, [row], now + lease))[0] if row else None


async def _held(session: AsyncSession, rows: list[FeedRow], until: datetime) -> list[Feed]:
    for row in rows:
        row.lease_until = until
    await session.flush()
    return [_value(row) for row in rows]


async def hold(session: AsyncSession, feed_id: int, *, until: datetime) -> None:
    """Hold a feed whose check goes on for longer."""
    await session.execute(sa.update(FeedRow).where(FeedRow.id == feed_id).values(lease_until=until))


async def known(session: AsyncSession, feed_id: int, keys: Collection[str]) -> dict[str, KnownEntry]:
    """What came so far of the entries with these keys."""
    rows = sa.select(EntryRow).where(EntryRow.feed_id == feed_id, EntryRow.entry_key.in_(keys))
    return {row.entry_key: KnownEntry(row.article_id, row.digest, row.attempts) for row in await session.scalars(rows)}


async def has_entries(session: AsyncSession, feed_id: int) -> bool:
    """Whether any entry of the feed was ever seen."""
    return await session.scalar(sa.select(EntryRow.feed_id).where(EntryRow.feed_id == feed_id).limit(1)) is not None


async def settle_entry(
    session: AsyncSession,
    feed_id: int,
    key: str,
    *,
    digest: str | None,
    article_id: int | None = None,
    reason: str | None = None,
    now: datetime,
) -> None:
    """Keep what came of an entry, in the transaction of its article. Without a digest it is tried again."""
    row = insert(session, EntryRow).values(
        feed_id=feed_id,
        entry_key=key,
        article_id=article_id,
        first_seen_at=now,
        last_seen_at=now,
        digest=digest,
        attempts=1,
        reason=reason,
    )
    changed = {
        "article_id": sa.func.coalesce(row.excluded.article_id, EntryRow.article_id),
        "last_seen_at": now,
        "digest": digest,
        "attempts": EntryRow.attempts + 1,
        "reason": reason,
    }
    await session.execute(row.on_conflict_do_update(index_elements=["feed_id", "entry_key"], set_=changed))


async def succeeded(
    session: AsyncSession,
    feed: Feed,
    *,
    now: datetime,
    next_check_at: datetime,
    interval: timedelta,
    url: str,
    title: str | None,
    site: str | None,
    etag: str | None,
    last_modified: str | None,
    news: bool,
) -> None:
    """Settle a check that was answered; a feed that moved to the address of another one is merged into it."""
    row = await session.get(FeedRow, feed.id)
    if row is None:
        return
    taken = await session.scalar(sa.select(FeedRow.id).where(FeedRow.url == url, FeedRow.id != feed.id))
    if taken is not None:
        await remove(session, feed.id, with_articles=False, now=now)
        return
    row.url, row.title, row.site = url, title or row.title, site or row.site
    row.etag, row.last_modified = etag, last_modified
    row.state, row.failures, row.last_error, row.lease_until = FeedState.ACTIVE, 0, None, None
    row.last_checked_at = row.last_success_at = now
    row.last_entry_at = now if news else row.last_entry_at
    row.next_check_at, row.interval_seconds = next_check_at, int(interval.total_seconds())


async def failed(
    session: AsyncSession, feed: Feed, *, now: datetime, next_check_at: datetime, error: str, gone: bool = False
) -> None:
    """Settle a check that came to nothing; a feed that is `gone` is checked no more."""
    row = await session.get(FeedRow, feed.id)
    if row is None:
        return
    row.failures, row.last_error, row.last_checked_at, row.lease_until = row.failures + 1, error, now, None
    row.state = FeedState.GONE if gone else row.state
    row.next_check_at = None if gone else next_check_at


def _value(row: FeedRow) -> Feed:
    return Feed(
        id=row.id,
        url=row.url,
        title=row.title,
        site=row.site,
        topic=row.topic,
        state=FeedState(row.state),
        etag=row.etag,
        last_modified=row.last_modified,
        added_at=row.added_at,
        next_check_at=row.next_check_at,
        last_checked_at=row.last_checked_at,
        last_success_at=row.last_success_at,
        last_entry_at=row.last_entry_at,
        failures=row.failures,
        last_error=row.last_error,
        interval=None if row.interval_seconds is None else timedelta(seconds=row.interval_seconds),
    )
