"""What operators are told unasked: once a day what only they can mend, at once what cannot wait."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.drafting import Sender
from bot.localchat import LocalServer
from bot.reporting import FREE_BYTES_MIN, Reporting
from storage import feeds, outbox
from storage.database import Store
from storage.tables import FeedRow, OutboxRow
from tests.flows.conftest import settings_for
from tests.storage.making import BOT, a_message

OPERATORS = (301, 302)
MORNING = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
GIGABYTE = 1_000_000_000


class Bureau:
    """A report that can be made at any moment, with as much free space as a test says."""

    def __init__(self, store: Store, server: LocalServer, folder: Path) -> None:
        self.store, self.now, self.free = store, MORNING, 50 * GIGABYTE
        self._settings = settings_for(server, folder, admin_ids=OPERATORS, default_timezone="UTC")
        self.began(MORNING - timedelta(days=1))

    def began(self, moment: datetime) -> None:
        """The process that reports was started at this moment."""
        self.now = moment
        sender = Sender(BOT, "velm_bot", "en", lambda: self.now, lambda: None)
        self.reporting = Reporting(self.store, self._settings, sender, free=lambda _: self.free)

    async def told(self, prefix: str = "report") -> list[str]:
        """What each message to the first operator says, after a look at this moment."""
        await self.reporting.step()
        async with self.store.reading() as session:
            rows = list(await session.scalars(sa.select(OutboxRow).order_by(OutboxRow.id)))
        assert {row.chat_id for row in rows if row.key.startswith(prefix)} <= set(OPERATORS)
        return [row.plain for row in rows if row.key.startswith(prefix) and row.chat_id == OPERATORS[0]]


@pytest.fixture
def bureau(sqlite_store: Store, server: LocalServer, tmp_path: Path) -> Bureau:
    return Bureau(sqlite_store, server, tmp_path)


async def a_feed(bureau: Bureau, name: str, **state: object) -> None:
    async with bureau.store.writing() as session:
        added = bureau.now - timedelta(days=30)
        feed, _ = await feeds.add(session, f"https://{name}.example/feed", title=name, now=added)
        await session.execute(sa.update(FeedRow).where(FeedRow.id == feed.id).values(**state))


async def test_a_good_day_is_not_told(bureau: Bureau) -> None:
    await a_feed(bureau, "Post", next_check_at=bureau.now, last_success_at=bureau.now, last_entry_at=bureau.now)
    assert await bureau.told("") == []


async def test_one_message_a_day_names_all_that_is_wrong(bureau: Bureau) -> None:
    soon, before = bureau.now + timedelta(hours=1), bureau.now - timedelta(days=8)
    await a_feed(bureau, "Post", next_check_at=soon, last_success_at=bureau.now, last_entry_at=bureau.now)
    await a_feed(bureau, "Radio", next_check_at=soon, last_success_at=bureau.now, last_entry_at=before)
    await a_feed(bureau, "Wire", next_check_at=soon, last_success_at=before, last_entry_at=before)
    await a_feed(bureau, "Coast", state="gone", last_success_at=bureau.now, last_entry_at=bureau.now)
    async with bureau.store.writing() as session:
        await outbox.put(session, a_message("one"), a_message("two"), now=bureau.now)
        one, two = [await outbox.find(session, key) for key in ("one", "two")]
        assert one is not None
        assert two is not None
        await outbox.settle_failed(session, one.id, "too long", now=bureau.now)
        await outbox.settle_sent(session, two.id, 7, now=bureau.now, note="buttons left out")
    bureau.free = FREE_BYTES_MIN - 1
    (told,) = await bureau.told()
    assert told.splitlines() == [
        "6 things for the operators today:",
        "• Gone for ever, says its server, and read no more: 1 of 4 feeds (Coast).",
        "• Not read for 7 days: 1 of 4 feeds (Wire). /feeds says why.",
        "• No article for 7 days from 1 of 4 feeds (Radio).",
        "• The disk has 499 MB left.",
        "• Refused by Telegram and not sent: 1 message.",
        "• Refused by Telegram and sent plainer: 1 message.",
    ]
    bureau.now += timedelta(hours=9)
    assert len(await bureau.told()) == 1
    bureau.now += timedelta(days=1)
    assert len(await bureau.told()) == 2


async def test_a_filling_disk_is_told_in_days(bureau: Bureau) -> None:
    assert await bureau.told() == []
    bureau.now += timedelta(days=1)
    bureau.free -= 10 * GIGABYTE
    (told,) = await bureau.told()
    assert told.splitlines()[1:] == ["• The disk is full in about 4 days, if it goes on filling as it did."]
    bureau.now += timedelta(days=1)
    bureau.free += 20 * GIGABYTE
    assert len(await bureau.told()) == 1


async def test_the_night_waits_for_the_morning(bureau: Bureau) -> None:
    bureau.free, bureau.now = 0, MORNING.replace(hour=7, minute=59)
    assert await bureau.told() == []
    bureau.now = MORNING.replace(hour=8)
    assert len(await bureau.told()) == 1


async def test_what_cannot_wait_is_told_at_once_and_not_every_minute(bureau: Bureau) -> None:
    bureau.now = MORNING.replace(hour=3)
    await a_feed(bureau, "Post", next_check_at=bureau.now - timedelta(minutes=29))
    async with bureau.store.writing() as session:
        await outbox.put(session, a_message("answer"), now=bureau.now - timedelta(minutes=9))
    assert await bureau.told("urgent") == []
    bureau.now += timedelta(minutes=2)
    stopped, late = await bureau.told("urgent")
    assert stopped.startswith("Feeds are due, and none has been checked since 22 Nov 2026, 03:01")
    assert late.startswith("Messages wait to be sent: the oldest since 22 Nov 2026, 03:21")
    bureau.now += timedelta(hours=1)
    assert len(await bureau.told("urgent")) == 2
    bureau.now += timedelta(hours=6)
    assert len(await bureau.told("urgent")) == 4


async def test_what_waited_while_nothing_ran_is_no_alarm(
    sqlite_store: Store, server: LocalServer, tmp_path: Path
) -> None:
    bureau = Bureau(sqlite_store, server, tmp_path)
    bureau.began(MORNING)
    await a_feed(bureau, "Post", next_check_at=MORNING - timedelta(hours=9))
    async with bureau.store.writing() as session:
        await outbox.put(session, a_message("answer"), now=MORNING - timedelta(hours=9))
    bureau.now += timedelta(minutes=9)
    assert await bureau.told("urgent") == []


async def test_a_feed_that_waits_its_turn_is_no_alarm_while_others_are_checked(bureau: Bureau) -> None:
    await a_feed(bureau, "Post", next_check_at=bureau.now - timedelta(hours=2))
    await a_feed(bureau, "Wire", next_check_at=bureau.now, last_checked_at=bureau.now - timedelta(minutes=5))
    assert await bureau.told("urgent") == []
