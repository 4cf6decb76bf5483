"""When a feed is checked next: as often as it publishes, as seldom as it asks, ever less while it fails.

And when the page of an article is looked at again: at falling intervals, for a week.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

INTERVAL_MAX = timedelta(hours=6)  # of a feed that answers, however little it publishes
FAILING_MAX = timedelta(days=1)
FASTER, SLOWER = 0.5, 1.5
JITTER = 0.1  # either way, so that feeds added together are not checked together for ever
DOUBLINGS_MAX = 20
# When the page of an article is looked at again, counted from its storing: changes come early, or hardly at all.
LOOKS_AFTER = (
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
)
LOOKS_END = timedelta(days=8)  # a look that fails is made again until then
LOOK_AGAIN = timedelta(minutes=30)
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


def next_look(now: datetime, planned_at: datetime, chance: Chance) -> datetime | None:
    """The next look at a page that was planned then; None when a week of them is over. What was missed is left out."""
    ahead = (planned_at + _spread(after, chance) for after in LOOKS_AFTER if planned_at + after > now)
    return max(next(ahead), now) if planned_at + LOOKS_AFTER[-1] > now else None


def look_after_failure(
    now: datetime, planned_at: datetime, failures: int, wait: timedelta | None, chance: Chance
) -> datetime | None:
    """When a look that failed is made again: doubled each time, at most a day; None after the week."""
    backed_off = min(LOOK_AGAIN * 2 ** min(failures, DOUBLINGS_MAX), FAILING_MAX)
    again = now + max(_spread(backed_off, chance), wait or timedelta())
    return again if again <= planned_at + LOOKS_END else None


def rest_of(cache_control: str, ttl: timedelta | None) -> timedelta | None:
    """How long an answer stays fresh: `max-age` of Cache-Control or the feed's own ttl, the longer, at most a day."""
    found = None if NOT_KEPT.search(cache_control) else MAX_AGE.search(cache_control)
    fresh = timedelta(seconds=int(found[1])) if found else timedelta()
    longest = min(max(fresh, ttl or timedelta()), FAILING_MAX)
    return longest or None


def _spread(interval: timedelta, chance: Chance) -> timedelta:
    return interval * (1 + JITTER * (2 * chance() - 1))
