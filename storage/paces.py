"""How fast a bot may write, kept in the database so that all its processes share one pace.

Each row counts by its theoretical arrival time: a message is let through while that time is no more than
the burst ahead of now, and moves it on by one interval (the generic cell rate algorithm).
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from math import floor
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.conflicts import dialect_of, insert
from storage.tables import PaceRow, UtcMoment
from storage.values import Pace

WHOLE_BOT = 0  # the chat id of the bot's own row
ROUNDING = 1e-6  # of an interval: moments are kept to the microsecond
KEPT = sa.select(PaceRow.chat_id, PaceRow.wait_until, PaceRow.free_at, PaceRow.group_free_at).where(
    PaceRow.bot_id == sa.bindparam("bot"), PaceRow.chat_id.in_(sa.bindparam("chats", expanding=True))
)


async def wait(session: AsyncSession, bot_id: int, until: datetime, *, chat_id: int = WHOLE_BOT) -> None:
    """Write nothing to this chat, or with this bot at all, before `until`. A longer wait stays."""
    row = insert(session, PaceRow).values(bot_id=bot_id, chat_id=chat_id, wait_until=until)
    longer = sa.or_(PaceRow.wait_until.is_(None), PaceRow.wait_until < until)
    key = [PaceRow.bot_id, PaceRow.chat_id]
    await session.execute(row.on_conflict_do_update(index_elements=key, set_={"wait_until": until}, where=longer))


async def waits_until(session: AsyncSession, bot_id: int, *, chat_id: int = WHOLE_BOT) -> datetime | None:
    """Until when this chat, or the whole bot, is not to be written to."""
    row = await session.get(PaceRow, (bot_id, chat_id))
    return row.wait_until if row else None


async def allowance(session: AsyncSession, bot_id: int, pace: Pace, *, now: datetime) -> int:
    """How many messages the bot as a whole may send now."""
    connection = await session.connection()
    row = (await connection.execute(KEPT, {"bot": bot_id, "chats": [WHOLE_BOT]})).first()
    if row is None:
        return pace.burst
    if row.wait_until is not None and row.wait_until > now:
        return 0
    ahead = max(timedelta(), (row.free_at or now) - now)
    return max(0, floor(pace.burst - ahead / _per_second(pace.per_second) + ROUNDING))


def resting(chat_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Whether a chat may not be written to, as a condition over its id; `bounds` gives the values it names."""
    return sa.exists().where(
        PaceRow.bot_id == sa.bindparam("paced_bot"),
        PaceRow.chat_id == chat_id,
        sa.or_(
            PaceRow.wait_until > sa.bindparam("now", type_=UtcMoment),
            PaceRow.free_at > sa.bindparam("chat_ahead", type_=UtcMoment),
            PaceRow.group_free_at > sa.bindparam("group_ahead", type_=UtcMoment),
        ),
    )


def bounds(pace: Pace, bot_id: int, now: datetime) -> dict[str, object]:
    """How far ahead of `now` a chat's and a group's next message may stand, by the names of `resting`."""
    return {
        "paced_bot": bot_id,
        "now": now,
        "chat_ahead": now + (pace.chat_burst - 1) * _per_second(pace.per_chat_per_second),
        "group_ahead": now + (pace.group_burst - 1) * _group_interval(pace),
    }


async def spend(session: AsyncSession, bot_id: int, chat_ids: Collection[int], pace: Pace, *, now: datetime) -> None:
    """Count a message to each of these chats; an id that stands twice counts twice. Groups have negative ids.

    Whoever spends stands in the turn of those that claim, so that nobody else counts meanwhile.
    """
    connection = await session.connection()
    kept = await connection.execute(KEPT, {"bot": bot_id, "chats": sorted({WHOLE_BOT, *chat_ids})})
    found = {row.chat_id: (row.free_at, row.group_free_at) for row in kept}
    for chat_id in chat_ids:
        for key, interval in (
            (WHOLE_BOT, _per_second(pace.per_second)),
            (chat_id, _per_second(pace.per_chat_per_second)),
        ):
            free_at, group_free_at = found.get(key, (None, None))
            if key < 0:
                group_free_at = max(group_free_at or now, now) + _group_interval(pace)
            found[key] = (max(free_at or now, now) + interval, group_free_at)
    spent = [
        {"bot_id": bot_id, "chat_id": key, "free_at": free_at, "group_free_at": group_free_at}
        for key, (free_at, group_free_at) in sorted(found.items())
    ]
    await connection.execute(_spent(dialect_of(session)), spent)


async def next_moment(session: AsyncSession, bot_id: int, *, now: datetime) -> datetime | None:
    """When the first of the waits that stand at `now` ends."""
    ends = sa.select(sa.func.min(PaceRow.wait_until)).where(PaceRow.bot_id == bot_id, PaceRow.wait_until > now)
    return await session.scalar(ends)


@cache
def _spent(dialect: str) -> sa.Insert:
    """Built once, as `storage.outbox` builds its own; a wait that was told meanwhile stays."""
    table = cast(sa.Table, PaceRow.__table__)
    new = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    moved = {"free_at": new.excluded.free_at, "group_free_at": new.excluded.group_free_at}
    return new.on_conflict_do_update(index_elements=["bot_id", "chat_id"], set_=moved)


def _per_second(messages: float) -> timedelta:
    return timedelta(seconds=1 / messages)


def _group_interval(pace: Pace) -> timedelta:
    """So long that a burst and what follows it within a minute stay at the limit together."""
    return timedelta(seconds=60 / max(1.0, pace.per_group_per_minute - pace.group_burst))
