"""Chats and people: how a chat wants to be spoken to and whether it may be written to; who may do what."""

import secrets
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.conflicts import insert
from storage.tables import (
    ActionRow,
    AlertRow,
    ChatRow,
    GrantRow,
    InboxRow,
    InvitationRow,
    MuteRow,
    OutboxRow,
    PaceRow,
    QuestionRow,
    SentQuoteRow,
    SubscriptionRow,
    TopicRow,
)
from storage.values import Chat, ChatKind, ChatState, Grant

CODE_BYTES = 24  # random ones: 32 characters of a deep link's 64


async def seen(session: AsyncSession, bot_id: int, chat_id: int, kind: ChatKind, *, now: datetime) -> Chat:
    """The chat something came from: known from now on, and active again if it rested."""
    row = await _row(session, bot_id, chat_id)
    if row is None:
        active = ChatState.ACTIVE.value
        new = insert(session, ChatRow).values(
            bot_id=bot_id, id=chat_id, kind=kind.value, state=active, preferences={}, first_seen_at=now
        )
        await session.execute(new.on_conflict_do_nothing())
        row = await session.get_one(ChatRow, (bot_id, chat_id))
    row.kind, row.state, row.state_reason = kind.value, ChatState.ACTIVE.value, None
    await session.flush()
    return _value(row)


async def find(session: AsyncSession, bot_id: int, chat_id: int) -> Chat | None:
    """A chat as it is known."""
    row = await _row(session, bot_id, chat_id)
    return _value(row) if row else None


async def several(
    session: AsyncSession, bot_id: int, chat_ids: Collection[int]
) -> dict[int, tuple[Chat, dict[str, Any]]]:
    """These chats as they are known, each with the choices it has made."""
    rows = sa.select(ChatRow).where(ChatRow.bot_id == bot_id, ChatRow.id.in_(chat_ids))
    return {row.id: (_value(row), dict(row.preferences)) for row in await session.scalars(rows)}


async def set_state(
    session: AsyncSession, bot_id: int, chat_id: int, state: ChatState, *, why: str | None = None
) -> None:
    """Say whether a chat may be written to, and why not. Its subscriptions stay."""
    await _change(session, bot_id, chat_id, state=state.value, state_reason=why)


async def set_language(session: AsyncSession, bot_id: int, chat_id: int, language: str | None) -> None:
    """Speak to a chat in this language from now on; None follows the question."""
    await _change(session, bot_id, chat_id, language=language)


async def set_zone(session: AsyncSession, bot_id: int, chat_id: int, zone: str | None) -> None:
    """Tell a chat moments in this time zone (an IANA name) from now on."""
    await _change(session, bot_id, chat_id, zone=zone)


async def prefer(session: AsyncSession, bot_id: int, chat_id: int, name: str, value: Any) -> None:
    """Keep a choice of the chat under this name; None takes it back."""
    row = await session.get_one(ChatRow, (bot_id, chat_id))
    kept = {**row.preferences, name: value}
    row.preferences = {each: kept[each] for each in kept if kept[each] is not None}
    await session.flush()


async def preferences(session: AsyncSession, bot_id: int, chat_id: int) -> dict[str, Any]:
    """The choices a chat has made."""
    row = await _row(session, bot_id, chat_id)
    return dict(row.preferences) if row else {}


async def moved(session: AsyncSession, bot_id: int, old: int, new: int) -> None:
    """A group became the supergroup `new`: all it ordered, asked and is owed goes with it.

    Telegram says so more than once, and `new` may have spoken before: what both have is kept once.
    """
    if old == new:
        return
    owed = sa.update(OutboxRow).where(OutboxRow.bot_id == bot_id, OutboxRow.chat_id == old)
    # Also what was decided since it moved. The supergroup counts its messages anew: none of the old can be replied to.
    await session.execute(owed.values(chat_id=new, reply_to=None))
    left = await _row(session, bot_id, old)
    if left is None or left.moved_to == new:
        return
    await _settle_in(session, left, new)
    await _drop_doubles(session, bot_id, old, new)
    for row in (SubscriptionRow, TopicRow, AlertRow, MuteRow, InboxRow, QuestionRow, SentQuoteRow, ActionRow):
        await session.execute(sa.update(row).where(row.bot_id == bot_id, row.chat_id == old).values(chat_id=new))
    await session.execute(sa.delete(PaceRow).where(PaceRow.bot_id == bot_id, PaceRow.chat_id == old))
    left.state, left.state_reason, left.moved_to = ChatState.GONE.value, "became a supergroup", new
    await session.flush()


async def _settle_in(session: AsyncSession, left: ChatRow, new: int) -> None:
    """The new chat, with what the old one had chosen wherever it has not chosen itself."""
    supergroup, active = ChatKind.SUPERGROUP.value, ChatState.ACTIVE.value
    row = insert(session, ChatRow).values(
        bot_id=left.bot_id, id=new, kind=supergroup, state=active, preferences={}, first_seen_at=left.first_seen_at
    )
    await session.execute(row.on_conflict_do_nothing())
    chat = await session.get_one(ChatRow, (left.bot_id, new))
    chat.language, chat.zone = chat.language or left.language, chat.zone or left.zone
    chat.preferences = {**left.preferences, **chat.preferences}
    await session.flush()


async def _drop_doubles(session: AsyncSession, bot_id: int, old: int, new: int) -> None:
    """Make way where old and new chat have the same: a topic's name, an alert, a muted outlet, a message's number."""
    for row, same in ((TopicRow, TopicRow.name), (AlertRow, AlertRow.article_id), (MuteRow, MuteRow.outlet_id)):
        theirs = sa.select(same).where(row.bot_id == bot_id, row.chat_id == new)
        await session.execute(sa.delete(row).where(row.bot_id == bot_id, row.chat_id == old, same.in_(theirs)))
    twin = aliased(QuestionRow)
    counted_anew = sa.exists().where(
        twin.bot_id == bot_id, twin.chat_id == new, twin.message_id == QuestionRow.message_id
    )
    mine = sa.update(QuestionRow).where(QuestionRow.bot_id == bot_id, QuestionRow.chat_id == old, counted_anew)
    await session.execute(mine.values(revision=-QuestionRow.id))


# ── grants and invitations ──────────────────────────────────────────────────────────────────────


async def invite(session: AsyncSession, bot_id: int, grant: Grant, *, now: datetime) -> str:
    """A new one-use code for this grant; only its hash is kept. Codes made before and not used open nothing more."""
    await _withdraw(session, bot_id, grant)
    code = secrets.token_urlsafe(CODE_BYTES)
    session.add(InvitationRow(bot_id=bot_id, code_sha256=_hash(code), grant=grant.value, created_at=now))
    await session.flush()
    return code


async def redeem(
    session: AsyncSession, bot_id: int, code: str, user_id: int, *, now: datetime, since: datetime | None = None
) -> Grant | None:
    """What the code grants this person, at its first use; None for a code unknown, used, or made before `since`."""
    unused = sa.update(InvitationRow).where(
        InvitationRow.bot_id == bot_id, InvitationRow.code_sha256 == _hash(code), InvitationRow.used_at.is_(None)
    )
    if since is not None:
        unused = unused.where(InvitationRow.created_at >= since)
    used = (await session.execute(unused.values(used_at=now).returning(InvitationRow.grant))).first()
    if used is None:
        return None
    await give(session, bot_id, user_id, Grant(used[0]), now=now)
    await _withdraw(session, bot_id, Grant(used[0]))
    return Grant(used[0])


async def _withdraw(session: AsyncSession, bot_id: int, grant: Grant) -> None:
    unused = sa.delete(InvitationRow).where(InvitationRow.bot_id == bot_id, InvitationRow.grant == grant.value)
    await session.execute(unused.where(InvitationRow.used_at.is_(None)))


async def give(session: AsyncSession, bot_id: int, user_id: int, grant: Grant, *, now: datetime) -> None:
    """Let this person do what the grant says."""
    row = insert(session, GrantRow).values(bot_id=bot_id, user_id=user_id, granted=grant.value, granted_at=now)
    await session.execute(row.on_conflict_do_nothing())


async def take_back(session: AsyncSession, bot_id: int, user_id: int, grant: Grant) -> None:
    """Let this person no longer do what the grant says."""
    theirs = sa.delete(GrantRow).where(GrantRow.bot_id == bot_id, GrantRow.user_id == user_id)
    await session.execute(theirs.where(GrantRow.grant == grant.value))


async def holders(session: AsyncSession, bot_id: int, grant: Grant) -> set[int]:
    """Everybody who has this grant."""
    return set(await session.scalars(HOLDERS, {"bot": bot_id, "granted": grant.value}))


async def operators(session: AsyncSession, bot_id: int) -> set[int]:
    """Everybody who runs the bot by a link; ADMIN_IDS stand in the settings."""
    return await holders(session, bot_id, Grant.OPERATOR)


HOLDERS = sa.select(GrantRow.user_id).where(
    GrantRow.bot_id == sa.bindparam("bot"), GrantRow.grant == sa.bindparam("granted")
)  # built once: it is asked at every update


def _hash(code: str) -> str:
    return sha256(code.encode(errors="replace")).hexdigest()


# ── rows and values ──────────────────────────────────────────────────────────────────────────────


async def _row(session: AsyncSession, bot_id: int, chat_id: int) -> ChatRow | None:
    return await session.get(ChatRow, (bot_id, chat_id))


async def _change(session: AsyncSession, bot_id: int, chat_id: int, **values: Any) -> None:
    chat = sa.update(ChatRow).where(ChatRow.bot_id == bot_id, ChatRow.id == chat_id)
    await session.execute(chat.values(values))


def _value(row: ChatRow) -> Chat:
    return Chat(row.bot_id, row.id, ChatKind(row.kind), ChatState(row.state), row.language, row.zone)
