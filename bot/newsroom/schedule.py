"""When a feed is checked next: as often as it publishes, as seldom as it asks, ever less while it fails."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

INTERVAL_MAX = timedelta(hours=6)  # of a feed that answers, however little it publishes
FAILING_MAX = timedelta(days=1)
FASTER, SLOWER = 0.5, 1.5
JITTER = 0.1  # either way, so that feeds added together are not checked together for ever
DOUBLINGS_MAX = 20
MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,9})", re.IGNORECASE)
NOT_KEPT = re.compile(r"(?:^|[\s,])(no-cache|no-store)\b", re.IGNORECASE)

Chance = Callable[[], float]  # from 0 to 1


def adapted(interval: timedelta, *, news: bool, every: timedelta) -> timedelta:
    """The interval after a check that brought news or none; `every` is the shortest."""
    longest = max(every, INTERVAL_MAX)
    return min(max(interval * (FASTER if news else SLOWER), every), longest)


def after_success(now: datetime, interval: timedelta, rest: timedelta | None, chance: Chance) -> datetime:
    """The next check of a feed that answered, not before its `rest` is over."""
    return now + max(_spread(interval, chance), rest or timedelta())


def after_failure(now: datetime, every: timedelta, failures: int, wait: timedelta | None, chance: Chance) -> datetime:
    """The next check of a feed that failed so many times in a row: doubled each time, at most a day."""
    backed_off = min(every * 2 ** min(failures, DOUBLINGS_MAX), FAILING_MAX)
    return now + max(min(_spread(backed_off, chance), FAILING_MAX), wait or timedelta())


def rest_of(cache_control: str, ttl: timedelta | None) -> timedelta | None:
    """How long an answer stays fresh: `max-age` of Cache-Control or the feed's own ttl, the longer, at most a day."""
    found = None if NOT_KEPT.search(cache_control) else MAX_AGE.search(cache_control)
    fresh = timedelta(seconds=int(found[1])) if found else timedelta()
    longest = min(max(fresh, ttl or timedelta()), FAILING_MAX)
    return longest or None


def _spread(interval: timedelta, chance: Chance) -> timedelta:
    return interval * (1 + JITTER * (2 * chance() - 1))
