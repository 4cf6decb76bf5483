"""Feeds over a real HTTP server: what is asked, what is stored, and when it is asked again."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.newsroom import feeds as checking
from bot.newsroom import finding, rounds
from bot.newsroom.courtesy import Courtesy
from bot.newsroom.entries import FeedContent
from bot.newsroom.feeds import LEASE, Checked, Newsroom
from bot.newsroom.fetch import Fetched, Web
from bot.newsroom.finding import NotFound
from bot.workers import Workers
from retrieval.model import ArticleVersion
from storage import articles, feeds
from storage.database import Store
from storage.tables import ArticleRow
from storage.values import Feed, FeedState
from tests.bot.newsroom.test_entries import rss
from tests.bot.newsroom.test_pages import PARAGRAPH, SPOKEN, a_page
from tests.waiting import until
from tests.web import Reply, Request, StubWeb, stub_web

HOST = "velm-post.example"
EVERY = timedelta(minutes=15)
READ = checking.read
BODY = f"<p>{PARAGRAPH * 3}</p><p>{SPOKEN * 2}</p>"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
async def site() -> AsyncIterator[StubWeb]:
    async with stub_web() as site:
        site.serves("/robots.txt", status=404)
        yield site


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def newsroom(sqlite_store: Store, site: StubWeb, clock: Clock) -> AsyncIterator[Newsroom]:
    async with Web(private=True, resolve=site.resolve) as web, Workers(0) as workers:
        courtesy = Courtesy(web, clock, pause=0)
        yield Newsroom(sqlite_store, workers, courtesy, clock, EVERY, chance=lambda: 0.5)


def item(number: int, body: str = "", *, title: str | None = None, day: int = 17) -> str:
    content = f"<content:encoded><![CDATA[{body}]]></content:encoded>" if body else ""
    return f"""<item><title>{title or f"Story {number}"}</title><link>/story/{number}</link><guid>{number}</guid>
    <pubDate>{day} Nov 2026 10:{number % 60:02}:00 GMT</pubDate>{content}</item>"""


def whole(number: int) -> str:
    return item(number, f"<p>Story number {number} of the harbour. {PARAGRAPH * 6}</p>")


async def added(newsroom: Newsroom, site: StubWeb, path: str = "/feed") -> Feed:
    async with newsroom.store.writing() as session:
        return (await feeds.add(session, site.at(HOST, path), now=newsroom.clock()))[0]


async def checked(newsroom: Newsroom, feed: Feed) -> Checked:
    (result,) = [each async for each in rounds.each(newsroom, [feed])]
    return result


async def stored(newsroom: Newsroom) -> list[ArticleVersion]:
    async with newsroom.store.reading() as session:
        return [version for _, version in await articles.listing(session, limit=100)]


async def the_feed(newsroom: Newsroom) -> Feed:
    async with newsroom.store.reading() as session:
        ((feed, _),) = await feeds.listing(session)
    return feed


async def test_whole_entries_come_in_without_their_pages(newsroom: Newsroom, site: StubWeb) -> None:
    site.serves("/feed", rss(whole(2) + whole(1)), kind="application/rss+xml")
    result = await checked(newsroom, await added(newsroom, site))
    assert (result.added, result.error) == (2, None)
    assert {version.headline for version in await stored(newsroom)} == {"Story 1", "Story 2"}
    assert site.asked == ["GET /feed"]


async def test_teasers_are_fetched_and_the_page_tells_what_it_prints(newsroom: Newsroom, site: StubWeb) -> None:
    site.serves("/feed", rss(item(1)))
    head = '<meta name="author" content="Tomas Reyle">'
    site.serves("/story/1", a_page(head, body=BODY))
    assert (await checked(newsroom, await added(newsroom, site))).added == 1
    (version,) = await stored(newsroom)
    assert SPOKEN.strip() in version.text
    assert (version.headline, version.byline) == ("Bridge closed in Velm", "Tomas Reyle")
    assert version.published is not None
    assert version.published.isoformat() == "2026-11-17T10:01:00Z"
    assert site.asked == ["GET /feed", "GET /robots.txt", "GET /story/1"]


async def test_what_did_not_change_is_asked_on_condition_and_not_read(newsroom: Newsroom, site: StubWeb) -> None:
    site.serves("/feed", rss(whole(1)), etag='"1"', last_modified="Tue, 17 Nov 2026 10:00:00 GMT")
    feed = await added(newsroom, site)
    await checked(newsroom, feed)
    again = await checked(newsroom, feed)
    assert (again.added, again.error) == (0, None)
    assert site.requests[-1].headers["if-none-match"] == '"1"'
    assert site.requests[-1].headers["if-modified-since"] == "Tue, 17 Nov 2026 10:00:00 GMT"
    known = await the_feed(newsroom)
    assert (known.etag, known.failures) == ('"1"', 0)


async def test_the_same_bytes_are_not_read_twice_unless_something_of_them_is_outstanding(
    newsroom: Newsroom, site: StubWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []

    async def reading(workers: Workers, fetched: Fetched, now: datetime) -> FeedContent:
        read.append(fetched.content)
        return await READ(workers, fetched, now)

    monkeypatch.setattr(checking, "read", reading)
    site.serves("/feed", rss(f"<ttl>90</ttl>{whole(1)}{item(2)}"))
    site.serves("/story/2", status=503)
    feed = await added(newsroom, site)
    for page in ("", "", a_page(), ""):
        if page:
            site.serves("/story/2", page)
        await checked(newsroom, feed)
    assert len(read) == 3
    assert (await the_feed(newsroom)).next_check_at == newsroom.clock() + timedelta(minutes=90)
    assert len(await stored(newsroom)) == 2


async def test_an_entry_is_taken_in_once_and_again_where_its_words_change(newsroom: Newsroom, site: StubWeb) -> None:
    site.serves("/feed", rss(whole(1)))
    feed = await added(newsroom, site)
    await checked(newsroom, feed)
    assert (await checked(newsroom, feed)).updated == 0
    site.serves("/feed", rss(whole(1).replace("harbour", "old harbour") + whole(2)))
    result = await checked(newsroom, feed)
    assert (result.added, result.updated) == (1, 1)
    assert sorted(version.number for version in await stored(newsroom)) == [1, 2]


async def test_a_new_feed_brings_its_newest_entries_and_marks_them(newsroom: Newsroom, site: StubWeb) -> None:
    many = checking.NEW_FEED_ENTRIES_MAX + 5
    site.serves("/feed", rss("".join(whole(number) for number in range(1, many + 1))))
    feed = await added(newsroom, site)
    assert (await checked(newsroom, feed)).added == checking.NEW_FEED_ENTRIES_MAX
    headlines = {version.headline for version in await stored(newsroom)}
    assert "Story 1" not in headlines
    assert f"Story {many}" in headlines
    site.serves("/feed", rss("".join(whole(number) for number in range(1, many + 2))))
    assert (await checked(newsroom, feed)).added == 1
    async with newsroom.store.reading() as session:
        marked = await session.scalars(sa.select(ArticleRow.backlog))
        assert sorted(marked) == [False] + [True] * checking.NEW_FEED_ENTRIES_MAX


async def test_a_page_that_cannot_be_had_now_is_tried_again_and_not_for_ever(newsroom: Newsroom, site: StubWeb) -> None:
    site.serves("/feed", rss(item(1)), etag='"1"')
    site.serves("/story/1", status=500)
    feed = await added(newsroom, site)
    for _ in range(checking.ATTEMPTS_MAX + 2):
        await checked(newsroom, feed)
    assert site.asked.count("GET /story/1") == checking.ATTEMPTS_MAX
    site.serves("/feed", rss(item(1) + item(2)))
    site.serves("/story/2", status=503)
    await checked(newsroom, feed)
    site.serves("/story/2", a_page())
    assert (await checked(newsroom, feed)).added == 1


async def test_a_page_behind_robots_txt_leaves_the_entrys_own_words(newsroom: Newsroom, site: StubWeb) -> None:
    site.serves("/robots.txt", "User-agent: *\nDisallow: /story/")
    site.serves("/feed", rss(item(1, f"<p>{PARAGRAPH * 2}</p>") + item(2, "<p>Short…</p>")))
    result = await checked(newsroom, await added(newsroom, site))
    assert (result.added, len(result.refused)) == (1, 1)
    assert "robots.txt" in result.refused[0]


async def test_a_permanent_move_is_remembered_and_a_temporary_one_is_not(newsroom: Newsroom, site: StubWeb) -> None:
    site.serves("/new", rss(whole(1)))
    site.moves("/feed", "/elsewhere", status=302)
    site.moves("/elsewhere", "/new")
    feed = await added(newsroom, site)
    await checked(newsroom, feed)
    assert (await the_feed(newsroom)).url == site.at(HOST, "/feed")
    site.moves("/feed", "/new", status=308)
    await checked(newsroom, feed)
    assert (await the_feed(newsroom)).url == site.at(HOST, "/new")


async def test_a_feed_that_moves_to_another_one_becomes_it(newsroom: Newsroom, site: StubWeb) -> None:
    site.serves("/new", rss(whole(1)))
    site.moves("/feed", "/new")
    await checked(newsroom, await added(newsroom, site, "/new"))
    async with newsroom.store.writing() as session:
        old, _ = await feeds.add(session, site.at(HOST, "/feed"), now=newsroom.clock())
    await checked(newsroom, old)
    assert (await the_feed(newsroom)).url == site.at(HOST, "/new")
    assert len(await stored(newsroom)) == 1


async def test_a_feed_that_is_gone_is_asked_no_more(newsroom: Newsroom, site: StubWeb) -> None:
    site.serves("/feed", status=410)
    result = await checked(newsroom, await added(newsroom, site))
    assert result.gone
    known = await the_feed(newsroom)
    assert (known.state, known.next_check_at) == (FeedState.GONE, None)


async def test_failures_back_off_and_a_success_forgives_them(newsroom: Newsroom, site: StubWeb, clock: Clock) -> None:
    site.serves("/feed", status=500)
    feed = await added(newsroom, site)
    waits = []
    for _ in range(9):
        await checked(newsroom, feed)
        known = await the_feed(newsroom)
        assert known.next_check_at is not None
        waits.append(known.next_check_at - clock.now)
    assert waits[:3] == [EVERY, 2 * EVERY, 4 * EVERY]
    assert waits[-1] == timedelta(days=1)
    assert (await the_feed(newsroom)).failures == 9
    site.serves("/feed", rss(whole(1)))
    await checked(newsroom, feed)
    known = await the_feed(newsroom)
    assert (known.failures, known.last_error) == (0, None)


async def test_a_server_that_asks_for_time_gets_it(newsroom: Newsroom, site: StubWeb, clock: Clock) -> None:
    site.serves("/feed", status=429, retry_after="7200")
    await checked(newsroom, await added(newsroom, site))
    assert (await the_feed(newsroom)).next_check_at == clock.now + timedelta(hours=2)
    clock.passes(hours=3)
    site.serves("/feed", rss(whole(1), "<ttl>180</ttl>"), cache_control="max-age=60")
    await checked(newsroom, await the_feed(newsroom))
    assert (await the_feed(newsroom)).next_check_at == clock.now + timedelta(hours=3)


@pytest.mark.parametrize(
    ("body", "kind", "why"),
    [("<html><body>Hello</body></html>", "text/html", "web page"), (b"\x89PNG", "image/png", "no feed")],
)
async def test_what_is_no_feed_fails_with_the_reason(
    newsroom: Newsroom, site: StubWeb, body: str | bytes, kind: str, why: str
) -> None:
    site.serves("/feed", body, kind=kind)
    assert why in ((await checked(newsroom, await added(newsroom, site))).error or "")


async def test_a_server_that_hangs_holds_up_nobody_else(newsroom: Newsroom, site: StubWeb, clock: Clock) -> None:
    site.answers("/feed", lambda _: Reply(hangs=True), host="slow.example")
    site.serves("/feed", rss(whole(1)), host=HOST)
    async with newsroom.store.writing() as session:
        for host in ("slow.example", HOST):
            await feeds.add(session, site.at(host, "/feed"), now=newsroom.clock())
        listed = [feed for feed, _ in await feeds.listing(session)]
    async with Web(private=True, resolve=site.resolve, seconds=3.0) as web:
        hurried = replace(newsroom, courtesy=Courtesy(web, clock, pause=0))
        results = {each.feed.url: each async for each in rounds.each(hurried, listed)}
    assert results[site.at(HOST, "/feed")].added == 1
    assert "within 3 seconds" in (results[site.at("slow.example", "/feed")].error or "")


async def test_the_rounds_check_what_is_due_and_nothing_else(newsroom: Newsroom, site: StubWeb, clock: Clock) -> None:
    site.serves("/feed", rss(whole(1)))
    await added(newsroom, site)

    async def any_stored() -> bool:
        return bool(await stored(newsroom))

    task = asyncio.create_task(rounds.keep_up(newsroom))
    try:
        await until(any_stored)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with newsroom.store.writing() as session:
        assert await feeds.claim_due(session, now=clock.now, limit=9, lease=LEASE) == []
        clock.passes(hours=7)
        assert len(await feeds.claim_due(session, now=clock.now, limit=9, lease=LEASE)) == 1
        assert await feeds.claim_due(session, now=clock.now, limit=9, lease=LEASE) == []
        clock.passes(hours=1)
        assert len(await feeds.claim_due(session, now=clock.now, limit=9, lease=LEASE)) == 1


async def test_a_sites_feed_is_found_through_the_pages_links(newsroom: Newsroom, site: StubWeb) -> None:
    head = (
        '<link rel="alternate" type="application/rss+xml" href="/feed"><link rel="alternate" hreflang="uk" href="/uk">'
    )
    site.serves("/", a_page(head, body='<p>Hello</p><a href="/rss.xml">RSS</a>'))
    site.serves("/feed", rss(whole(1)))
    found = await finding.feed_at(newsroom.courtesy, newsroom.workers, site.at(HOST))
    assert (found.url, found.content.title) == (site.at(HOST, "/feed"), "Velm Post")
    assert found.others == (site.at(HOST, "/rss.xml"),)
    site.serves("/bare", a_page())
    with pytest.raises(NotFound, match="it is a web page, not a feed, and it names none"):
        await finding.feed_at(newsroom.courtesy, newsroom.workers, site.at(HOST, "/bare"))
    with pytest.raises(NotFound, match="404"):
        await finding.feed_at(newsroom.courtesy, newsroom.workers, site.at(HOST, "/missing"))


async def test_a_feed_never_has_two_requests_of_ours_at_a_time(newsroom: Newsroom, site: StubWeb) -> None:
    def slow(request: Request) -> Reply:
        page = a_page()
        return Reply(200, {"content-length": str(len(page)), "content-type": "text/html"}, [page], seconds=0.01)

    site.serves("/feed", rss("".join(item(number) for number in range(8))))
    for number in range(8):
        site.answers(f"/story/{number}", slow)
    await checked(newsroom, await added(newsroom, site))
    assert site.open_at_once_max == {HOST: 1}
