"""The week of a topic: how many articles each outlet printed on each day. Counts; composes and renders nothing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.composing import Followed
from bot.newsdesk import Newsdesk, Reported
from retrieval.model import Precision
from retrieval.topics import PASSING

DAYS = 7
OUTLETS_MAX = 8  # told apart; all others are counted together


@dataclass(frozen=True, slots=True)
class Row:
    """One outlet's articles on each day. `outlet` is None where none is on record."""

    outlet: str | None
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Coverage:
    """A topic's articles by outlet, most first, and by day, oldest first. `others` adds up the outlets beyond eight."""

    topic: str | None
    days: tuple[date, ...]
    rows: tuple[Row, ...]
    others: Row | None = None
    others_outlets: int = 0

    @property
    def every(self) -> tuple[Row, ...]:
        return (*self.rows, self.others) if self.others else self.rows

    @property
    def totals(self) -> tuple[int, ...]:
        """All articles of each day."""
        return tuple(sum(row.counts[n] for row in self.every) for n in range(len(self.days)))

    @property
    def total(self) -> int:
        return sum(self.totals)

    @property
    def outlets(self) -> int:
        return len([row for row in self.rows if row.outlet]) + self.others_outlets


async def week(
    desk: Newsdesk, under: Followed, now: datetime, zone: ZoneInfo, muted: frozenset[str] = frozenset()
) -> Coverage:
    """The last seven local days, today the last; muted outlets are left out, passing mentions too."""
    today = now.astimezone(zone).date()
    days = tuple(today - timedelta(days=back) for back in range(DAYS - 1, -1, -1))
    since = datetime(days[0].year, days[0].month, days[0].day, tzinfo=zone) - timedelta(days=1)
    await desk.read(since, now, {under.words: under.topic} if under.topic else {})
    printed = [each for each in desk.new(since, now) if _is_on(under, each) and each.outlet not in muted]
    return counted(under.name, days, ((each.outlet, _day(each, zone)) for each in printed))


def counted(topic: str | None, days: tuple[date, ...], printed: Iterable[tuple[str | None, date]]) -> Coverage:
    """Articles, each an outlet and a day, as a table; those of other days are left out."""
    cells = Counter(each for each in printed if each[1] in days)
    totals = Counter[str | None]()
    for (outlet, _), many in cells.items():
        totals[outlet] += many
    ranked = sorted(totals, key=lambda outlet: (outlet is None, -totals[outlet], outlet or ""))
    rows = [Row(outlet, tuple(cells[outlet, day] for day in days)) for outlet in ranked]
    if len(rows) <= OUTLETS_MAX:
        return Coverage(topic, days, tuple(rows))
    rest = rows[OUTLETS_MAX:]
    others = Row(None, tuple(sum(row.counts[n] for row in rest) for n in range(len(days))))
    return Coverage(topic, days, tuple(rows[:OUTLETS_MAX]), others, len(rest))


def _is_on(under: Followed, each: Reported) -> bool:
    return under.topic is None or each.matches.get(under.words, 0.0) > PASSING


def _day(each: Reported, zone: ZoneInfo) -> date:
    """The day it was printed on: a bare day as printed, a moment by the zone's clock."""
    published = each.recent.published
    return (published.moment if published.precision is Precision.DAY else published.moment.astimezone(zone)).date()
