"""Messages owed: put once, claimed by one, in order within a chat, settled, and owed again after a death."""

import asyncio
from datetime import datetime, timedelta
from itertools import count

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from storage import outbox, paces
from storage.database import Store, open_store
from storage.tables import OutboxRow
from storage.values import MessageKind, MessageState, OutboxMessage, Pace, Priority
from tests.build import NOON
from tests.storage.making import BOT, CHAT, LEASE, a_message, until

LATER = NOON + LEASE + timedelta(seconds=1)
_bots = count(10_000)


async def claim(
    session: AsyncSession,
    *,
    now: datetime = NOON,
    limit: int = 9,
    holder: str = "me",
    bot_id: int = BOT,
    pace: Pace | None = None,
) -> list[OutboxMessage]:
    return await outbox.claim(session, bot_id, now=now, limit=limit, lease=LEASE, holder=holder, pace=pace)


async def claimed(session: AsyncSession, *, now: datetime = NOON, holder: str = "me") -> list[str]:
    return [message.key for message in await claim(session, now=now, holder=holder)]


async def send(session: AsyncSession, message: OutboxMessage, message_id: int = 1, holder: str = "me") -> None:
    assert await outbox.mark_sending(session, [message.id], holder) == {message.id}
    await outbox.settle_sent(session, message.id, message_id, now=NOON)


async def test_a_message_is_owed_once_and_comes_back_whole(store: Store) -> None:
    draft = a_message(
        "k", thread_id=4, reply_to=5, silent=True, media={"file": "a"}, buttons=(({"text": "More", "action": "x"},),)
    )
    async with store.writing() as session:
        assert await outbox.put(session, draft, draft, now=NOON) == 1
        assert await outbox.put(session, draft, now=NOON) == 0
        (message,) = await claim(session)
    kept = {name: getattr(message, name) for name in type(draft).__dataclass_fields__}
    assert kept == {name: getattr(draft, name) for name in type(draft).__dataclass_fields__}
    assert (message.state, message.attempts) == (MessageState.CLAIMED, 0)


async def test_a_chat_has_one_message_in_flight_and_keeps_its_order(store: Store) -> None:
    async with store.writing() as session:
        await outbox.put(
            session, *[a_message(f"{chat}-{n}", chat_id=chat) for n in (1, 2) for chat in (1, 2)], now=NOON
        )
        first = await claim(session)
        assert [each.key for each in first] == ["1-1", "2-1"]
        assert await claimed(session, holder="other") == []
        await send(session, first[0])
        assert await claimed(session) == ["1-2"]


async def test_the_pressing_goes_first(store: Store) -> None:
    async with store.writing() as session:
        await outbox.put(session, a_message("b", priority=Priority.BRIEFING), a_message("a"), now=NOON)
        await outbox.put(session, a_message("c", chat_id=CHAT + 1, priority=Priority.ALERT), now=NOON)
        assert await claimed(session) == ["a", "c"]


async def test_a_message_tried_in_vain_holds_its_chat_back_but_one_of_later_date_does_not(store: Store) -> None:
    async with store.writing() as session:
        await outbox.put(session, a_message("scheduled", not_before=LATER), a_message("1"), a_message("2"), now=NOON)
        (first,) = await claim(session)
        assert first.key == "1"
        await outbox.postpone(session, first.id, until=LATER, why="no network")
        assert await claimed(session) == []
        assert await outbox.next_moment(session, BOT, now=NOON) == LATER
        (again,) = await claim(session, now=LATER, limit=1)
        assert (again.key, again.attempts, again.error) == ("scheduled", 0, None)
        await send(session, again)
        (again,) = await claim(session, now=LATER)
    assert (again.key, again.attempts, again.error) == ("1", 1, "no network")


async def test_an_edit_waits_for_the_message_it_edits(store: Store) -> None:
    async with store.writing() as session:
        await outbox.put(
            session,
            a_message("edit", kind=MessageKind.EDIT, edits="first"),
            a_message("first", priority=Priority.BRIEFING),
            now=NOON,
        )
        (first,) = await claim(session)
        assert first.key == "first"
        await send(session, first, message_id=77)
        (edit,) = await claim(session)
    assert (edit.key, edit.message_id) == ("edit", 77)


async def test_an_edit_of_a_message_that_never_came_is_dropped(store: Store) -> None:
    async with store.writing() as session:
        await outbox.put(session, a_message("first"), a_message("edit", edits="first"), now=NOON)
        (first,) = await claim(session)
        await outbox.settle_failed(session, first.id, "refused", now=NOON)
        await outbox.drop_unsendable(session, BOT, now=NOON)
        assert await claimed(session) == []
        edit = await outbox.find(session, "edit")
    assert edit is not None
    assert edit.state is MessageState.CANCELLED


async def test_what_is_past_its_time_is_not_sent(store: Store) -> None:
    async with store.writing() as session:
        await outbox.put(session, a_message("late", expires_at=NOON), a_message("next"), now=NOON)
        await outbox.drop_unsendable(session, BOT, now=NOON)
        assert await claimed(session) == ["next"]
        late = await outbox.find(session, "late")
    assert late is not None
    assert late.state is MessageState.EXPIRED


async def test_what_is_past_its_time_is_not_claimed_before_it_is_dropped(store: Store) -> None:
    async with store.writing() as session:
        await outbox.put(session, a_message("late", expires_at=NOON), a_message("other", chat_id=CHAT + 1), now=NOON)
        assert await claimed(session) == ["other"]


async def test_several_that_arrived_are_settled_together_and_none_a_second_time(store: Store) -> None:
    async with store.writing() as session:
        await outbox.put(session, *[a_message(f"{chat}", chat_id=chat) for chat in (1, 2, 3)], now=NOON)
        one, two, three = await claim(session)
        await outbox.settle_failed(session, three.id, "refused", now=NOON)
        await outbox.settle_arrived(session, {one.id: 11, two.id: None, three.id: 13}, now=NOON)
        found = [await outbox.find(session, key) for key in "123"]
    kept = [(each.state, each.sent_message_id, each.error) for each in found if each]
    sent = MessageState.SENT
    assert kept == [(sent, 11, None), (sent, None, None), (MessageState.FAILED, None, "refused")]


async def test_what_a_dead_process_held_is_owed_again(store: Store) -> None:
    async with store.writing() as session:
        await outbox.put(session, *[a_message(f"{chat}", chat_id=chat) for chat in (1, 2, 3)], now=NOON)
        one, two, three = await claim(session, holder="dead")
        assert await outbox.mark_sending(session, [one.id, three.id], "dead") == {one.id, three.id}
        await outbox.settle_sent(session, three.id, 5, now=NOON)
        assert await outbox.recover(session, BOT, now=NOON) == 0
        assert await outbox.recover(session, BOT, now=LATER, beside="dead") == 0
        assert await outbox.recover(session, BOT, now=NOON, dead=["somebody else"]) == 0
        assert await outbox.recover(session, BOT, now=LATER, beside="alive") == 2
        assert not await outbox.mark_sending(session, [two.id], "dead")
        again = await claim(session, now=LATER)
    assert [(each.key, each.attempts) for each in again] == [("1", 1), ("2", 0)]


async def test_who_is_alone_recovers_without_waiting_and_who_goes_gives_back(store: Store) -> None:
    async with store.writing() as session:
        await outbox.put(session, a_message("1", chat_id=1), a_message("2", chat_id=2), now=NOON)
        first, _ = await claim(session)
        await outbox.mark_sending(session, [first.id], "me")
        assert await outbox.release(session, "me") == 1
        assert await outbox.recover(session, BOT, now=None) == 1
        assert await claimed(session) == ["1", "2"]


async def test_a_lease_kept_is_not_recovered(store: Store) -> None:
    async with store.writing() as session:
        await outbox.put(session, a_message("1"), now=NOON)
        await claim(session)
        await outbox.keep(session, "me", until=LATER + LEASE)
        assert await outbox.recover(session, BOT, now=LATER) == 0


async def test_a_settled_message_stays_settled(store: Store) -> None:
    async with store.writing() as session:
        await outbox.put(session, a_message("1"), now=NOON)
        (message,) = await claim(session)
        await send(session, message, message_id=8)
        await outbox.postpone(session, message.id, until=LATER)
        await outbox.settle_failed(session, message.id, "too late", now=LATER)
        found = await outbox.find(session, "1")
    assert found is not None
    assert (found.state, found.sent_message_id, found.error) == (MessageState.SENT, 8, None)


async def test_two_processes_never_claim_the_same_message_or_chat(database_url: str) -> None:
    stores = [await open_store(database_url) for _ in range(2)]
    bot_id, chats, each = next(_bots), 4, 3
    async with stores[0].writing() as session:
        drafts = [a_message(f"{n}-{chat}", chat_id=chat, bot_id=bot_id) for n in range(each) for chat in range(chats)]
        await outbox.put(session, *drafts, now=NOON)
    in_flight: set[int] = set()
    sent: list[str] = []

    async def deliver(store: Store, holder: str) -> None:
        while len(sent) < len(drafts):
            async with store.writing() as session:
                taken = await claim(session, limit=3, holder=holder, bot_id=bot_id)
            for message in taken:
                assert message.chat_id not in in_flight
                in_flight.add(message.chat_id)
            await asyncio.sleep(0)
            for message in taken:
                in_flight.remove(message.chat_id)
                sent.append(message.key)
                async with store.writing() as session:
                    await send(session, message, holder=holder)

    await until(asyncio.gather(deliver(stores[0], "one"), deliver(stores[1], "other")))
    for store in stores:
        await store.close()
    assert len(set(sent)) == len(drafts)
    for chat in range(chats):
        assert [key for key in sent if key.endswith(f"-{chat}")] == [f"{n}-{chat}" for n in range(each)]


async def test_the_oldest_waiting_message_tells_how_late_we_are(store: Store) -> None:
    async with store.writing() as session:
        assert await outbox.oldest_waiting(session, BOT, now=NOON) is None
        await outbox.put(session, a_message("later", not_before=LATER), now=NOON - LEASE)
        await outbox.put(session, a_message("due"), now=NOON)
        assert await outbox.oldest_waiting(session, BOT, now=NOON) == NOON


# ── pace ─────────────────────────────────────────────────────────────────────────────────────────


async def sent_within(session: AsyncSession, pace: Pace, seconds: float, every: float) -> list[datetime]:
    """The moments at which messages go, asked again and again in seconds."""
    moments: list[datetime] = []
    for number in range(round(seconds / every)):
        now = NOON + timedelta(seconds=number * every)
        taken = await claim(session, now=now, pace=pace, limit=100)
        moments += [now] * len(taken)
        await session.execute(sa.update(OutboxRow).where(OutboxRow.state == "claimed").values(state="sent"))
    return moments


def most_within(moments: list[datetime], seconds: float) -> int:
    span = timedelta(seconds=seconds)
    return max(sum(first <= each < first + span for each in moments) for first in moments)


async def test_a_group_gets_at_most_twenty_a_minute(sqlite_store: Store) -> None:
    async with sqlite_store.writing() as session:
        await outbox.put(session, *[a_message(f"{n}", chat_id=-7) for n in range(60)], now=NOON)
        moments = await sent_within(session, Pace(), 66, every=3)
    assert 15 <= most_within(moments, 60) <= 20


async def test_a_chat_gets_a_burst_and_then_one_a_second(sqlite_store: Store) -> None:
    async with sqlite_store.writing() as session:
        await outbox.put(session, *[a_message(f"{n}") for n in range(20)], now=NOON)
        moments = await sent_within(session, Pace(), 5, every=0.25)
    assert len(moments) == 3 + 4
    assert most_within(moments, 0.9) == 3


async def test_the_bot_as_a_whole_keeps_its_pace_over_many_chats(sqlite_store: Store) -> None:
    async with sqlite_store.writing() as session:
        await outbox.put(session, *[a_message(f"{n}", chat_id=n) for n in range(1, 60)], now=NOON)
        moments = await sent_within(session, Pace(per_second=10), 3, every=0.2)
    assert 30 <= len(moments) <= 30 + Pace().burst


async def test_a_wait_halts_its_chat_alone_and_a_bots_wait_halts_all(store: Store) -> None:
    async with store.writing() as session:
        await outbox.put(session, a_message("1", chat_id=1), a_message("2", chat_id=2), now=NOON)
        await paces.wait(session, BOT, LATER, chat_id=1)
        await paces.wait(session, BOT, NOON, chat_id=1)
        assert await paces.waits_until(session, BOT, chat_id=1) == LATER
        assert await claimed(session) == ["2"]
        assert await outbox.next_moment(session, BOT, now=NOON) == LATER
        await paces.wait(session, BOT, LATER + LEASE)
        assert await claim(session, now=LATER, pace=Pace()) == []
        assert [each.key for each in await claim(session, now=LATER + LEASE, pace=Pace())] == ["1"]


# ── whatever happens ─────────────────────────────────────────────────────────────────────────────

steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(1, 3)),
        st.tuples(st.sampled_from(["claim", "mark", "send", "postpone", "die"]), st.integers(0, 1)),
    ),
    max_size=25,
)


@settings(max_examples=8)
@given(steps=steps)
async def test_whatever_happens_every_message_arrives_and_only_what_was_being_sent_may_repeat(
    store: Store, steps: list[tuple[str, int]]
) -> None:
    """Two holders put, claim, send, fail and die in any order; then one of them delivers the rest."""
    bot_id, numbers = next(_bots), count()
    chat_of: dict[str, int] = {}
    held: dict[int, list[OutboxMessage]] = {0: [], 1: []}
    sending: set[int] = set()
    arrived: list[str] = []
    may_repeat: set[str] = set()
    async with store.writing() as session:
        for step, which in [*steps, ("die", 0), ("die", 1)]:
            if step == "put":
                draft = a_message(f"{bot_id}:{next(numbers)}", chat_id=which, bot_id=bot_id)
                chat_of[draft.key] = which
                await outbox.put(session, draft, draft, now=NOON)
            elif step == "claim":
                taken = await claim(session, limit=2, holder=str(which), bot_id=bot_id)
                in_flight = [each.chat_id for each in (*held[0], *held[1], *taken)]
                assert len(set(in_flight)) == len(in_flight)
                held[which] += taken
            elif step == "die":
                may_repeat |= {each.key for each in held[which] if each.id in sending}
                arrived += [each.key for each in held[which] if each.id in sending]
                sending -= {each.id for each in held[which]}
                held[which].clear()
                now = LATER if not held[1 - which] else NOON
                await outbox.recover(session, bot_id, now=now)
            elif held[which]:
                message = held[which][0]
                if step == "mark":
                    marked = await outbox.mark_sending(session, [message.id], str(which))
                    assert bool(marked) == (message.id not in sending)
                    sending.add(message.id)
                elif step == "send" and message.id in sending:
                    await outbox.settle_sent(session, message.id, 1, now=NOON)
                    arrived.append(message.key)
                    held[which].pop(0)
                elif step == "postpone":
                    await outbox.postpone(session, message.id, until=NOON)
                    held[which].pop(0)
                    sending.discard(message.id)
        await outbox.recover(session, bot_id, now=None)
        while taken := await claim(session, bot_id=bot_id, now=LATER):
            for message in taken:
                await send(session, message)
                arrived.append(message.key)
    assert set(arrived) == set(chat_of)
    repeated = {key for key in chat_of if arrived.count(key) > 1}
    assert repeated <= may_repeat
    firsts = list(dict.fromkeys(arrived))
    for chat in set(chat_of.values()):
        assert [key for key in firsts if chat_of[key] == chat] == [key for key in chat_of if chat_of[key] == chat]
