"""Which time zone a reader means: certain, to choose from, or unknown with the nearest names."""

from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import zones


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Kyiv", "Europe/Kyiv"),
        ("Київ", "Europe/Kyiv"),
        ("Kiev", "Europe/Kyiv"),
        ("europe/kyiv", "Europe/Kyiv"),
        ("new york", "America/New_York"),
        ("القاهرة", "Africa/Cairo"),
        ("Germany", "Europe/Berlin"),
        ("Deutschland", "Europe/Berlin"),
        ("UK", "Europe/London"),
        ("UTC+2", "Etc/GMT-2"),
        ("-5", "Etc/GMT+5"),
        ("GMT+05:30", "Asia/Kolkata"),
        ("UTC", "UTC"),
    ],
)
def test_a_city_a_country_a_name_and_an_offset_are_certain(typed: str, meant: str) -> None:
    assert zones.find(typed) == [meant]


def test_a_country_of_several_times_is_offered() -> None:
    found = zones.find("USA")
    assert found[:3] == ["America/New_York", "America/Chicago", "America/Denver"]
    assert len(found) <= zones.OFFERED_MAX
    assert zones.find("Ukraine")[0] == "Europe/Kyiv"


def test_an_unknown_name_has_the_nearest_names() -> None:
    assert zones.find("Kiev/Ukraine") == []
    assert zones.nearest("Kiev/Ukraine")[0] == "Europe/Kyiv"
    assert zones.nearest("Kyev")[0] == "Europe/Kyiv"
    assert zones.nearest("qqqqqqqq") == []


@given(st.one_of(st.text(max_size=70), st.from_regex(r"(UTC|GMT)?[+-]\d{1,2}(:?\d{2})?", fullmatch=True)))
def test_whatever_is_typed_what_is_found_is_a_zone(typed: str) -> None:
    assert all(ZoneInfo(zone) for zone in [*zones.find(typed), *zones.nearest(typed)])


def test_every_iana_name_is_found_by_its_name() -> None:
    assert all(len(zones.find(name)) == 1 for name in available_timezones())
