"""Dates as printed: a bare day is never shifted, a moment is shown with its zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.messages import moments
from retrieval.model import Precision, Published
from tests.bot.messages.making import LATER, a_view
from tests.build import a_day, a_moment


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Midway", "UTC"])
def test_a_bare_day_is_the_same_everywhere(zone: str) -> None:
    shown = moments.printed(a_day(), a_view(ZoneInfo(zone)))
    assert (shown.text, shown.entities) == ("20 Nov 2026", 0)


def test_a_moment_is_shown_in_the_reader_s_zone_and_to_telegram_as_a_moment() -> None:
    shown = moments.printed(a_moment(), a_view(ZoneInfo("Asia/Kathmandu")))
    assert shown.text == "22 Nov 2026, 17:45 (UTC+5:45)"
    assert shown.html.startswith('<tg-time unix="1795348800" format="Dt">')


def test_without_a_reader_s_zone_the_printed_offset_counts() -> None:
    assert moments.printed_words(a_moment(offset=-210), a_view()) == "22 Nov 2026, 08:30 (UTC-3:30)"


def test_no_date_is_said() -> None:
    assert moments.printed(None, a_view()).text == "no date on record"


@pytest.mark.parametrize("moment", [datetime.max, datetime.min])
def test_a_date_that_no_zone_can_shift_is_shown_as_it_is(moment: datetime) -> None:
    published = Published(moment.replace(tzinfo=UTC), Precision.MOMENT, 600 if moment == datetime.max else -600)
    assert moments.printed(published, a_view()).entities == 0


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5, minutes=59), "5 hours ago"),
        (timedelta(days=3), "3 days ago"),
        (-timedelta(hours=1), "just now"),
    ],
)
def test_how_long_ago(passed: timedelta, words: str) -> None:
    assert moments.ago(LATER - passed, a_view()) == words
