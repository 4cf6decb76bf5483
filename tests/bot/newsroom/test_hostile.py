"""What the world sends at its worst: none a crash, a hang or a lost neighbour, over a real HTTP server.

What each comes to by itself is told beside its reader: `test_fetch`, `test_entries`, `test_pages`, `test_files`.
"""

import gzip
from collections.abc import Iterable

from bot.newsroom import rounds
from bot.newsroom.feeds import Newsroom
from storage import feeds
from tests.bot.newsroom import test_feeds
from tests.bot.newsroom.test_entries import rss
from tests.bot.newsroom.test_feeds import BODY, HOST, item, stored, whole
from tests.bot.newsroom.test_pages import a_page
from tests.web import Reply, StubWeb

clock, newsroom, site = test_feeds.clock, test_feeds.newsroom, test_feeds.site
MEGABYTE = 1_000_000


def endless() -> Iterable[bytes]:
    while True:
        yield b"<item>" * 10_000


HOSTILE_ITEMS = {
    "NUL": item(2, BODY.replace("a", "\0")),
    "a lone surrogate": item(3, f"<p>&#xD800;</p>{BODY}"),
    "right-to-left overrides": item(4, BODY.replace(" ", "\u202e ", 9), title="gnp.\u202egate"),
    "deep nesting": item(5, "<div>" * 5_000 + BODY),
    "a date in the year 9999": item(6, BODY.replace("e", "é")).replace("17 Nov 2026", "31 Dec 9999"),
    "a single long line": item(7, "<p>" + "x" * 1_100_000 + "</p>"),
    "markup never closed": item(8, f"<script>{BODY}<!--"),
    "a page that nests deep": item(9),
    "a page that is a picture": item(10),
    "a page packed as a bomb": item(11),
}


async def test_hostile_entries_and_pages_lose_no_neighbour(newsroom: Newsroom, site: StubWeb) -> None:
    site.serves("/feed", rss(whole(1) + "".join(HOSTILE_ITEMS.values()) + whole(12) + item(13)))
    site.serves("/story/9", f"<html><body>{'<div>' * 20_000}{BODY}")
    site.serves("/story/10", b"\x89PNG\r\n\x1a\n\0\0", kind="image/png")
    site.serves("/story/11", gzip.compress(bytes(30 * MEGABYTE), 9), content_encoding="gzip")
    site.serves("/story/13", a_page())
    result = await test_feeds.checked(newsroom, await test_feeds.added(newsroom, site))
    assert result.error is None
    headlines = {version.headline for version in await stored(newsroom)}
    assert {"Story 1", "Story 12"} <= headlines
    assert any(version.text for version in await stored(newsroom) if version.headline not in {"Story 1", "Story 12"})
    assert all("\0" not in version.text for version in await stored(newsroom))
    assert all(version.published is None or version.published.moment.year < 9999 for version in await stored(newsroom))


async def test_hostile_feeds_lose_no_neighbour(newsroom: Newsroom, site: StubWeb) -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 10}">' for n in range(9))
    site.serves("/bomb", gzip.compress(bytes(30 * MEGABYTE), 9), content_encoding="gzip")
    site.answers("/endless", lambda _: Reply(200, {"content-type": "application/rss+xml"}, endless()))
    site.serves("/entities", rss(item(1)).replace("?>", f"?><!DOCTYPE r [{levels}]>", 1).replace("Story 1", "&l8;"))
    site.serves("/deep", rss("<item>" + "<a>" * 2_000))
    site.serves("/charset", rss(whole(2)).encode("utf-16"), kind="application/rss+xml; charset=no-such-charset")
    site.serves("/picture", b"\x89PNG\r\n\x1a\n\0\0", kind="image/png")
    site.serves("/zeros", bytes(100_000), kind="application/rss+xml")
    site.serves("/line", b"x" * 50 * MEGABYTE, kind="application/rss+xml")
    site.serves("/good", rss(whole(3)), kind="application/octet-stream")
    paths = ("/bomb", "/endless", "/entities", "/deep", "/charset", "/picture", "/zeros", "/line", "/good")
    async with newsroom.store.writing() as session:
        listed = [
            (await feeds.add(session, site.at(f"{HOST}.{at}", path), now=newsroom.clock()))[0]
            for at, path in enumerate(paths)
        ]
    done = {each.feed.url.rpartition("/")[2]: each async for each in rounds.each(newsroom, listed)}
    assert len(done) == len(paths)
    assert not any("defect" in (each.error or "") for each in done.values())
    assert "Story 3" in {version.headline for version in await stored(newsroom)}
    for name, why in {
        "bomb": "10 MB",
        "endless": "10 MB",
        "line": "10 MB",
        "picture": "no feed",
        "zeros": "no feed",
    }.items():
        assert why in (done[name].error or ""), name
