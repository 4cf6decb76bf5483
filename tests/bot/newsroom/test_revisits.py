"""Pages of stored articles looked at again: when, how politely, and what becomes of the article."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bot.newsroom import intake, rounds, schedule, visiting
from bot.newsroom.drafts import Given
from bot.newsroom.feeds import LEASE, Newsroom
from bot.newsroom.revisits import MISSED_AGAIN, Looked
from retrieval.model import Article, ArticleVersion
from storage import articles, looks
from storage.tables import LookRow
from storage.values import Outcome
from tests.bot.newsroom.test_entries import rss
from tests.bot.newsroom.test_feeds import HOST, Clock, added, checked, clock, item, newsroom, site, whole
from tests.bot.newsroom.test_pages import PARAGRAPH, SPOKEN, a_page
from tests.web import Reply, StubWeb

__all__ = ["clock", "newsroom", "site"]

BODY = f"<p>{PARAGRAPH * 3}</p><p>{SPOKEN * 2}</p><p>Nine people were hurt at the bridge.</p>"
PAGE = "/story/1"
CHANGED = BODY.replace("Nine", "Fourteen")


async def stored(newsroom: Newsroom, site: StubWeb, **page: Any) -> Article:
    """The article of a page that a feed names."""
    site.serves("/feed", rss(item(1)), kind="application/rss+xml")
    site.serves(PAGE, a_page(body=BODY), **page)
    assert (await checked(newsroom, await added(newsroom, site))).added == 1
    async with newsroom.store.reading() as session:
        ((article, _),) = await articles.listing(session, limit=2)
    site.forgets()
    return article


async def due(newsroom: Newsroom) -> list[Looked]:
    """What the looks that are due now come to."""
    async with newsroom.store.writing() as session:
        held = await looks.claim_due(session, now=newsroom.clock(), limit=100, lease=LEASE)
    return [await rounds.looked(newsroom, look) for look in held]


async def newest(newsroom: Newsroom, article: Article) -> tuple[Article, ArticleVersion]:
    async with newsroom.store.reading() as session:
        found = await articles.with_newest(session, article.id)
    assert found is not None
    return found


async def test_a_page_is_looked_at_at_falling_intervals_for_a_week(
    newsroom: Newsroom, site: StubWeb, clock: Clock
) -> None:
    await stored(newsroom, site)
    began, seen = clock.now, []
    for _ in range(24 * 10):
        if await due(newsroom):
            seen.append(clock.now - began)
        clock.passes(hours=1)
    assert seen == list(schedule.LOOKS_AFTER)
    assert site.asked.count(f"GET {PAGE}") == len(schedule.LOOKS_AFTER)
    assert set(site.asked) == {f"GET {PAGE}", "GET /robots.txt"}


async def test_a_look_is_made_on_condition_and_nothing_follows_of_304(
    newsroom: Newsroom, site: StubWeb, clock: Clock
) -> None:
    article = await stored(newsroom, site, etag='"1"')
    clock.passes(hours=1)
    (looked,) = await due(newsroom)
    assert site.requests[-1].headers["if-none-match"] == '"1"'
    assert looked.outcome is Outcome.UNCHANGED
    assert (await newest(newsroom, article))[1].number == 1


async def test_changed_words_are_a_new_version_of_the_same_article(
    newsroom: Newsroom, site: StubWeb, clock: Clock
) -> None:
    article = await stored(newsroom, site, etag='"1"')
    other = f'<link rel="canonical" href="{site.at(HOST, "/other-slug")}">'
    site.serves(PAGE, a_page(other, body=CHANGED), etag='"2"')
    clock.passes(hours=1)
    (looked,) = await due(newsroom)
    same, version = await newest(newsroom, article)
    assert looked.outcome is Outcome.UPDATED
    assert (same.id, same.url, version.number) == (article.id, article.url, 2)
    assert "Fourteen people" in version.text
    clock.passes(hours=3)
    await due(newsroom)
    assert site.requests[-1].headers["if-none-match"] == '"2"'


async def test_what_is_no_article_any_more_changes_nothing(newsroom: Newsroom, site: StubWeb, clock: Clock) -> None:
    article = await stored(newsroom, site)
    another = "<p>We could not find the page that you asked us for, and we are sorry about that.</p>" * 8
    for body in (another, "<p>Subscribe now to go on reading.</p>"):
        site.serves(PAGE, a_page(body=body))
        clock.passes(hours=4)
        await due(newsroom)
    found, version = await newest(newsroom, article)
    assert (version.number, found.page_gone_at) == (1, None)


async def test_a_page_that_is_gone_is_noted_and_one_that_is_back_is_not(
    newsroom: Newsroom, site: StubWeb, clock: Clock
) -> None:
    article = await stored(newsroom, site)
    site.serves(PAGE, status=404)
    clock.passes(hours=1)
    await due(newsroom)
    assert (await newest(newsroom, article))[0].page_gone_at is None
    clock.passes(seconds=MISSED_AGAIN.total_seconds())
    (looked,) = await due(newsroom)
    assert looked.gone
    assert (await newest(newsroom, article))[0].page_gone_at == clock.now
    site.serves(PAGE, a_page(body=BODY))
    clock.passes(days=1)
    await due(newsroom)
    assert (await newest(newsroom, article))[0].page_gone_at is None
    site.serves(PAGE, status=410)
    clock.passes(days=3)
    await due(newsroom)
    assert (await newest(newsroom, article))[0].page_gone_at == clock.now
    assert "Nine people" in (await newest(newsroom, article))[1].text


async def test_a_servers_wait_is_kept_and_failures_grow_apart(newsroom: Newsroom, site: StubWeb, clock: Clock) -> None:
    await stored(newsroom, site)
    site.answers(PAGE, lambda _: Reply(503, {"retry-after": "7200", "content-length": "0"}))
    clock.passes(hours=1)
    (looked,) = await due(newsroom)
    assert looked.error == "its server answers with status 503"
    clock.passes(minutes=119)
    assert await due(newsroom) == []
    clock.passes(minutes=1)
    assert len(await due(newsroom)) == 1
    clock.passes(days=8)
    await due(newsroom)
    async with newsroom.store.reading() as session:
        assert await session.scalar(sa.select(LookRow.next_at)) is None


async def test_of_an_entrys_own_words_only_the_page_is_looked_for(
    newsroom: Newsroom, site: StubWeb, clock: Clock
) -> None:
    site.serves("/feed", rss(whole(1)), kind="application/rss+xml")
    site.serves("/story/1", a_page(body=CHANGED))
    await checked(newsroom, await added(newsroom, site))
    clock.passes(hours=1)
    (looked,) = await due(newsroom)
    assert looked.outcome is Outcome.UNCHANGED
    site.serves("/story/1", status=410)
    clock.passes(hours=4)
    (looked,) = await due(newsroom)
    assert looked.gone


async def test_a_page_added_by_its_address_is_looked_at(newsroom: Newsroom, site: StubWeb, clock: Clock) -> None:
    site.serves("/bridge", a_page(body=BODY), last_modified="Sun, 22 Nov 2026 10:00:00 GMT")
    found = await visiting.arrival(newsroom.courtesy, site.at(HOST, "/bridge"), Given())
    taken = intake.take_in([found], store=newsroom.store, workers=newsroom.workers, clock=newsroom.clock)
    assert [report.reason async for report in taken] == [None]
    clock.passes(hours=2)
    (looked,) = await due(newsroom)
    assert looked.outcome is Outcome.UNCHANGED
    assert site.requests[-1].headers["if-modified-since"] == "Sun, 22 Nov 2026 10:00:00 GMT"


async def test_an_article_that_is_removed_is_looked_at_no_more(newsroom: Newsroom, site: StubWeb, clock: Clock) -> None:
    article = await stored(newsroom, site)
    async with newsroom.store.writing() as session:
        await articles.remove(session, article.id, reason="wrong", now=clock.now)
    clock.passes(hours=2)
    assert await due(newsroom) == []


async def test_a_look_that_is_held_is_nobody_elses(newsroom: Newsroom, site: StubWeb, clock: Clock) -> None:
    await stored(newsroom, site)
    clock.passes(hours=2)
    async with newsroom.store.writing() as session:
        held = await looks.claim_due(session, now=clock.now, limit=9, lease=timedelta(minutes=5))
    assert (len(held), await due(newsroom)) == (1, [])
    clock.passes(minutes=5)
    assert len(await due(newsroom)) == 1
