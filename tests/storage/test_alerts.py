"""Which topics bring alerts, and what was decided of an article for a chat: on both databases."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage import alerts, articles, chats, outbox, recent, topics
from storage.database import Store
from storage.values import Alert, ChatKind, ChatState, FollowedTopic
from tests.build import NOON, a_moment, an_article, prepared
from tests.storage.making import BOT, CHAT, a_message

HOUR = timedelta(hours=1)


async def followed(session: AsyncSession, chat_id: int = CHAT) -> FollowedTopic:
    await chats.seen(session, BOT, chat_id, ChatKind.PRIVATE, now=NOON)
    topic = await topics.follow(session, BOT, chat_id, "bridge", "bridge", now=NOON)
    assert topic is not None
    await topics.alert(session, BOT, chat_id, topic.id, 3, now=NOON, thread_id=7)
    return topic


async def stored(session: AsyncSession, *, backlog: bool = False, dated: bool = True) -> tuple[int, int]:
    """The ids of a new article and of its version."""
    draft = an_article(published=a_moment(NOON) if dated else None)
    kept = await articles.put(session, draft, prepared(draft), now=NOON, backlog=backlog)
    assert kept.article is not None
    [version] = await recent.of_articles(session, [kept.article.id])
    return kept.article.id, version


async def test_topics_alert_where_the_chat_is_awake_and_told_its_time(store: Store) -> None:
    async with store.writing() as session:
        topic = await followed(session)
        assert await alerts.topics(session, BOT) == []
        await chats.set_zone(session, BOT, CHAT, "Europe/Kyiv")
        [asked] = await alerts.topics(session, BOT)
        assert (asked.topic.id, asked.since, asked.thread_id, asked.zone) == (topic.id, NOON, 7, "Europe/Kyiv")
        await topics.alert(session, BOT, CHAT, topic.id, 5, now=NOON + HOUR)
        [asked] = await alerts.topics(session, BOT)
        assert (asked.topic.alerts_an_hour, asked.since) == (5, NOON)
        await chats.set_state(session, BOT, CHAT, ChatState.BLOCKED)
        assert await alerts.topics(session, BOT) == []


async def test_what_arrived_is_dated_and_no_backlog(store: Store) -> None:
    async with store.writing() as session:
        _, version = await stored(session)
        await stored(session, backlog=True)
        await stored(session, dated=False)
        assert await recent.arrived(session, NOON - HOUR, NOON - HOUR) == [version]
        assert await recent.arrived(session, NOON, NOON - HOUR) == []
        assert await recent.arrived(session, NOON - HOUR, NOON) == []


async def test_an_article_is_decided_once_for_a_chat_and_what_never_arrived_was_not_told(store: Store) -> None:
    async with store.writing() as session:
        topic = await followed(session)
        article, version = await stored(session)
        decided = Alert(BOT, CHAT, article, topic.id, version, 1, True, NOON)
        assert await alerts.put(session, decided)
        assert not await alerts.put(session, replace(decided, told=False))
        assert await alerts.of_articles(session, BOT, [article]) == [decided]
        assert await alerts.counted(session, [topic.id, 99], NOON - HOUR) == {topic.id: 1, 99: 0}
        assert await alerts.counted(session, [topic.id], NOON) == {topic.id: 0}
        assert await alerts.confirmed(session, decided, 2)
        assert not await alerts.confirmed(session, decided, 2)
        await outbox.put(session, a_message(alerts.key_of(topic.id, article)), now=NOON)
        assert await alerts.told(session, BOT, [CHAT], now=NOON) == {CHAT: frozenset({article})}
        [owed] = await outbox.claim(session, BOT, now=NOON, limit=1, lease=HOUR, holder="h")
        await outbox.settle_failed(session, owed.id, "refused", now=NOON)
        assert await alerts.told(session, BOT, [CHAT], now=NOON) == {CHAT: frozenset()}
        assert await alerts.forget_older(session, NOON) == 0
        assert await alerts.forget_older(session, NOON + HOUR) == 1


async def test_alerts_go_with_an_upgraded_group(store: Store) -> None:
    async with store.writing() as session:
        topic = await followed(session, -5)
        article, version = await stored(session)
        await alerts.put(session, Alert(BOT, -5, article, topic.id, version, 1, True, NOON))
        await chats.moved(session, BOT, -5, -1005)
        assert await alerts.told(session, BOT, [-5, -1005], now=NOON) == {-5: frozenset(), -1005: {article}}
