"""Which amounts a sentence tells."""

import pytest

from retrieval.figures import differ, figures


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Nine people and 1,400 sheep crossed.", {"9", "1400"}),
        ("About 11,000 a day, or 3.5 a minute.", {"11000", "3.5"}),
        ("On 17 November 2026 at 18:52 the span fell.", set()),
        ("November 17 saw fourteen boats.", {"14"}),
        ("Nobody was hurt.", set()),
    ],
)
def test_amounts_are_told_and_dates_are_none(text: str, told: set[str]) -> None:
    assert figures(text, "en") == told


def test_figures_are_told_in_a_language_that_nobody_has_written_down() -> None:
    assert figures("12 hajó és 1.400 juh", "hu") == {"12", "1400"}


def test_figures_differ_where_each_tells_its_own() -> None:
    assert differ(frozenset({"9"}), frozenset({"14"}))
    assert not differ(frozenset({"9", "14"}), frozenset({"14"}))
    assert not differ(frozenset(), frozenset({"14"}))
