"""Speakers whom an article describes and does not name: the words stand as printed, and are no name."""

import pytest

from retrieval.attribution import statements
from retrieval.model import Certainty

DESCRIBED = [
    ("Officials of both sides said the list was agreed.", "Officials of both sides"),
    ("A senior official who asked not to be named said that the talks had failed.", "A senior official"),
    ("Residents said they heard three blasts.", "Residents"),
    ("“We are tired,” a woman in the queue said.", "a woman in the queue"),
    ("According to witnesses, the gate had been open.", "witnesses"),
]
AMBIGUOUS = [
    "Spokesman Olin Pell met spokesman Jan Dahl. The spokesman said the gate had failed.",
    "Olin Pell met Jan Dahl. He said the gate had failed.",
]


@pytest.mark.parametrize(("text", "words"), DESCRIBED)
def test_who_is_described_gets_no_name_and_keeps_the_words(text: str, words: str) -> None:
    (said,) = [each.attribution for each in statements(text, "en") if each.attribution]
    assert said.certainty is Certainty.DESCRIBED
    assert said.speaker is None
    assert said.source is not None
    assert said.source.of(text).startswith(words)


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_words_that_may_mean_either_of_two_named_people_are_not_a_description(text: str) -> None:
    (said,) = [each.attribution for each in statements(text, "en") if each.attribution]
    assert said.certainty is Certainty.UNCERTAIN
    assert said.speaker is None


def test_a_word_printed_alone_first_is_no_surname_of_a_longer_name_that_is_no_person() -> None:
    text = (
        "Tovel said the rules were clear. It is not sold with Grand Tovel yet. “We are excited,” Tovel said on Monday."
    )
    names = [each.attribution.speaker.name for each in statements(text, "en") if each.attribution.speaker]  # type: ignore[union-attr]
    assert names == ["Tovel", "Tovel"]


def test_what_the_author_says_in_person_is_the_articles_own_words() -> None:
    assert statements("We know that the dam is old. I think that it leaks.", "en") == []
    assert statements("“We know that the dam is old,” said Mira Dahl.", "en")
