"""What the age of an article takes from its match."""

import pytest

from retrieval.freshness import ageing, latest_asked
from retrieval.question import parse
from retrieval.quotes import choose
from tests.quality.corpus import Shelf

CLOSED = "The Kestrel Bridge was closed on Tuesday by order of the mayor. Ferries ran until midnight."


def quoted(words: str, *articles: tuple[str, str | None]) -> str:
    """The first quote's words, from articles of these texts and dates."""
    shelf = Shelf()
    for text, published in articles:
        shelf.add({"text": text, "published_at": published, "language": "en"})
    chosen = choose(*shelf.asked(words, "en"), always=True)
    return shelf.words_of(chosen.picks[0])


def test_the_newer_of_two_reports_is_quoted_first() -> None:
    older = CLOSED.replace("the mayor", "the mayor of Ostra, who ordered the Kestrel Bridge closed")
    reports = (older, "2015-03-03"), (CLOSED, "2026-03-03")
    assert quoted("Who ordered the Kestrel Bridge closed?", *reports) == CLOSED.partition(". ")[0] + "."


def test_age_takes_nothing_where_the_question_names_a_year() -> None:
    shelf = Shelf()
    for published in ("2015-03-03", "2026-03-03"):
        shelf.add({"text": CLOSED, "published_at": published, "language": "en"})
    question, candidates, _ = shelf.asked("Who ordered the Kestrel Bridge closed?", "en")
    assert ageing(question, candidates)[0] > ageing(question, candidates)[1] == 0.0
    question, candidates, _ = shelf.asked("Who ordered the Kestrel Bridge closed in 2015?", "en")
    assert set(ageing(question, candidates).values()) == {0.0}


def test_an_old_report_that_alone_tells_what_is_asked_is_quoted_all_the_same() -> None:
    other = "The Kestrel Bridge was painted on Friday. The paint is green."
    assert "mayor" in quoted("Who ordered the Kestrel Bridge closed?", (CLOSED, "2015-03-03"), (other, "2026-03-03"))


def test_an_article_without_a_date_is_not_taken_for_old() -> None:
    other = "The Kestrel Bridge was painted on Friday. The paint is green."
    assert "mayor" in quoted("Who ordered the Kestrel Bridge closed?", (CLOSED, None), (other, "2026-03-03"))


def test_where_the_latest_is_asked_for_a_few_days_decide() -> None:
    before = "Talks about the Kestrel Bridge and its closed lanes went on, the Kestrel Bridge office said on Monday."
    after = "Talks about the Kestrel Bridge ended without an agreement on Sunday evening."
    reports = (before, "2026-03-02"), (after, "2026-03-30")
    assert quoted("What is said in talks about Kestrel Bridge lanes?", *reports) == before
    assert quoted("What is the latest on talks about the Kestrel Bridge?", *reports) == after


@pytest.mark.parametrize(
    ("language", "words", "asks"),
    [
        ("en", "What is the latest on the Kestrel Bridge?", "latest"),
        ("en", "Any news on the bridge?", "Any news"),
        ("es", "¿Qué es lo último sobre el puente?", "lo último"),
        ("de", "Was ist das Neueste von der Brücke?", "Neueste"),
        ("fr", "Quelles sont les dernières nouvelles du pont ?", "dernières nouvelles"),
        ("ar", "ما آخر أخبار الجسر؟", "آخر أخبار"),
        ("zh", "大桥的最新消息是什么？", "最新"),
    ],
)
def test_what_asks_for_the_latest_is_no_word_to_search_for(language: str, words: str, asks: str) -> None:
    span = latest_asked(words, language)
    assert span is not None
    assert span.of(words) == asks
    about = parse(words, language=language).about
    assert about
    assert not set(asks.lower().split()) & {each.lower() for each in about}


def test_a_question_for_the_latest_alone_keeps_its_word() -> None:
    assert parse("latest", language="en").terms
