"""What a sentence's own words are seen beside, and which headlines are an article's own."""

from retrieval import asked as asking
from retrieval import evidence, ranking
from retrieval.cooccurrence import Cooccurrence, Headlines
from retrieval.reading import Reading
from tests.quality.corpus import Shelf

STORY = {
    "Ostra Wire": "Oren Pask built the Marigold in a shed. The lighthouse was painted white.",
    "Velm Harbour Post": "Oren Pask sails from Velm each dawn. A captain of the coast retires in spring.",
    "Harbour Radio": "The captain Oren Pask was praised by the mayor of Velm. Bakers were closed.",
}
WORDS = "Which captain built a ferry, sails from Velm and was praised by the mayor?"


def read(shelf: Shelf, words: str) -> tuple[asking.Asked, list[Reading]]:
    question, candidates, statistics = shelf.asked(words, "en")
    asked = asking.prepare(question, statistics)
    return asked, ranking.ranked(asked, candidates)[1]


def told(headline: str | None = None) -> Shelf:
    shelf = Shelf()
    for outlet, text in STORY.items():
        shelf.add({"text": text, "outlet": outlet, "headline": headline or f"News of {outlet}", "language": "en"})
    return shelf


def test_a_name_that_keeps_company_with_the_question_in_several_articles_stands_out() -> None:
    asked, readings = read(told(), WORDS)
    words = Cooccurrence(asked, readings)
    sentences = {each.text: words.of(each) for reading in readings for each in reading.sentences}
    assert all(0.0 <= share <= 1.0 for share in sentences.values())
    assert max(sentences, key=lambda text: sentences[text]).count("Oren Pask")
    assert sentences["Oren Pask built the Marigold in a shed."] > sentences["Bakers were closed."]


def test_all_three_quotes_tell_the_name_that_answers() -> None:
    shelf = told()
    picks = shelf.ask(WORDS, language="en", always=True).picks
    assert all("Oren Pask" in shelf.words_of(pick) for pick in picks)


def test_a_headline_over_several_articles_of_one_outlet_is_a_column_s_name() -> None:
    shelf = told("Oren Pask")
    _, readings = read(shelf, WORDS)
    assert all(map(Headlines(readings).tells, readings))  # one agency story in three outlets
    shelf.add({"text": "Another captain of Velm.", "outlet": "Ostra Wire", "headline": "Oren Pask", "language": "en"})
    _, readings = read(shelf, WORDS)
    own = Headlines(readings).tells
    assert {own(each) for each in readings if each.candidate.outlet == "Ostra Wire"} == {False}


def test_a_sentence_that_takes_up_its_headline_is_on_the_topic() -> None:
    asked, (reading, *_) = read(told("Pask retires"), WORDS)
    headline = frozenset({"pask", "retir"})
    taken = {each.text: evidence.topic(asked, each, headline) for each in reading.sentences}
    assert max(taken.values()) > 0.0 == min(taken.values())
