"""How long one process takes to check many feeds: a stub web of mixed latencies, a host for each feed.

    python tests/benchmarks/feeds.py [FEEDS]

The first round reads every feed and takes in one article of each, the second one is answered by 304. Printed: seconds,
processor seconds of this process and its worker, and the most memory of either.
"""

import asyncio
import random
import resource
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.newsroom import rounds
from bot.newsroom.courtesy import Courtesy
from bot.newsroom.feeds import Newsroom
from bot.newsroom.fetch import Web
from bot.workers import Workers
from storage import feeds
from storage.database import open_store
from tests.retrieval.test_likeness import report
from tests.web import StubWeb, stub_web

LATENCIES = (0.02, 0.1, 0.3, 1.0, 3.0)  # seconds, as often as each other


def serve(web: StubWeb, number: int, chance: random.Random) -> str:
    """A feed of one whole article on a host of its own."""
    host = f"outlet-{number}.example"
    text = report(number, 20)
    body = f"""<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
    <title>Outlet {number}</title><item><title>Report {number}</title><link>http://{host}/{number}</link>
    <content:encoded><![CDATA[<p>{text}</p>]]></content:encoded></item></channel></rss>"""
    web.serves("/feed", body, host=host, etag=f'"{number}"', seconds=chance.choice(LATENCIES))
    return web.at(host, "/feed")


def processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


async def measure(number: int) -> None:
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(f"sqlite+aiosqlite:///{folder}/briefing.db")
        try:
            async with stub_web() as stub, Web(private=True, resolve=stub.resolve) as web, Workers(1) as workers:
                newsroom = Newsroom(store, workers, Courtesy(web, now), now, timedelta(minutes=15))
                async with store.writing() as session:
                    listed = [
                        (await feeds.add(session, serve(stub, each, chance), now=now()))[0] for each in range(number)
                    ]
                for name in ("read", "not modified"):
                    began, used = perf_counter(), processor_seconds()
                    done = [each async for each in rounds.each(newsroom, listed)]
                    print(
                        f"{name}: {number} feeds in {perf_counter() - began:.1f} s, "
                        f"{processor_seconds() - used:.1f} s of this process, {sum(each.added for each in done)} "
                        f"articles, {sum(each.error is not None for each in done)} failed"
                    )
                    async with store.reading() as session:
                        listed = [feed for feed, _ in await feeds.listing(session)]
        finally:
            await store.close()
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"most memory of a process: {most // 1024} MB")


def now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
