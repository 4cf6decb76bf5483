"""How many of what is asked a text tells, and what it counts otherwise."""

import pytest

from retrieval.counting import count_told, things_counted
from retrieval.question import parse

HURT = "How many people were hurt when the Kestrel Bridge fell?"


@pytest.mark.parametrize(
    ("words", "things"),
    [
        (HURT, {"peopl"}),
        ("How many villages in the district were flooded?", {"villag"}),
        ("Who was hurt when the bridge fell?", set()),
    ],
)
def test_what_is_counted_is_named_after_how_many(words: str, things: set[str]) -> None:
    assert things_counted(parse(words, language="en")) == things


@pytest.mark.parametrize(
    "words", ["How many were hurt in Velm?", "How many fled the town?", "How many left their homes?"]
)
def test_people_are_counted_where_no_thing_is_named(words: str) -> None:
    assert {"peopl", "resid", "famili"} <= things_counted(parse(words, language="en"))


@pytest.mark.parametrize(
    ("words", "text", "headline", "told"),
    [
        (HURT, "Nine people were treated for injuries after the bridge gave way.", None, {"9"}),
        (HURT, "The bridge carried about 11,000 people a day.", "Bridge injuries", set()),
        (HURT, "The ferries carried 7,000 people after the bridge was closed.", None, set()),
        ("How many villages were flooded?", "Water stands in 17 villages.", "Flood: report 3", {"17"}),
        (
            "How many were hurt in Velm?",
            "Fourteen injured people are in hospital, two men among them.",
            None,
            {"14", "2"},
        ),
        ("¿Cuántas personas fueron heridas?", "Nueve personas resultaron heridas.", None, {"9"}),
        ("Wie viele Menschen wurden verletzt?", "Vierzehn Menschen wurden verletzt.", None, {"14"}),
    ],
)
def test_a_count_is_told_in_the_sense_that_is_asked(
    words: str, text: str, headline: str | None, told: set[str]
) -> None:
    assert count_told(parse(words), text, headline) == told
