"""Messages owed: put in the transaction that decides them, claimed by lease, sent, settled.

At least once: only a row in SENDING when its process died is sent again without knowing. One chat has one
message in flight, so that its messages keep their order. Sends nothing itself.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from html import escape
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage import paces
from storage.conflicts import keep_all_new, keep_new, take_turn
from storage.tables import OutboxRow, UtcMoment
from storage.values import MessageKind, MessageState, OutboxDraft, OutboxMessage, Pace

TURN = 0x6272_6965_6603  # PostgreSQL's number for "messages are being claimed"

PENDING, CLAIMED, SENDING = MessageState.PENDING.value, MessageState.CLAIMED.value, MessageState.SENDING.value
IN_FLIGHT = (CLAIMED, SENDING)
NEVER_SENT = (MessageState.FAILED.value, MessageState.EXPIRED.value, MessageState.CANCELLED.value)
WORDS_MIN = 4  # characters of a line that tell whose words it holds
ERASED: dict[str, Any] = {"html": "", "plain": "", "buttons": [], "media": None}


# ── owing ────────────────────────────────────────────────────────────────────────────────────────


async def put(session: AsyncSession, *drafts: OutboxDraft, now: datetime) -> int:
    """Owe these messages; one whose key is known already is left as it is. Returns how many are new."""
    if len(drafts) == 1:
        return await keep_new(session, OutboxRow, _row(drafts[0], now), "key") is not None
    return len(await keep_all_new(session, OutboxRow, [_row(draft, now) for draft in drafts], "key"))


async def find(session: AsyncSession, key: str) -> OutboxMessage | None:
    """The message of this key, whatever its state."""
    row = await session.scalar(sa.select(OutboxRow).where(OutboxRow.key == key))
    return _value(row) if row else None


async def of_question(session: AsyncSession, question_id: int) -> list[OutboxMessage]:
    """The messages that a question has brought about, in the order of their making."""
    rows = sa.select(OutboxRow).where(OutboxRow.question_id == question_id).order_by(OutboxRow.id)
    return [_value(row) for row in await session.scalars(rows)]


async def of_questions(session: AsyncSession, question_ids: Collection[int]) -> dict[int, list[OutboxMessage]]:
    """The messages of several questions, by question, each list in the order of their making."""
    rows = sa.select(OutboxRow).where(OutboxRow.question_id.in_(question_ids)).order_by(OutboxRow.id)
    found: dict[int, list[OutboxMessage]] = {each: [] for each in question_ids}
    for row in await session.scalars(rows):
        found[row.question_id or 0].append(_value(row))
    return found


# ── delivering ───────────────────────────────────────────────────────────────────────────────────


async def claim(
    session: AsyncSession,
    bot_id: int,
    *,
    now: datetime,
    limit: int,
    lease: timedelta,
    holder: str,
    pace: Pace | None = None,
) -> list[OutboxMessage]:
    """Take at most `limit` messages that may go now, the most pressing first and at most one a chat.

    Where `pace` is given, no more than it allows, and what is taken counts against it.
    """
    await take_turn(session, TURN, bot_id)
    if pace is not None:
        limit = min(limit, await paces.allowance(session, bot_id, pace, now=now))
    if limit <= 0:
        return []
    values = _values(bot_id, now, limit, pace or Pace())
    connection = await session.connection()
    taken = await connection.execute(CLAIM, {**values, "by": holder, "until": now + lease})
    rows = sorted(taken, key=lambda row: (row.priority, row.id))
    if pace is not None and rows:
        await paces.spend(session, bot_id, [row.chat_id for row in rows], pace, now=now)
    return [_value(row) for row in rows]


async def mark_sending(session: AsyncSession, ids: Collection[int], holder: str) -> set[int]:
    """Say, committed before they are sent, that claimed messages are being sent; returns those that are still ours."""
    ours = sa.update(OutboxRow).where(OutboxRow.id.in_(ids), OutboxRow.state == CLAIMED, OutboxRow.holder == holder)
    return set(await session.scalars(ours.values(state=SENDING).returning(OutboxRow.id)))


async def drop_unsendable(session: AsyncSession, bot_id: int, *, now: datetime) -> None:
    """Settle what is past its time, and edits of a message that will never be; neither is ever claimed."""
    connection = await session.connection()
    await connection.execute(LATE, {"bot": bot_id, "moment": now})
    await connection.execute(ORPHANS, {"bot": bot_id, "moment": now})


async def keep(session: AsyncSession, holder: str, *, until: datetime) -> None:
    """Hold everything this holder has claimed for longer."""
    held = sa.update(OutboxRow).where(OutboxRow.holder == holder, OutboxRow.state.in_(IN_FLIGHT))
    await session.execute(held.values(lease_until=until))


async def settle_sent(
    session: AsyncSession, id_: int, message_id: int | None, *, now: datetime, note: str | None = None
) -> None:
    """The message has arrived, under this id where Telegram gives one; `note` tells what had to be left out of it.

    A file that it carried is kept no longer: the words of an export stand nowhere else than in what they tell of.
    """
    await _settle(session, id_, MessageState.SENT, now, sent_message_id=message_id, error=note, media=None)


async def settle_arrived(session: AsyncSession, message_ids: Mapping[int, int | None], *, now: datetime) -> None:
    """These messages have arrived whole, under the ids Telegram gave them: `settle_sent` for all in one statement."""
    if message_ids:
        connection = await session.connection()
        sent = [{"sent": id_, "arrived_as": given, "moment": now} for id_, given in message_ids.items()]
        await connection.execute(ARRIVED, sent)


async def settle_failed(session: AsyncSession, id_: int, why: str, *, now: datetime) -> None:
    """Telegram refuses the message for good. `why` never holds its words."""
    await _settle(session, id_, MessageState.FAILED, now, error=why, media=None)


async def postpone(session: AsyncSession, id_: int, *, until: datetime, why: str | None = None) -> None:
    """The message did not arrive, or may not have; it goes again from `until` on. `why` never holds its words."""
    again = {"state": PENDING, "not_before": until, "attempts": OutboxRow.attempts + 1, "error": why}
    row = _unsettled(id_).values(**again, holder=None, lease_until=None)
    await session.execute(row)


async def holders(session: AsyncSession, bot_id: int) -> set[str]:
    """Who holds messages that are on their way."""
    held = sa.select(OutboxRow.holder).where(OutboxRow.bot_id == bot_id, OutboxRow.state.in_(IN_FLIGHT)).distinct()
    return {holder for holder in await session.scalars(held) if holder}


async def recover(
    session: AsyncSession, bot_id: int, *, now: datetime | None, beside: str = "", dead: Collection[str] = ()
) -> int:
    """Owe again what a dead process held: what was being sent may arrive twice. Returns how many.

    A process is dead when its leases have ended at `now`, or when it is among those known to be `dead`; all others are
    where `now` is None, which only a process that is alone may say. What `beside` itself holds stays: its machine may
    only have slept.
    """
    lost = sa.update(OutboxRow).where(OutboxRow.bot_id == bot_id, OutboxRow.state.in_(IN_FLIGHT))
    if now is not None:
        ended = sa.and_(OutboxRow.lease_until <= now, OutboxRow.holder != beside)
        lost = lost.where(sa.or_(ended, OutboxRow.holder.in_(dead)))
    return await _release(session, lost)


async def release(session: AsyncSession, holder: str) -> int:
    """Owe again what this holder has claimed and not begun to send, before it ends."""
    return await _release(session, sa.update(OutboxRow).where(OutboxRow.holder == holder, OutboxRow.state == CLAIMED))


async def next_moment(session: AsyncSession, bot_id: int, *, now: datetime) -> datetime | None:
    """When the next message comes due, or the next wait ends, after `now`; None where nothing is to come."""
    own = sa.select(sa.func.min(OutboxRow.not_before)).where(
        OutboxRow.bot_id == bot_id, OutboxRow.state == PENDING, OutboxRow.not_before > now
    )
    moments = [await session.scalar(own), await paces.next_moment(session, bot_id, now=now)]
    return min((each for each in moments if each is not None), default=None)


async def owes(session: AsyncSession, bot_id: int, *, now: datetime) -> bool:
    """Whether a message is due that nobody has claimed."""
    connection = await session.connection()
    return (await connection.execute(OWED, {"bot": bot_id, "moment": now})).first() is not None


async def oldest_waiting(session: AsyncSession, bot_id: int, *, now: datetime) -> datetime | None:
    """Since when the longest waiting of the messages that are due has waited."""
    return await session.scalar(WAITING, {"bot": bot_id, "moment": now})


async def count_plainer(session: AsyncSession) -> int:
    """How many messages have arrived only after something was left out: markup, buttons, a topic."""
    plainer = sa.select(sa.func.count()).where(OutboxRow.state == MessageState.SENT.value, OutboxRow.error.is_not(None))
    return await session.scalar(plainer) or 0


# ── erasing ──────────────────────────────────────────────────────────────────────────────────────


async def forget(session: AsyncSession, theirs: sa.ColumnElement[bool], *, now: datetime) -> None:
    """Delete the messages that a condition on their rows names, also those still owed.

    What is being sent right now may arrive; should it not, it is not tried again, and its words are erased here.
    """
    sending = sa.update(OutboxRow).where(theirs, OutboxRow.state == SENDING)
    await session.execute(sending.values(expires_at=now, **ERASED))
    await session.execute(sa.delete(OutboxRow).where(theirs, OutboxRow.state != SENDING))


async def erase_older(session: AsyncSession, before: datetime) -> int:
    """Erase the words of messages settled before this moment; key and state stay."""
    old = sa.update(OutboxRow).where(OutboxRow.settled_at < before, OutboxRow.html != "")
    return len((await session.execute(old.values(ERASED).returning(OutboxRow.id))).all())


async def withdraw(session: AsyncSession, texts: Collection[str], *, instead: str | None, now: datetime) -> int:
    """Take what is not being sent yet and holds words of these texts back; how many messages.

    A chat gets the line `instead`, or nothing where it is None. A quote stands on lines of its own, as printed.
    """
    pending = sa.select(OutboxRow).where(OutboxRow.state.in_((PENDING, CLAIMED)))
    held = [row for row in await session.scalars(pending) if _holds(row, texts)]
    for row in held:
        row.buttons, row.media = [], None
        row.html, row.plain = escape(instead or ""), instead or ""
        row.kind = MessageKind.EDIT.value if row.kind == MessageKind.EDIT.value else MessageKind.SEND.value
        if instead is None:
            row.state, row.settled_at = MessageState.CANCELLED.value, now
    await session.flush()
    return len(held)


def _holds(row: OutboxRow, texts: Collection[str]) -> bool:
    lines = f"{row.plain}\n{(row.media or {}).get('text', '')}".splitlines()
    return any(line.strip() in text for line in lines if len(line.strip()) >= WORDS_MIN for text in texts)


# ── conditions ───────────────────────────────────────────────────────────────────────────────────


BOT = sa.bindparam("bot", type_=sa.BigInteger)
NOW = sa.bindparam("moment", type_=UtcMoment)


def _values(bot_id: int, now: datetime, limit: int, pace: Pace) -> dict[str, object]:
    return {"bot": bot_id, "moment": now, "limit": limit, **paces.bounds(pace, bot_id, now)}


def _due(row: type[OutboxRow], now: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    return sa.or_(row.not_before.is_(None), row.not_before <= now)


def _editable(row: type[OutboxRow]) -> sa.ColumnElement[bool]:
    """Whether the message that a row edits is known; true for a row that edits none."""
    target = aliased(OutboxRow)
    sent = sa.exists().where(target.key == row.edits, target.state == MessageState.SENT.value)
    return sa.or_(row.edits.is_(None), row.message_id.is_not(None), sent)


def _behind() -> sa.ColumnElement[bool]:
    """Whether another row of the same chat is in flight, or comes first and is due or has been tried."""
    other = aliased(OutboxRow)
    comes_first = sa.tuple_(other.priority, other.id) < sa.tuple_(OutboxRow.priority, OutboxRow.id)
    stands = sa.or_(_due(other, NOW), other.attempts > 0)
    ahead = sa.and_(other.state == PENDING, comes_first, stands, _editable(other))
    return sa.exists().where(
        other.bot_id == BOT,
        other.chat_id == OutboxRow.chat_id,
        other.state.in_((PENDING, *IN_FLIGHT)),
        sa.or_(other.state.in_(IN_FLIGHT), ahead),
    )


def _claim() -> sa.Update:
    claimable = (
        sa.select(OutboxRow.id)
        .where(
            OutboxRow.bot_id == BOT,
            OutboxRow.state == PENDING,
            _due(OutboxRow, NOW),
            sa.or_(OutboxRow.expires_at.is_(None), OutboxRow.expires_at > NOW),
            _editable(OutboxRow),
            ~_behind(),
            ~paces.resting(OutboxRow.chat_id.expression),
        )
        .order_by(OutboxRow.priority, OutboxRow.id)
        .limit(sa.bindparam("limit", type_=sa.Integer))
        .with_for_update(skip_locked=True, of=OutboxRow)
        .cte("claimable")
    )
    target = aliased(OutboxRow)
    edited = sa.select(target.sent_message_id).where(target.key == OutboxRow.edits).scalar_subquery()
    taken = sa.update(OutboxRow).where(OutboxRow.id.in_(sa.select(claimable.c.id)))
    return taken.values(
        state=CLAIMED,
        holder=sa.bindparam("by"),
        lease_until=sa.bindparam("until", type_=UtcMoment),
        message_id=sa.func.coalesce(OutboxRow.message_id, edited),
    ).returning(*sa.inspect(OutboxRow).local_table.c)


def _unsettled(id_: int | sa.BindParameter[int]) -> sa.Update:
    unsettled = sa.or_(*(OutboxRow.state == state for state in (PENDING, *IN_FLIGHT)))  # a list is not taken for many
    return sa.update(OutboxRow).where(OutboxRow.id == id_, unsettled)


def _arrived() -> sa.Update:
    settled = {"state": MessageState.SENT.value, "settled_at": NOW, "holder": None, "lease_until": None}
    whole = {"sent_message_id": sa.bindparam("arrived_as", type_=sa.BigInteger), "error": None, "media": None}
    return _unsettled(sa.bindparam("sent", type_=sa.BigInteger)).values({**settled, **whole})


def _owed() -> sa.Select[int]:
    return (
        sa.select(OutboxRow.id)
        .where(OutboxRow.bot_id == BOT, OutboxRow.state == PENDING, _due(OutboxRow, NOW))
        .limit(1)
    )


def _late() -> sa.Update:
    return _pending().where(OutboxRow.expires_at <= NOW).values(state=MessageState.EXPIRED.value, settled_at=NOW)


def _orphans() -> sa.Update:
    target = aliased(OutboxRow)
    orphan = sa.exists().where(target.key == OutboxRow.edits, target.state.in_(NEVER_SENT))
    orphans = _pending().where(OutboxRow.edits.is_not(None), OutboxRow.message_id.is_(None), orphan)
    return orphans.values(state=MessageState.CANCELLED.value, settled_at=NOW)


def _waiting() -> sa.Select[datetime]:
    return sa.select(sa.func.min(OutboxRow.created_at)).where(
        OutboxRow.bot_id == BOT, OutboxRow.state.in_((PENDING, *IN_FLIGHT)), _due(OutboxRow, NOW)
    )


def _pending() -> sa.Update:
    return sa.update(OutboxRow).where(OutboxRow.bot_id == BOT, OutboxRow.state == PENDING)


# Built once: building them anew took longer than the database does.
CLAIM, LATE, ORPHANS, ARRIVED = _claim(), _late(), _orphans(), _arrived()
OWED, WAITING = _owed(), _waiting()


async def _settle(session: AsyncSession, id_: int, state: MessageState, now: datetime, **more: object) -> None:
    settled = {"state": state.value, "settled_at": now, "holder": None, "lease_until": None, **more}
    await session.execute(_unsettled(id_).values(settled))


async def _release(session: AsyncSession, held: sa.Update) -> int:
    attempts = sa.case((OutboxRow.state == SENDING, OutboxRow.attempts + 1), else_=OutboxRow.attempts)
    again = held.values(state=PENDING, holder=None, lease_until=None, attempts=attempts)
    return len((await session.execute(again.returning(OutboxRow.id))).all())


# ── rows and values ──────────────────────────────────────────────────────────────────────────────


def _row(draft: OutboxDraft, now: datetime) -> dict[str, Any]:
    return {
        "key": draft.key,
        "bot_id": draft.bot_id,
        "chat_id": draft.chat_id,
        "thread_id": draft.thread_id,
        "reply_to": draft.reply_to,
        "message_id": draft.message_id,
        "edits": draft.edits,
        "kind": draft.kind.value,
        "html": draft.html,
        "plain": draft.plain,
        "buttons": [list(row) for row in draft.buttons],
        "media": draft.media,
        "priority": draft.priority,
        "silent": draft.silent,
        "question_id": draft.question_id,
        "state": PENDING,
        "attempts": 0,
        "not_before": draft.not_before,
        "expires_at": draft.expires_at,
        "created_at": now,
    }


def _value(row: OutboxRow | sa.Row[Any]) -> OutboxMessage:
    return OutboxMessage(
        id=row.id,
        key=row.key,
        bot_id=row.bot_id,
        chat_id=row.chat_id,
        html=row.html,
        plain=row.plain,
        kind=MessageKind(row.kind),
        thread_id=row.thread_id,
        reply_to=row.reply_to,
        message_id=row.message_id,
        edits=row.edits,
        buttons=tuple(tuple(each) for each in row.buttons),
        media=row.media,
        priority=row.priority,
        silent=row.silent,
        question_id=row.question_id,
        state=MessageState(row.state),
        attempts=row.attempts,
        not_before=row.not_before,
        expires_at=row.expires_at,
        sent_message_id=row.sent_message_id,
        error=row.error,
    )
