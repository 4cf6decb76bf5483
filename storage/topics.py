"""Topics that chats follow, and outlets that they mute. Matches nothing: `retrieval.topics` does."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from storage.conflicts import insert, keep_new
from storage.tables import MuteRow, OutletRow, TopicRow
from storage.values import FollowedTopic

# ── topics ───────────────────────────────────────────────────────────────────────────────────────


async def follow(
    session: AsyncSession, bot_id: int, chat_id: int, name: str, words: str, *, now: datetime
) -> FollowedTopic | None:
    """A new topic of a known chat; None where the chat has one of this name."""
    values = {"bot_id": bot_id, "chat_id": chat_id, "name": name, "words": words}
    id_ = await keep_new(session, TopicRow, {**values, "alerts_an_hour": 0, "created_at": now}, "bot_id,chat_id,name")
    return None if id_ is None else FollowedTopic(id_, bot_id, chat_id, name, words)


async def unfollow(session: AsyncSession, bot_id: int, chat_id: int, id_: int) -> bool:
    """The chat follows this topic no more; False where it did not."""
    theirs = sa.delete(TopicRow).where(TopicRow.bot_id == bot_id, TopicRow.chat_id == chat_id, TopicRow.id == id_)
    return (await session.execute(theirs.returning(TopicRow.id))).first() is not None


async def alert(
    session: AsyncSession,
    bot_id: int,
    chat_id: int,
    id_: int,
    an_hour: int,
    *,
    now: datetime,
    thread_id: int | None = None,
) -> None:
    """Let a topic bring at most so many alerts an hour into this thread, of what comes from now on; 0 for none."""
    theirs = sa.update(TopicRow).where(TopicRow.bot_id == bot_id, TopicRow.chat_id == chat_id, TopicRow.id == id_)
    since = sa.case((TopicRow.alerts_an_hour > 0, TopicRow.alerts_since), else_=now)
    await session.execute(theirs.values(alerts_an_hour=an_hour, alerts_since=since, alerts_thread_id=thread_id))


async def of_chat(session: AsyncSession, bot_id: int, chat_id: int) -> list[FollowedTopic]:
    """What a chat follows, oldest first."""
    return (await of_chats(session, bot_id, [chat_id]))[chat_id]


async def of_chats(session: AsyncSession, bot_id: int, chat_ids: Collection[int]) -> dict[int, list[FollowedTopic]]:
    """What each of these chats follows, oldest first."""
    rows = sa.select(TopicRow).where(TopicRow.bot_id == bot_id, TopicRow.chat_id.in_(chat_ids)).order_by(TopicRow.id)
    found: dict[int, list[FollowedTopic]] = {each: [] for each in chat_ids}
    for row in await session.scalars(rows):
        found[row.chat_id].append(value(row))
    return found


# ── muted outlets ────────────────────────────────────────────────────────────────────────────────


async def mute(session: AsyncSession, bot_id: int, chat_id: int, outlet_name: str) -> bool:
    """Tell a known chat nothing of this outlet; False where no outlet has the name."""
    outlet_id = await session.scalar(sa.select(OutletRow.id).where(OutletRow.name == outlet_name))
    if outlet_id is None:
        return False
    row = insert(session, MuteRow).values(bot_id=bot_id, chat_id=chat_id, outlet_id=outlet_id)
    await session.execute(row.on_conflict_do_nothing())
    return True


async def unmute(session: AsyncSession, bot_id: int, chat_id: int, outlet_name: str) -> bool:
    """Tell a chat of this outlet again; False where it was not muted."""
    named = sa.select(OutletRow.id).where(OutletRow.name == outlet_name)
    theirs = sa.delete(MuteRow).where(MuteRow.bot_id == bot_id, MuteRow.chat_id == chat_id)
    gone = await session.execute(theirs.where(MuteRow.outlet_id.in_(named)).returning(MuteRow.outlet_id))
    return gone.first() is not None


async def muted(session: AsyncSession, bot_id: int, chat_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """The names of the outlets that each of these chats has muted."""
    rows = (
        sa.select(MuteRow.chat_id, OutletRow.name)
        .join(OutletRow, OutletRow.id == MuteRow.outlet_id)
        .where(MuteRow.bot_id == bot_id, MuteRow.chat_id.in_(chat_ids))
    )
    found: dict[int, set[str]] = {each: set() for each in chat_ids}
    for chat_id, name in await session.execute(rows):
        found[chat_id].add(name)
    return {chat_id: frozenset(names) for chat_id, names in found.items()}


def value(row: TopicRow) -> FollowedTopic:
    """A topic's row as others see it."""
    return FollowedTopic(row.id, row.bot_id, row.chat_id, row.name, row.words, row.alerts_an_hour)
