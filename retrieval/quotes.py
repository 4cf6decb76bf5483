"""From candidates to quotes: the one to three whole sentences that answer, or the reason for none. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval import ranking
from retrieval.model import Candidate, Pick, Question, Reason, Statistics

QUOTES_MAX = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """Quotes to show, best first, or the reason why there is none."""

    picks: tuple[Pick, ...]
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice with the candidates in final order."""

    picks: tuple[Pick, ...]
    reason: Reason | None
    ranked: tuple[Candidate, ...]


def choose(
    question: Question,
    candidates: Sequence[Candidate],
    statistics: Statistics,
    *,
    limit: int = QUOTES_MAX,
    always: bool = False,
) -> Chosen:
    """Order the candidates and pick the quotes: one picklable call for a worker process."""
    ranked = ranking.order(question, candidates, statistics)
    choice = pick(question, ranked, statistics, limit=limit, always=always)
    return Chosen(choice.picks, choice.reason, tuple(ranked))


def pick(
    question: Question,
    ranked: Sequence[Candidate],
    statistics: Statistics,
    *,
    limit: int = QUOTES_MAX,
    always: bool = False,
) -> Choice:
    """At most `limit` quotes from ranked candidates, best first; with `always` also where they hardly answer."""
    picks = tuple(Pick(each.passage.version_id, each.passage.span, each.score) for each in ranked[:limit])
    return Choice(picks, None if picks else Reason.NO_MATCH)
