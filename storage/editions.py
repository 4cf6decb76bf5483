"""Editions: the dated issues of a subscription, at most one a local day. Keeps no words: those are in the outbox."""

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from storage.conflicts import keep_all_new
from storage.tables import EditionRow, OutboxRow
from storage.values import Edition, EditionState, MessageState

REMEMBERED = 14  # editions looked back upon for what was told

UNDELIVERED = (MessageState.FAILED.value, MessageState.EXPIRED.value, MessageState.CANCELLED.value)


def key_of(subscription_id: int, day: date, part: int = 1) -> str:
    """The outbox key of a part of an edition, counted from 1."""
    return f"edition:{subscription_id}:{day.isoformat()}:{part}"


async def put(session: AsyncSession, edition: Edition) -> bool:
    """Keep an edition; False where the subscription has one of that day already."""
    return bool(await put_all(session, [edition]))


async def put_all(session: AsyncSession, several: Sequence[Edition]) -> set[tuple[int, date]]:
    """Keep editions; returns those of a day that their subscription had none of yet, by subscription and day."""
    rows = [
        {
            "subscription_id": each.subscription_id,
            "local_date": each.day.isoformat(),
            "since": each.since,
            "until": each.until,
            "state": each.state.value,
            "composed_at": each.composed_at,
            "articles": list(each.articles),
        }
        for each in several
    ]
    kept = await keep_all_new(session, EditionRow, rows, "subscription_id,local_date")
    return {(id_, date.fromisoformat(day)) for id_, day in kept}


async def latest(session: AsyncSession, subscription_ids: Collection[int]) -> dict[int, list[Edition]]:
    """The last editions of each subscription, the newest first; without those that never reached their chat."""
    nth = sa.func.row_number().over(partition_by=EditionRow.subscription_id, order_by=EditionRow.local_date.desc())
    of_these = EditionRow.subscription_id.in_(subscription_ids)
    numbered = sa.select(EditionRow, nth.label("nth")).where(of_these, ~_undelivered()).subquery()
    row = sa.orm.aliased(EditionRow, numbered)
    rows = sa.select(row).where(numbered.c.nth <= REMEMBERED).order_by(row.local_date.desc())
    found: dict[int, list[Edition]] = {each: [] for each in subscription_ids}
    for each in await session.scalars(rows):
        found[each.subscription_id].append(_value(each))
    return found


async def days(session: AsyncSession, subscription_ids: Collection[int]) -> dict[int, date]:
    """The local day of each subscription's last edition, whatever became of it."""
    newest = sa.func.max(EditionRow.local_date)
    rows = sa.select(EditionRow.subscription_id, newest).group_by(EditionRow.subscription_id)
    found = await session.execute(rows.where(EditionRow.subscription_id.in_(subscription_ids)))
    return {id_: date.fromisoformat(day) for id_, day in found}


async def forget_older(session: AsyncSession, before: date) -> int:
    """Delete editions of days before this one; the next due moment no longer needs them."""
    old = sa.delete(EditionRow).where(EditionRow.local_date < before.isoformat())
    return len((await session.execute(old.returning(EditionRow.local_date))).all())


def _undelivered() -> sa.ColumnElement[bool]:
    """Whether the first message of a told edition was refused, or expired before it could go."""
    number = sa.cast(EditionRow.subscription_id, sa.Text)
    key = sa.literal("edition:") + number + sa.literal(":") + EditionRow.local_date + sa.literal(":1")
    return sa.exists().where(
        EditionRow.state == EditionState.TOLD.value, OutboxRow.key == key, OutboxRow.state.in_(UNDELIVERED)
    )


def _value(row: EditionRow) -> Edition:
    return Edition(
        subscription_id=row.subscription_id,
        day=date.fromisoformat(row.local_date),
        since=row.since,
        until=row.until,
        state=EditionState(row.state),
        composed_at=row.composed_at,
        articles=tuple(row.articles),
    )
