"""Quiet hours: within a day, over midnight, and never."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import quiet
from bot.quiet import NEVER, USUAL, QuietHours

HOURS = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("23:00-06:30", QuietHours(time(23), time(6, 30))),
        ("23-7", QuietHours(time(23), time(7))),
        ("1.30 to 5", QuietHours(time(1, 30), time(5))),
        ("22–24", QuietHours(time(22), time(0))),
        ("late", None),
        ("25-7", None),
        ("7", None),
    ],
)
def test_hours_are_typed_in_some_ways(typed: str, hours: QuietHours | None) -> None:
    assert quiet.read(typed) == hours


def test_the_usual_ones_hold_over_midnight_until_their_last_minute() -> None:
    assert USUAL.hold(time(22))
    assert USUAL.hold(time(6, 59))
    assert not USUAL.hold(time(7))
    assert not USUAL.hold(time(21, 59))


@given(HOURS, HOURS, HOURS)
def test_an_hour_is_quiet_or_is_so_in_the_opposite_hours(since: time, until: time, at: time) -> None:
    hours, others = QuietHours(since, until), QuietHours(until, since)
    assert hours.hold(at) + others.hold(at) == (since != until)
    assert quiet.read(str(hours)) == hours


def test_a_chat_has_the_usual_hours_until_it_chooses() -> None:
    assert quiet.hours_of({}) == USUAL
    assert quiet.hours_of({quiet.PREFERENCE: "23:00-06:30"}) == QuietHours(time(23), time(6, 30))
    assert not quiet.hours_of({quiet.PREFERENCE: str(NEVER)}).any
