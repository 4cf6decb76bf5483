"""What is said of old quotes and of a corpus to which nothing comes any more: one line each."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.messages import answer as answers
from bot.messages import freshness
from retrieval.model import Answer, Published
from tests.bot.messages.making import CORPUS, LATER, a_quote, a_view, an_answer
from tests.build import a_day

STALE = "No article has arrived here for 2 days."
OLD = "The best quote is older than 30 days: 23 Oct 2026."


def told(answer: Answer) -> list[str]:
    (message,) = answers.render(answer, a_view(), CORPUS)
    return [line for line in message.markup.plain.splitlines() if line in {STALE, OLD}]


def an_old_answer(published: Published | None = None, **asked: Any) -> Answer:
    answer = an_answer(a_quote("The gate failed at dusk.", published=published or a_day(month=10, day=23)))
    return replace(answer, question=replace(answer.question, **asked))


def test_nothing_for_a_day_is_said_and_less_is_not() -> None:
    fresh = an_answer(a_quote("The gate failed at dusk."))
    assert told(replace(fresh, arrived_at=LATER - timedelta(hours=23, minutes=59))) == []
    assert told(replace(fresh, arrived_at=LATER - timedelta(hours=50))) == [STALE]
    assert freshness.stale(LATER - timedelta(days=1), LATER, a_view()) == ["No article has arrived here for 1 day."]


def test_an_old_best_quote_is_said_once() -> None:
    assert told(an_old_answer()) == [OLD]
    assert told(an_old_answer(a_day(month=10, day=24))) == []
    assert told(replace(an_old_answer(), arrived_at=LATER - timedelta(hours=50))) == [STALE, OLD]


@pytest.mark.parametrize("asked", [{"since": a_day(month=10, day=1).day}, {"dated": "in October"}])
def test_who_asked_for_a_time_is_not_told_that_it_is_long_ago(asked: dict[str, Any]) -> None:
    assert told(an_old_answer(**asked)) == []


def test_an_undated_quote_is_not_said_to_be_old() -> None:
    assert told(an_answer(a_quote("The gate failed at dusk."))) == []
