"""Seven days of real news replayed by a virtual clock: the editions of three topics, printed to be read in full.

`BRIEFING_DATA` names the folder (../shared/data otherwise). Nothing of that news is held here: the week is the one
with most dated articles. What must never happen fails: an article or a quote told twice.
"""

import asyncio
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.composing import Composer, Digest, Order, followed, window
from bot.messages import digest as digests
from bot.messages.digest import Issue
from bot.messages.phrases import spoken
from bot.messages.view import View
from bot.newsdesk import Newsdesk
from bot.newsroom.drafts import published
from bot.timetable import EVERY_DAY, Due, next_due
from bot.workers import Workers
from retrieval.model import Draft
from storage import articles
from storage.database import Store, open_store
from tests.build import prepared
from tests.quality.corpus import BRIEFING_DATA, rows

TOPICS = (
    ("Football", "football | soccer | NFL"),
    ("Technology", "OpenAI | Google antitrust | artificial intelligence"),
    ("Courts", "trial jury | fraud trial | lawsuit court"),
)
ZONE, HOUR, DAYS = ZoneInfo("Europe/Kyiv"), time(7), 7

pytestmark = pytest.mark.quality


async def test_a_week_of_briefings(tmp_path: Path) -> None:
    folder = BRIEFING_DATA / "news"
    if not folder.is_dir():
        pytest.skip("no folder of news to replay; name one with BRIEFING_DATA")
    dated = [row for row in rows(folder / "articles.jsonl") if row.get("published_at")]
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path}/briefing.db")
    dues = _dues(_busiest(dated))
    first, last = dues[0].moment - timedelta(days=3), dues[-1].moment
    await _published(store, [row for row in dated if first <= _moment(row) <= last])
    editions = await _editions(store, dues)
    told, quotes = Counter[int](), Counter[str]()
    for digest in editions:
        told.update(digest.articles)
        quotes.update(quote.text for story in digest.stories for quote in story.quotes)
    stories = sum(len(each.stories) for each in editions)
    print(f"\n{len(editions)} editions, {stories} stories by {len(told)} articles, {len(quotes)} quotes")
    assert max(told.values(), default=1) == 1
    assert max(quotes.values(), default=1) == 1
    await store.close()


def _moment(row: dict[str, Any]) -> datetime:
    return published(row["published_at"]).moment


def _busiest(dated: list[dict[str, Any]]) -> datetime:
    """The first day of the week with most articles."""
    days = Counter(_moment(row).date() for row in dated)
    week = max(days, key=lambda day: sum(days[day + timedelta(days=n)] for n in range(DAYS)))
    return datetime.combine(week, time(), UTC)


def _dues(start: datetime) -> list[Due]:
    dues: list[Due] = []
    after = start
    for _ in range(DAYS):
        due = next_due(HOUR, ZONE, EVERY_DAY, after)
        assert due is not None
        dues.append(due)
        after = due.moment
    return dues


async def _published(store: Store, listed: list[dict[str, Any]]) -> None:
    """Each article as if it had come in when it was printed."""
    for n, row in zip(count(1), sorted(listed, key=_moment), strict=False):
        draft = Draft(
            row["text"],
            external_id=row.get("id", str(n)),
            url=row.get("url"),
            outlet=row.get("outlet"),
            headline=row.get("headline"),
            published=published(row["published_at"]),
            language=row.get("language"),
        )
        ready = await asyncio.to_thread(prepared, draft)
        async with store.writing() as session:
            await articles.put(session, draft, ready, now=_moment(row))


async def _editions(store: Store, dues: list[Due]) -> list[Digest]:
    """The editions of the week, printed as a chat would see them."""
    told, until, found = frozenset[int](), None, list[Digest]()
    async with Workers(0) as workers:
        composer = Composer(store, workers, Newsdesk(store))
        for due, following in zip(dues, [*dues[1:], None], strict=True):
            order = Order(followed(TOPICS), window(until, due.moment), due.moment, told)
            [digest] = await composer.compose([order])
            view = View(spoken("en"), due.moment, "briefing_bot", ZONE)
            issue = Issue(ZONE, due.moment, following.moment if following else None)
            for message in digests.render(digest, issue, view):
                print(f"\n{'─' * 80}\n{message.markup.text}")
            told, until = told | frozenset(digest.articles), due.moment
            found.append(digest)
    return found
