"""What is read out of a reader's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.asked import kind_of
from retrieval.question import QUESTION_CHARACTERS_MAX, QUESTION_TERMS_MAX, parse


def test_question_words_and_the_asking_itself_are_not_searched_for() -> None:
    question = parse("Who said what about the ferries, according to the report?", language="en")
    assert question.about == ("ferries",)


def test_a_headline_put_as_a_question_is_searched_for_by_its_own_words() -> None:
    asked = parse("What is reported about “Bridge gives way in Velm”?", language="en")
    assert asked.terms == parse("Bridge gives way in Velm", language="en").terms


def test_a_question_of_nothing_but_scaffold_keeps_its_words() -> None:
    assert parse("What was reported?", language="en").terms


def test_the_words_behind_the_terms_are_shown_as_they_were_typed_and_once() -> None:
    assert parse("Ferries? Velm's Ferries, or the ferry", language="en").about == ("Ferries", "Velm's")


def test_the_language_is_one_that_the_corpus_holds() -> None:
    assert parse("¿Cuántas personas cruzaban el puente cada día?", languages=("en", "es")).language == "es"
    assert parse("Who closed the bridge over the inlet?", languages=("en", "es")).language == "en"


@pytest.mark.parametrize(
    ("words", "language", "kind"),
    [
        ("How many people were hurt?", "en", "amount"),
        ("In what year was the bridge built?", "en", "moment"),
        ("When did it fall?", "en", "moment"),
        ("To whom did the mayor write?", "en", "person"),
        ("Which ferry came first?", "en", "name"),
        ("Why did it fall?", "en", "reason"),
        ("¿Cuántos heridos hubo?", "es", "amount"),
        ("¿Por qué cayó el puente?", "es", "reason"),
        ("متى سقط الجسر؟", "ar", "moment"),
        ("桥是什么时候倒塌的？", "zh", "moment"),
        ("The bridge and the ferries", "en", ""),
    ],
)
def test_the_kind_of_thing_asked(words: str, language: str, kind: str) -> None:
    assert kind_of(words, language) == kind


@given(st.text(max_size=300))
def test_any_words_are_a_question(words: str) -> None:
    question = parse(words, language="en")
    assert len(set(question.terms)) == len(question.terms) <= QUESTION_TERMS_MAX
    assert all(each in question.words for each in question.about)


def test_a_very_long_question_is_bounded() -> None:
    question = parse(" ".join(f"harbour{number}" for number in range(9_000)), language="en")
    assert len(question.words) <= QUESTION_CHARACTERS_MAX
    assert len(question.terms) == QUESTION_TERMS_MAX


def test_no_word_at_all_is_no_term() -> None:
    assert parse("?!", language="en").terms == ()
