"""The quotes that chats were shown, so that buttons and corrections find their words again."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from retrieval.model import Span
from storage.tables import SentQuoteRow
from storage.values import SentQuote


async def keep(
    session: AsyncSession,
    bot_id: int,
    chat_id: int,
    quotes: Sequence[tuple[int, Span]],
    *,
    question_id: int | None = None,
    outbox_key: str | None = None,
    now: datetime,
) -> list[SentQuote]:
    """Keep which spans of which versions (version id, span) a chat is shown, in their order."""
    rows = [
        SentQuoteRow(
            bot_id=bot_id,
            chat_id=chat_id,
            question_id=question_id,
            ordinal=ordinal,
            version_id=version_id,
            start=span.start,
            end=span.end,
            outbox_key=outbox_key,
            shown_at=now,
        )
        for ordinal, (version_id, span) in enumerate(quotes)
    ]
    session.add_all(rows)
    await session.flush()
    return [_value(row) for row in rows]


async def find(session: AsyncSession, bot_id: int, chat_id: int, id_: int) -> SentQuote | None:
    """A quote shown to this chat; None for another chat's."""
    row = await session.get(SentQuoteRow, id_)
    return _value(row) if row and (row.bot_id, row.chat_id) == (bot_id, chat_id) else None


async def of_question(session: AsyncSession, question_id: int) -> list[SentQuote]:
    """The quotes shown in answer to a question, in the order shown."""
    rows = sa.select(SentQuoteRow).where(SentQuoteRow.question_id == question_id).order_by(SentQuoteRow.id)
    return [_value(row) for row in await session.scalars(rows)]


async def of_questions(session: AsyncSession, question_ids: Collection[int]) -> dict[int, list[SentQuote]]:
    """The quotes shown in answer to several questions, by question, in the order shown."""
    rows = sa.select(SentQuoteRow).where(SentQuoteRow.question_id.in_(question_ids)).order_by(SentQuoteRow.id)
    found: dict[int, list[SentQuote]] = {each: [] for each in question_ids}
    for row in await session.scalars(rows):
        found[row.question_id or 0].append(_value(row))
    return found


def _value(row: SentQuoteRow) -> SentQuote:
    return SentQuote(
        id=row.id,
        bot_id=row.bot_id,
        chat_id=row.chat_id,
        question_id=row.question_id,
        ordinal=row.ordinal,
        version_id=row.version_id,
        start=row.start,
        end=row.end,
        shown_at=row.shown_at,
    )
