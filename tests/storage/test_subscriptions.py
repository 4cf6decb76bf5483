"""What chats order and follow, who is due, and what an edition told: on both databases."""

import asyncio
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage import articles, chats, editions, outbox, recent, subscriptions, topics
from storage.database import Store
from storage.values import ChatKind, ChatState, Edition, EditionState, FollowedTopic, Subscription
from tests.build import NOON, a_day, a_moment, an_article
from tests.storage.making import BOT, CHAT, a_message, made_ready, until

HOUR = timedelta(hours=1)
DAY = date(2026, 11, 22)


async def ordered(
    session: AsyncSession, due_at: datetime | None = NOON, chat_id: int = CHAT, zone: str | None = "Europe/Kyiv"
) -> Subscription:
    await chats.seen(session, BOT, chat_id, ChatKind.PRIVATE, now=NOON)
    return await subscriptions.order(
        session, BOT, chat_id, local_time=time(7, 30), weekdays=31, zone=zone, next_due_at=due_at, now=NOON
    )


def an_edition(subscription_id: int, day: date = DAY, *told: int, state: EditionState = EditionState.TOLD) -> Edition:
    return Edition(subscription_id, day, NOON - HOUR, NOON, state, NOON, told)


async def test_an_order_is_kept_changed_and_ended(store: Store) -> None:
    async with store.writing() as session:
        kept = await ordered(session)
        assert (kept.local_time, kept.weekdays, kept.paused) == (time(7, 30), 31, False)
        assert await subscriptions.of_chat(session, BOT, CHAT) == [kept]
        assert await subscriptions.find(session, BOT, CHAT + 1, kept.id) is None
        await subscriptions.change(
            session, kept, local_time=time(19), weekdays=127, zone="UTC", topics=[3], next_due_at=NOON + HOUR
        )
    async with store.writing() as session:
        changed = await subscriptions.find(session, BOT, CHAT, kept.id)
        assert changed is not None
        assert (changed.local_time, changed.zone, changed.topics) == (time(19), "UTC", (3,))
        await subscriptions.end(session, kept.id)
        assert await subscriptions.of_chat(session, BOT, CHAT) == []


async def test_who_is_due_is_a_query(store: Store) -> None:
    async with store.writing() as session:
        late = await ordered(session, NOON - HOUR)
        now = await ordered(session, NOON, chat_id=CHAT + 1)
        await ordered(session, NOON + HOUR, chat_id=CHAT + 2)
        await ordered(session, None, chat_id=CHAT + 3, zone=None)
        blocked = await ordered(session, NOON, chat_id=CHAT + 4)
        await chats.set_state(session, BOT, blocked.chat_id, ChatState.BLOCKED)
        assert await subscriptions.next_moment(session, BOT) == NOON - HOUR
    async with store.reading() as session:
        assert await subscriptions.due(session, BOT, now=NOON, limit=9) == [late, now]
        assert await subscriptions.due(session, BOT, now=NOON, limit=1) == [late]
    async with store.writing() as session:
        await chats.seen(session, BOT, blocked.chat_id, ChatKind.PRIVATE, now=NOON)
        due = await subscriptions.due(session, BOT, now=NOON, limit=9)
        assert [each.id for each in due] == [late.id, now.id, blocked.id]


async def test_a_pause_moves_the_next_moment(store: Store) -> None:
    async with store.writing() as session:
        kept = await ordered(session)
        await subscriptions.pause(session, kept.id, until=None, next_due_at=None)
        assert await subscriptions.due(session, BOT, now=NOON, limit=9) == []
        await subscriptions.reschedule(session, kept.id, NOON)
    async with store.reading() as session:
        assert await subscriptions.due(session, BOT, now=NOON, limit=9) == [kept]


async def test_what_is_claimed_is_claimed_once(store: Store) -> None:
    """On PostgreSQL another transaction is given the rest at once; on SQLite it waits for the first."""
    async with store.writing() as session:
        due = [await ordered(session, NOON, chat_id=CHAT + n) for n in range(4)]
    started = asyncio.Event()

    async def claim(wait: bool) -> list[int]:
        async with store.writing() as session:
            claimed = await subscriptions.claim_due(session, BOT, now=NOON, limit=2)
            started.set()
            if wait and store.dialect == "postgresql":
                await until(second)
            for each in claimed:
                await subscriptions.reschedule(session, each.id, NOON + HOUR)
            return [each.id for each in claimed]

    async def after_first() -> list[int]:
        await started.wait()
        return await claim(wait=False)

    second = asyncio.ensure_future(after_first())
    first = await until(claim(wait=True))
    assert sorted([*first, *await until(second)]) == [each.id for each in due]
    async with store.writing() as session:
        assert await subscriptions.claim_due(session, BOT, now=NOON, limit=9) == []


async def test_only_what_is_still_due_is_claimed(store: Store) -> None:
    async with store.writing() as session:
        first, second = await ordered(session), await ordered(session, chat_id=CHAT + 1)
        await ordered(session, chat_id=CHAT + 2)
        await subscriptions.reschedule(session, first.id, NOON + HOUR)
        among = [first.id, second.id]
        assert await subscriptions.claim_due(session, BOT, now=NOON, limit=9, among=among) == [second]


async def test_a_day_has_one_edition(store: Store) -> None:
    async with store.writing() as session:
        kept = await ordered(session)
        assert await editions.put(session, an_edition(kept.id, DAY, 1, 2))
        assert not await editions.put(session, an_edition(kept.id, DAY, 3))
        later = an_edition(kept.id, DAY + timedelta(days=1), 4, state=EditionState.SKIPPED)
        assert await editions.put(session, later)
        assert await editions.latest(session, [kept.id, 99]) == {
            kept.id: [later, an_edition(kept.id, DAY, 1, 2)],
            99: [],
        }
        assert await editions.days(session, [kept.id, 99]) == {kept.id: later.day}
        assert await editions.forget_older(session, later.day) == 1
        assert await editions.latest(session, [kept.id]) == {kept.id: [later]}


async def test_an_edition_that_never_arrived_was_not_told(store: Store) -> None:
    async with store.writing() as session:
        kept = await ordered(session)
        await editions.put(session, an_edition(kept.id, DAY, 1))
        await outbox.put(session, a_message(editions.key_of(kept.id, DAY)), now=NOON)
        assert await editions.latest(session, [kept.id]) == {kept.id: [an_edition(kept.id, DAY, 1)]}
        message = await outbox.find(session, editions.key_of(kept.id, DAY))
        assert message is not None
        await outbox.settle_failed(session, message.id, "blocked", now=NOON)
        assert await editions.latest(session, [kept.id]) == {kept.id: []}
        assert await editions.days(session, [kept.id]) == {kept.id: DAY}


async def test_topics_are_followed_once_by_name(store: Store) -> None:
    async with store.writing() as session:
        await chats.seen(session, BOT, CHAT, ChatKind.PRIVATE, now=NOON)
        bridge = await topics.follow(session, BOT, CHAT, "Bridge", "bridge toll", now=NOON)
        assert bridge is not None
        assert bridge == FollowedTopic(bridge.id, BOT, CHAT, "Bridge", "bridge toll")
        assert await topics.follow(session, BOT, CHAT, "Bridge", "other words", now=NOON) is None
        await topics.alert(session, BOT, CHAT, bridge.id, 3, now=NOON)
        assert [each.alerts_an_hour for each in await topics.of_chat(session, BOT, CHAT)] == [3]
        assert [each.id for each in await topics.of_chat(session, BOT, CHAT)] == [bridge.id]
        assert not await topics.unfollow(session, BOT, CHAT + 1, bridge.id)
        assert await topics.unfollow(session, BOT, CHAT, bridge.id)
        assert await topics.of_chats(session, BOT, [CHAT, 7]) == {CHAT: [], 7: []}


async def test_an_outlet_is_muted_by_its_name(store: Store) -> None:
    draft = an_article()
    async with store.writing() as session:
        await chats.seen(session, BOT, CHAT, ChatKind.PRIVATE, now=NOON)
        await articles.put(session, draft, made_ready(draft), now=NOON)
        assert not await topics.mute(session, BOT, CHAT, "Nobody's Post")
        assert await topics.mute(session, BOT, CHAT, "Velm Post")
        assert await topics.mute(session, BOT, CHAT, "Velm Post")
        assert await topics.muted(session, BOT, [CHAT, 7]) == {CHAT: frozenset({"Velm Post"}), 7: frozenset()}
        assert await topics.unmute(session, BOT, CHAT, "Velm Post")
        assert not await topics.unmute(session, BOT, CHAT, "Velm Post")


async def test_recent_articles_are_those_printed_within_the_window(store: Store) -> None:
    drafts = {
        "old": an_article(published=a_moment(NOON - 30 * HOUR)),
        "new": an_article("The ferry runs again.", published=a_moment(NOON - HOUR)),
        "day": an_article("A bare day.", published=a_day(2026, 11, 22)),
        "ahead": an_article("Tomorrow.", published=a_moment(NOON + HOUR)),
        "undated": an_article("No date."),
    }
    ids: dict[str, int] = {}
    async with store.writing() as session:
        for name, draft in drafts.items():
            stored = await articles.put(session, draft, made_ready(draft), now=NOON)
            assert stored.article is not None
            ids[name] = stored.article.id
    async with store.reading() as session:
        found = await recent.read(session, await recent.between(session, NOON - 2 * HOUR, NOON))
        assert {each.article.id for each in found} == {ids["new"], ids["day"]}
        ferry = next(each for each in found if each.article.id == ids["new"])
        assert " ".join(ferry.passages).split() == ["the", "ferry", "runs", "again."]
        assert (ferry.index, ferry.added_at, ferry.headline) == ("en", NOON, "Bridge closed in Velm")
        assert await recent.read(session, await recent.of_articles(session, [ids["undated"]])) == []
