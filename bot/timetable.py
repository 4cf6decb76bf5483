"""When the next edition of a subscription is due: exactly one a local day, through every change of a zone's clock.

Pure: zones come from the tz database, `after` is an argument. Knows no database and sends nothing.

An hour that comes twice on a day is taken the first time. One that the clock jumps over gives the first minute after
the jump; where that is the next day already, the last minute before it. A day that a zone leaves out has no edition.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

EVERY_DAY = 0b1111111  # a bit a weekday, Monday the lowest
WEEKDAYS = 0b0011111
WEEKEND = 0b1100000
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
AHEAD_DAYS = 9  # a week, and a day either side of it for what a zone may leave out


class Due(NamedTuple):
    """When an edition is due (UTC), and the local day that it is the edition of."""

    moment: datetime
    day: date


def next_due(
    local_time: time, zone: ZoneInfo, weekdays: int, after: datetime, *, told: date | None = None
) -> Due | None:
    """The first edition due after this moment, of a later local day than `told`; None where no weekday is chosen.

    `weekdays` is a bit mask, Monday the lowest bit. `told` is the day of the last edition: a changed hour or zone
    never brings a second one for it.
    """
    first = after.astimezone(zone).date() - DAY
    days = (first + n * DAY for n in range(AHEAD_DAYS + _ahead(first, told)))
    for day in days:
        if not weekdays >> day.weekday() & 1 or (told is not None and day <= told):
            continue
        moment = moment_of(day, local_time, zone)
        if moment is not None and moment > after:
            return Due(moment, day)
    return None


def moment_of(day: date, local_time: time, zone: ZoneInfo) -> datetime | None:
    """The moment (UTC) at which a local day's edition is due; None for a day that the zone leaves out."""
    wall = datetime.combine(day, local_time.replace(fold=0))
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    jump = _jump(wall, zone)
    return next((each for each in (jump, jump - MINUTE) if each.astimezone(zone).date() == day), None)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which a local day is over."""
    midnight = moment_of(day + DAY, time(), zone)
    return midnight if midnight is not None else end_of(day + DAY, zone)


def _ahead(first: date, told: date | None) -> int:
    """How many days more must be looked at where the last edition's day lies ahead, as after a journey westwards."""
    return max(0, (told - first).days) if told else 0


def _jump(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clock jumps over a wall time that does not exist.

    The offset before the jump puts that time after it, the offset behind it puts it before.
    """
    low = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    high = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high.replace(microsecond=0)
