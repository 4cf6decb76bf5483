"""Alerts: which stories a chat was alerted to at once, by their first article, and which were left to its briefing.

Keeps no words: those are in the outbox. Decides nothing.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from storage.conflicts import insert
from storage.editions import UNDELIVERED
from storage.tables import AlertRow, ChatRow, OutboxRow, TopicRow
from storage.topics import value as topic_value
from storage.values import Alert, AlertingTopic, ChatState

REMEMBERED = timedelta(days=14)  # looked back upon for what was told


def key_of(topic_id: int, article_id: int, outlets: int | None = None) -> str:
    """The outbox key of an alert; with `outlets` of the change that says how many outlets have it now."""
    key = f"alert:{topic_id}:{article_id}"
    return key if outlets is None else f"{key}:{outlets}"


async def topics(session: AsyncSession, bot_id: int) -> list[AlertingTopic]:
    """Every topic that may bring alerts to a chat that may be written to and has said by which clock it lives."""
    rows = (
        sa.select(TopicRow, ChatRow.zone)
        .join(ChatRow, sa.and_(ChatRow.bot_id == TopicRow.bot_id, ChatRow.id == TopicRow.chat_id))
        .where(
            TopicRow.bot_id == bot_id,
            TopicRow.alerts_an_hour > 0,
            ChatRow.state == ChatState.ACTIVE.value,
            ChatRow.zone.is_not(None),
        )
        .order_by(TopicRow.id)
    )
    return [
        AlertingTopic(topic_value(row), row.alerts_since or row.created_at, row.alerts_thread_id, zone or "")
        for row, zone in await session.execute(rows)
    ]


async def put(session: AsyncSession, alert: Alert) -> bool:
    """Keep what was decided of an article for a chat; False where that was decided before."""
    row = insert(session, AlertRow).values(
        bot_id=alert.bot_id,
        chat_id=alert.chat_id,
        article_id=alert.article_id,
        topic_id=alert.topic_id,
        version_id=alert.version_id,
        outlets=alert.outlets,
        told=alert.told,
        decided_at=alert.decided_at,
    )
    kept = await session.execute(row.on_conflict_do_nothing().returning(AlertRow.article_id))
    return kept.first() is not None


async def confirmed(session: AsyncSession, alert: Alert, outlets: int) -> bool:
    """Say that so many outlets have the story now; False where as many were known."""
    theirs = sa.update(AlertRow).where(
        AlertRow.bot_id == alert.bot_id,
        AlertRow.chat_id == alert.chat_id,
        AlertRow.article_id == alert.article_id,
        AlertRow.outlets < outlets,
    )
    return (await session.execute(theirs.values(outlets=outlets).returning(AlertRow.article_id))).first() is not None


async def of_articles(session: AsyncSession, bot_id: int, article_ids: Collection[int]) -> list[Alert]:
    """What was decided of these articles, in every chat."""
    rows = sa.select(AlertRow).where(AlertRow.bot_id == bot_id, AlertRow.article_id.in_(article_ids))
    return [_value(row) for row in await session.scalars(rows.order_by(AlertRow.chat_id, AlertRow.article_id))]


async def counted(session: AsyncSession, topic_ids: Collection[int], since: datetime) -> dict[int, int]:
    """How many alerts each of these topics has brought since then."""
    rows = sa.select(AlertRow.topic_id, sa.func.count()).group_by(AlertRow.topic_id)
    recent = rows.where(AlertRow.topic_id.in_(topic_ids), AlertRow.told, AlertRow.decided_at > since)
    brought: dict[int | None, int] = {row[0]: row[1] for row in await session.execute(recent)}
    return {each: brought.get(each, 0) for each in topic_ids}


async def told(
    session: AsyncSession, bot_id: int, chat_ids: Collection[int], *, now: datetime
) -> dict[int, frozenset[int]]:
    """The articles that each chat was alerted to lately; without those that never reached it."""
    number, article = sa.cast(AlertRow.topic_id, sa.Text), sa.cast(AlertRow.article_id, sa.Text)
    key = sa.literal("alert:") + number + sa.literal(":") + article
    lost = sa.exists().where(OutboxRow.key == key, OutboxRow.state.in_(UNDELIVERED))
    rows = sa.select(AlertRow.chat_id, AlertRow.article_id).where(
        AlertRow.bot_id == bot_id,
        AlertRow.chat_id.in_(chat_ids),
        AlertRow.told,
        AlertRow.decided_at > now - REMEMBERED,
        ~lost,
    )
    found = defaultdict[int, set[int]](set)
    for chat_id, article_id in await session.execute(rows):
        found[chat_id].add(article_id)
    return {each: frozenset(found[each]) for each in chat_ids}


async def forget_older(session: AsyncSession, before: datetime) -> int:
    """Delete what was decided before this moment."""
    old = sa.delete(AlertRow).where(AlertRow.decided_at < before)
    return len((await session.execute(old.returning(AlertRow.article_id))).all())


def _value(row: AlertRow) -> Alert:
    return Alert(
        row.bot_id,
        row.chat_id,
        row.article_id,
        row.topic_id,
        row.version_id,
        row.outlets,
        row.told,
        row.decided_at,
    )
