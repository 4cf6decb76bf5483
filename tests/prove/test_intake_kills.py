"""The newsroom is killed again and again while it takes feeds in: no article half stored, none twice, none lost.

A process that is ready forks one for each round, so that a kill falls into intake and not into imports. Each round's
clock begins after the leases of the one before.
"""

import asyncio
import os
import random
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import feeds, passages
from storage.database import Store
from storage.tables import ArticleRow, EntryRow, LookRow, PassageRow, VersionRow
from tests.bot.newsroom.test_entries import rss
from tests.bot.newsroom.test_feeds import item
from tests.bot.newsroom.test_pages import a_page
from tests.build import NOON
from tests.storage.test_articles import indexed
from tests.waiting import until
from tests.web import StubWeb, stub_web

pytestmark = pytest.mark.prove

KILLS = 50
FEEDS, ENTRIES = 8, 25  # of each feed's entries every fifth is a teaser, whose page is fetched
ARTICLES_A_ROUND = 6  # at most: then it is killed, within so many seconds
SECONDS_MAX = 0.06
EARLY, EARLY_SECONDS_MAX = 0.2, 0.6  # a share of the rounds ends by the clock, whatever is stored
LAST_SECONDS = 60.0

NEWSROOM = """
import asyncio, os, sys
from datetime import datetime, timedelta
import retrieval.attribution, trafilatura, feedparser
from bot import logs
from bot.newsroom import pages, rounds
from bot.newsroom.courtesy import Courtesy
from bot.newsroom.feeds import LEASE, Newsroom
from bot.newsroom.fetch import Web
from bot.newsroom.preparation import prepared
from bot.workers import Workers
from retrieval.model import Draft
from storage.database import open_store

async def here(host, port):
    return ["127.0.0.1"]

async def keep_up(url, round):
    now = datetime.fromisoformat(sys.argv[2]) + round * (LEASE + timedelta(minutes=1))
    store = await open_store(url)
    async with Web(private=True, resolve=here) as web, Workers(0) as workers:
        courtesy = Courtesy(web, lambda: now, pause=0)
        await rounds.keep_up(Newsroom(store, workers, courtesy, lambda: now, timedelta(minutes=15)))

logs.configure("ERROR")
prepared(Draft("The gate of Velm failed at dusk, the harbour master said on Monday."))
for round, line in enumerate(sys.stdin):
    child = os.fork()
    if child == 0:
        asyncio.run(keep_up(sys.argv[1], round))
        os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
"""


@asynccontextmanager
async def forking(url: str) -> AsyncIterator[Process]:
    """The process that forks a newsroom for each line it is told."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", NEWSROOM, url, NOON.isoformat(), stdin=PIPE, stdout=PIPE, cwd=Path.cwd()
    )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def begun(process: Process) -> int:
    """The process id of a newsroom that begins now."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"go\n")
    return int(await process.stdout.readline())


def text(feed: int, entry: int) -> str:
    lines = [f"Inspector {feed}-{entry}-{n} looked at gate {n * entry} of quarter {feed} at noon." for n in range(14)]
    return " ".join(lines)


def serve(site: StubWeb) -> list[str]:
    """The feeds, and the addresses of the articles that must be there at the end."""
    expected = []
    for feed in range(FEEDS):
        host, items = f"outlet-{feed}.example", []
        for entry in range(ENTRIES):
            number = feed * 100 + entry
            teaser = entry % 5 == 0
            items.append(item(number, "" if teaser else f"<p>{text(feed, entry)}</p>"))
            site.serves(f"/story/{number}", a_page(body=f"<p>{text(feed, entry)}</p>"), host=host)
            expected.append(site.at(host, f"/story/{number}"))
        site.serves("/feed", rss("".join(items)), host=host, kind="application/rss+xml", etag=f'"{feed}"')
    return expected


async def test_fifty_kills_during_intake_lose_nothing_and_store_nothing_twice(
    sqlite_store: Store, sqlite_url: str
) -> None:
    draw, counts = random.Random(7), []
    async with stub_web() as site, forking(sqlite_url) as process:
        expected = serve(site)
        async with sqlite_store.writing() as session:
            for feed in range(FEEDS):
                await feeds.add(session, site.at(f"outlet-{feed}.example", "/feed"), now=NOON)
        for _ in range(KILLS):
            newsroom = await begun(process)
            await lived(sqlite_store, draw)
            os.kill(newsroom, signal.SIGKILL)
            counts.append(await stored_whole(sqlite_store))
        last = await begun(process)
        await until(lambda: all_read(sqlite_store), LAST_SECONDS)
        os.kill(last, signal.SIGKILL)
    amid = sum(0 < count < len(expected) for count in counts)
    print(f"{KILLS} kills, {amid} of them with the corpus partly stored; articles after each: {counts}")
    assert amid >= KILLS // 2
    await exactly(sqlite_store, expected)


async def lived(store: Store, draw: random.Random) -> None:
    """Returns when a newsroom has stored a few articles, and at any moment of storing the next."""
    if draw.random() < EARLY:
        await asyncio.sleep(draw.uniform(0.0, EARLY_SECONDS_MAX))
        return
    more = await stored(store) + draw.randint(1, ARTICLES_A_ROUND)
    await until(lambda: holds(store, more), LAST_SECONDS)
    await asyncio.sleep(draw.uniform(0.0, SECONDS_MAX))


async def holds(store: Store, articles: int) -> bool:
    return await stored(store) >= articles or await all_read(store)


async def stored(store: Store) -> int:
    async with store.reading() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(ArticleRow)) or 0


async def stored_whole(store: Store) -> int:
    """How many articles are stored; each of them whole, with its entry."""
    async with store.reading() as session:
        half = sa.select(ArticleRow.id).where(~sa.exists().where(VersionRow.article_id == ArticleRow.id))
        bare = sa.select(VersionRow.id).where(~sa.exists().where(PassageRow.version_id == VersionRow.id))
        unnamed = sa.select(ArticleRow.id).where(~sa.exists().where(EntryRow.article_id == ArticleRow.id))
        unplanned = sa.select(ArticleRow.id).where(~sa.exists().where(LookRow.article_id == ArticleRow.id))
        for lacking in (half, bare, unnamed, unplanned):
            assert list(await session.scalars(lacking)) == []
        assert await indexed(session) == await passages.within(session)
    return await stored(store)


async def all_read(store: Store) -> bool:
    async with store.reading() as session:
        return all(feed.etag and feed.last_success_at for feed, _ in await feeds.listing(session))


async def exactly(store: Store, expected: list[str]) -> None:
    """Every article that the feeds carry, once, in one version, and its entry is settled."""
    await stored_whole(store)
    async with store.reading() as session:
        assert sorted(map(str, await session.scalars(sa.select(ArticleRow.url)))) == sorted(expected)
        assert set(await session.scalars(sa.select(ArticleRow.newest_version))) == {1}
        texts = list(await session.scalars(sa.select(VersionRow.text)))
        assert sorted(texts) == sorted(text(feed, entry) for feed in range(FEEDS) for entry in range(ENTRIES))
        entries = list(await session.execute(sa.select(EntryRow.article_id, EntryRow.digest)))
        assert len({article for article, _ in entries}) == len(entries) == len(expected)
        assert all(digest for _, digest in entries)
