"""An article's page looked at again: whether it still stands there, and whether its words have changed.

At falling intervals for a week, on condition, and as politely as at first. A changed text is a new version. What is
no article any more (a paywall, another text altogether) changes nothing: nobody is said to have changed a sentence
because a page could not be read.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot.newsroom import intake, schedule, visiting
from bot.newsroom.courtesy import TOO_MANY, UNAVAILABLE
from bot.newsroom.drafts import Given, Unusable
from bot.newsroom.feeds import NOT_MODIFIED, Newsroom
from bot.newsroom.fetch import Fetched, FetchFailed
from bot.newsroom.files import PageArrival
from bot.newsroom.preparation import Ready
from retrieval import likeness
from retrieval.model import Article, ArticleVersion
from storage import articles, looks
from storage.values import Look, Outcome

NOT_FOUND, GONE = 404, 410
MISSES_MAX = 2  # a page that is not found twice in a row is removed; one that says it is gone, at once
MISSED_AGAIN = timedelta(hours=1)
# The share of the shorter text's word sequences that both hold. Two articles that have nothing to do with each other
# share none (of 400 in pairs); nor does the "page not found" of a site that answers 200.
STILL_ITSELF = 0.1

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found: the outcome for the article's text, whether its page is gone, or why nothing was seen."""

    look: Look
    outcome: Outcome | None = None
    gone: bool = False
    error: str | None = None


async def look_again(newsroom: Newsroom, look: Look) -> Looked:
    """Look at a page that is held; whatever comes of it is settled, and the page let go."""
    try:
        fetched = await newsroom.courtesy.page(look.address, accept=visiting.ACCEPT, known=look.known)
    except FetchFailed as error:
        return await failed(newsroom, look, str(error))
    if fetched.status in (NOT_FOUND, GONE):
        return await _missed(newsroom, look, fetched)
    if fetched.status == NOT_MODIFIED:
        return await _stands(newsroom, look, fetched)
    if fetched.status != 200:
        return await failed(newsroom, look, f"its server answers with status {fetched.status}", fetched)
    ready = await _read_again(newsroom, look, fetched) if look.from_page else None
    return await _stands(newsroom, look, fetched, ready)


async def failed(newsroom: Newsroom, look: Look, error: str, fetched: Fetched | None = None) -> Looked:
    """Settle a look that saw nothing; a server's wait is kept."""
    now = newsroom.clock()
    wait = fetched.retry_after(now) if fetched and fetched.status in (TOO_MANY, UNAVAILABLE) else None
    next_at = schedule.look_after_failure(now, look.planned_at, look.failures, wait, newsroom.chance)
    async with newsroom.store.writing() as session:
        await looks.failed(session, look, next_at=next_at)
    return Looked(look, error=error)


async def _missed(newsroom: Newsroom, look: Look, fetched: Fetched) -> Looked:
    now = newsroom.clock()
    gone = fetched.status == GONE or look.misses + 1 >= MISSES_MAX
    regular = schedule.next_look(now, look.planned_at, newsroom.chance)
    async with newsroom.store.writing() as session:
        next_at = regular if gone else now + MISSED_AGAIN
        await looks.missed(session, look, next_at=next_at, gone_at=now if gone else None)
    if gone:
        log.info("the page of an article is removed", article=look.article_id, status=fetched.status)
    return Looked(look, gone=gone)


async def _stands(newsroom: Newsroom, look: Look, fetched: Fetched, ready: Ready | None = None) -> Looked:
    """The page is there; its text, where it is read, is stored in the transaction that plans the next look."""
    now, outcome = newsroom.clock(), Outcome.UNCHANGED
    alike = await intake.original_of(ready, newsroom.store, newsroom.workers) if ready else None
    told = fetched.headers if fetched.status != NOT_MODIFIED else {}
    async with newsroom.store.writing() as session:
        if ready is not None:
            stored = await articles.put(session, ready.draft, ready.prepared, now=now, alike=alike)
            outcome = stored.outcome
        await looks.settle(
            session,
            look,
            next_at=schedule.next_look(now, look.planned_at, newsroom.chance),
            etag=told.get("etag", look.etag),
            last_modified=told.get("last-modified", look.last_modified),
        )
    return Looked(look, outcome)


async def _read_again(newsroom: Newsroom, look: Look, fetched: Fetched) -> Ready | None:
    """The article as its page has it now; None where the page holds it no more, or is another one's."""
    async with newsroom.store.reading() as session:
        known = await articles.with_newest(session, look.article_id)
    if known is None:
        return None
    article, version = known
    given = Given(
        outlet=article.outlet.name if article.outlet else None,
        headline=version.headline,
        byline=version.byline,
        published=version.published,
    )
    try:
        page = visiting.arrived(look.address, fetched, given, fills=True)
    except Unusable:
        return None
    if not isinstance(page, PageArrival):
        return None
    (ready,) = await intake.made_ready([page], newsroom.workers)
    return _of_the_same(ready, article, version) if isinstance(ready, Ready) else None


def _of_the_same(ready: Ready, article: Article, version: ArticleVersion) -> Ready | None:
    """What the page says, as the article it was stored as; None where it tells something else altogether."""
    before, now = likeness.shingles(version.text), likeness.shingles(ready.draft.text)
    if min(len(before), len(now)) and likeness.copied(before, now) < STILL_ITSELF:
        return None
    outlet = article.outlet.name if article.outlet else ready.draft.outlet
    draft = replace(ready.draft, url=article.url, external_id=article.external_id, outlet=outlet)
    return replace(ready, draft=draft, prepared=replace(ready.prepared, address_key=None))
