"""`feeds`: which feeds the newsroom reads; added, listed, removed, refreshed, and exchanged as OPML."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot import corpus, json_forms
from bot.cli.failing import FAILED, Failure, fail
from bot.cli.opening import configured, finished, opened
from bot.cli.terminal import note, say, tell
from bot.messages.phrases import spoken
from bot.newsroom import finding, opml, rounds
from bot.newsroom.courtesy import Courtesy
from bot.newsroom.feeds import Checked, Newsroom
from bot.newsroom.fetch import Web
from bot.newsroom.files import STANDARD_INPUT
from bot.newsroom.finding import FoundFeed, NotFound
from bot.settings import Settings
from bot.workers import Workers
from storage import feeds
from storage.values import Feed, FeedState

NICENESS = 10  # the newsroom leaves the processor to the bot beside it
NEVER = "never"


def add(urls: list[str], *, topic: str | None) -> None:
    """Add feeds by address, or by the address of their site; ends with 1 where one was refused."""
    if refused := finished(_add(configured(), urls, topic)):
        fail(f"{refused} refused; no feed was found there")
        raise typer.Exit(FAILED)


def listing(*, json: bool) -> None:
    """Print the feeds."""
    finished(_list(json))


def remove(name: str, *, articles: bool) -> None:
    """Forget a feed; its articles stay unless asked."""
    finished(_remove(name, articles))


def refresh(name: str | None) -> None:
    """Check a feed, or all of them, now; ends with 1 where one failed."""
    if failed := finished(_refresh(configured(), name)):
        fail(f"{failed} could not be read")
        raise typer.Exit(FAILED)


def import_(path: Path) -> None:
    """Add the feeds of an OPML file; they are read when they are next due, or by `feeds refresh`."""
    try:
        outlines = opml.read(sys.stdin.buffer.read() if str(path) == STANDARD_INPUT else path.read_bytes())
    except opml.NoOutline as error:
        raise Failure(f"{path}: {error}") from None
    finished(_import(outlines))


def export() -> None:
    """Print the feeds as OPML."""
    finished(_export())


@asynccontextmanager
async def _newsroom(chosen: Settings) -> AsyncIterator[Newsroom]:
    async with (
        opened(chosen) as store,
        Workers(niceness=NICENESS) as workers,
        Web(private=chosen.allow_private_addresses) as web,
    ):
        every = timedelta(minutes=chosen.check_feeds_every)
        yield Newsroom(store, workers, Courtesy(web, _now), _now, every)


def _now() -> datetime:
    return datetime.now(UTC)


async def _add(chosen: Settings, urls: list[str], topic: str | None) -> int:
    refused = 0
    async with _newsroom(chosen) as newsroom:
        for url in urls:
            try:
                found = await finding.feed_at(newsroom.courtesy, newsroom.workers, url)
            except NotFound as error:
                refused += 1
                say(f"refused  {url}  ({error})")
                continue
            await _keep(newsroom, found, topic)
    return refused


async def _keep(newsroom: Newsroom, found: FoundFeed, topic: str | None) -> None:
    content = found.content
    async with newsroom.store.writing() as session:
        feed, new = await feeds.add(
            session, found.url, title=content.title, site=content.site, topic=topic, now=newsroom.clock()
        )
    say(f"{'added' if new else 'known':<7}  {feed.url}  “{content.title or 'no title'}”")
    moments = [entry.published.moment for entry in content.entries if entry.published]
    newest = f", newest {max(moments):%Y-%m-%d %H:%M} UTC" if moments else ""
    say(f"         {content.form}, {_counted(len(content.entries), 'entry', 'entries')}{newest}")
    for other in found.others:
        say(f"         the page also names {other}")


async def _list(json: bool) -> None:
    async with opened(configured()) as store, store.reading() as session:
        listed = await feeds.listing(session)
    for feed, articles in listed:
        tell(json_forms.feed(feed, articles)) if json else say(_line(feed, articles))
    if not listed and not json:
        say("No feeds. Add one: briefing-bot feeds add URL")


def _line(feed: Feed, articles: int) -> str:
    then = "gone" if feed.state is FeedState.GONE else f"next check {_moment(feed.next_check_at)}"
    read = f"{_counted(articles, 'article')}, read {_moment(feed.last_success_at)}, {then}"
    line = f"{feed.id:>4}  {feed.title or feed.url}  {read}"
    line += f"\n      {feed.url}" if feed.title else ""
    line += f"\n      topic: {feed.topic}" if feed.topic else ""
    return line + (f"\n      failed {feed.failures} times: {feed.last_error}" if feed.failures else "")


def _counted(number: int, one: str, several: str | None = None) -> str:
    return f"{number} {one if number == 1 else several or f'{one}s'}"


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else NEVER


async def _remove(name: str, articles: bool) -> None:
    chosen = configured()
    instead = spoken(chosen.default_language)["message_withdrawn"]
    async with opened(chosen) as store, store.writing() as session:
        feed = await feeds.find(session, name)
        if feed is None:
            raise Failure(f"there is no feed {name}; `briefing-bot feeds list` shows them")
        gone = await feeds.remove(session, feed.id, with_articles=articles, instead=instead, now=_now())
    say(f"removed  {feed.url}" + (f", and {_counted(gone, 'article')}" if articles else "; its articles stay"))


async def _refresh(chosen: Settings, name: str | None) -> int:
    failed = news = 0
    async with _newsroom(chosen) as newsroom:
        chosen_feeds = await _chosen(newsroom, name)
        with _bar(len(chosen_feeds)) as bar:
            async for checked in rounds.each(newsroom, chosen_feeds):
                bar.advance(bar.task_ids[0])
                say(_result(checked))
                failed += checked.error is not None
                news += checked.news
        if news:
            await corpus.keep(newsroom.store, chosen.data_dir)
    return failed


async def _chosen(newsroom: Newsroom, name: str | None) -> list[Feed]:
    async with newsroom.store.reading() as session:
        if name is None:
            return [feed for feed, _ in await feeds.listing(session) if feed.state is FeedState.ACTIVE]
        feed = await feeds.find(session, name)
    if feed is None:
        raise Failure(f"there is no feed {name}; `briefing-bot feeds list` shows them")
    return [feed]


def _result(checked: Checked) -> str:
    name = checked.feed.title or checked.feed.url
    if checked.error:
        return f"failed   {name}  ({checked.error})"
    counts = {"added": checked.added, "updated": checked.updated, "refused": len(checked.refused)}
    lines = [f"read     {name}  " + ", ".join(f"{number} {what}" for what, number in counts.items())]
    return "\n".join([*lines, *(f"         refused {reason}" for reason in checked.refused)])


async def _import(outlines: list[opml.Outline]) -> None:
    new = 0
    async with opened(configured()) as store, store.writing() as session:
        for each in outlines:
            new += (await feeds.add(session, each.url, title=each.title, site=each.site, topic=each.topic, now=_now()))[
                1
            ]
    say(f"{new} feeds added, {len(outlines) - new} known already")
    if new:
        note("They are read when the bot runs, or now by `briefing-bot feeds refresh`.")


async def _export() -> None:
    async with opened(configured()) as store, store.reading() as session:
        listed = await feeds.listing(session)
    outlines = [opml.Outline(feed.url, feed.title, feed.topic, feed.site) for feed, _ in listed]
    typer.echo(opml.written(outlines, now=_now()), nl=False)


def _bar(feeds_number: int) -> Progress:
    """A bar over the feeds, on standard error, only where somebody looks."""
    console = Console(stderr=True)
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
    bar.add_task("reading", total=feeds_number)
    return bar
