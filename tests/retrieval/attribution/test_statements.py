"""The statements of invented articles: who is named, through what, and who is not."""

from retrieval.attribution import statements
from retrieval.model import Certainty, Form, Statement

INTERVIEW = (
    "The Ostran league has hinted that it would keep the harbour shut until the tolls are paid. "
    "This was declared by league spokeswoman Mira Dahl in an interview carried by the Velm Wire, "
    "who set out the plan.\n"
    "Dahl explained that the tolls had doubled within a year. She also noted that the ferries would stay in port.\n"
    "The league representative insisted that no boat would be let through.\n"
    "It was reported earlier that some forty crews had left Velm.\n"
    "The harbour has three piers and a lighthouse."
)


def said(text: str, statement: Statement) -> str:
    return " … ".join(span.of(text) for span in statement.content)


def about(text: str, words: str, language: str = "en") -> Statement:
    """The outermost statement whose content holds some words."""
    found = [s for s in statements(text, language) if words in said(text, s)]
    assert found, f"no statement holds {words!r}"
    return found[0]


def speaker(text: str, words: str, language: str = "en") -> tuple[str, str | None] | None:
    attribution = about(text, words, language).attribution
    assert attribution
    return (attribution.speaker.name, attribution.speaker.role) if attribution.speaker else None


def test_the_sentence_after_gives_the_one_before_its_speaker_and_its_way() -> None:
    statement = about(INTERVIEW, "keep the harbour shut")
    assert statement.attribution
    assert statement.attribution.via == "the Velm Wire"
    assert speaker(INTERVIEW, "keep the harbour shut") == ("Mira Dahl", "league spokeswoman")
    assert said(INTERVIEW, statement).startswith("The Ostran league has hinted")


def test_surname_pronoun_and_office_resolve_to_the_name_printed_earlier() -> None:
    dahl = ("Mira Dahl", "league spokeswoman")
    assert speaker(INTERVIEW, "the tolls had doubled") == dahl
    assert speaker(INTERVIEW, "the ferries would stay") == dahl
    assert speaker(INTERVIEW, "no boat would be let through") == dahl


def test_a_report_of_nobody_is_unnamed() -> None:
    statement = about(INTERVIEW, "forty crews")
    assert statement.attribution
    assert statement.attribution.certainty is Certainty.UNNAMED
    assert statement.attribution.speaker is None


def test_narration_has_no_statement() -> None:
    assert not [s for s in statements(INTERVIEW, "en") if "lighthouse" in said(INTERVIEW, s)]


def test_direct_speech_before_after_and_around_its_speaker() -> None:
    text = (
        "“The dam will hold,” said Lena Orlo, the chief engineer. “We checked it twice.”\n"
        "“We are tired,” she told reporters, “but we go on.”\n"
        "Orlo said: “Nobody was hurt.”"
    )
    orlo = ("Lena Orlo", "chief engineer")
    for words in ("will hold", "checked it twice", "We are tired", "but we go on", "Nobody was hurt"):
        assert speaker(text, words) == orlo
        assert about(text, words).form is Form.DIRECT
