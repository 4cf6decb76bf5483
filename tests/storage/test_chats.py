"""Chats: seen, resting, moved with all they have; and who may do what."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from storage import actions, chats, inbox, outbox, paces, questions
from storage.database import Store
from storage.tables import InvitationRow, MuteRow, OutletRow, SubscriptionRow, TopicRow
from storage.values import ChatKind, ChatState, Grant
from tests.build import NOON
from tests.storage.making import BOT, LEASE, READER, a_message

GROUP, SUPERGROUP = -5, -1005


async def seen(session: AsyncSession, chat_id: int = GROUP, kind: ChatKind = ChatKind.GROUP) -> None:
    await chats.seen(session, BOT, chat_id, kind, now=NOON)


async def order(session: AsyncSession, chat_id: int, topic: str = "Bridge", outlet_id: int | None = None) -> None:
    """A subscription, a topic and a muted outlet, as later verbs will order them."""
    mine: dict[str, Any] = {"bot_id": BOT, "chat_id": chat_id}
    session.add(SubscriptionRow(**mine, local_time="07:00", weekdays=127, topics=[], created_at=NOON))
    session.add(TopicRow(**mine, name=topic, words=topic, created_at=NOON))
    if outlet_id is not None:
        session.add(MuteRow(**mine, outlet_id=outlet_id))
    await session.flush()


async def count(session: AsyncSession, row: Any, chat_id: int) -> int:
    return await session.scalar(sa.select(sa.func.count()).select_from(row).where(row.chat_id == chat_id)) or 0


async def test_a_chat_rests_until_something_comes_from_it(store: Store) -> None:
    async with store.writing() as session:
        await seen(session)
        await chats.set_language(session, BOT, GROUP, "ar")
        await chats.set_zone(session, BOT, GROUP, "Europe/Kyiv")
        await chats.set_state(session, BOT, GROUP, ChatState.BLOCKED, why="kicked")
        chat = await chats.find(session, BOT, GROUP)
        assert chat is not None
        assert (chat.state, chat.language, chat.zone) == (ChatState.BLOCKED, "ar", "Europe/Kyiv")
        back = await chats.seen(session, BOT, GROUP, ChatKind.GROUP, now=NOON)
    assert (back.state, back.language) == (ChatState.ACTIVE, "ar")


async def test_a_choice_is_kept_until_it_is_taken_back(store: Store) -> None:
    async with store.writing() as session:
        await seen(session)
        await chats.prefer(session, BOT, GROUP, "empty_days", False)
        assert await chats.preferences(session, BOT, GROUP) == {"empty_days": False}
        await chats.prefer(session, BOT, GROUP, "empty_days", None)
        assert await chats.preferences(session, BOT, GROUP) == {}


async def test_a_group_that_becomes_a_supergroup_takes_everything_along(store: Store) -> None:
    async with store.writing() as session:
        await seen(session)
        await chats.set_language(session, BOT, GROUP, "es")
        await order(session, GROUP)
        await inbox.accept(session, BOT, 1, GROUP, {}, now=NOON)
        question = await questions.open(session, BOT, GROUP, 1, "What?", user_id=READER, now=NOON)
        await outbox.put(session, a_message("k", chat_id=GROUP, reply_to=1, question_id=question.id), now=NOON)
        action = await actions.keep(session, BOT, GROUP, "more", now=NOON)
        await paces.wait(session, BOT, NOON + LEASE, chat_id=GROUP)

        for _ in range(2):
            await chats.moved(session, BOT, GROUP, SUPERGROUP)

        new, old = await chats.find(session, BOT, SUPERGROUP), await chats.find(session, BOT, GROUP)
        assert new is not None
        assert (new.kind, new.language, new.state) == (ChatKind.SUPERGROUP, "es", ChatState.ACTIVE)
        assert old is not None
        assert old.state is ChatState.GONE
        assert [await count(session, row, SUPERGROUP) for row in (SubscriptionRow, TopicRow)] == [1, 1]
        assert [each.chat_id for each in await inbox.waiting(session, BOT, now=NOON, limit=9)] == [SUPERGROUP]
        assert [each.id for each in await questions.history(session, BOT, chat_id=SUPERGROUP, limit=9)] == [question.id]
        (message,) = await outbox.claim(session, BOT, now=NOON, limit=9, lease=LEASE, holder="me")
        assert (message.chat_id, message.reply_to) == (SUPERGROUP, None)
        assert await actions.find(session, BOT, SUPERGROUP, action) is not None


async def test_a_group_moves_also_where_the_supergroup_spoke_first(store: Store) -> None:
    async with store.writing() as session:
        outlet = OutletRow(name="Velm Post")
        session.add(outlet)
        await session.flush()
        for chat_id, kind in ((GROUP, ChatKind.GROUP), (SUPERGROUP, ChatKind.SUPERGROUP)):
            await seen(session, chat_id, kind)
            await order(session, chat_id, outlet_id=outlet.id)
            await questions.open(session, BOT, chat_id, 1, f"What, {chat_id}?", user_id=READER, now=NOON)
        await chats.set_zone(session, BOT, GROUP, "Europe/Kyiv")
        await chats.set_language(session, BOT, SUPERGROUP, "ar")

        await chats.moved(session, BOT, GROUP, SUPERGROUP)

        new = await chats.find(session, BOT, SUPERGROUP)
        assert new is not None
        assert (new.zone, new.language) == ("Europe/Kyiv", "ar")
        counts = [await count(session, row, SUPERGROUP) for row in (SubscriptionRow, TopicRow, MuteRow)]
        assert counts == [2, 1, 1]
        assert len(await questions.history(session, BOT, chat_id=SUPERGROUP, limit=9)) == 2


async def test_a_chat_never_seen_moves_nothing(store: Store) -> None:
    async with store.writing() as session:
        await chats.moved(session, BOT, GROUP, SUPERGROUP)
        assert await chats.find(session, BOT, SUPERGROUP) is None


async def test_an_invitation_makes_one_operator_and_only_its_hash_is_kept(store: Store) -> None:
    async with store.writing() as session:
        code = await chats.invite(session, BOT, Grant.OPERATOR, now=NOON)
        assert await chats.redeem(session, BOT + 1, code, READER, now=NOON) is None
        assert await chats.redeem(session, BOT, code + "x", READER, now=NOON) is None
        assert await chats.redeem(session, BOT, code, READER, now=NOON) is Grant.OPERATOR
        assert await chats.redeem(session, BOT, code, READER + 1, now=NOON) is None
        assert await chats.operators(session, BOT) == {READER}
        kept = (await session.execute(sa.select(InvitationRow.__table__))).one()
    assert code not in str(kept)
    assert len(code) <= 64


async def test_an_invitation_of_an_earlier_day_can_be_refused(store: Store) -> None:
    async with store.writing() as session:
        code = await chats.invite(session, BOT, Grant.READER, now=NOON)
        later = NOON + timedelta(days=1)
        assert await chats.redeem(session, BOT, code, READER, now=later, since=later) is None
        assert await chats.redeem(session, BOT, code, READER, now=later, since=NOON) is Grant.READER


async def test_a_grant_is_given_once_and_taken_back(store: Store) -> None:
    async with store.writing() as session:
        for _ in range(2):
            await chats.give(session, BOT, READER, Grant.READER, now=NOON)
        assert await chats.holders(session, BOT, Grant.READER) == {READER}
        assert await chats.operators(session, BOT) == set()
        await chats.take_back(session, BOT, READER, Grant.READER)
        assert await chats.holders(session, BOT, Grant.READER) == set()
