"""Thousands of chats with subscriptions due at one moment, on hundreds of topics; and articles that these match."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from retrieval.model import Draft
from storage import articles
from storage.database import Store
from storage.tables import ChatRow, SubscriptionRow, TopicRow
from tests.build import a_moment, an_article, prepared

HOUR = timedelta(hours=1)
ROWS = 1_000
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "en", "il", "or", "un")]


def words(draw: random.Random, many: int) -> list[str]:
    """Invented words."""
    return ["".join(draw.choices(SYLLABLES, k=3)) for _ in range(many)]


async def printed(store: Store, topics: Sequence[str], many: int, *, now: datetime, seed: int = 5) -> list[int]:
    """So many articles of the hours before now, each about one of the topics and quoting somebody."""
    draw, numbers, ids = random.Random(seed), count(1), []
    async with store.writing() as session:
        for n in range(many):
            draft = _article(draw, topics[n % len(topics)], next(numbers), now)
            stored = await articles.put(session, draft, prepared(draft), now=now - HOUR)
            assert stored.article is not None
            ids.append(stored.article.id)
    return ids


def _article(draw: random.Random, topic: str, n: int, now: datetime) -> Draft:
    matter = words(draw, 40)
    text = (
        f"The {topic} {' '.join(matter[:12])}. “We saw the {topic} and {' '.join(matter[12:20])},” said Mira Dahl, "
        f"the mayor. Then {' '.join(matter[20:30])}. “Nothing about {' '.join(matter[30:])} is new,” said Tomas Reyle."
    )
    published = a_moment((now - draw.uniform(1, 20) * HOUR).replace(microsecond=0))
    return an_article(
        text, headline=f"{topic} {matter[0]}".capitalize(), outlet=f"Outlet {n % 40}", published=published
    )


async def ordered(
    store: Store,
    bot_id: int,
    chat_ids: Sequence[int],
    topics: Sequence[str],
    *,
    due_at: datetime,
    zone: str = "UTC",
    seed: int = 7,
    a_chat: int = 2,
) -> None:
    """A subscription due then by the zone's clock for each chat, on `a_chat` of the topics."""
    draw = random.Random(seed)
    hour, moment = f"{due_at.astimezone(ZoneInfo(zone)):%H:%M}", due_at - timedelta(days=1)
    chats: list[dict[str, object]] = [
        {
            "bot_id": bot_id,
            "id": id_,
            "kind": "private" if id_ > 0 else "group",
            "state": "active",
            "zone": zone,
            "preferences": {},
            "first_seen_at": moment,
        }
        for id_ in chat_ids
    ]
    followed = [
        {"bot_id": bot_id, "chat_id": id_, "name": topic, "words": topic, "alerts_an_hour": 0, "created_at": moment}
        for id_ in chat_ids
        for topic in draw.sample(topics, a_chat)
    ]
    orders = [
        {
            "bot_id": bot_id,
            "chat_id": id_,
            "local_time": hour,
            "zone": zone,
            "weekdays": 127,
            "topics": [],
            "next_due_at": due_at,
            "paused": False,
            "created_at": moment,
        }
        for id_ in chat_ids
    ]
    async with store.writing() as session:
        for row, values in ((ChatRow, chats), (TopicRow, followed), (SubscriptionRow, orders)):
            for at in range(0, len(values), ROWS):
                await session.execute(sa.insert(row), values[at : at + ROWS])
