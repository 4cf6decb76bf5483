"""From when a question wants its news, read out of its words on a given day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.periods import period
from retrieval.question import DATED_TERMS_MAX, parse

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("language", "words", "since", "until", "printed"),
    [
        ("en", "What did Dahl say since Monday?", (2026, 11, 16), None, "since Monday"),
        ("en", "What did Dahl say in October 2023?", (2023, 10, 1), (2023, 10, 31), "in October 2023"),
        ("en", "Who sank yesterday?", (2026, 11, 21), (2026, 11, 21), "yesterday"),
        ("en", "Who sank last month?", (2026, 10, 1), (2026, 10, 31), "last month"),
        ("en", "Who sank in December?", (2025, 12, 1), (2025, 12, 31), "in December"),
        ("en", "Who sank on October 7, 2023?", (2023, 10, 7), (2023, 10, 8), "October 7, 2023"),
        ("en", "Who sank since 2026-11-01?", (2026, 11, 1), None, "since 2026-11-01"),
        ("de", "Was sagte Dahl am 7. Oktober 2023?", (2023, 10, 7), (2023, 10, 8), "7. Oktober 2023"),
        ("es", "¿Qué dijo Dahl el 7 de octubre de 2023?", (2023, 10, 7), (2023, 10, 8), "7 de octubre de 2023"),
        ("fr", "Qu'a dit Dahl depuis lundi ?", (2026, 11, 16), None, "depuis lundi"),
        ("it", "Che cosa ha detto Dahl ieri?", (2026, 11, 21), (2026, 11, 21), "ieri"),
        ("pt", "O que disse Dahl em outubro de 2023?", (2023, 10, 1), (2023, 10, 31), "em outubro de 2023"),
        ("ru", "Что сказала Даль в октябре 2023", (2023, 10, 1), (2023, 10, 31), "в октябре 2023"),
        ("ar", "ماذا قالت منذ يوم الاثنين", (2026, 11, 16), None, "منذ يوم الاثنين"),
    ],
)
def test_a_time_is_read_as_days(
    language: str, words: str, since: tuple[int, int, int], until: tuple[int, int, int] | None, printed: str
) -> None:
    found = period(words, language, TODAY)
    assert found is not None
    assert (found.since, found.until) == (date(*since), date(*until) if until else None)
    assert found.words.of(words) == printed


@pytest.mark.parametrize(
    "words",
    [
        "What happened on Tuesday?",  # when it happened, not when it was printed
        "What did May say?",
        "What happened between 1 May 2023 and 2 June 2023?",  # two times
        "What happened on 31 February 2023?",
        "Who won in October 1870?",  # history
        "What happens in December 2099?",
        "How many ferries sank?",
    ],
)
def test_no_single_past_time_is_no_limit(words: str) -> None:
    assert period(words, "en", TODAY) is None


def test_the_words_of_the_time_are_no_terms() -> None:
    read = parse("What did Dahl say about the ferry since Monday?", language="en", today=TODAY)
    assert (read.since, read.until, read.dated) == (date(2026, 11, 16), None, "since Monday")
    assert "monday" not in read.terms
    assert "monday" in parse("What did Dahl say about the ferry since Monday?", language="en").terms


def test_a_time_alone_and_a_question_for_several_articles_are_not_limited() -> None:
    assert parse("yesterday?", language="en", today=TODAY).since is None
    many = " ".join(f"harbour{n}" for n in range(DATED_TERMS_MAX + 1))
    assert parse(f"Which {many} sank in October 2023?", language="en", today=TODAY).since is None


@settings(max_examples=30)
@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.sampled_from(["since Friday", "in May", "last week", "today"]))
def test_no_limit_begins_after_today_or_ends_before_it_begins(today: date, words: str) -> None:
    found = period(f"Who sank {words}?", "en", today)
    assert found is not None
    assert found.since <= (found.until or today)
    assert today - timedelta(days=400) < found.since <= today
