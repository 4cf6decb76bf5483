"""When the pages of articles are looked at again, and what was seen there. Fetches nothing; decides no moment.

A page is looked at by one process at a time, by a lease; what a look found is settled in one transaction.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from storage.conflicts import insert
from storage.tables import ArticleRow, LookRow
from storage.values import Look


async def plan(
    session: AsyncSession,
    article_id: int,
    *,
    address: str,
    from_page: bool,
    etag: str | None = None,
    last_modified: str | None = None,
    next_at: datetime | None,
    now: datetime,
) -> None:
    """Look at an article's page again at `next_at`; of one that is planned already only where its text comes from."""
    row = insert(session, LookRow).values(
        article_id=article_id,
        address=address,
        from_page=from_page,
        etag=etag,
        last_modified=last_modified,
        planned_at=now,
        next_at=next_at,
        failures=0,
        misses=0,
    )
    told = ("from_page", "address", "etag", "last_modified") if from_page else ("from_page",)  # what was just seen
    source = {name: row.excluded[name] for name in told}
    await session.execute(row.on_conflict_do_update(index_elements=["article_id"], set_=source))


async def claim_due(session: AsyncSession, *, now: datetime, limit: int, lease: timedelta) -> list[Look]:
    """The looks most overdue, held for as long as the lease says; never one that is held already."""
    due = (
        sa.select(LookRow)
        .where(LookRow.next_at <= now, sa.or_(LookRow.lease_until.is_(None), LookRow.lease_until <= now))
        .order_by(LookRow.next_at, LookRow.article_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = list(await session.scalars(due))
    for row in rows:
        row.lease_until = now + lease
    await session.flush()
    return [_value(row) for row in rows]


async def settle(
    session: AsyncSession,
    look: Look,
    *,
    next_at: datetime | None,
    etag: str | None,
    last_modified: str | None,
) -> None:
    """The page stands there; it is looked at again at `next_at`, if ever."""
    seen = {"etag": etag, "last_modified": last_modified, "failures": 0, "misses": 0}
    await _let_go(session, look, next_at, **seen)
    back = sa.update(ArticleRow).where(ArticleRow.id == look.article_id, ArticleRow.page_gone_at.is_not(None))
    await session.execute(back.values(page_gone_at=None))


async def missed(session: AsyncSession, look: Look, *, next_at: datetime | None, gone_at: datetime | None) -> None:
    """No page stands there; `gone_at` where that is taken for its removal."""
    await _let_go(session, look, next_at, failures=0, misses=look.misses + 1)
    if gone_at is not None:
        gone = sa.update(ArticleRow).where(ArticleRow.id == look.article_id, ArticleRow.page_gone_at.is_(None))
        await session.execute(gone.values(page_gone_at=gone_at))


async def failed(session: AsyncSession, look: Look, *, next_at: datetime | None) -> None:
    """Nothing could be seen; nothing follows of it but another look."""
    await _let_go(session, look, next_at, failures=look.failures + 1)


async def forget(session: AsyncSession, article_id: int) -> None:
    """Look at an article's page no more."""
    await session.execute(sa.delete(LookRow).where(LookRow.article_id == article_id))


async def _let_go(session: AsyncSession, look: Look, next_at: datetime | None, **seen: object) -> None:
    row = sa.update(LookRow).where(LookRow.article_id == look.article_id)
    await session.execute(row.values(next_at=next_at, lease_until=None, **seen))


def _value(row: LookRow) -> Look:
    return Look(
        article_id=row.article_id,
        address=row.address,
        from_page=row.from_page,
        etag=row.etag,
        last_modified=row.last_modified,
        planned_at=row.planned_at,
        failures=row.failures,
        misses=row.misses,
    )
