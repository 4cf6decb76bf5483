"""What readers asked: kept with its words for a while, then gone. Forgotten at once on the reader's word."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from storage import inbox, outbox
from storage.conflicts import keep_new
from storage.tables import ActionRow, OutboxRow, QuestionRow, SentQuoteRow
from storage.values import AskedQuestion, QuestionState

IDS_AT_ONCE = 500  # questions in one statement


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
    """When this person asked since that moment, oldest first."""
    asked = sa.select(QuestionRow.asked_at).where(
        QuestionRow.bot_id == bot_id, QuestionRow.user_id == user_id, QuestionRow.asked_at >= moment
    )
    return list(await session.scalars(asked.order_by(QuestionRow.asked_at)))


async def history(
    session: AsyncSession,
    bot_id: int,
    *,
    chat_id: int | None = None,
    user_id: int | None = None,
    before: int | None = None,
    limit: int,
) -> list[AskedQuestion]:
    """The latest questions of this chat, of this person, or of this person in this chat, newest first.

    `before` is the id of the last one of the page before.
    """
    theirs = _of(bot_id, chat_id, user_id)
    if before is not None:
        theirs = theirs.where(QuestionRow.id < before)
    return [_value(row) for row in await session.scalars(theirs.order_by(QuestionRow.id.desc()).limit(limit))]


async def forget(
    session: AsyncSession, bot_id: int, *, chat_id: int | None = None, user_id: int | None = None, now: datetime
) -> int:
    """Delete the questions of this chat, of this person, or of this person in this chat; return how many.

    What is in flight for them ends: their waiting updates are settled, their unsent messages cancelled.
    Their buttons, the record of the quotes they were shown and the messages of the answers go too, and with a
    person all that was said in the private chat. Of what is being sent right now the key stays.
    """
    if chat_id is None and user_id is None:
        raise ValueError("nobody is named to be forgotten")
    await inbox.cancel(session, bot_id, chat_id=chat_id, user_id=user_id, now=now)
    theirs = _of(bot_id, chat_id, user_id)
    private = user_id if chat_id in {None, user_id} else None  # a private chat has its person's number
    ids = list(await session.scalars(theirs.with_only_columns(QuestionRow.id)))
    for some in (ids[at : at + IDS_AT_ONCE] for at in range(0, len(ids), IDS_AT_ONCE)):
        await outbox.forget(session, OutboxRow.question_id.in_(some), now=now)
        for row, named in ((ActionRow, ActionRow.question_id), (SentQuoteRow, SentQuoteRow.question_id)):
            await session.execute(sa.delete(row).where(named.in_(some)))
        await session.execute(sa.delete(QuestionRow).where(QuestionRow.id.in_(some)))
    if private is not None:
        await outbox.forget(session, sa.and_(OutboxRow.bot_id == bot_id, OutboxRow.chat_id == private), now=now)
        for row in (ActionRow, SentQuoteRow):
            await session.execute(sa.delete(row).where(row.bot_id == bot_id, row.chat_id == private))
    return len(ids)


async def erase_older(session: AsyncSession, before: datetime, *, buttons_before: datetime | None = None) -> int:
    """Erase every word asked before this moment, and the messages settled before it; return how many questions.

    Questions asked before `buttons_before` (else `before`) are deleted, and with them what their buttons mean and
    which quotes were shown.
    """
    old = sa.update(QuestionRow).where(QuestionRow.asked_at < before, QuestionRow.words.is_not(None))
    erased = await session.execute(old.values(words=None).returning(QuestionRow.id))
    gone = buttons_before or before
    for row, made_at in ((ActionRow, ActionRow.created_at), (SentQuoteRow, SentQuoteRow.shown_at)):
        await session.execute(sa.delete(row).where(row.question_id.is_(None), made_at < gone))
        theirs = row.question_id.in_(sa.select(QuestionRow.id).where(QuestionRow.asked_at < gone))
        await session.execute(sa.delete(row).where(theirs))
    await session.execute(sa.delete(QuestionRow).where(QuestionRow.asked_at < gone))
    await inbox.erase_older(session, before)
    await outbox.erase_older(session, before)
    return len(erased.all())


async def erase_words(session: AsyncSession, question_id: int) -> None:
    """Erase the words of one question; what it brought about stays."""
    await session.execute(sa.update(QuestionRow).where(QuestionRow.id == question_id).values(words=None))


def _of(bot_id: int, chat_id: int | None, user_id: int | None) -> sa.Select[QuestionRow]:
    rows = sa.select(QuestionRow).where(QuestionRow.bot_id == bot_id)
    if chat_id is not None:
        rows = rows.where(QuestionRow.chat_id == chat_id)
    return rows if user_id is None else rows.where(QuestionRow.user_id == user_id)


async def _end(session: AsyncSession, question_id: int, **values: Any) -> None:
    await session.execute(sa.update(QuestionRow).where(QuestionRow.id == question_id).values(values))


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
