"""What becomes of a file that an operator sent: articles into the corpus, or a list of feeds.

The file is read in a worker, a portion at a time, so that neither a long line nor a whole file stalls or fills the
bot. Knows nothing of the chat it came from, and keeps no file.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from bot.messages.uploads import REFUSALS_KEPT_MAX, Refused, Taken
from bot.newsroom import files, intake, opml, saved_feeds
from bot.newsroom.drafts import Given
from bot.newsroom.entries import NoFeed
from bot.newsroom.feeds import Newsroom
from bot.newsroom.files import Found
from bot.newsroom.intake import Fate, Report
from bot.workers import TooSlow
from storage import feeds
from storage.values import Outcome

LIST = ".opml"  # many programs write it under the general name of saved feeds
TAKEN = (*files.KNOWN, LIST, *saved_feeds.TYPES)
PORTION_ARTICLES_MAX = 64
PORTION_BYTES_MAX = 400_000


@dataclass(frozen=True, slots=True)
class Portion:
    """What stands in a part of a file of `size` bytes; the next one begins at byte `end` with line `line`.

    Where the whole file is one article, `line` is 0 once it is read.
    """

    found: list[Found]
    end: int
    line: int
    size: int


async def take_in(newsroom: Newsroom, path: Path, name: str) -> AsyncGenerator[tuple[Taken, int]]:
    """What became of the file so far, and how many percent of it are through: once a portion, the last time whole.

    Raises `DatabaseUnavailable`; the same file taken in again ends the same.
    """
    suffix = Path(name).suffix.lower()
    if suffix == LIST or suffix in saved_feeds.TYPES:
        listed = suffix == LIST or await asyncio.to_thread(saved_feeds.is_list, path)
        yield await (_feeds(newsroom, path) if listed else _saved_feed(newsroom, path, name)), 100
        return
    outcomes, refused = Counter[Outcome](), list[Refused]()
    end, line, through = 0, 1, 0
    while True:
        try:
            portion = await newsroom.workers.run(portion_of, path, name, suffix, end, line)
        except (TooSlow, BrokenProcessPool):
            late = Refused(f"{name}:{line}", "reading it takes too long; the rest is not taken in")
            yield Taken(dict(outcomes), (*refused, late)), through
            return
        if not portion.found:
            yield Taken(dict(outcomes), tuple(refused)), 100
            return
        taken = intake.take_in(portion.found, store=newsroom.store, workers=newsroom.workers, clock=newsroom.clock)
        async for report in taken:
            _count(report, outcomes, refused)
        end, line, through = portion.end, portion.line, 100 * portion.end // max(1, portion.size)
        yield Taken(dict(outcomes), tuple(refused)), through


def portion_of(path: Path, name: str, suffix: str, begin: int, line: int) -> Portion:
    """In a worker: the next articles of a file from byte `begin`, its line `line`; nothing at its end."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(begin)
        if suffix not in files.LINES:
            found = list(files.of_stream(stream, name, suffix, Given())) if line else []
            return Portion(found, size, 0, size)
        found = list(_some(files.lines(stream, name, first=line)))
        end = stream.tell()
        stream.seek(begin)
        return Portion(found, end, line + stream.read(end - begin).count(b"\n"), size)


def _some(found: Iterator[files.Arrival | files.Refusal]) -> Iterator[Found]:
    size = 0
    for number, each in enumerate(found, start=1):
        yield each
        size += each.length
        if number == PORTION_ARTICLES_MAX or size >= PORTION_BYTES_MAX:
            return


def _count(report: Report, outcomes: Counter[Outcome], refused: list[Refused]) -> None:
    if report.fate is Fate.IGNORED:
        return
    outcomes[Outcome(report.fate.value)] += 1
    if report.fate is Fate.REFUSED and len(refused) < REFUSALS_KEPT_MAX:
        refused.append(Refused(report.place, report.reason or ""))


async def _feeds(newsroom: Newsroom, path: Path) -> Taken:
    try:
        outlines = await newsroom.workers.run(_outlines, path)
    except opml.NoOutline as error:
        return Taken(reason=str(error))
    except (TooSlow, BrokenProcessPool):
        return Taken(reason="reading it takes too long")
    new = 0
    async with newsroom.store.writing() as session:
        now = newsroom.clock()
        for each in outlines:
            _, added = await feeds.add(session, each.url, title=each.title, site=each.site, topic=each.topic, now=now)
            new += added
    return Taken(feeds=(new, len(outlines) - new))


async def _saved_feed(newsroom: Newsroom, path: Path, name: str) -> Taken:
    try:
        feed = await newsroom.workers.run(saved_feeds.read, path, name, newsroom.clock())
    except NoFeed as error:
        return Taken(reason=f"{error}, nor a list of feeds")
    except (TooSlow, BrokenProcessPool):
        return Taken(reason="reading it takes too long")
    outcomes, refused = Counter[Outcome](), list[Refused]()
    taken = intake.take_in(feed.found, store=newsroom.store, workers=newsroom.workers, clock=newsroom.clock)
    async for report in taken:
        _count(report, outcomes, refused)
    return Taken(dict(outcomes), tuple(refused), saved_feed=feed.address or "")


def _outlines(path: Path) -> list[opml.Outline]:
    with path.open("rb") as stream:
        return opml.read(stream.read(opml.OPML_BYTES_MAX + 1))
