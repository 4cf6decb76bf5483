"""Which hour and which weekdays a reader means."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ordering import EVERY_DAY, NAMES, WEEKDAYS, WEEKEND, NotUnderstood, Ordered, read

MONDAY, THURSDAY = 1, 8


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("07:30 weekdays", Ordered(time(7, 30), WEEKDAYS)),
        ("7.30pm mon,thu", Ordered(time(19, 30), MONDAY | THURSDAY)),
        ("7:30 pm on Mondays and Thursdays", Ordered(time(19, 30), MONDAY | THURSDAY)),
        ("19h30", Ordered(time(19, 30))),
        ("19h", Ordered(time(19))),
        ("7", Ordered(time(7))),
        ("0730 daily", Ordered(time(7, 30), EVERY_DAY)),
        ("12am", Ordered(time(0))),
        ("12pm", Ordered(time(12))),
        ("at 8 every day", Ordered(time(8), EVERY_DAY)),
        ("8:00 fri-mon", Ordered(time(8), 0b1110001)),
        ("8:00 weekends, wed", Ordered(time(8), WEEKEND | 4)),
        ("tue & thurs", Ordered(None, 2 | THURSDAY)),
        ("", Ordered()),
    ],
)
def test_what_readers_type(typed: str, meant: Ordered) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize("typed", ["25:00", "7:75", "13pm", "soon", "07:30 someday", "t", "7 8", "07:30:15", "-"])
def test_what_cannot_be_meant_is_not_guessed(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        read(typed)


@given(st.times(), st.sets(st.integers(0, 6), min_size=1))
def test_every_hour_and_every_choice_of_days_can_be_typed(at: time, weekdays: set[int]) -> None:
    typed = f"{at:%H:%M} {','.join(NAMES[n][:3] for n in weekdays)}"
    assert read(typed) == Ordered(at.replace(second=0, microsecond=0), sum(1 << n for n in weekdays))


@given(st.text(max_size=40))
def test_whatever_is_typed_is_an_hour_or_not_understood(typed: str) -> None:
    try:
        ordered = read(typed)
    except NotUnderstood:
        return
    assert ordered.weekdays is None or 0 < ordered.weekdays <= EVERY_DAY
