"""What is told in the passive voice, by whom or by nobody named, and participles that only look like a verb."""

import pytest

from retrieval.attribution import statements
from retrieval.model import Certainty
from tests.retrieval.attribution.searching import holding

NOBODY = [
    ("The vote is widely seen as a test of the mayor.", "a test of the mayor"),
    ("The lock was long regarded as the pride of Velm.", "the pride of Velm"),
    ("Mira Dahl is considered a rival of the mayor.", "a rival of the mayor"),
    ("Orlo Brenn was accused of lying to the council.", "lying to the council"),
    ("The crews have been criticised for leaving the quay.", "leaving the quay"),
    ("The bank involved was determined to have broken the rules.", "to have broken the rules"),
    ("There have been reports that the dam is leaking.", "the dam is leaking"),
    ("There were fears that the dam would not hold.", "the dam would not hold"),
]


@pytest.mark.parametrize(("text", "words"), NOBODY)
def test_what_nobody_named_holds_has_no_speaker(text: str, words: str) -> None:
    attribution = holding(text, words).attribution
    assert attribution
    assert attribution.certainty is Certainty.UNNAMED
    assert (attribution.speaker, attribution.likely_speaker, attribution.source) == (None, None, None)


BY_SOMEBODY = [
    ("Mira Dahl was praised by Mayor Orlo Brenn for her work on the dam.", "for her work on the dam", "Orlo Brenn"),
    ("The secret talks were first reported by the Velm Wire.", "The secret talks", "Velm Wire"),
    ("The old lock was described by Tomas Reik as a ruin.", "as a ruin", "Tomas Reik"),
    ("Mira Dahl was urged by Tomas Reik to leave the council.", "to leave the council", "Tomas Reik"),
    ("The lock, which was criticised on Monday by Ida Brenn as unsafe, was shut.", "as unsafe", "Ida Brenn"),
]


@pytest.mark.parametrize(("text", "words", "name"), BY_SOMEBODY)
def test_whom_by_names_in_a_passive_is_the_speaker(text: str, words: str, name: str) -> None:
    attribution = holding(text, words).attribution
    assert attribution
    assert attribution.speaker
    assert attribution.speaker.name == name


NO_SPEECH = [
    "She kept the letter in a box labeled “urgent matters,” and a clerk had typed a note.",
    "The singer gave a concert called “The Last Song of Velm” on Monday.",
    "His hut stands east of the Low Ford, in an area called “House of Reeds” on the map.",
    "The man called “the mule of Velm” has left the council.",
    "The tour goes on, with both Mayor Orlo Brenn and his wife Mira expected to see the port.",
    "It is apparent that Mira Dahl wanted to shield her dealings.",
    "It was clear that Mira Dahl hoped to win.",
    "There are plans to expand elsewhere in the building.",
    "All he wants are points to lift his team.",
    "It means acknowledging that the dam is old.",
    "The loan is simple for anyone wanting to borrow a boat.",
    "They set bold - some say unreal - goals for the harbour.",
    "The crews were backed by large amounts of rope.",
    "The bridge was found by two divers on Monday.",
    "Mira Dahl was asked by Tomas Reik.",
]


@pytest.mark.parametrize("text", NO_SPEECH)
def test_participles_and_guesses_of_the_article_are_nobodys_words(text: str) -> None:
    assert [s for s in statements(text, "en") if s.attribution and s.attribution.source] == []
