"""How long one process takes to check many feeds: a stub web of mixed latencies, a host for each feed.

The web is a process of its own; the newsroom is this one and its one worker, as in `run`. Each feed lists twenty
entries of which nineteen are known, as feeds do from day to day. Rounds: each feed has a new article, whole in the
feed; each is answered by 304; each is sent whole again, with nothing new. Figures, never a pass or a failure.

    python -m tests.benchmarks.feeds [FEEDS] [--cores N]
"""

import argparse
import asyncio
import multiprocessing
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from time import perf_counter

import httpx
import uvloop

from bot.app import NEWSROOM_NICENESS, NEWSROOM_PROCESSES
from bot.newsroom import entries, rounds
from bot.newsroom.courtesy import Courtesy
from bot.newsroom.feeds import Checked, Newsroom
from bot.newsroom.fetch import Web
from bot.workers import Workers
from storage import feeds
from storage.database import open_store
from storage.values import Feed
from tests.benchmarks import processes
from tests.benchmarks.answering import PASSAGES_AN_ARTICLE, Words, articles
from tests.web import Reply, Request, stub_web

FEEDS, ENTRIES = 500, 20
LATENCIES = (0.02, 0.1, 0.3, 1.0, 3.0)  # seconds, as often as each other
ROUNDS = {
    "a new article in each": "/unconditional",
    "answered by 304": "/conditional",
    "sent whole again": "/unconditional",
}
TOLD_EVERY = 100  # feeds


# ── the web ──────────────────────────────────────────────────────────────────────────────────────


def items(number: int) -> Iterator[list[str]]:
    """The entries of each feed as RSS, the newest first; the older ones, which nobody takes in, are all feeds'."""
    made = articles(Words(random.Random(1)), (number + ENTRIES) * PASSAGES_AN_ARTICLE)
    older = [item(next(made)) for _ in range(ENTRIES - 1)]
    return ([item(each), *older] for each in made)


def item(article: dict[str, str]) -> str:
    link, text = f"http://outlet.example/{article['id']}", f"<p>{article['text']}</p>"
    body = f"<content:encoded><![CDATA[{text}]]></content:encoded>"
    return f"<item><title>{article['headline']}</title><link>{link}</link>{body}</item>"


def feed(name: str, listed: list[str]) -> bytes:
    channel = f"<channel><title>{name}</title>{''.join(listed)}</channel>"
    return f'<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">{channel}</rss>'.encode()


def host(number: int) -> str:
    return f"outlet-{number}.example"


def serve(number: int, told: Connection) -> None:
    """The stub web, until its process is ended; `told` gets its port."""
    chance = random.Random(1)
    listed = dict(zip(map(host, range(number)), items(number), strict=False))
    latency = {each: chance.choice(LATENCIES) for each in listed}
    conditional = [False]

    def answer(request: Request) -> Reply:
        head = {"etag": '"1"', "content-type": "application/rss+xml"}
        if conditional[0] and request.headers.get("if-none-match") == '"1"':
            return Reply(304, head, seconds=latency[request.host])
        return whole(feed(request.host, listed[request.host]), head, latency[request.host])

    def switch(to: bool) -> Reply:
        conditional[0] = to
        return whole(b"", {}, 0.0)

    async def live() -> None:
        async with stub_web() as web:
            web.answers("/feed", answer)
            web.answers("/known", lambda request: whole(feed(request.host, listed[request.host][1:]), {}, 0.0))
            web.answers("/conditional", lambda _: switch(True))
            web.answers("/unconditional", lambda _: switch(False))
            told.send(web.port)
            await asyncio.Event().wait()

    asyncio.run(live())


def whole(content: bytes, head: dict[str, str], seconds: float) -> Reply:
    return Reply(200, {**head, "content-length": str(len(content))}, [content], seconds=seconds)


async def on_loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


# ── the newsroom ─────────────────────────────────────────────────────────────────────────────────


async def known(newsroom: Newsroom, number: int, port: int) -> list[Feed]:
    """The feeds, all entries but the newest of each known."""
    listed = []
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        for each in range(number):
            found = await client.get("/known", headers={"host": host(each)})
            url = f"http://{host(each)}:{port}/feed"
            content = await newsroom.workers.run(entries.read, found.content, url, "", now())
            async with newsroom.store.writing() as session:
                feed, _ = await feeds.add(session, url, now=now())
                for entry in content.entries:
                    await feeds.settle_entry(session, feed.id, entry.key, digest=entry.digest, now=now())
            listed.append(feed)
    return listed


async def measure(number: int, port: int, web_pid: int) -> None:
    with tempfile.TemporaryDirectory(prefix="briefing-bot-feeds-") as folder:
        store = await open_store(f"sqlite+aiosqlite:///{folder}/briefing.db")
        async with (
            Web(private=True, resolve=on_loopback) as web,
            Workers(NEWSROOM_PROCESSES, niceness=NEWSROOM_NICENESS) as workers,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as switch,
        ):
            newsroom = Newsroom(store, workers, Courtesy(web, now), now, timedelta(minutes=15))
            print(f"making {number} feeds, {ENTRIES - 1} entries of each known ...", file=sys.stderr)
            listed = await known(newsroom, number, port)
            print(f"| {number} feeds | seconds | processor seconds | articles | failed | memory (PSS) |")
            print("|---|--:|--:|--:|--:|--:|", flush=True)
            for name, path in ROUNDS.items():
                await switch.get(path)
                print(await checked(newsroom, listed, name, but=web_pid), flush=True)
                async with store.reading() as session:
                    listed = [feed for feed, _ in await feeds.listing(session)]
        await store.close()


async def checked(newsroom: Newsroom, listed: list[Feed], name: str, *, but: int) -> str:
    """A row of the table: what checking all of them cost."""
    began, before, done = perf_counter(), processes.processor_seconds(but=but), list[Checked]()
    async for each in rounds.each(newsroom, listed):
        done.append(each)
        if len(done) % TOLD_EVERY == 0:
            print(f"{name}: {len(done)} of {len(listed)} after {perf_counter() - began:.0f} s", file=sys.stderr)
    seconds, used = perf_counter() - began, processes.processor_seconds(but=but) - before
    articles, failed = sum(each.added for each in done), sum(each.error is not None for each in done)
    held = processes.memory(but=but).pss // processes.MEGABYTE
    return f"| {name} | {seconds:.1f} | {used:.1f} | {articles} | {failed} | {held} MB |"


def now() -> datetime:
    return datetime.now(UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("feeds", type=int, nargs="?", default=FEEDS)
    parser.add_argument("--cores", type=int, default=1, help="processors the newsroom may use; the web has all")
    given = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    web = spawn.Process(target=serve, args=(given.feeds, theirs), daemon=True)
    web.start()
    try:
        port = ours.recv()
        processes.pin(given.cores)
        uvloop.run(measure(given.feeds, port, web.pid or 0))
    finally:
        web.terminate()
        web.join()


if __name__ == "__main__":
    main()
