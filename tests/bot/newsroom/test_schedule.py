"""When a feed is checked next: bounds that always hold, and what servers ask for."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.newsroom import schedule

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EVERY = timedelta(minutes=15)
chances = st.floats(0, 1)


@given(st.lists(st.booleans(), max_size=40))
def test_the_interval_follows_the_news_within_its_bounds(history: list[bool]) -> None:
    interval = EVERY
    for news in history:
        adapted = schedule.adapted(interval, news=news, every=EVERY)
        assert EVERY <= adapted <= schedule.INTERVAL_MAX
        assert adapted <= interval if news else adapted >= interval
        interval = adapted


@given(st.integers(0, 10_000), chances)
def test_failures_back_off_to_a_day_and_no_further(failures: int, chance: float) -> None:
    wait = schedule.after_failure(NOON, EVERY, failures, None, lambda: chance) - NOON
    assert EVERY * 0.9 <= wait <= timedelta(days=1)
    longer = schedule.after_failure(NOON, EVERY, failures + 2, None, lambda: chance) - NOON
    assert longer >= wait


def test_jitter_sets_feeds_apart() -> None:
    moments = {schedule.after_failure(NOON, EVERY, 1, None, lambda n=n: n / 10) for n in range(10)}  # type: ignore[misc]
    assert len(moments) == 10


def test_a_server_that_asks_for_a_wait_gets_it() -> None:
    wait = timedelta(hours=3)
    assert schedule.after_failure(NOON, EVERY, 0, wait, lambda: 0.5) == NOON + wait
    assert schedule.after_success(NOON, EVERY, wait, lambda: 0.5) == NOON + wait
    assert schedule.after_success(NOON, EVERY, timedelta(minutes=1), lambda: 0.5) == NOON + EVERY


def test_freshness_is_the_longer_of_max_age_and_ttl_and_at_most_a_day() -> None:
    hour = timedelta(hours=1)
    assert schedule.rest_of("public, max-age=7200", hour) == 2 * hour
    assert schedule.rest_of("s-maxage=7200", hour) == hour
    assert schedule.rest_of("no-cache, max-age=7200", None) is None
    assert schedule.rest_of("max-age=999999999", None) == timedelta(days=1)
    assert schedule.rest_of("", None) is None
