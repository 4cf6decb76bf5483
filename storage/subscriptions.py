"""Subscriptions: what chats have ordered, and who is due. Computes no moment: callers say when the next one is."""

from collections.abc import Collection, Mapping
from datetime import datetime, time

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from storage import outbox
from storage.tables import AlertRow, ChatRow, MuteRow, OutboxRow, SubscriptionRow, TopicRow
from storage.values import ChatState, Subscription

RESCHEDULE = (
    sa.update(SubscriptionRow)
    .where(SubscriptionRow.id == sa.bindparam("one"))
    .values(next_due_at=sa.bindparam("due"), paused=False, paused_until=None)
)

# ── ordering ─────────────────────────────────────────────────────────────────────────────────────


async def order(
    session: AsyncSession,
    bot_id: int,
    chat_id: int,
    *,
    local_time: time,
    weekdays: int,
    zone: str | None,
    next_due_at: datetime | None,
    now: datetime,
    thread_id: int | None = None,
    topics: Collection[int] = (),
) -> Subscription:
    """A new subscription of a known chat."""
    row = SubscriptionRow(
        bot_id=bot_id,
        chat_id=chat_id,
        thread_id=thread_id,
        local_time=f"{local_time:%H:%M}",
        zone=zone,
        weekdays=weekdays,
        topics=list(topics),
        next_due_at=next_due_at,
        paused=False,
        created_at=now,
    )
    session.add(row)
    await session.flush()
    return _value(row)


async def of_chat(session: AsyncSession, bot_id: int, chat_id: int) -> list[Subscription]:
    """What a chat has ordered, oldest first."""
    theirs = sa.select(SubscriptionRow).where(SubscriptionRow.bot_id == bot_id, SubscriptionRow.chat_id == chat_id)
    return [_value(row) for row in await session.scalars(theirs.order_by(SubscriptionRow.id))]


async def find(session: AsyncSession, bot_id: int, chat_id: int, id_: int) -> Subscription | None:
    """A subscription of this chat."""
    row = await _row(session, bot_id, chat_id, id_)
    return _value(row) if row else None


async def change(
    session: AsyncSession,
    subscription: Subscription,
    *,
    local_time: time,
    weekdays: int,
    zone: str | None,
    topics: Collection[int],
    next_due_at: datetime | None,
) -> None:
    """Another hour, zone, days or topics, with the moment that now comes next."""
    changed = {"local_time": f"{local_time:%H:%M}", "weekdays": weekdays, "zone": zone, "topics": list(topics)}
    await _update(session, subscription.id, **changed, next_due_at=next_due_at)


async def pause(session: AsyncSession, id_: int, *, until: datetime | None, next_due_at: datetime | None) -> None:
    """Bring nothing before `until`; where that is None, before `resume`."""
    await _update(session, id_, paused=True, paused_until=until, next_due_at=next_due_at)


async def reschedule(session: AsyncSession, id_: int, next_due_at: datetime | None) -> None:
    """The next edition is due then; a pause, if there was one, is over."""
    await reschedule_all(session, {id_: next_due_at})


async def reschedule_all(session: AsyncSession, following: Mapping[int, datetime | None]) -> None:
    """The same of several subscriptions."""
    if following:
        connection = await session.connection()
        await connection.execute(RESCHEDULE, [{"one": id_, "due": due} for id_, due in following.items()])


async def end(session: AsyncSession, id_: int) -> None:
    """The subscription is over; its editions go with it."""
    await session.execute(sa.delete(SubscriptionRow).where(SubscriptionRow.id == id_))


async def forget(session: AsyncSession, bot_id: int, chat_id: int, *, now: datetime) -> None:
    """Delete all that a chat ordered: subscriptions with editions, topics with alerts, mutes, zone and choices.

    Of an edition or an alert that is owed nothing is sent any more.
    """
    for row in (SubscriptionRow, AlertRow, TopicRow, MuteRow):
        await session.execute(sa.delete(row).where(row.bot_id == bot_id, row.chat_id == chat_id))
    chosen = sa.update(ChatRow).where(ChatRow.bot_id == bot_id, ChatRow.id == chat_id)
    await session.execute(chosen.values(zone=None, preferences={}))
    decided = sa.or_(OutboxRow.key.like("edition:%"), OutboxRow.key.like("alert:%"))
    owed = sa.and_(OutboxRow.bot_id == bot_id, OutboxRow.chat_id == chat_id, decided)
    await outbox.forget(session, owed, now=now)


# ── who is due ───────────────────────────────────────────────────────────────────────────────────


async def due(session: AsyncSession, bot_id: int, *, now: datetime, limit: int) -> list[Subscription]:
    """At most `limit` subscriptions that are due, the longest waiting first; chats that rest are left out."""
    first = _due(bot_id, now).order_by(SubscriptionRow.next_due_at, SubscriptionRow.id).limit(limit)
    return [_value(row) for row in await session.scalars(first)]


async def claim_due(
    session: AsyncSession, bot_id: int, *, now: datetime, limit: int, among: Collection[int] | None = None
) -> list[Subscription]:
    """The same, held until the transaction ends: no other transaction is given them meanwhile, nor waits for them.

    `among` names the only ones wanted: of what was due when it was read, this is what still is.
    """
    wanted = _due(bot_id, now).order_by(SubscriptionRow.next_due_at, SubscriptionRow.id).limit(limit)
    if among is not None:
        wanted = wanted.where(SubscriptionRow.id.in_(among))
    held = wanted.with_for_update(skip_locked=True, of=SubscriptionRow).execution_options(populate_existing=True)
    return [_value(row) for row in await session.scalars(held)]


async def next_moment(session: AsyncSession, bot_id: int) -> datetime | None:
    """When the next subscription comes due, or came."""
    earliest = sa.select(sa.func.min(SubscriptionRow.next_due_at)).where(SubscriptionRow.bot_id == bot_id)
    return await session.scalar(earliest)


def _due(bot_id: int, now: datetime) -> sa.Select[SubscriptionRow]:
    """A pause has moved the next moment, or taken it away: due is due."""
    active = sa.exists().where(
        ChatRow.bot_id == SubscriptionRow.bot_id,
        ChatRow.id == SubscriptionRow.chat_id,
        ChatRow.state == ChatState.ACTIVE.value,
    )
    return sa.select(SubscriptionRow).where(
        SubscriptionRow.bot_id == bot_id, SubscriptionRow.next_due_at <= now, active
    )


async def _row(session: AsyncSession, bot_id: int, chat_id: int, id_: int) -> SubscriptionRow | None:
    row = await session.get(SubscriptionRow, id_)
    return row if row is not None and (row.bot_id, row.chat_id) == (bot_id, chat_id) else None


async def _update(session: AsyncSession, id_: int, **values: object) -> None:
    await session.execute(sa.update(SubscriptionRow).where(SubscriptionRow.id == id_).values(values))


def _value(row: SubscriptionRow) -> Subscription:
    return Subscription(
        id=row.id,
        bot_id=row.bot_id,
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        local_time=time.fromisoformat(row.local_time),
        zone=row.zone,
        weekdays=row.weekdays,
        topics=tuple(row.topics),
        next_due_at=row.next_due_at,
        paused=row.paused,
        paused_until=row.paused_until,
        created_at=row.created_at,
    )
