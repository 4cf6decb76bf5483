"""Alerts are owed once, whoever looks, how often, and after whichever restart: on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.alerting import Alerting
from bot.composing import Composer
from bot.drafting import Sender
from bot.newsdesk import Newsdesk
from bot.workers import Workers
from storage import alerts, articles, chats, sent_quotes, topics
from storage.database import Store, open_store
from storage.tables import OutboxRow
from storage.values import ChatKind
from tests.build import a_moment, an_article, prepared

BOT = 1
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CHATS = 60
BRIDGE = "The bridge of Velm gave way. “Nine bridge workers were treated,” said Mira Dahl, the mayor."


async def looked(store: Store, now: datetime, times: int = 1) -> None:
    """A new process looks so many times."""
    async with Workers(0) as workers:
        composer = Composer(store, workers, Newsdesk(store))
        alerting = Alerting(store, composer, Sender(BOT, "bot", "en", lambda: now, lambda: None))
        for _ in range(times):
            await alerting.step()


async def followed(store: Store, chat_ids: range, an_hour: int = 3, words: str = "bridge", zone: str = "UTC") -> None:
    async with store.writing() as session:
        for chat_id in chat_ids:
            await chats.seen(session, BOT, chat_id, ChatKind.PRIVATE, now=NOON)
            await chats.set_zone(session, BOT, chat_id, zone)
            topic = await topics.follow(session, BOT, chat_id, words, words, now=NOON)
            assert topic is not None
            await topics.alert(session, BOT, chat_id, topic.id, an_hour, now=NOON)


async def came(store: Store, now: datetime, text: str = BRIDGE) -> int:
    async with store.writing() as session:
        draft = an_article(text, headline=text.partition(".")[0], published=a_moment(now - MINUTE))
        stored = await articles.put(session, draft, prepared(draft), now=now)
    assert stored.article is not None
    return stored.article.id


async def owed(store: Store) -> list[str]:
    async with store.reading() as session:
        return list(await session.scalars(sa.select(OutboxRow.key)))


async def test_two_that_look_at_once_owe_every_alert_once(database_url: str) -> None:
    first, second = await open_store(database_url), await open_store(database_url)
    await followed(first, range(1, CHATS + 1))
    await came(first, NOON + MINUTE)
    await asyncio.gather(looked(first, NOON + 2 * MINUTE, 2), looked(second, NOON + 2 * MINUTE, 2))
    keys = await owed(first)
    assert len(keys) == len(set(keys)) == CHATS
    async with first.reading() as session:
        shown = [quote for chat_id in range(1, CHATS + 1) for quote in await sent_quotes.unasked(session, BOT, chat_id)]
    assert sorted(quote.outbox_key or "" for quote in shown) == sorted(keys)
    assert {quote.span.of(BRIDGE) for quote in shown} == {BRIDGE.partition(". ")[2]}
    await first.close()
    await second.close()


async def test_a_restart_repeats_nothing_and_sends_nothing_that_was_left_to_the_briefing(store: Store) -> None:
    await followed(store, range(1, 2), an_hour=1)
    told, left = (
        await came(store, NOON + MINUTE),
        await came(store, NOON + MINUTE, "A bridge opens in Ostra. A bridge."),
    )
    await looked(store, NOON + 2 * MINUTE)
    await looked(store, NOON + 3 * MINUTE)
    assert len(await owed(store)) == 1
    async with store.reading() as session:
        decided = {each.article_id: each.told for each in await alerts.of_articles(session, BOT, [told, left])}
    assert decided == {told: True, left: False}


async def test_one_story_on_two_topics_of_a_chat_is_one_alert_with_room_in_either(store: Store) -> None:
    await followed(store, range(1, 2), an_hour=1)
    await followed(store, range(1, 2), an_hour=1, words="mira")
    await came(store, NOON + MINUTE)
    await looked(store, NOON + 2 * MINUTE)
    assert len(await owed(store)) == 1
    await came(store, NOON + 3 * MINUTE, "Painters in Ostra like Mira. A pink Mira hangs in every gallery.")
    await looked(store, NOON + 4 * MINUTE)
    assert len(await owed(store)) == 2


async def test_a_whole_archive_added_at_once_alerts_nobody(store: Store) -> None:
    await followed(store, range(1, 2), an_hour=9)
    async with store.writing() as session:
        for days in range(1, 60):
            draft = an_article(f"{BRIDGE} {days}", published=a_moment(NOON - timedelta(days=days)))
            await articles.put(session, draft, prepared(draft), now=NOON + MINUTE)
    await looked(store, NOON + 2 * MINUTE)
    assert await owed(store) == []
