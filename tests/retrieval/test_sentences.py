"""Sentences: whole, trimmed, in their lines, cut inside long quotations and nowhere inside an abbreviation."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.text.sentences import WINDOW, sentences


def cut(text: str, language: str = "en") -> list[str]:
    return [span.of(text) for span in sentences(text, language)]


def test_a_heading_and_a_list_line_are_sentences_of_their_own() -> None:
    assert cut("Bridge gives way\n\n  Nine were hurt. Two stayed.\n- trams\r\n- buses") == [
        "Bridge gives way", "Nine were hurt.", "Two stayed.", "- trams", "- buses",
    ]  # fmt: skip


def test_a_sentence_never_crosses_a_line_break() -> None:
    assert cut("“We heard\na crack,” she said.") == ["“We heard", "a crack,” she said."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr. Dahl met Dr. Orlo on Jan. 6 in the U.S. Senate.",
        "J. K. Venn and A. B. Moor wrote No. 5 for $3.5 million.",
        "It rose 3.25 per cent, e.g. in Velm, vs. 2.1 in Ostra.",
        "They left at 5 p.m. today, said Gen. Moor.",
    ],
)
def test_abbreviations_and_numbers_end_no_sentence(sentence: str) -> None:
    assert cut(f"{sentence} Then it ended.") == [sentence, "Then it ended."]
    assert cut(f"“Before. {sentence}” Then it ended.")[1] == f"{sentence}”"


def test_a_long_quotation_is_cut_between_its_sentences() -> None:
    text = "“The bridge fell. Nobody saw it! Why? We do not know,” she said. “Ask Mr. Venn.” He left."
    assert cut(text) == [
        "“The bridge fell.", "Nobody saw it!", "Why?", "We do not know,” she said.", "“Ask Mr. Venn.”", "He left.",
    ]  # fmt: skip
    assert cut('"It fell. Nobody saw it," she said.') == ['"It fell.', 'Nobody saw it," she said.']
    assert cut("‘It fell. We don’t know,’ she said.") == ["‘It fell.", "We don’t know,’ she said."]
    assert cut("„Sie fiel. Niemand sah es“, sagte sie.", "de") == ["„Sie fiel.", "Niemand sah es“, sagte sie."]
    assert cut("« Il est tombé. Personne ne l'a vu », dit-elle.", "fr")[0] == "« Il est tombé."


def test_a_question_inside_a_sentence_does_not_end_it() -> None:
    assert cut("“Why now?” she asked. Nobody knew.") == ["“Why now?” she asked.", "Nobody knew."]


def test_closing_marks_stay_with_their_sentence() -> None:
    assert cut("He said: “It fell.” (Nobody saw it.) Then he left.")[0] == "He said: “It fell.”"
    assert all(not found.startswith(("”", ")", "’")) for found in cut("“It fell.” “I saw it.”) ‘So.’ End."))


def test_other_scripts_have_their_own_stops() -> None:
    assert cut("桥塌了。没有人看见！为什么？他说：“桥塌了。我们走。”然后他走了。", "zh") == [
        "桥塌了。", "没有人看见！", "为什么？", "他说：“桥塌了。", "我们走。”", "然后他走了。",
    ]  # fmt: skip
    assert cut("انهار الجسر. هل رآه أحد؟ لا.", "ar") == ["انهار الجسر.", "هل رآه أحد؟", "لا."]
    assert cut("पुल गिर गया। किसी ने नहीं देखा।", "hi") == ["पुल गिर गया।", "किसी ने नहीं देखा।"]


def test_an_unknown_language_is_cut_too() -> None:
    assert cut("One fell. Two stayed.", "und") == ["One fell.", "Two stayed."]


def test_a_line_without_end_is_cut_in_bounded_pieces() -> None:
    assert all(len(found) <= WINDOW for found in cut("a" * 3 * WINDOW))
    long = "One more fell. " * WINDOW
    assert cut(long) == ["One more fell."] * WINDOW


texts = st.text(st.sampled_from("aA. ”“\"’'!?…\n\r\t\u2028)( 1。“؟é😀\u200b"), max_size=60) | st.text(max_size=60)


@settings(max_examples=300, deadline=None)
@given(texts, st.sampled_from(["en", "de", "zh", "ar", "und"]))
def test_every_character_belongs_to_exactly_one_sentence(text: str, language: str) -> None:
    spans = sentences(text, language)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())
    assert all(len(span.of(text).splitlines()) == 1 for span in spans)
