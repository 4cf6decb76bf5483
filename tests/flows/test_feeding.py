"""Feeds and articles added in the chat, over a real HTTP server; and nothing fetched for anybody else."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from storage import feeds
from tests.bot.newsroom.test_entries import LONG, rss
from tests.bot.newsroom.test_pages import a_page
from tests.flows.conftest import Newsroom, Reader
from tests.flows.test_commands import an_operator
from tests.waiting import until
from tests.web import StubWeb, stub_web

ITEM = f"<item><title>Bridge closed</title><link>/1</link><content:encoded><![CDATA[{LONG}]]></content:encoded></item>"


@pytest.fixture
def options() -> dict[str, Any]:
    return {"allow_private_addresses": True}


@pytest.fixture
async def site() -> AsyncIterator[StubWeb]:
    async with stub_web() as site:
        site.serves("/feed", rss(ITEM), kind="application/rss+xml")
        head = '<link rel="alternate" type="application/rss+xml" href="/feed">'
        site.serves("/", a_page(head))
        site.serves("/bridge", a_page(head))
        yield site


async def test_an_operator_adds_a_feed_and_an_article_by_address(
    reader: Reader, newsroom: Newsroom, site: StubWeb
) -> None:
    await an_operator(reader, newsroom)
    await reader.says(f"/add {site.url}")
    assert reader.sees("Feed added: Velm Post, 1 entry.")
    await reader.says(f"/add {site.url}/feed")
    assert reader.sees("I read this feed already: Velm Post")
    await reader.says(f"/add {site.url}/bridge")
    assert reader.sees("Stored: “Bridge closed in Velm”.")
    await reader.says(f"/add {site.url}/missing")
    assert reader.sees("Nothing added: its server answers with status 404.")
    await reader.says("/add")
    assert reader.sees("/add https://velm-post.example/feed")


@pytest.mark.prove
async def test_feeds_are_listed_with_what_became_of_them(reader: Reader, newsroom: Newsroom, site: StubWeb) -> None:
    await an_operator(reader, newsroom)
    await reader.says("/feeds")
    assert reader.sees("No feeds yet. Add one: /add ADDRESS")
    async with newsroom.room.store.writing() as session:
        for path in ("/feed", "/gone"):
            await feeds.add(session, f"{site.url}{path}", now=newsroom.room.clock())
    site.serves("/gone", status=410)

    async def read() -> bool:
        async with newsroom.room.store.reading() as session:
            return all(feed.last_checked_at for feed, _ in await feeds.listing(session))

    await until(read)
    await reader.says("/feeds")
    assert reader.sees("2 feeds, 1 failing", "Velm Post: 1 article, read", "gone for ever")
    await reader.says("What was closed on Monday?")
    assert reader.sees("The Kestrel Bridge was closed on Monday")


async def test_nothing_is_fetched_for_a_reader_who_is_no_operator(reader: Reader, site: StubWeb) -> None:
    for words in (f"/add {site.url}/feed", "/feeds"):
        await reader.says(words)
        assert reader.sees("This is for operators of this bot.")
    await reader.says(f"{site.url}/bridge")
    assert site.asked == []
