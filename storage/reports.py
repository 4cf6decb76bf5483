"""What the daily report to operators is made from: feeds, refused messages, free space; and that it was made.

Judges nothing: what is worth a word is the caller's.
"""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from storage.conflicts import insert
from storage.tables import FeedRow, OutboxRow, ReportRow
from storage.values import FeedState, MessageState


@dataclass(frozen=True, slots=True)
class FeedsWithout:
    """The names of feeds from which nothing comes, by why; and how many feeds there are in all."""

    gone: tuple[str, ...]
    failing: tuple[str, ...]
    silent: tuple[str, ...]
    feeds: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Messages that Telegram did not take as they were: for good, or only when something was left out."""

    for_good: int
    plainer: int


async def open(session: AsyncSession, bot_id: int, day: date, *, free_bytes: int, now: datetime) -> bool:
    """Begin a day's report; False where it was made already."""
    row = insert(session, ReportRow).values(bot_id=bot_id, day=day.isoformat(), free_bytes=free_bytes, made_at=now)
    made = await session.execute(row.on_conflict_do_nothing().returning(ReportRow.day))
    return made.first() is not None


async def is_made(session: AsyncSession, bot_id: int, day: date) -> bool:
    """Whether a day's report was made."""
    return await session.get(ReportRow, (bot_id, day.isoformat())) is not None


async def free_before(session: AsyncSession, bot_id: int, since: datetime) -> tuple[datetime, int] | None:
    """When free space was first measured since then, and how many bytes it was."""
    rows = sa.select(ReportRow.made_at, ReportRow.free_bytes).where(
        ReportRow.bot_id == bot_id, ReportRow.made_at >= since
    )
    row = (await session.execute(rows.order_by(ReportRow.made_at).limit(1))).first()
    return (row[0], row[1]) if row else None


async def feeds_without(session: AsyncSession, before: datetime) -> FeedsWithout:
    """Feeds that are gone, whose checks have failed since that moment, or that brought nothing new since."""
    rows = list(await session.scalars(sa.select(FeedRow).order_by(FeedRow.id)))
    gone, failing, silent = list[str](), list[str](), list[str]()
    for row in rows:
        name = row.title or row.url
        if row.state == FeedState.GONE.value:
            gone.append(name)
        elif max(row.last_success_at or row.added_at, row.added_at) < before:
            failing.append(name)
        elif max(row.last_entry_at or row.added_at, row.added_at) < before:
            silent.append(name)
    return FeedsWithout(tuple(gone), tuple(failing), tuple(silent), len(rows))


async def refused(session: AsyncSession, bot_id: int, since: datetime) -> Refused:
    """The messages of a bot that Telegram refused since then."""
    settled = sa.and_(OutboxRow.bot_id == bot_id, OutboxRow.settled_at >= since)
    failed = sa.and_(settled, OutboxRow.state == MessageState.FAILED.value)
    plainer = sa.and_(settled, OutboxRow.state == MessageState.SENT.value, OutboxRow.error.is_not(None))
    counts = [
        await session.scalar(sa.select(sa.func.count()).select_from(OutboxRow).where(which)) or 0
        for which in (failed, plainer)
    ]
    return Refused(*counts)


async def unchecked_since(session: AsyncSession) -> datetime | None:
    """Since when a feed is due and none was checked; None where there is none to check."""
    active = FeedRow.state == FeedState.ACTIVE.value
    due = await session.scalar(sa.select(sa.func.min(FeedRow.next_check_at)).where(active))
    checked = await session.scalar(sa.select(sa.func.max(FeedRow.last_checked_at)))
    return max(due, checked or due) if due else None


async def unsent_since(session: AsyncSession, bot_id: int, *, now: datetime) -> datetime | None:
    """Since when the message that waits longest could have been sent, by its own `not_before`."""
    waiting = OutboxRow.state.in_((MessageState.PENDING, MessageState.CLAIMED, MessageState.SENDING))
    due = sa.or_(OutboxRow.not_before.is_(None), OutboxRow.not_before <= now)
    planned = sa.and_(OutboxRow.attempts == 0, OutboxRow.not_before.is_not(None))
    since = sa.case((planned, OutboxRow.not_before), else_=OutboxRow.created_at)
    oldest = sa.select(sa.func.min(since)).where(OutboxRow.bot_id == bot_id, waiting, due)
    moment: datetime | None = await session.scalar(oldest)
    return moment
