"""What buttons mean, under a short id that nobody can guess, so that they work after a restart."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import ActionRow
from storage.values import Action

KEEP = sa.insert(ActionRow)
ID_BYTES = 9  # random ones: 12 characters of callback data


async def keep(
    session: AsyncSession,
    bot_id: int,
    chat_id: int,
    name: str,
    argument: dict[str, Any] | None = None,
    *,
    question_id: int | None = None,
    now: datetime,
) -> str:
    """Keep what a button of this chat means; the id is its callback data.

    An argument never holds a question's words: it names the question, whose words are erased in time.
    """
    (id_,) = await keep_all(session, bot_id, chat_id, [(name, argument or {})], question_id=question_id, now=now)
    return id_


async def keep_all(
    session: AsyncSession,
    bot_id: int,
    chat_id: int,
    meanings: Sequence[tuple[str, Mapping[str, Any]]],
    *,
    question_id: int | None = None,
    now: datetime,
) -> list[str]:
    """Keep what several buttons mean, each a name and an argument; the ids are in their order."""
    return await _keep(
        session, bot_id, [(chat_id, name, argument) for name, argument in meanings], question_id=question_id, now=now
    )


async def keep_many(
    session: AsyncSession, bot_id: int, meanings: Sequence[tuple[int, str, Mapping[str, Any]]], *, now: datetime
) -> list[str]:
    """Keep what the buttons of many chats mean, each a chat, a name and an argument; the ids are in their order."""
    return await _keep(session, bot_id, meanings, question_id=None, now=now)


async def _keep(
    session: AsyncSession,
    bot_id: int,
    meanings: Sequence[tuple[int, str, Mapping[str, Any]]],
    *,
    question_id: int | None,
    now: datetime,
) -> list[str]:
    rows = [
        {
            "id": secrets.token_urlsafe(ID_BYTES),
            "bot_id": bot_id,
            "chat_id": chat_id,
            "question_id": question_id,
            "name": name,
            "argument": dict(argument),
            "created_at": now,
        }
        for chat_id, name, argument in meanings
    ]
    if rows:
        await (await session.connection()).execute(KEEP, rows)
    return [str(row["id"]) for row in rows]


async def find(session: AsyncSession, bot_id: int, chat_id: int, id_: str) -> Action | None:
    """What a button pressed in this chat means; None for a button of another chat, or one forgotten."""
    row = await session.scalar(
        sa.select(ActionRow).where(ActionRow.id == id_, ActionRow.bot_id == bot_id, ActionRow.chat_id == chat_id)
    )
    if row is None:
        return None
    return Action(row.id, row.bot_id, row.chat_id, row.name, row.argument, row.question_id)
