"""`add`: articles into the corpus, with a progress bar, and a word on what became of each."""

import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from bot import corpus
from bot.cli.failing import FAILED, fail
from bot.cli.opening import configured, finished, opened
from bot.cli.terminal import note, say, tell
from bot.newsroom import drafts, files, intake, visiting
from bot.newsroom.courtesy import Courtesy
from bot.newsroom.drafts import Given, Unusable
from bot.newsroom.fetch import Web
from bot.newsroom.files import Found
from bot.newsroom.intake import Fate, Report
from bot.settings import Settings
from bot.workers import Workers, sharing_tables

LISTED_MAX = 50  # articles told one by one; beyond, only what needs a look is
NICENESS = 10  # the load leaves the processor to the bot beside it
INDEXED_AT_ONCE = 100  # articles; fewer are indexed by the next question in no time
IN_ORDER = (Fate.ADDED, Fate.UPDATED, Fate.UNCHANGED)
INLINE_BYTES_MAX = 100_000  # a load this small is done before a worker has started


def add(paths: Sequence[str], said: Mapping[str, str | None], *, published: str | None, json: bool) -> None:
    """Add what stands at `paths`; ends with 1 where anything was refused."""
    given = _given(said, published)
    if given.url or given.headline:
        _only_one(paths)
    fates = finished(_add(configured(), paths, given, json=json))
    if fates[Fate.REFUSED]:
        rest = sum(fates[fate] for fate in Fate if fate not in (Fate.REFUSED, Fate.IGNORED))
        fail(f"{fates[Fate.REFUSED]} refused{'; everything else is in the corpus' if rest else ''}")
        raise typer.Exit(FAILED)


async def _add(chosen: Settings, paths: Sequence[str], given: Given, *, json: bool) -> Counter[Fate]:
    fates: Counter[Fate] = Counter()
    length = files.length(paths)
    processes = 0 if length is not None and length < INLINE_BYTES_MAX else None
    begin = sharing_tables(chosen.data_dir)
    async with opened(chosen) as store, Workers(processes, niceness=NICENESS, begin=begin) as workers:
        with _bar(length) as bar:
            async for found in _found(chosen, paths, given):
                async for report in intake.take_in(found, store=store, workers=workers, clock=_now):
                    fates[report.fate] += 1
                    bar.advance(bar.task_ids[0], report.length)
                    _told(report, fates, json=json)
        if fates[Fate.ADDED] + fates[Fate.UPDATED] >= INDEXED_AT_ONCE:
            await corpus.keep(store, chosen.data_dir)
    summary = ", ".join(f"{fates[fate]} {fate}" for fate in Fate if fates[fate] or fate in IN_ORDER)
    (note if json else say)(summary)
    return fates


async def _found(chosen: Settings, paths: Sequence[str], given: Given) -> AsyncIterator[Iterable[Found]]:
    """What stands at the paths, in their order: files read as they are taken in, web addresses fetched one by one."""
    async with Web(private=chosen.allow_private_addresses) as web:
        courtesy = Courtesy(web, _now)
        for fetched, neighbours in groupby(paths, files.is_web_address):
            if not fetched:
                yield files.read(list(neighbours), given, sys.stdin.buffer)
                continue
            for url in neighbours:
                yield [await visiting.arrival(courtesy, url, given)]


def _now() -> datetime:
    return datetime.now(UTC)


def _told(report: Report, fates: Counter[Fate], *, json: bool) -> None:
    listed = sum(fates[fate] for fate in IN_ORDER)
    if json:
        tell(_form(report))
    elif report.reason or report.fate not in IN_ORDER or listed <= LISTED_MAX:
        say(_line(report))
    elif listed == LISTED_MAX + 1:
        say("… from here on only what needs a look is listed; --json lists all")


def _form(report: Report) -> dict[str, str | None]:
    return {
        "place": report.place,
        "outcome": report.fate.value,
        "article": report.article.name if report.article else None,
        "reason": report.reason,
    }


def _line(report: Report) -> str:
    words = [f"{report.fate:<9}", report.place]
    if report.article and report.article.name != report.place:
        words.append(report.article.name)
    if report.headline:
        words.append(f"“{' '.join(report.headline.split())}”")
    if report.reason:
        words.append(f"({report.reason})")
    return "  ".join(words)


@contextmanager
def _bar(length: int | None) -> Iterator[Progress]:
    """A bar over the bytes read, on standard error, only where somebody looks."""
    console = Console(stderr=True)
    columns = (
        TextColumn("adding"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        bar.add_task("adding", total=length)
        yield bar


def _given(said: Mapping[str, str | None], published: str | None) -> Given:
    try:
        words = {name: drafts.field(name, value) for name, value in said.items() if value is not None}
        return Given(
            outlet=words.get("outlet"),
            url=drafts.address(words.get("url")),
            headline=words.get("headline"),
            byline=words.get("byline"),
            published=None if published is None else drafts.published(published),
            language=None if words.get("language") is None else drafts.language_tag(words["language"] or ""),
        )
    except Unusable as error:
        raise typer.BadParameter(str(error)) from None


def _only_one(paths: Sequence[str]) -> None:
    """An address and a headline belong to one article: one page or text."""
    single = (files.STANDARD_INPUT, *filter(files.is_web_address, paths))
    if len(paths) != 1 or not (paths[0] in single or paths[0].lower().endswith(files.SINGLE)):
        raise typer.BadParameter("--url and --headline go with one .txt, .md or .html file or web address, or with -")
