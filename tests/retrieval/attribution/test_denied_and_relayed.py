"""Who did not say it, whose noun it is, whom it was told, and headlines with a verb; English, all invented."""

import pytest

from retrieval.attribution import statements
from retrieval.model import Form
from tests.retrieval.attribution.searching import holding

NOBODY_DID = [
    "Neither Ida Brenn nor Tomas Reik said the quay was lost.",
    "Nobody said the quay was lost.",
    "No official said the quay was lost.",
    "No one in Velm said the quay was lost.",
    "The quay was sold, the league was told by Ida Brenn.",
]


@pytest.mark.parametrize("text", NOBODY_DID)
def test_what_nobody_said_is_no_statement(text: str) -> None:
    assert statements(text, "en") == []


NOUNS = [
    ("Ida Brenn's claim that the quay was lost angered the crews.", "that the quay was lost", "Ida Brenn's"),
    ("A report by the Velm Institute found that the quay was sinking.", "that the quay was sinking", "A report by"),
    ("Ida Brenn's promise to repair the quay was kept.", "to repair the quay", "Ida Brenn's"),
    ("Crews joined Tomas Reik's call for a new vote.", "a new vote", "Tomas Reik's"),
    ("The harbour league's demand for a new vote was refused.", "a new vote", "The harbour league's"),
    ("In Ida Brenn's view, the quay is beyond repair.", "the quay is beyond repair", "Ida Brenn's"),
]


@pytest.mark.parametrize(("text", "words", "source"), NOUNS)
def test_a_noun_of_saying_has_its_owner_and_its_clause(text: str, words: str, source: str) -> None:
    found = statements(text, "en")
    assert [[span.of(text) for span in s.content] for s in found] == [[words]]
    assert found[0].attribution
    assert found[0].attribution.source
    assert found[0].attribution.source.of(text).startswith(source)


HEADLINES = [
    ("Ida Brenn Says The Old Quay Will Hold", "The Old Quay Will Hold", "Ida Brenn"),
    ("Ida Brenn Just Admitted The Old Quay Was Sold", "The Old Quay Was Sold", "Ida Brenn"),
    ("Mayor Ida Brenn Insists Quay Will Be Rebuilt", "Quay Will Be Rebuilt", "Mayor Ida Brenn"),
]


@pytest.mark.parametrize(("text", "words", "source"), HEADLINES)
def test_a_headline_in_capitals_has_a_verb(text: str, words: str, source: str) -> None:
    text += "\nThe crews met on Monday."
    statement = holding(text, words)
    assert statement.form is Form.INDIRECT
    assert statement.attribution
    assert statement.attribution.source
    assert statement.attribution.source.of(text) == source


def test_a_headline_names_for_certain_whom_the_text_names() -> None:
    line = "Ida Brenn Says The Old Quay Will Hold"
    for text, certain in ((f"{line}\nBrenn met the crews.", True), (f"{line.upper()}\nThe crews met.", False)):
        attribution = statements(text, "en")[0].attribution
        assert attribution
        assert (attribution.speaker is not None) is certain


@pytest.mark.parametrize("line", ["Ida Brenn And The Old Quay", "The Tales Of Velm", "Harbour News Reports Of Today"])
def test_a_line_in_capitals_without_a_speaker_is_none(line: str) -> None:
    assert statements(f"{line}\nThe crews met on Monday.", "en") == []


def test_an_agency_that_quotes_is_neither_speaker_nor_told_words() -> None:
    passive = "Ida Brenn was quoted by the Tamel Agency as saying that the quay was lost."
    after = "The quay was lost, Ida Brenn said, as quoted by the Tamel Agency."
    for text in (passive, after):
        (statement,) = statements(text, "en")
        assert "Tamel" not in "".join(span.of(text) for span in statement.content)
        assert statement.attribution
        assert statement.attribution.speaker
        assert statement.attribution.speaker.name == "Ida Brenn"


def test_whom_it_was_told_ends_before_where() -> None:
    text = "“We will rebuild the quay,” Ida Brenn told the Velm Wire in an interview on Monday."
    attribution = holding(text, "We will rebuild").attribution
    assert attribution
    assert attribution.addressee
    assert attribution.addressee.of(text) == "the Velm Wire"
