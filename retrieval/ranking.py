"""The order of candidates: BM25, its article and age, the outlet asked for, and what the sentences hold.

Pure. The best few alone are read; the rest keep the order of the cheap evidence.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

from retrieval import asked as asking
from retrieval.asked import Asked
from retrieval.freshness import ageing
from retrieval.model import Candidate, Named, Question, Statistics
from retrieval.reading import Reading, carry_names, read

# So many candidates are cut into sentences and read, some 0.5 ms each; reading 20 found no more answers.
READ_MAX = 12

# What each ingredient may add, beside BM25 itself, which is 1 for the best candidate.
ARTICLE_WORTH = 0.2
OUTLET_WORTH = 0.3
SPOKEN_WORTH = 0.5
HELD_WORTH = 0.5
# Each further passage of an article counts half of the one before.
ARTICLE_DECAY = 0.5
# What a passage loses for each better passage of its article: ten passages should show more than one article.
REPEATED_COST = 0.2


def order(question: Question, candidates: Sequence[Candidate], statistics: Statistics) -> list[Candidate]:
    """The candidates best first, their score replaced."""
    named = named_outlets(question, candidates)
    return ranked(asking.prepare(question, statistics, named), candidates, named)[0]


def ranked(
    asked: Asked, candidates: Sequence[Candidate], outlets: Collection[str] = ()
) -> tuple[list[Candidate], list[Reading]]:
    """All candidates in final order, and the readings of the best of them; `outlets` are those asked for."""
    counted = () if Named.OUTLET in asked.question.disregarded else outlets
    ordered = cheaply_ordered(asked.question, candidates, counted)
    readings = [read(asked, candidate) for candidate in ordered[:READ_MAX]]
    carry_names(asked, readings)
    for reading in readings:
        reading.score = reading.candidate.score + HELD_WORTH * asked.share(reading.found, reading.carried)
    readings.sort(key=lambda each: (-each.score, each.candidate.passage.id))
    return _spread(readings) + ordered[READ_MAX:], readings


def _spread(readings: Sequence[Reading]) -> list[Candidate]:
    """The readings' candidates, each behind by as many passages of its article as came before it."""
    before: Counter[int] = Counter()
    spread = []
    for reading in readings:
        article = reading.candidate.article_id
        held, repeated = reading.score - reading.candidate.score, -REPEATED_COST * before[article]
        spread.append(_given(reading.candidate, held=held, repeated=repeated))
        before[article] += 1
    return _best_first(spread)


def _best_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda each: (-each.score, each.passage.id))


def cheaply_ordered(
    question: Question, candidates: Sequence[Candidate], outlets: Collection[str] = ()
) -> list[Candidate]:
    """The candidates by BM25, age, article, outlet and speaker, without reading one."""
    best = max((each.score for each in candidates), default=0.0) or 1.0
    articles, aged = article_evidence(candidates), ageing(question, candidates)
    scored = [
        _given(
            each,
            bm25=each.score / best,
            age=-aged[each.article_id] * each.score / best,
            article=ARTICLE_WORTH * articles[each.article_id],
            outlet=OUTLET_WORTH * (each.outlet in outlets),
            spoken=SPOKEN_WORTH * bool(each.spoken),
        )
        for each in candidates
    ]
    return _best_first(scored)


def _given(candidate: Candidate, **ingredients: float) -> Candidate:
    """The candidate with these ingredients of its order, beside those it has, and their sum for its score."""
    given = (*candidate.given, *ingredients.items())
    return candidate._replace(score=sum([worth for _, worth in given]), given=given)


def article_evidence(candidates: Sequence[Candidate]) -> dict[int, float]:
    """How well each article matches as a whole, 1 for the best: its passages' scores, each next counting half."""
    scores: dict[int, list[float]] = defaultdict(list)
    for each in candidates:
        scores[each.article_id].append(each.score)
    evidence = {
        article: sum(score * ARTICLE_DECAY**place for place, score in enumerate(sorted(each, reverse=True)))
        for article, each in scores.items()
    }
    best = max(evidence.values(), default=0.0) or 1.0
    return {article: each / best for article, each in evidence.items()}


def named_outlets(question: Question, candidates: Sequence[Candidate]) -> set[str]:
    """The outlets among the candidates that the question names."""
    return {outlet for outlet in {each.outlet for each in candidates} if outlet and is_named(outlet, question.words)}


def is_named(outlet: str, words: str) -> bool:
    """Whether a question names an outlet, as it is printed; of "Name | Section" the name suffices."""
    name = outlet.partition(" | ")[0].strip()
    return bool(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) is not None
