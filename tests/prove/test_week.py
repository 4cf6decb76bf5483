"""A week of the newsroom over a real HTTP server, by a script: what is stored at the end, and every request on the way.

The clock is virtual and jumps to what is due next, so that each moment of a request can be held against the moment at
which a polite client makes it.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import pairwise

import pytest
import sqlalchemy as sa

from bot.newsroom import rounds, schedule
from bot.newsroom.courtesy import Courtesy
from bot.newsroom.feeds import LEASE, Newsroom
from bot.newsroom.fetch import Web
from bot.workers import Workers
from storage import articles, feeds, looks
from storage.database import Store
from storage.tables import ArticleRow, EntryRow, LookRow
from storage.values import FeedState
from tests.bot.newsroom.test_entries import rss
from tests.bot.newsroom.test_feeds import Clock, item
from tests.bot.newsroom.test_pages import a_page
from tests.web import Reply, Request, StubWeb, stub_web

pytestmark = pytest.mark.prove

EVERY = timedelta(hours=1)
WEEK = timedelta(days=7)
PATIENCE_SECONDS = 3  # of the client: enough that a busy machine makes no answer late, little for the few that hang
HOUR = timedelta(hours=1)
POST, WIRE, RADIO, HERALD, GONE, BUSY, DOWN = (
    f"{name}.example" for name in ("velm-post", "ostra-wire", "radio", "herald", "gone", "busy", "down")
)


@dataclass(frozen=True, eq=False)
class Said:
    """What an address answers from an hour on."""

    hours: float
    body: str = ""
    status: int = 200
    kind: str = "text/html"
    hangs: bool = False
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        return f'"{sha256(self.body.encode()).hexdigest()[:8]}"'


@dataclass(frozen=True)
class Visit:
    """One request: hours since the beginning, what was asked with which condition, what was said."""

    at: timedelta
    host: str
    path: str
    condition: str | None
    said: Said
    status: int


class Week:
    """The script: what each address answers when, and all that was asked."""

    def __init__(self, site: StubWeb, clock: Clock) -> None:
        self.site, self.clock, self.began = site, clock, clock.now
        self.visits: list[Visit] = []

    @property
    def passed(self) -> timedelta:
        return self.clock.now - self.began

    def says(self, host: str, path: str, *script: Said) -> None:
        def answer(request: Request) -> Reply:
            said = [each for each in script if each.hours * HOUR <= self.passed][-1]
            condition = request.headers.get("if-none-match")
            known = said.status == 200 and condition == said.etag
            status = 304 if known else said.status
            self.visits.append(Visit(self.passed, host, path, condition, said, status))
            content = said.body.encode()
            told = {"content-type": said.kind, "etag": said.etag, **said.headers}
            length = len(content) + said.hangs  # the last byte never comes
            return Reply(status, {**told, "content-length": str(length)}, [content], hangs=said.hangs)

        self.site.answers(path, answer, host=host)

    def at(self, host: str, path: str) -> list[Visit]:
        return [each for each in self.visits if (each.host, each.path) == (host, path)]


def feed(hours: float, *items: str, **more: object) -> Said:
    return Said(hours, rss("".join(items)), kind="application/rss+xml", **more)  # type: ignore[arg-type]


def report(subject: str, figure: str = "nine") -> str:
    """A text of its own, long enough to be an article and to be told from others."""
    words = " ".join(
        f"The {subject} of quarter {n} was looked at by inspector {subject}-{n} at noon." for n in range(12)
    )
    return f"{words} In all {figure} people were hurt near the {subject}."


def whole(number: int, text: str) -> str:
    return item(number, f"<p>{text}</p>", title=f"Story {number}")


def page(text: str) -> str:
    return a_page(body=f"<p>{text}</p>").decode()


@pytest.fixture
async def site() -> AsyncIterator[StubWeb]:
    async with stub_web() as site:
        yield site


@pytest.fixture
def week(site: StubWeb) -> Week:
    return scripted(Week(site, Clock()))


@pytest.fixture
async def newsroom(sqlite_store: Store, week: Week) -> AsyncIterator[Newsroom]:
    web = Web(private=True, resolve=week.site.resolve, seconds=PATIENCE_SECONDS)
    async with web, Workers(0) as workers:
        courtesy = Courtesy(web, week.clock, pause=0)
        yield Newsroom(sqlite_store, workers, courtesy, week.clock, EVERY, chance=lambda: 0.5)


def scripted(week: Week) -> Week:
    """The week: who publishes what, and what goes wrong when."""
    bridge, ferry, tram, gate, mill, dam = (report(name) for name in ("bridge", "ferry", "tram", "gate", "mill", "dam"))
    robots = Said(0, "User-agent: *\nDisallow: /story/9", kind="text/plain")
    for host in (POST, WIRE, RADIO, HERALD, GONE, BUSY, DOWN):
        week.says(host, "/robots.txt", robots if host == WIRE else Said(0, status=404))
        for number in range(1, 10):
            week.says(host, f"/story/{number}", Said(0, page(f"Never read: {host} {number}")))
    changed = report("ferry", "four")
    week.says(
        POST,
        "/feed",
        feed(0, whole(1, bridge)),
        feed(20, whole(2, ferry), whole(1, bridge)),
        feed(50, whole(2, changed), whole(1, bridge), headers={"cache-control": "max-age=18000"}),
    )
    week.says(WIRE, "/feed", feed(0, item(1), item(9)), feed(30, item(2), item(1), item(9)))
    week.says(WIRE, "/story/1", Said(0, page(tram)), Said(10, page(report("tram", "two"))), Said(20, status=410))
    week.says(WIRE, "/story/2", Said(0, page(gate), hangs=True), Said(33, page(gate)))
    week.says(RADIO, "/feed", feed(0, whole(3, mill)), Said(40, status=301, headers={"location": "/new"}))
    week.says(RADIO, "/new", feed(0, whole(3, mill)), feed(60, whole(4, dam), whole(3, mill)))
    week.says(RADIO, "/passing", Said(0, status=302, headers={"location": "/there"}))
    week.says(RADIO, "/there", feed(0, whole(5, report("pier"))))
    copied = tram.replace("quarter 3", "district three").replace("at noon", "at midday", 1)
    week.says(HERALD, "/feed", feed(0), feed(6, whole(6, copied)))
    week.says(GONE, "/feed", feed(0, whole(7, report("tower"))), Said(24, status=410))
    wait = Said(12, status=429, headers={"retry-after": str(9 * 3600)})
    week.says(BUSY, "/feed", feed(0, whole(8, report("market"))), wait, feed(23, whole(8, report("market"))))
    week.says(DOWN, "/feed", Said(0, status=503), Said(48, hangs=True), feed(72, whole(9, report("canal"))))
    return week


FEEDS = (*((host, "/feed") for host in (POST, WIRE, RADIO, HERALD, GONE, BUSY, DOWN)), (RADIO, "/passing"))


async def lived(newsroom: Newsroom, week: Week) -> None:
    """The week, from one moment at which something is due to the next."""
    async with newsroom.store.writing() as session:
        for host, path in FEEDS:
            await feeds.add(session, week.site.at(host, path), title=host, now=week.clock.now)
    while (due := await next_due(newsroom)) is not None and due <= WEEK + week.began:
        week.clock.now = max(week.clock.now, due)
        async with newsroom.store.writing() as session:
            held = await feeds.claim_due(session, now=week.clock.now, limit=99, lease=LEASE)
            seen = await looks.claim_due(session, now=week.clock.now, limit=99, lease=LEASE)
        await asyncio.gather(*(rounds.checked(newsroom, each) for each in held))
        await asyncio.gather(*(rounds.looked(newsroom, each) for each in seen))


async def next_due(newsroom: Newsroom) -> datetime | None:
    async with newsroom.store.reading() as session:
        checks = [each.next_check_at for each, _ in await feeds.listing(session)]
        look = await session.scalar(sa.select(sa.func.min(LookRow.next_at)))
    return min((each for each in [*checks, look] if each is not None), default=None)


async def test_a_week_leaves_exactly_this_corpus_and_asks_exactly_what_a_polite_client_asks(
    newsroom: Newsroom, week: Week
) -> None:
    await lived(newsroom, week)
    await _the_corpus(newsroom)
    await _the_feeds(newsroom, week)
    for host, path in FEEDS:
        if host != RADIO:
            _checked_when_due(host, path, week)
    _checked_when_due(RADIO, "/there", week)
    _conditions(week)
    _manners(week)
    _looks(week)


async def _the_corpus(newsroom: Newsroom) -> None:
    async with newsroom.store.reading() as session:
        stored = await articles.listing(session, limit=100)
    told = {}
    for article, version in stored:
        assert article.outlet is not None
        last = version.text.rsplit("In all ", 1)[1]
        place = (article.outlet.name, (article.url or "").rpartition("/")[2])
        told[place] = (last, version.number, article.page_gone_at is not None)
    assert told == {
        (POST, "1"): ("nine people were hurt near the bridge.", 1, False),
        (POST, "2"): ("four people were hurt near the ferry.", 2, False),
        ("Velm Post", "1"): ("two people were hurt near the tram.", 2, True),
        ("Velm Post", "2"): ("nine people were hurt near the gate.", 1, False),
        (RADIO, "3"): ("nine people were hurt near the mill.", 1, False),
        (RADIO, "4"): ("nine people were hurt near the dam.", 1, False),
        (RADIO, "5"): ("nine people were hurt near the pier.", 1, False),
        (HERALD, "6"): ("nine people were hurt near the tram.", 1, False),
        (GONE, "7"): ("nine people were hurt near the tower.", 1, False),
        (BUSY, "8"): ("nine people were hurt near the market.", 1, False),
        (DOWN, "9"): ("nine people were hurt near the canal.", 1, False),
    }
    async with newsroom.store.reading() as session:
        edited = list(await session.scalars(sa.select(ArticleRow.url).where(ArticleRow.edited_from.is_not(None))))
        assert [str(url).rpartition("/")[2] for url in edited] == ["6"]
        unfinished = sa.select(EntryRow.entry_key).where(EntryRow.digest.is_(None))
        assert list(await session.scalars(unfinished)) == []


async def _the_feeds(newsroom: Newsroom, week: Week) -> None:
    async with newsroom.store.reading() as session:
        known = {each.url: each for each, _ in await feeds.listing(session)}
    assert known[week.site.at(GONE, "/feed")].state is FeedState.GONE
    assert week.site.at(RADIO, "/new") in known
    assert week.site.at(RADIO, "/feed") not in known
    assert week.site.at(RADIO, "/passing") in known
    assert [each.failures for each in known.values() if each.state is FeedState.ACTIVE] == [0] * (len(FEEDS) - 1)


def _is_news(visit: Visit, taken: set[str]) -> bool:
    """Whether a polite client learns something new here: the page behind an entry of the wire hangs until hour 33."""
    hangs = visit.host == WIRE and visit.said.hours == 30 and visit.at < 33 * HOUR
    return "<item>" in visit.said.body and visit.said.body not in taken and not hangs


def _checked_when_due(host: str, path: str, week: Week) -> None:
    """Each request of a feed is made exactly when the one before, and what it said, let it be made."""
    interval, failures, taken = EVERY, 0, set[str]()
    visits = week.at(host, path)
    assert visits
    for visit, following in pairwise([*visits, None]):
        assert visit is not None
        if visit.status in (200, 304) and not visit.said.hangs:
            news = _is_news(visit, taken)
            taken |= {visit.said.body} if news else set()
            interval = timedelta(seconds=int(interval.total_seconds()))  # as it is kept
            interval = min(max(interval * (0.5 if news else 1.5), EVERY), 6 * HOUR)
            fresh = int(visit.said.headers.get("cache-control", "max-age=0").partition("=")[2])
            failures, wait = 0, max(interval, timedelta(seconds=fresh))
        else:
            asked = timedelta(seconds=int(visit.said.headers.get("retry-after", "0")))
            failures, wait = failures + 1, max(min(EVERY * 2**failures, timedelta(days=1)), asked)
        if following is None:
            gone = visit.status == 410
            assert gone or visit.at + wait > WEEK, (host, path, visit.at)
        else:
            assert following.at - visit.at == wait, (host, path, visit)


def _conditions(week: Week) -> None:
    """Whatever was had once is asked on condition from then on."""
    for host, path in {(each.host, each.path) for each in week.visits} - {(RADIO, "/new"), (RADIO, "/passing")}:
        known = None
        for visit in week.at(host, path):
            if path != "/robots.txt":
                assert visit.condition == known, visit
            if visit.status == 200 and not visit.said.hangs:
                outstanding = (host, path) == (WIRE, "/feed") and visit.said.hours == 30 and visit.at < 33 * HOUR
                known = None if outstanding else visit.said.etag


def _manners(week: Week) -> None:
    for host in (POST, RADIO, HERALD, GONE, BUSY):
        assert week.site.open_at_once_max[host] == 1
    for host in (POST, WIRE, RADIO, HERALD, GONE, BUSY, DOWN):
        for one, other in pairwise(week.at(host, "/robots.txt")):
            assert other.at - one.at >= timedelta(hours=24)
    assert week.at(WIRE, "/story/9") == []
    assert [each.status for each in week.at(RADIO, "/feed")].count(301) == 1
    assert week.at(RADIO, "/feed")[-1].status == 301
    assert [each.status for each in week.at(GONE, "/feed")].count(410) == 1
    refused = [each.at for each in week.at(BUSY, "/feed") if each.status == 429]
    assert len(refused) == 2
    for visit in week.visits:
        if visit.host == BUSY:
            assert not any(timedelta() < visit.at - each < 9 * HOUR for each in refused), visit


def _looks(week: Week) -> None:
    """Pages are looked at again when they should be, and no page is asked for besides."""
    stored = {(POST, 1): 0, (RADIO, 3): 0, (RADIO, 5): 0, (GONE, 7): 0}
    for (host, number), hour in stored.items():
        seen = [each.at for each in week.at(host, f"/story/{number}")]
        assert seen == [hour * HOUR + after for after in schedule.LOOKS_AFTER], (host, number)
    fetched = week.at(WIRE, "/story/1")
    assert [each.at for each in fetched] == [timedelta(), *schedule.LOOKS_AFTER]
    assert [each.status for each in fetched] == [200, 304, 304, 200, 410, 410, 410]
    asked = defaultdict(set)
    for visit in week.visits:
        if visit.path.startswith("/story/"):
            asked[visit.host].add(visit.path.rpartition("/")[2])
    assert asked == {
        POST: {"1", "2"},
        WIRE: {"1", "2"},
        RADIO: {"3", "4", "5"},
        HERALD: {"6"},
        GONE: {"7"},
        BUSY: {"8"},
        DOWN: {"9"},
    }
