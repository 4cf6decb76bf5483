"""10,000 subscriptions on 300 topics that come due at one minute: how long composing them takes, and till the first.

Figures, never a pass or a failure.   python tests/benchmarks/briefings.py [SUBSCRIPTIONS] [TOPICS] [ARTICLES]
"""

import asyncio
import random
import sys
import tempfile
from datetime import UTC, datetime
from os import times
from time import perf_counter, process_time

import sqlalchemy as sa

from bot.composing import Composer
from bot.drafting import Sender
from bot.issuing import Issuing
from bot.newsdesk import Newsdesk
from bot.workers import Workers
from storage.database import open_store
from storage.tables import OutboxRow
from tests.ordering import ordered, printed, words

BOT = 1


async def main(subscriptions: int, topics: int, articles: int) -> None:
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    asked = words(random.Random(3), topics)
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(f"sqlite+aiosqlite:///{folder}/briefing.db")
        await printed(store, asked, articles, now=now)
        await ordered(store, BOT, range(1, subscriptions + 1), asked, due_at=now)
        async with Workers(1) as workers:
            await workers.warm("retrieval.telling")
            first: list[float] = []
            began, spent = perf_counter(), process_time()
            sender = Sender(BOT, "bot", "en", lambda: now, lambda: first.append(perf_counter() - began))
            await Issuing(store, Composer(store, workers, Newsdesk(store)), sender).step()
            took, spent = perf_counter() - began, process_time() - spent
        quoting = times().children_user + times().children_system  # warming it is in this too
        async with store.reading() as session:
            rows = await session.scalar(sa.select(sa.func.count()).select_from(OutboxRow))
        await store.close()
    print(
        f"{subscriptions} subscriptions on {topics} topics, {articles} articles: {rows} messages owed in {took:.1f} s "
        f"({spent:.1f} s of processor time here, {quoting:.1f} s in the worker with its start), "
        f"the first {len(first) and subscriptions // len(first)} after {first[0]:.2f} s"
    )


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    asyncio.run(main(*given, *(10_000, 300, 500)[len(given) :]))
