"""`reindex` and `db upgrade`: bringing what is stored up to date with the program."""

import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from rich.console import Console
from rich.progress import track

from bot.cli.opening import configured, finished, opened
from bot.cli.terminal import say
from bot.newsroom import intake, preparation
from bot.settings import Settings
from bot.workers import Workers
from retrieval.model import ArticleVersion, Draft
from retrieval.text.tokens import VERSION
from storage import articles, reindexing
from storage.database import Store

VERSIONS_A_READ = 20
NICENESS = 10


def reindex() -> None:
    """Make anew what an older version of the program made of the texts: passages, index words, what tells copies."""
    finished(_reindex(configured()))


def upgrade() -> None:
    """Bring the schema up to date."""
    finished(_upgrade(configured()))


async def _reindex(chosen: Settings) -> None:
    async with opened(chosen) as store, Workers(niceness=NICENESS) as workers:
        async with store.reading() as session:
            outdated = await reindexing.count_outdated(session, VERSION)
            held = await articles.statistics(session)
        bar = iter(track(range(outdated), "reindexing", console=Console(stderr=True), disable=not sys.stderr.isatty()))
        async for version in _outdated(store):
            passages = await workers.run(preparation.passages, version.text, version.headline, version.language)
            async with store.writing() as session:
                await reindexing.replace(session, version.id, passages, VERSION, now=datetime.now(UTC))
            next(bar, None)
        identified = await _identify(store, workers)
    say(f"{outdated:,} of {held.articles:,} articles made anew; the others were up to date.")
    if identified:
        say(f"{identified:,} articles can now be told from their copies.")


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


async def _outdated(store: Store) -> AsyncIterator[ArticleVersion]:
    after = 0
    while True:
        async with store.reading() as session:
            page = await reindexing.outdated(session, VERSION, after=after, limit=VERSIONS_A_READ)
        for version in page:
            yield version
        if not page:
            return
        after = page[-1].id


async def _upgrade(chosen: Settings) -> None:
    async with opened(chosen) as store:
        say(f"The schema of {chosen.shown_database} is up to date ({store.dialect}).")
