"""What an operator adds by one address: the feed that stands there, else the page's article, else the site's feed."""

from urllib.parse import urlsplit

from bot.messages.feeding import Added
from bot.newsroom import finding, intake, visiting
from bot.newsroom.drafts import Given
from bot.newsroom.feeds import Newsroom
from bot.newsroom.finding import FoundFeed, NotFound
from storage import feeds
from storage.values import Outcome


async def add(newsroom: Newsroom, url: str) -> Added:
    """What came of an address. A page with an article of its own is an article, but for the front page of a site."""
    try:
        found = await finding.feed_at(newsroom.courtesy, newsroom.workers, url)
    except NotFound as error:
        found, why = None, str(error)
    if found is not None and (found.direct or urlsplit(url).path in ("", "/")):
        return await _kept(newsroom, found)
    article = await _article(newsroom, url)
    if article.outcome is not None or found is None:
        return article if article.outcome is not None else Added(reason=article.reason or why)
    return await _kept(newsroom, found)


async def _kept(newsroom: Newsroom, found: FoundFeed) -> Added:
    content = found.content
    async with newsroom.store.writing() as session:
        now = newsroom.clock()
        feed, new = await feeds.add(session, found.url, title=content.title, site=content.site, now=now)
    return Added(feed=feed, new=new, entries=len(content.entries))


async def _article(newsroom: Newsroom, url: str) -> Added:
    page = await visiting.arrival(newsroom.courtesy, url, Given())
    taken = intake.take_in([page], store=newsroom.store, workers=newsroom.workers, clock=newsroom.clock)
    (report,) = [report async for report in taken]
    if report.article is None:
        return Added(reason=report.reason)
    return Added(outcome=Outcome(report.fate.value), headline=report.headline, reason=report.reason)
