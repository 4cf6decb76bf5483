"""What holds for the statements of any text whatever."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.attribution import RULES, of_quote, statements
from retrieval.model import Certainty, Span

PIECES = [
    *["Mira Dahl", "Dahl", "Lena Orlo", "he", "She", "said", "told reporters", "that", "the dam", "would hold"],
    *[
        ",",
        ".",
        ":",
        "“",
        "”",
        '"',
        "'",
        "«",
        "»",
        "„",
        "—",
        "\n",
        "\n\n",
        "(",
        ")",
        "…",
        "!",
        "?",
        "’",
        "\u2028",
        "𝒟",
        "é",
    ],
    *[
        "according to",
        "This was stated by",
        "in an interview with",
        "the Velm Wire",
        "a spokesman for",
        "who",
        "and",
        "adding",
    ],
    *["the mayor of Velm", "It was reported that", "sagte", "dass", "dijo", "que", "قال", "إن", "сказал", "что"],
    *["teilte", "mit", "habe", "Der Damm", "sei", "wie", "der", "und", "Nach Angaben von", "zufolge", "kritisierte"],
    *[
        "wurde",
        "gefordert",
        "Die Hafenwache",
        "der Ansicht",
        "zu halten",
        "heißt es",
        "Dies",
        "„zu alt“",
        "so",
        "erklärt",
    ],
]
LANGUAGES = ["en", "de", "es", "fr", "ru", "ar", "und", "zh", "en-GB", "../x"]
PIECED = st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join)
HOSTILE_CHARACTERS = 1_000_000
HOSTILE_SECONDS_MAX = 40.0


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=300) | PIECED, language=st.sampled_from(LANGUAGES))
def test_every_span_is_in_bounds_and_every_name_is_verbatim(text: str, language: str) -> None:
    found = statements(text, language)
    for number, statement in enumerate(found):
        assert statement.id == number
        assert statement.content
        assert list(statement.content) == sorted(statement.content)
        assert all(0 <= span.start < span.end <= len(text) for span in statement.content)
        assert all(a.end <= b.start for a, b in zip(statement.content, statement.content[1:], strict=False))
        assert statement.within is None or found[statement.within].hull.holds(statement.hull)
        attribution = statement.attribution
        assert attribution
        assert attribution.rule
        for speaker in (attribution.speaker, attribution.likely_speaker):
            if speaker:
                assert speaker.name_at
                assert speaker.name_at.of(text) == speaker.name
                assert speaker.name.strip()
                assert speaker.role is None or (speaker.role_at and speaker.role_at.of(text) == speaker.role)
        assert (attribution.speaker is not None) == (attribution.certainty is Certainty.CERTAIN)
        assert attribution.via is None or attribution.via in text
    whole = of_quote(text, Span(0, len(text)), found)
    assert bool(whole.statements) == bool(found)


@settings(max_examples=40, deadline=None)
@given(text=st.lists(st.sampled_from(PIECES), max_size=50).map(" ".join))
def test_the_same_text_gives_the_same_statements(text: str) -> None:
    assert statements(text, "en") == statements(text, "en")


@pytest.mark.parametrize("rule", [rule.__name__ for rule in RULES])
def test_each_rule_can_be_switched_off(rule: str) -> None:
    text = "“The dam will hold,” said Mira Dahl. Dahl said that it was old. It was reported that Velm is safe."
    assert len(statements(text, "en", without=[rule])) <= len(statements(text, "en"))


@pytest.mark.prove
def test_a_megabyte_in_one_line_with_unbalanced_marks_is_read_in_linear_time() -> None:
    piece = 'The dam broke and “ he said that " it was « over and Mira Dahl told Orlo, who said, '
    text = (piece * (HOSTILE_CHARACTERS // len(piece) + 1))[:HOSTILE_CHARACTERS]
    begun = time.process_time()
    statements(text, "en")
    assert time.process_time() - begun < HOSTILE_SECONDS_MAX


@pytest.mark.parametrize(
    "piece", ["said ", "Mira Dahl said Lena Orlo said ", "Dahl, a mayor, said, ", "'tis ", "It was reported that "]
)
def test_four_times_the_text_takes_not_much_more_than_four_times_as_long(piece: str) -> None:
    def seconds(characters: int) -> float:
        return min(once(characters) for _ in range(3))  # other threads of a test process take processor time too

    def once(characters: int) -> float:
        begun = time.process_time()
        statements(piece * (characters // len(piece)), "en")
        return time.process_time() - begun

    assert seconds(40_000) < 10 * seconds(10_000) + 0.5
