"""Accepted updates, until each is settled. An update is known by (bot, update id), compared for equality only."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.conflicts import keep_new
from storage.tables import InboxRow, UtcMoment
from storage.values import InboxUpdate, UpdateState

NO_CHAT = 0  # in `without`: updates that belong to no chat


def _heads() -> sa.Select[InboxRow]:
    bot_id, now = sa.bindparam("bot_id", type_=sa.BigInteger), sa.bindparam("now", type_=UtcMoment)
    earlier = aliased(InboxRow)
    behind = sa.exists().where(
        earlier.bot_id == bot_id,
        earlier.state == UpdateState.WAITING.value,
        earlier.chat_id == InboxRow.chat_id,
        earlier.id < InboxRow.id,
    )
    return (
        sa.select(InboxRow)
        .where(
            InboxRow.bot_id == bot_id,
            InboxRow.state == UpdateState.WAITING.value,
            sa.or_(InboxRow.not_before.is_(None), InboxRow.not_before <= now),
            sa.func.coalesce(InboxRow.chat_id, NO_CHAT).not_in(sa.bindparam("without", expanding=True)),
            ~behind,
        )
        .order_by(InboxRow.id)
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )


HEADS = _heads()  # built once: it is asked at every update


async def accept(
    session: AsyncSession, bot_id: int, update_id: int, chat_id: int | None, payload: dict[str, Any], *, now: datetime
) -> bool:
    """Keep an update; False where it was kept before, whatever has become of it since."""
    row = {
        "bot_id": bot_id,
        "update_id": update_id,
        "chat_id": chat_id,
        "state": UpdateState.WAITING.value,
        "attempts": 0,
        "received_at": now,
        "payload": payload,
    }
    return await keep_new(session, InboxRow, row, "bot_id,update_id") is not None


async def waiting(
    session: AsyncSession, bot_id: int, *, now: datetime, limit: int, without: Collection[int] = ()
) -> list[InboxUpdate]:
    """The oldest unsettled update of each chat, first come first served, chats in `without` left out.

    A chat whose oldest update is postponed waits with it, so that one chat's updates stay in order.
    """
    wanted = {"bot_id": bot_id, "now": now, "limit": limit, "without": list(without)}
    return [_value(row) for row in await session.scalars(HEADS, wanted)]


async def count_waiting(session: AsyncSession, bot_id: int) -> int:
    """How many updates are not settled yet."""
    unsettled = sa.select(sa.func.count()).where(InboxRow.bot_id == bot_id, InboxRow.state == UpdateState.WAITING.value)
    return await session.scalar(unsettled) or 0


async def next_moment(session: AsyncSession, bot_id: int) -> datetime | None:
    """When the first postponed update may be taken up again, None where none is postponed."""
    postponed = sa.select(sa.func.min(InboxRow.not_before)).where(
        InboxRow.bot_id == bot_id, InboxRow.state == UpdateState.WAITING.value
    )
    return await session.scalar(postponed)


async def settle(session: AsyncSession, bot_id: int, update_id: int, *, now: datetime) -> bool:
    """The update is done: its words are erased, its key stays. False where it was ended before, as by /forget."""
    settled = {"state": UpdateState.SETTLED.value, "settled_at": now, "payload": None}
    ended = await session.execute(_unsettled(bot_id, update_id).values(settled).returning(InboxRow.id))
    return ended.first() is not None


async def postpone(session: AsyncSession, bot_id: int, update_id: int, *, until: datetime) -> None:
    """One attempt failed; the update is taken up again from `until` on."""
    again = {"attempts": InboxRow.attempts + 1, "not_before": until}
    await session.execute(_unsettled(bot_id, update_id).values(again))


async def fail(session: AsyncSession, bot_id: int, update_id: int, *, now: datetime) -> None:
    """The update is given up; its words stay for the operator until they are erased by age."""
    failed = {"state": UpdateState.FAILED.value, "attempts": InboxRow.attempts + 1, "settled_at": now}
    await session.execute(_unsettled(bot_id, update_id).values(failed))


async def cancel(
    session: AsyncSession, bot_id: int, *, chat_id: int | None = None, user_id: int | None = None, now: datetime
) -> int:
    """Settle what waits of this chat, of this person, or of this person in this chat; erase the words of all of it."""
    kept = sa.select(InboxRow).where(InboxRow.bot_id == bot_id, InboxRow.payload.is_not(None))
    if chat_id is not None:
        kept = kept.where(InboxRow.chat_id == chat_id)
    mine = [row for row in await session.scalars(kept) if user_id is None or _sender(row.payload) == user_id]
    for row in mine:
        row.payload = None
        row.state, row.settled_at = UpdateState.SETTLED.value, now
    await session.flush()
    return len(mine)


async def erase_older(session: AsyncSession, before: datetime) -> int:
    """Erase the words of updates that failed before this moment."""
    old = sa.update(InboxRow).where(
        InboxRow.settled_at < before, InboxRow.payload.is_not(None), InboxRow.state != UpdateState.WAITING.value
    )
    erased = await session.execute(old.values(payload=None).returning(InboxRow.id))
    return len(erased.all())


def _unsettled(bot_id: int, update_id: int) -> sa.Update:
    return sa.update(InboxRow).where(
        InboxRow.bot_id == bot_id, InboxRow.update_id == update_id, InboxRow.state == UpdateState.WAITING.value
    )


def _sender(payload: dict[str, Any] | None) -> int | None:
    """The person behind an update, wherever the Bot API puts them."""
    for part in (payload or {}).values():
        if isinstance(part, dict) and isinstance(part.get("from"), dict):
            number = part["from"].get("id")
            return number if isinstance(number, int) else None
    return None


def _value(row: InboxRow) -> InboxUpdate:
    return InboxUpdate(row.bot_id, row.update_id, row.chat_id, row.received_at, row.attempts, row.payload or {})
