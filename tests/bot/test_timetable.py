"""Exactly one edition a local day, in every zone, through every change of its clock."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.timetable import DAY, EVERY_DAY, WEEKDAYS, end_of, moment_of, next_due

FIRST, LAST = date(2024, 1, 1), date(2030, 12, 31)
ZONES = sorted(available_timezones())
DAYS = (LAST - FIRST).days

zones = st.sampled_from(ZONES)
hours = st.times(timezones=st.none()).map(lambda each: each.replace(second=0, microsecond=0))


@cache
def changes(zone: str) -> tuple[date, ...]:
    """The days on which a zone's clock is changed."""
    clock = ZoneInfo(zone)
    noons = [datetime.combine(FIRST + n * DAY, time(12), clock) for n in range(DAYS)]
    return tuple(after.date() for before, after in pairwise(noons) if before.utcoffset() != after.utcoffset())


@st.composite
def moments(draw: st.DrawFn, zone: str) -> datetime:
    """Any moment, or one near a change of the zone's clock."""
    days = st.integers(0, DAYS).map(lambda n: FIRST + n * DAY)
    near = st.sampled_from(changes(zone)) if changes(zone) else days
    day = draw(st.one_of(days, near)) - 2 * DAY
    return datetime.combine(day, time(), UTC) + timedelta(minutes=draw(st.integers(0, 24 * 60)))


def holds_for(zone: str, hour: time, start: datetime, editions: int) -> None:
    """From `start` on, one edition a local day, each on its day, in order."""
    clock, after, before = ZoneInfo(zone), start, None
    for _ in range(editions):
        due = next_due(hour, clock, EVERY_DAY, after)
        assert due is not None
        assert due.moment > after
        assert due.moment.astimezone(clock).date() == due.day
        assert before is None or due.day == before + DAY
        after, before = due


@given(st.data(), zones, hours)
def test_one_edition_a_local_day_in_every_zone(data: st.DataObject, zone: str, hour: time) -> None:
    holds_for(zone, hour, data.draw(moments(zone)), 6)


@pytest.mark.prove
def test_one_edition_a_local_day_at_every_change_of_every_zone() -> None:
    walked = 0
    for zone in ZONES:
        for change in changes(zone):
            for minutes in range(0, 24 * 60, 30):
                start = datetime.combine(change - 3 * DAY, time(), UTC)
                holds_for(zone, time(minutes // 60, minutes % 60), start, 5)
                walked += 1
    print(f"\n{len(ZONES)} zones, {walked} walks over a change of the clock, each one edition a local day")
    assert walked > 100_000


@given(st.data(), zones, hours, st.integers(1, EVERY_DAY))
def test_only_on_the_chosen_weekdays(data: st.DataObject, zone: str, hour: time, weekdays: int) -> None:
    due = next_due(hour, ZoneInfo(zone), weekdays, data.draw(moments(zone)))
    assert due is not None
    assert weekdays >> due.day.weekday() & 1


@given(st.data(), zones, zones, hours, hours)
def test_a_changed_zone_or_hour_never_brings_a_second_edition_of_a_day(
    data: st.DataObject, zone: str, another: str, hour: time, other: time
) -> None:
    told = next_due(hour, ZoneInfo(zone), EVERY_DAY, data.draw(moments(zone)))
    assert told is not None
    due = next_due(other, ZoneInfo(another), EVERY_DAY, told.moment, told=told.day)
    assert due is not None
    assert due.day > told.day
    assert due.day - told.day <= 2 * DAY


def due_in(zone: str, at: str, day: str) -> str:
    """When the edition of that day is due by the zone's own clock."""
    moment = moment_of(date.fromisoformat(day), time.fromisoformat(at), ZoneInfo(zone))
    assert moment is not None
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %z}"


def test_the_rule_for_hours_that_do_not_exist_and_hours_that_come_twice() -> None:
    assert due_in("Europe/Kyiv", "03:30", "2026-03-29") == "2026-03-29 04:00 +0300"  # jumped over: right after the jump
    assert due_in("Africa/Cairo", "00:30", "2026-04-24") == "2026-04-24 01:00 +0300"
    assert due_in("Europe/Kyiv", "03:30", "2026-10-25") == "2026-10-25 03:30 +0300"  # comes twice: the first time
    assert due_in("America/Nuuk", "23:30", "2026-03-28") == "2026-03-28 22:59 -0200"  # the jump ends on the next day


def test_a_day_that_a_zone_leaves_out_has_no_edition() -> None:
    assert moment_of(date(2011, 12, 30), time(7), ZoneInfo("Pacific/Apia")) is None
    due = next_due(time(7), ZoneInfo("Pacific/Apia"), EVERY_DAY, datetime(2011, 12, 30, 0, tzinfo=UTC))
    assert due is not None
    assert due.day == date(2011, 12, 31)
    assert end_of(date(2011, 12, 29), ZoneInfo("Pacific/Apia")) == datetime(2011, 12, 30, 10, tzinfo=UTC)


def test_a_day_ends_at_its_own_midnight() -> None:
    assert end_of(date(2026, 3, 29), ZoneInfo("Europe/Kyiv")) == datetime(2026, 3, 29, 21, tzinfo=UTC)
    assert end_of(date(2026, 4, 23), ZoneInfo("Africa/Cairo")) == datetime(2026, 4, 23, 22, tzinfo=UTC)


def test_no_weekday_means_no_edition() -> None:
    assert next_due(time(7), ZoneInfo("UTC"), 0, datetime(2026, 1, 1, tzinfo=UTC)) is None
    friday = datetime(2026, 11, 27, 12, tzinfo=UTC)
    due = next_due(time(7), ZoneInfo("UTC"), WEEKDAYS, friday)
    assert due is not None
    assert due.day == date(2026, 11, 30)
