"""Updates: kept once, taken up in order within a chat and fairly between chats, erased when done."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from storage import inbox
from storage.database import Store, open_store
from storage.tables import InboxRow
from tests.build import NOON
from tests.storage.making import BOT, CHAT, READER

LATER = NOON + timedelta(minutes=1)


def words(text: str = "What about the bridge?", user_id: int = READER) -> dict[str, Any]:
    return {"update_id": 1, "message": {"from": {"id": user_id}, "text": text}}


async def accept(session: AsyncSession, update_id: int, chat_id: int | None = CHAT, bot_id: int = BOT) -> bool:
    return await inbox.accept(session, bot_id, update_id, chat_id, words(), now=NOON)


async def heads(session: AsyncSession, *, without: Sequence[int] = (), limit: int = 9) -> list[int]:
    found = await inbox.waiting(session, BOT, now=NOON, limit=limit, without=without)
    return [update.update_id for update in found]


async def kept_words(session: AsyncSession) -> str:
    rows = await session.scalars(InboxRow.__table__.select().with_only_columns(InboxRow.payload))
    return str([row for row in rows if row])


async def test_an_update_is_kept_once_whatever_became_of_it(store: Store) -> None:
    async with store.writing() as session:
        assert await accept(session, 7)
        assert not await accept(session, 7)
        assert await accept(session, 7, bot_id=BOT + 1)
        await inbox.settle(session, BOT, 7, now=NOON)
        assert not await accept(session, 7)
        assert await heads(session) == []


async def test_an_accepted_update_is_there_after_the_store_is_opened_again(database_url: str) -> None:
    store = await open_store(database_url)
    async with store.writing() as session:
        await accept(session, 7)
    await store.close()
    store = await open_store(database_url)
    async with store.reading() as session:
        assert [each.payload for each in await inbox.waiting(session, BOT, now=NOON, limit=9)] == [words()]
    await store.close()


async def test_a_chat_comes_in_order_of_arrival_and_chats_beside_each_other(store: Store) -> None:
    """Also where Telegram began to count anew at a smaller number."""
    async with store.writing() as session:
        for update_id, chat_id in ((900, 1), (901, 1), (902, 2), (5, 1), (6, 3)):
            await accept(session, update_id, chat_id)
        assert await heads(session) == [900, 902, 6]
        assert await heads(session, limit=1) == [900]
        assert await heads(session, without=(1, 3)) == [902]
        for settled, following in ((900, [901, 902, 6]), (901, [902, 5, 6])):
            await inbox.settle(session, BOT, settled, now=NOON)
            assert await heads(session) == following


async def test_updates_without_a_chat_do_not_wait_for_each_other(store: Store) -> None:
    async with store.writing() as session:
        for update_id in (1, 2):
            await accept(session, update_id, None)
        assert await heads(session) == [1, 2]
        assert await heads(session, without=(inbox.NO_CHAT,)) == []


async def test_a_postponed_update_holds_its_chat_back_until_then(store: Store) -> None:
    async with store.writing() as session:
        for update_id, chat_id in ((1, 1), (2, 1), (3, 2)):
            await accept(session, update_id, chat_id)
        await inbox.postpone(session, BOT, 1, until=LATER)
        assert await heads(session) == [3]
        assert await inbox.next_moment(session, BOT) == LATER
        again = await inbox.waiting(session, BOT, now=LATER, limit=1)
    assert [(each.update_id, each.attempts) for each in again] == [(1, 1)]


async def test_a_failed_update_lets_the_next_pass_and_keeps_its_words_until_they_are_old(store: Store) -> None:
    async with store.writing() as session:
        await accept(session, 1)
        await accept(session, 2)
        await inbox.fail(session, BOT, 1, now=NOON)
        await inbox.settle(session, BOT, 1, now=NOON)
        assert await heads(session) == [2]
        await inbox.settle(session, BOT, 2, now=NOON)
        assert "bridge" in await kept_words(session)
        assert await inbox.erase_older(session, NOON) == 0
        assert await inbox.erase_older(session, LATER) == 1
        assert await kept_words(session) == "[]"


async def test_a_settled_update_keeps_no_words(store: Store) -> None:
    async with store.writing() as session:
        await accept(session, 1)
        await inbox.settle(session, BOT, 1, now=NOON)
        assert await kept_words(session) == "[]"


async def test_cancelling_ends_one_persons_updates_alone(store: Store) -> None:
    async with store.writing() as session:
        await inbox.accept(session, BOT, 1, CHAT, words("mine"), now=NOON)
        await inbox.accept(session, BOT, 2, CHAT, words("hers", READER + 1), now=NOON)
        await inbox.accept(session, BOT, 3, CHAT + 1, {"callback_query": {"from": {"id": READER}}}, now=NOON)
        assert await inbox.cancel(session, BOT, chat_id=CHAT, user_id=READER, now=NOON) == 1
        assert await heads(session) == [2, 3]
        assert await inbox.cancel(session, BOT, user_id=READER, now=NOON) == 1
        assert "mine" not in await kept_words(session)
        assert await inbox.count_waiting(session, BOT) == 1


@settings(max_examples=8)
@given(chats=st.lists(st.integers(1, 4), min_size=1, max_size=12), limit=st.integers(1, 3))
async def test_whatever_arrives_each_chat_is_served_in_order_and_none_starves(
    sqlite_store: Store, chats: list[int], limit: int
) -> None:
    async with sqlite_store.writing() as session:
        for update_id, chat_id in enumerate(chats):
            await accept(session, -update_id, chat_id)
        served: list[tuple[int, int]] = []
        while taken := await inbox.waiting(session, BOT, now=NOON, limit=limit):
            assert len({update.chat_id for update in taken}) == len(taken)
            for update in taken:
                served.append((update.chat_id or 0, -update.update_id))
                await inbox.settle(session, BOT, update.update_id, now=NOON)
        await session.execute(InboxRow.__table__.delete())  # type: ignore[attr-defined]
    assert sorted(served) == sorted((chat_id, number) for number, chat_id in enumerate(chats))
    for chat_id in set(chats):
        numbers = [number for chat, number in served if chat == chat_id]
        assert numbers == sorted(numbers)
