"""How one quote is attributed from the statements that meet it."""

from retrieval.attribution import Quoted, of_quote, statements
from retrieval.model import Certainty, Form, Span

TEXT = (
    "The weir at Velm was built of oak. "
    "Harbour master Lena Orlo said that the weir would hold, and Tomas Reik, a farmer, said that it would not. "
    "“We will not leave,” Reik said. "
    "Orlo promised that help would come. She added that boats were ready."
)


def quoted(words: str, text: str = TEXT, language: str = "en") -> Quoted:
    """The attribution of the sentence or sentences that begin and end with the words around " ... "."""
    first, _, last = words.partition(" ... ")
    start = text.index(first)
    end = text.index(last, start) + len(last) if last else start + len(first)
    return of_quote(text, Span(start, end), statements(text, language))


def test_narration_has_no_statement_and_nobody() -> None:
    found = quoted("The weir at Velm was built of oak.")
    assert (found.form, found.speaker, found.statements, found.certainty) == (Form.NARRATION, None, (), None)


def test_one_statement_fills_the_quote_apart_from_its_clause() -> None:
    found = quoted("“We will not leave,” Reik said.")
    assert found.form is Form.DIRECT
    assert found.speaker
    assert found.speaker.name == "Tomas Reik"
    assert found.cue
    assert found.cue.of(TEXT) == "said"
    assert found.certainty is Certainty.CERTAIN


def test_two_speakers_make_a_quote_mixed_and_the_statements_tell() -> None:
    found = quoted("Harbour master ... would not.")
    assert (found.form, found.speaker, found.cue, found.via) == (Form.MIXED, None, None, None)
    assert len(found.statements) >= 2


def test_narration_beside_speech_makes_a_quote_mixed() -> None:
    text = "The old weir broke in the night. Lena Orlo said that nobody had been hurt."
    found = quoted("The old weir ... hurt.", text)
    assert found.form is Form.MIXED
    assert found.speaker is None


def test_two_sentences_of_one_speaker_are_hers() -> None:
    found = quoted("Orlo promised ... ready.")
    assert found.speaker
    assert found.speaker.name == "Lena Orlo"
    assert found.form is Form.INDIRECT


def test_the_sentence_that_names_the_speaker_after_it_counts_as_clause() -> None:
    text = "The gates will stay open all winter. This was announced by mayor Ida Brenn in a talk with the Ostra Herald."
    statement = quoted("The gates ... winter.", text)
    both = quoted("The gates ... Herald.", text)
    for found in (statement, both):
        assert found.speaker
        assert found.speaker.name == "Ida Brenn"


def test_of_a_chain_the_outermost_speaks() -> None:
    text = "Lena Orlo told reporters that Tomas Reik had claimed that the weir was rotten."
    found = quoted(text, text)
    assert found.speaker
    assert found.speaker.name == "Lena Orlo"
    inner = [s for s in found.statements if s.within is not None]
    assert [s.attribution.speaker.name for s in inner if s.attribution and s.attribution.speaker] == ["Tomas Reik"]


def test_an_answer_in_quotation_marks_that_is_given_to_nobody_is_not_the_outlets_own() -> None:
    text = (
        "Why is the weir still shut?\n"
        "“Nobody asked us twice before the winter came. We would have opened it for anyone who needed the water.”\n"
        "The film “Weir” opened in Velm on Monday and was seen by many."
    )
    for words in ("Nobody asked us twice before the winter came.", "“Nobody ... needed the water.”"):
        found = quoted(words, text)
        assert (found.form, found.speaker, found.certainty) == (Form.DIRECT, None, Certainty.UNCERTAIN)
    assert quoted("The film “Weir” opened in Velm on Monday and was seen by many.", text).form is Form.NARRATION
