"""Editions that are due are owed once, whoever looks, in one transaction with the next moment: on both databases."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.composing import Composer
from bot.drafting import Sender
from bot.issuing import Issuing, planned
from bot.newsdesk import Newsdesk
from bot.workers import Workers
from storage import chats, subscriptions
from storage.database import Store, open_store
from storage.tables import EditionRow, OutboxRow
from storage.values import ChatKind, Subscription
from tests.ordering import ordered, printed, words

BOT = 1
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CHATS = 120


async def issue(store: Store, now: datetime = NOW) -> None:
    async with Workers(0) as workers:
        composer = Composer(store, workers, Newsdesk(store))
        await Issuing(store, composer, Sender(BOT, "bot", "en", lambda: now, lambda: None)).step()


async def test_two_that_issue_at_once_owe_every_edition_once(database_url: str) -> None:
    first, second = await open_store(database_url), await open_store(database_url)
    topics = words(random.Random(3), 10)
    await printed(first, topics, 10, now=NOW)
    await ordered(first, BOT, range(1, CHATS + 1), topics, due_at=NOW)
    await asyncio.gather(issue(first), issue(second))
    async with first.reading() as session:
        owed = list(await session.scalars(sa.select(OutboxRow.key)))
        editions = await session.scalar(sa.select(sa.func.count()).select_from(EditionRow))
        still = await subscriptions.due(session, BOT, now=NOW, limit=CHATS)
        following = await subscriptions.next_moment(session, BOT)
    assert len(owed) == len(set(owed)) == editions == CHATS
    assert (still, following) == ([], NOW + timedelta(days=1))
    await first.close()
    await second.close()


async def test_what_was_changed_meanwhile_is_left_to_the_next_look(database_url: str) -> None:
    store = await open_store(database_url)
    async with store.writing() as session:
        await chats.seen(session, BOT, 1, ChatKind.PRIVATE, now=NOW)
    await ordered(store, BOT, [2], ["bridge"], due_at=NOW, a_chat=1)
    async with store.reading() as session:
        [due] = await subscriptions.due(session, BOT, now=NOW, limit=9)
    async with store.writing() as session:
        await subscriptions.pause(session, due.id, until=None, next_due_at=None)
        assert await subscriptions.claim_due(session, BOT, now=NOW, limit=9, among=[due.id]) == []
    await issue(store)
    async with store.reading() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(OutboxRow)) == 0
    await store.close()


def a_subscription(due: datetime) -> Subscription:
    return Subscription(1, BOT, 2, None, due.time(), "UTC", 127, (), due, False, None, due)


def test_the_newest_edition_is_sent_and_those_before_are_skipped() -> None:
    due = NOW - timedelta(days=3, hours=2)
    plan = planned(a_subscription(due), NOW)
    assert (plan.day.isoformat(), plan.expired) == ("2026-11-22", False)
    assert [day.isoformat() for day in plan.missed] == ["2026-11-19", "2026-11-20", "2026-11-21"]
    assert plan.next_due_at == due + timedelta(days=4)


def test_an_edition_whose_day_is_over_is_missed_too() -> None:
    due = NOW - timedelta(hours=13)
    plan = planned(a_subscription(due), NOW)
    assert plan.expired
    assert [day.isoformat() for day in plan.missed] == ["2026-11-21"]
