"""What readers asked: kept with its words for a while, then without. Forgotten on the reader's word."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from storage import inbox, outbox
from storage.conflicts import keep_new
from storage.tables import ActionRow, QuestionRow, SentQuoteRow
from storage.values import AskedQuestion, QuestionState

READ_AT_ONCE = 500  # questions in one read of an export


async def open(
    session: AsyncSession,
    bot_id: int,
    chat_id: int,
    message_id: int,
    words: str,
    *,
    thread_id: int | None = None,
    user_id: int | None = None,
    revision: int = 0,
    now: datetime,
) -> AskedQuestion:
    """Keep a question; the one kept before where this message was taken up once already.

    `revision` is 0, and the update id for the text of a later edit.
    """
    key = {"bot_id": bot_id, "chat_id": chat_id, "message_id": message_id, "revision": revision}
    state = QuestionState.OPEN.value
    row = {**key, "thread_id": thread_id, "user_id": user_id, "words": words, "asked_at": now, "state": state}
    await keep_new(session, QuestionRow, row, "bot_id,chat_id,message_id,revision")
    return _value((await session.scalars(sa.select(QuestionRow).filter_by(**key))).one())


async def find(session: AsyncSession, question_id: int) -> AskedQuestion | None:
    """A question by its id."""
    row = await session.get(QuestionRow, question_id)
    return _value(row) if row else None


async def by_message(session: AsyncSession, bot_id: int, chat_id: int, message_id: int) -> AskedQuestion | None:
    """The question that a message asks, by its latest wording."""
    latest = sa.select(QuestionRow).filter_by(bot_id=bot_id, chat_id=chat_id, message_id=message_id)
    row = await session.scalar(latest.order_by(QuestionRow.id.desc()).limit(1))
    return _value(row) if row else None


async def settle(session: AsyncSession, question_id: int, *, now: datetime) -> None:
    """The question is answered, if only by the reason for no answer."""
    await _end(session, question_id, state=QuestionState.ANSWERED.value, answered_at=now)


async def fail(session: AsyncSession, question_id: int, reference: str, *, now: datetime) -> None:
    """The question is given up; the reader was told this reference."""
    await _end(session, question_id, state=QuestionState.FAILED.value, answered_at=now, reference=reference)


async def asked_since(session: AsyncSession, bot_id: int, user_id: int, moment: datetime) -> list[datetime]:
    """When this person asked since that moment, oldest first; forgotten questions count."""
    asked = sa.select(QuestionRow.asked_at).where(
        QuestionRow.bot_id == bot_id, QuestionRow.user_id == user_id, QuestionRow.asked_at >= moment
    )
    return list(await session.scalars(asked.order_by(QuestionRow.asked_at)))


async def history(
    session: AsyncSession, bot_id: int, *, chat_id: int | None = None, user_id: int | None = None, limit: int
) -> list[AskedQuestion]:
    """The latest questions of this chat, of this person, or of this person in this chat."""
    latest = _of(bot_id, chat_id, user_id).order_by(QuestionRow.id.desc()).limit(limit)
    return [_value(row) for row in await session.scalars(latest)]


async def export(
    session: AsyncSession, bot_id: int, *, chat_id: int | None = None, user_id: int | None = None
) -> AsyncIterator[AskedQuestion]:
    """All that is kept of them, oldest first, in bounded memory."""
    after = 0
    while True:
        page = _of(bot_id, chat_id, user_id).where(QuestionRow.id > after).order_by(QuestionRow.id)
        rows = [_value(row) for row in await session.scalars(page.limit(READ_AT_ONCE))]
        for question in rows:
            yield question
        if len(rows) < READ_AT_ONCE:
            return
        after = rows[-1].id


async def forget(
    session: AsyncSession, bot_id: int, *, chat_id: int | None = None, user_id: int | None = None, now: datetime
) -> int:
    """Erase the questions of this chat, of this person, or of this person in this chat; return how many.

    What is in flight for them ends: their waiting updates are settled, their unsent messages cancelled.
    Their buttons and the record of the quotes they were shown go too.
    """
    if chat_id is None and user_id is None:
        raise ValueError("nobody is named to be forgotten")
    await inbox.cancel(session, bot_id, chat_id=chat_id, user_id=user_id, now=now)
    ids = list(await session.scalars(_of(bot_id, chat_id, user_id).with_only_columns(QuestionRow.id)))
    await outbox.cancel(session, ids, now=now)
    await outbox.erase(session, ids)
    await session.execute(sa.delete(ActionRow).where(ActionRow.question_id.in_(ids)))
    await session.execute(sa.delete(SentQuoteRow).where(SentQuoteRow.question_id.in_(ids)))
    forgotten = {"words": None, "state": QuestionState.FORGOTTEN.value}
    await session.execute(sa.update(QuestionRow).where(QuestionRow.id.in_(ids)).values(forgotten))
    return len(ids)


async def erase_older(session: AsyncSession, before: datetime) -> int:
    """Erase every word asked before this moment, and the messages settled before it; return how many questions.

    Keys, states and moments stay, so that nothing is done twice.
    """
    old = sa.update(QuestionRow).where(QuestionRow.asked_at < before, QuestionRow.words.is_not(None))
    erased = await session.execute(old.values(words=None).returning(QuestionRow.id))
    await inbox.erase_older(session, before)
    await outbox.erase_older(session, before)
    return len(erased.all())


def _of(bot_id: int, chat_id: int | None, user_id: int | None) -> sa.Select[QuestionRow]:
    rows = sa.select(QuestionRow).where(QuestionRow.bot_id == bot_id)
    if chat_id is not None:
        rows = rows.where(QuestionRow.chat_id == chat_id)
    return rows if user_id is None else rows.where(QuestionRow.user_id == user_id)


async def _end(session: AsyncSession, question_id: int, **values: Any) -> None:
    ended = sa.update(QuestionRow).where(
        QuestionRow.id == question_id, QuestionRow.state != QuestionState.FORGOTTEN.value
    )
    await session.execute(ended.values(values))


def _value(row: QuestionRow) -> AskedQuestion:
    return AskedQuestion(
        id=row.id,
        bot_id=row.bot_id,
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        message_id=row.message_id,
        user_id=row.user_id,
        words=row.words,
        asked_at=row.asked_at,
        state=QuestionState(row.state),
        reference=row.reference,
    )
