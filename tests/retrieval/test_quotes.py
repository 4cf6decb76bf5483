"""Which sentences are quoted, and when none is."""

import pickle
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import evidence
from retrieval.confidence import needed
from retrieval.model import Reason
from retrieval.quotes import QUOTES_MAX, SENTENCES_MAX, Chosen, choose
from retrieval.text.sentences import sentences
from tests.quality.corpus import Shelf

COLLAPSE = (
    "The Kestrel Bridge in Velm gave way on Tuesday evening. Fire brigade spokeswoman Mira Dahl spoke at the quay. "
    "She said fourteen people had been taken to hospital.\n"
    "The ferry Marigold pulled passengers from the water. Its captain, Oren Pask, refused to be thanked.\n"
    "The city blamed rust in the middle span, because no inspector had looked at it since 2019."
)
TOLLS = (
    "Velm's council voted to double the tolls on the coast road from January. Councillor Lena Orlo called it a tax on "
    "bakers. The vote was close.\nThe council will meet again when the accounts are ready."
)


@pytest.fixture
def shelf() -> Shelf:
    velm = Shelf()
    velm.add({"id": "collapse", "text": COLLAPSE, "headline": "Bridge gives way", "language": "en"})
    velm.add({"id": "tolls", "text": TOLLS, "headline": "Tolls to double", "language": "en"})
    return velm


def quoted(shelf: Shelf, words: str) -> list[str]:
    return [shelf.words_of(pick) for pick in shelf.ask(words, language="en").picks]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("How many people were taken to hospital?", "fourteen"),
        ("Who called the tolls a tax on bakers?", "Lena Orlo"),
        ("Why did the bridge give way?", "rust"),
        ("When will the tolls on the coast road double?", "January"),
        ("Which ferry pulled passengers from the water?", "Marigold"),
    ],
)
def test_the_first_quote_answers(shelf: Shelf, words: str, answer: str) -> None:
    assert any(answer in quote for quote in quoted(shelf, words)[:2])


@pytest.mark.parametrize(
    "words",
    [
        "Who won the chess championship?",
        "What does a kilo of wheat cost in Ostra?",
        "When was the opera house on Pell Square opened?",
        "How many people live in Ostra?",
        "Who is the president of Velm?",
        "Who designed the Kestrel Bridge?",
        "How tall is the Kestrel Bridge?",
        "What is the weather in Velm?",
    ],
)
def test_an_unrelated_question_gets_no_quote(shelf: Shelf, words: str) -> None:
    chosen = shelf.ask(words, language="en")
    assert chosen.picks == ()
    assert chosen.reason in (Reason.NO_MATCH, Reason.WEAK_MATCH)


@pytest.mark.parametrize("words", ["What did Mira Dahl say?", "What happened to the Kestrel Bridge?"])
def test_a_name_is_enough_where_nothing_else_is_asked(shelf: Shelf, words: str) -> None:
    assert shelf.ask(words, language="en").picks


def test_an_initialism_is_met_by_the_name_it_stands_for() -> None:
    talk = Shelf()
    talk.add({"text": "Ines Varga spoke to the Press Union of Ostra. Varga wants a new dredger.", "language": "en"})
    assert quoted(talk, "What did Varga tell PUO?")


def test_a_number_asked_for_is_answered_by_no_quote_without_one(shelf: Shelf) -> None:
    words = "How many bakers called the tolls on the coast road a tax?"
    assert not quoted(shelf, words)
    assert shelf.ask(words, language="en", always=True).picks


def test_always_quotes_even_a_weak_match(shelf: Shelf) -> None:
    words = "How many people live in Ostra?"
    assert shelf.ask(words, language="en").reason is Reason.WEAK_MATCH
    assert shelf.ask(words, language="en", always=True).picks


def test_nothing_that_matches_is_said_so(shelf: Shelf) -> None:
    assert shelf.ask("zebras", language="en", always=True) == Chosen((), Reason.NO_MATCH, ())


def test_a_pronoun_brings_the_sentence_that_explains_it(shelf: Shelf) -> None:
    first = quoted(shelf, "How many people were taken to hospital?")[0]
    assert first.startswith("Fire brigade spokeswoman Mira Dahl")
    assert first.endswith("taken to hospital.")


def test_a_relative_of_the_question_s_word_is_found(shelf: Shelf) -> None:
    assert any("gave way" in quote for quote in quoted(shelf, "When did the Kestrel Bridge in Velm collapse?"))


def test_a_name_holds_for_its_whole_article() -> None:
    talk = Shelf()
    paragraphs = ["Harbour master Ines Varga spoke on Monday."] + ["He walked along the quay and looked at boats."] * 4
    talk.add({"text": "\n".join([*paragraphs, "The dredger stays in port until spring, she added."]), "language": "en"})
    assert "dredger" in quoted(talk, "What did Varga say about the dredger?")[0]


def test_a_copy_is_not_quoted_beside_its_original() -> None:
    agency = Shelf()
    for outlet in ("Ostra Wire", "Velm Harbour Post", "Harbour Radio"):
        agency.add({"text": COLLAPSE, "outlet": outlet, "language": "en"})
    quotes = quoted(agency, "Why did the bridge give way?")
    assert len(quotes) == len(set(quotes))


def test_two_outlets_that_differ_only_in_a_figure_are_both_quoted() -> None:
    agency = Shelf()
    for outlet, figure in (("Ostra Wire", "Nine"), ("Velm Harbour Post", "Fourteen")):
        text = f"{figure} people were treated for injuries after the Kestrel Bridge gave way in Velm."
        agency.add({"text": text, "outlet": outlet, "language": "en"})
    assert len(quoted(agency, "How many people were treated after the Kestrel Bridge gave way?")) == 2


def test_another_outlet_s_other_figure_is_quoted_and_other_counts_are_not() -> None:
    velm = Shelf()
    bridge = "when the Kestrel Bridge in Velm gave way on Tuesday evening"
    told = {
        "Ostra Wire": f"Fourteen people were hurt {bridge}. The fire brigade counted fourteen hurt people {bridge}.",
        "Velm Post": "Nine people were treated for injuries. The Kestrel Bridge carried 11,000 people a day.",
        "Harbour Radio": f"Ferries carried 7,000 people to Velm {bridge}.",
    }
    for outlet, text in told.items():
        velm.add({"text": text, "outlet": outlet, "headline": "Kestrel Bridge", "language": "en"})
    quotes = quoted(velm, "How many people were hurt when the Kestrel Bridge in Velm gave way?")
    assert [quote for quote in quotes if quote.startswith("Nine people")]
    assert not [quote for quote in quotes if "7,000" in quote or "11,000" in quote]


def test_an_amount_that_the_next_sentence_puts_right_is_quoted_with_it() -> None:
    dyke = Shelf()
    text = "Two outlets reported that the dyke had been raised by a metre. It has been raised by 40 centimetres."
    text += " Rain fell."
    dyke.add({"text": text, "language": "en"})
    assert quoted(dyke, "By how much was the dyke raised?")[0] == text.removesuffix(" Rain fell.")


def test_a_heading_answers_less_than_a_sentence() -> None:
    timeline = Shelf()
    text = "Timeline of the firing of Orlo\nThe board fired Orlo over the harbour accounts."
    timeline.add({"text": text, "headline": "The firing of Orlo: a timeline", "language": "en"})
    assert quoted(timeline, "Why was Orlo fired?")[0] == "The board fired Orlo over the harbour accounts."


def test_what_somebody_said_of_something_else_is_no_answer() -> None:
    council = Shelf()
    council.add({"text": "Lena Orlo said the ferry was late. The council met on Monday.", "language": "en"})
    assert quoted(council, "What did Lena Orlo say about the ferry?")
    assert not quoted(council, "What did Lena Orlo say about taxes?")


def test_an_agency_s_sentence_is_quoted_once_and_its_other_outlets_are_known() -> None:
    agency = Shelf()
    for outlet in ("Ostra Wire", "Velm Harbour Post", "Harbour Radio"):
        text = f"{COLLAPSE}\nMore on {outlet} at eight."
        agency.add({"text": text, "outlet": outlet, "language": "en"})
    (pick, *_) = agency.ask("Why did the bridge give way?", language="en").picks
    assert len(pick.carriers) == 2


def test_a_correction_brings_what_is_right_along() -> None:
    post = Shelf()
    wrong = "Correction: On Tuesday the Post gave the number of divers at the Kestrel Bridge as nine."
    post.add({"text": f"{wrong} The harbour master counts fourteen. Boats may pass again.", "language": "en"})
    first = quoted(post, "How many divers were at the Kestrel Bridge?")[0]
    assert first == f"{wrong} The harbour master counts fourteen."


def test_nobody_else_answers_for_the_one_who_is_asked_about() -> None:
    council = Shelf()
    council.add({"text": "Lena Orlo said the vote was close. The ferryman said nothing of use.", "language": "en"})
    assert quoted(council, "What did Lena Orlo say?") == ["Lena Orlo said the vote was close."]


def test_a_long_question_that_one_article_answers_in_part_is_answered(shelf: Shelf) -> None:
    words = (
        "Which ferry, according to the Velm Harbour Post and Ostra Wire, pulled passengers from the water on Tuesday, "
        "has sailed the coast for thirty summers, carries a brass bell from an older vessel, and will be repainted?"
    )
    assert any("Marigold" in quote for quote in quoted(shelf, words))


def test_an_outlet_named_in_the_question_need_not_stand_in_the_quote() -> None:
    post = Shelf()
    post.add({"text": COLLAPSE, "outlet": "Morning Lantern", "language": "en"})
    assert quoted(post, "What does the Morning Lantern say about rust?")


def test_a_better_covered_question_needs_no_more_in_a_larger_corpus_than_the_limit() -> None:
    assert needed(1) == needed(100) < needed(10_000) <= needed(100_000_000) < 1.0


def test_the_same_call_yields_the_same_choice_in_another_process(shelf: Shelf) -> None:
    asked = shelf.asked("Why did the bridge give way?", "en")
    question, candidates, statistics = pickle.loads(pickle.dumps(asked))
    assert choose(question, candidates, statistics) == choose(*asked)


def test_explain_names_what_each_ingredient_gave(shelf: Shelf) -> None:
    question, candidates, statistics = shelf.asked("Why did the bridge give way?", "en")
    best = choose(question, candidates, statistics).ranked[0]
    given_by = evidence.explain(question, best, statistics)
    assert given_by["words"] > 0
    assert given_by["kind"] >= 0


WORDS = st.sampled_from(
    ["harbour", "bridge", "Velm", "Mira", "Dahl", "nine", "hurt", "she", "said", "2019", "toll", "the"]
)
SENTENCE = st.lists(WORDS, min_size=1, max_size=9).map(lambda each: " ".join(each).capitalize() + ".")
TEXT = st.lists(st.lists(SENTENCE, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=4).map("\n".join)


@settings(max_examples=40)
@given(st.lists(TEXT, min_size=1, max_size=4), st.lists(WORDS, min_size=1, max_size=6).map(" ".join))
def test_every_quote_is_a_few_whole_sentences_and_none_says_the_same(texts: list[str], words: str) -> None:
    shelf = Shelf()
    for text in texts:
        shelf.add({"text": text, "language": "en"})
    picks = shelf.ask(words, language="en", always=True).picks
    assert len(picks) <= QUOTES_MAX
    for pick in picks:
        text = texts[pick.version_id]
        bounds = sentences(text, "en")
        covered = [each for each in bounds if pick.span.holds(each)]
        assert 1 <= len(covered) <= SENTENCES_MAX
        assert (covered[0].start, covered[-1].end) == pick.span
    said = [" ".join(re.findall(r"\w+", shelf.words_of(pick).casefold())) for pick in picks]
    assert len(set(said)) == len(said)
