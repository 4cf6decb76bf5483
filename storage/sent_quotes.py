"""The quotes that chats were shown, so that buttons and corrections find their words again.

A later version of an article marks its quotes as outdated, in its own transaction; what became of their sentences is
compared and told by others, and kept here.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from retrieval.model import Span
from storage.tables import OutboxRow, SentQuoteRow, VersionRow
from storage.values import Change, MessageState, SentQuote, Shown


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


async def keep_many(session: AsyncSession, bot_id: int, shown: Collection[Shown], *, now: datetime) -> None:
    """Keep what many chats are shown, in one statement; a quote whose version was removed meanwhile is left out."""
    if not shown:
        return
    versions = sa.select(VersionRow.id).where(VersionRow.id.in_({each.version_id for each in shown}))
    there = set(await session.scalars(versions))
    rows = [
        {
            "bot_id": bot_id,
            "chat_id": each.chat_id,
            "ordinal": ordinal,
            "version_id": each.version_id,
            "start": each.span.start,
            "end": each.span.end,
            "outbox_key": each.outbox_key,
            "shown_at": now,
        }
        for ordinal, each in enumerate(shown)
        if each.version_id in there
    ]
    if rows:
        await session.execute(sa.insert(SentQuoteRow), rows)


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


async def unasked(session: AsyncSession, bot_id: int, chat_id: int) -> list[SentQuote]:
    """The quotes that a chat was shown beside any question, as by its briefings, in the order shown."""
    mine = sa.and_(SentQuoteRow.bot_id == bot_id, SentQuoteRow.chat_id == chat_id, SentQuoteRow.question_id.is_(None))
    return [_value(row) for row in await session.scalars(sa.select(SentQuoteRow).where(mine).order_by(SentQuoteRow.id))]


# ── what became of them ──────────────────────────────────────────────────────────────────────────


async def outdate(session: AsyncSession, article_id: int, version_id: int) -> None:
    """The quotes of an article's other versions are to be looked for in this one."""
    earlier = sa.select(VersionRow.id).where(VersionRow.article_id == article_id, VersionRow.id != version_id)
    theirs = sa.update(SentQuoteRow).where(SentQuoteRow.version_id.in_(earlier))
    await session.execute(theirs.values(outdated_by=version_id))


async def outdated(session: AsyncSession, bot_id: int, *, since: datetime, limit: int) -> list[SentQuote]:
    """Quotes shown since then that a later version may have changed; those shown before are let be."""
    waiting = sa.and_(SentQuoteRow.bot_id == bot_id, SentQuoteRow.outdated_by.is_not(None))
    rows = sa.select(SentQuoteRow).where(waiting, SentQuoteRow.shown_at >= since)
    return [_value(row) for row in await session.scalars(rows.order_by(SentQuoteRow.id).limit(limit))]


async def settle_compared(session: AsyncSession, quote: SentQuote, change: Change | None) -> None:
    """Keep what a comparison with the version that outdated the quote came to; None where all of it still stands.

    A quote that a later version yet outdated meanwhile stays to be compared with that one.
    """
    row = sa.update(SentQuoteRow).where(SentQuoteRow.id == quote.id)
    compared = row.where(SentQuoteRow.outdated_by == quote.outdated_by)
    await session.execute(compared.values(outdated_by=None))
    if change is not None:
        pairs = [[list(before), list(after) if after else None] for before, after in change.sentences]
        kept = {"change": pairs, "changed_version_id": change.version_id, "changed_at": change.seen_at}
        await session.execute(row.values(kept))
    else:  # back as it was, before anybody was told
        untold = row.where(SentQuoteRow.change_told_at.is_(None))
        await session.execute(untold.values(change=None, changed_version_id=None, changed_at=None))


async def untold(
    session: AsyncSession, bot_id: int, *, since: datetime, told_before: datetime
) -> dict[int, list[SentQuote]]:
    """Changed quotes that their chats were not told of, by chat, the last shown first.

    Only those that reached their chat, shown since `since`, and only of chats that were told of none since
    `told_before`.
    """
    told = aliased(SentQuoteRow)
    lately = sa.exists().where(
        told.changed_at.is_not(None),
        told.bot_id == bot_id,
        told.chat_id == SentQuoteRow.chat_id,
        told.change_told_at > told_before,
    )
    mine = sa.and_(SentQuoteRow.bot_id == bot_id, SentQuoteRow.changed_at.is_not(None))
    rows = sa.select(SentQuoteRow).where(
        mine, SentQuoteRow.change_told_at.is_(None), SentQuoteRow.shown_at >= since, ~lately, ~_unsent()
    )
    found: dict[int, list[SentQuote]] = {}
    for row in await session.scalars(rows.order_by(SentQuoteRow.shown_at.desc(), SentQuoteRow.id.desc())):
        found.setdefault(row.chat_id, []).append(_value(row))
    return found


async def settle_told(session: AsyncSession, ids: Collection[int], *, now: datetime) -> None:
    """The chat of these quotes was told what became of them, or wants to hear nothing of it."""
    await session.execute(sa.update(SentQuoteRow).where(SentQuoteRow.id.in_(ids)).values(change_told_at=now))


async def changed(session: AsyncSession, bot_id: int, chat_id: int, *, limit: int) -> list[SentQuote]:
    """The quotes shown to a chat whose sentences were changed since, the last changed first."""
    mine = sa.and_(SentQuoteRow.bot_id == bot_id, SentQuoteRow.chat_id == chat_id)
    rows = sa.select(SentQuoteRow).where(mine, SentQuoteRow.changed_at.is_not(None), ~_unsent())
    newest_first = rows.order_by(SentQuoteRow.changed_at.desc(), SentQuoteRow.id.desc()).limit(limit)
    return [_value(row) for row in await session.scalars(newest_first)]


def _unsent() -> sa.ColumnElement[bool]:
    """That the message of a quote shown unasked has not been sent: it waits, expired, or was refused."""
    return sa.exists().where(OutboxRow.key == SentQuoteRow.outbox_key, OutboxRow.state != MessageState.SENT.value)


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
        outbox_key=row.outbox_key,
        outdated_by=row.outdated_by,
        change=_change(row),
    )


def _change(row: SentQuoteRow) -> Change | None:
    if row.change is None or row.changed_version_id is None or row.changed_at is None:
        return None
    sentences = tuple((Span(*before), Span(*after) if after else None) for before, after in row.change)
    return Change(row.changed_version_id, row.changed_at, sentences)
