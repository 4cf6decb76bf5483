"""`reindex` and `db upgrade`: bringing what is stored up to date with the program."""

import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Protocol

from rich.console import Console
from rich.progress import track
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cli.opening import configured, finished, opened
from bot.cli.terminal import say
from bot.newsroom import intake, preparation
from bot.settings import Settings
from bot.workers import Workers
from retrieval import attribution
from retrieval.model import ArticleVersion, Draft
from retrieval.text.tokens import VERSION
from storage import articles, reindexing
from storage.database import Store

VERSIONS_A_READ = 20
NICENESS = 10


class PageOf(Protocol):
    """Texts by id from `after` on of which another `version` of the program made something, at most `limit`."""

    async def __call__(
        self, session: AsyncSession, version: str, /, *, after: int, limit: int
    ) -> list[ArticleVersion]: ...


def reindex() -> None:
    """Make anew what an older version of the program made of the texts: passages, statements, what tells copies."""
    finished(_reindex(configured()))


def upgrade() -> None:
    """Bring the schema up to date."""
    finished(_upgrade(configured()))


async def _reindex(chosen: Settings) -> None:
    async with opened(chosen) as store, Workers(niceness=NICENESS) as workers:
        async with store.reading() as session:
            held = await articles.statistics(session)
        cut = await _cut_anew(store, workers)
        attributed = await _attribute_anew(store, workers)
        identified = await _identify(store, workers)
    say(f"{cut:,} of {held.articles:,} articles made anew; the others were up to date.")
    if attributed:
        say(f"Who said what was found anew in {attributed:,} texts.")
    if identified:
        say(f"{identified:,} articles can now be told from their copies.")


async def _cut_anew(store: Store, workers: Workers) -> int:
    """Give articles the passages and index words of this version of the program; how many had others."""
    async with store.reading() as session:
        count = await reindexing.count_outdated(session, VERSION)
    async for version in _shown(_pages(store, reindexing.outdated, VERSION), count, "passages"):
        passages = await workers.run(preparation.passages, version.text, version.headline, version.language)
        async with store.writing() as session:
            await reindexing.replace(session, version.id, passages, VERSION, now=datetime.now(UTC))
    return count


async def _attribute_anew(store: Store, workers: Workers) -> int:
    """Find who says what by this version's rules in the texts where others found it; how many these were."""
    rules = attribution.VERSION
    async with store.reading() as session:
        count = await reindexing.count_attributed_otherwise(session, rules)
    async for version in _shown(_pages(store, reindexing.attributed_otherwise, rules), count, "statements"):
        found = await workers.run(preparation.statements, version.text, version.headline, version.language)
        async with store.writing() as session:
            await reindexing.attribute(session, version.id, found, rules)
    return count


async def _identify(store: Store, workers: Workers) -> int:
    """Give articles of an older version what tells their addresses and their copies; how many lacked it."""
    after = identified = 0
    while True:
        async with store.reading() as session:
            page = await reindexing.unidentified(session, after=after, limit=VERSIONS_A_READ)
        for article, version in page:
            key, fingerprints = await workers.run(preparation.identity_of, version.text, article.url)
            draft = Draft(version.text, url=article.url, outlet=article.outlet.name if article.outlet else None)
            alike = await intake.original_of_text(draft, fingerprints, store, workers)
            async with store.writing() as session:
                identified += await reindexing.identify(session, article.id, key, fingerprints, alike)
        if not page:
            return identified
        after = page[-1][0].id


async def _pages(store: Store, page_of: PageOf, version: str) -> AsyncIterator[ArticleVersion]:
    """The texts that another version of the program made something of, a page of them in memory."""
    after = 0
    while True:
        async with store.reading() as session:
            page = await page_of(session, version, after=after, limit=VERSIONS_A_READ)
        for text in page:
            yield text
        if not page:
            return
        after = page[-1].id


async def _shown(texts: AsyncIterator[ArticleVersion], count: int, what: str) -> AsyncIterator[ArticleVersion]:
    """The same, with a bar that moves on at each where somebody looks."""
    bar = iter(track(range(count), what, console=Console(stderr=True), disable=not sys.stderr.isatty()))
    async for text in texts:
        yield text
        next(bar, None)


async def _upgrade(chosen: Settings) -> None:
    async with opened(chosen) as store:
        say(f"The schema of {chosen.shown_database} is up to date ({store.dialect}).")
