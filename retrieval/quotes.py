"""From candidates to quotes: the one to three whole sentences that answer, or the reason for none.

Pure: the same question, candidates and statistics always yield the same choice. Slices no text and knows no speaker.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval import asked as asking
from retrieval import evidence, ranking
from retrieval.asked import Asked
from retrieval.confidence import answers
from retrieval.model import Candidate, Pick, Question, Reason, Span, Statistics
from retrieval.reading import Reading, Sentence, points_back, read

QUOTES_MAX = 3
SENTENCES_MAX = 3

# Of all sentences read, so many of the best are considered for each quote.
CONSIDERED_MAX = 60
# What a quote loses for repeating words of the question that quotes before it hold, and their article.
REPEATED_COST = 0.5
SAME_ARTICLE_COST = 0.05
# Two quotes with this share of their words in common say the same.
SAME_WORDS = 0.8

_WORD = re.compile(r"\w+")


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


@dataclass(slots=True)
class Proposal:
    """A sentence that may answer, with those before it that it cannot stand without."""

    reading: Reading
    sentence: Sentence
    sentences: list[Sentence]
    score: float
    words: frozenset[str]

    @property
    def span(self) -> Span:
        """Where it stands in its version."""
        start = self.reading.candidate.passage.span.start
        return Span(start + self.sentences[0].span.start, start + self.sentences[-1].span.end)

    def pick(self) -> Pick:
        return Pick(self.reading.candidate.passage.version_id, self.span, self.score)


def choose(
    question: Question,
    candidates: Sequence[Candidate],
    statistics: Statistics,
    *,
    limit: int = QUOTES_MAX,
    always: bool = False,
) -> Chosen:
    """Order the candidates and pick the quotes: one picklable call for a worker process."""
    asked = asking.prepare(question, statistics)
    readings, rest = ranking.ranked(asked, candidates)
    choice = _pick(asked, readings, limit, always)
    return Chosen(choice.picks, choice.reason, (*(each.candidate for each in readings), *rest))


def pick(
    question: Question,
    ranked: Sequence[Candidate],
    statistics: Statistics,
    *,
    limit: int = QUOTES_MAX,
    always: bool = False,
) -> Choice:
    """At most `limit` quotes from ranked candidates, best first; with `always` also where they hardly answer."""
    asked = asking.prepare(question, statistics)
    return _pick(asked, [_as_ranked(asked, each) for each in ranked[: ranking.READ_MAX]], limit, always)


def _as_ranked(asked: Asked, candidate: Candidate) -> Reading:
    reading = read(asked, candidate)
    reading.score = candidate.score
    return reading


def _pick(asked: Asked, readings: Sequence[Reading], limit: int, always: bool) -> Choice:
    if not readings:
        return Choice((), Reason.NO_MATCH)
    evidence.weigh(asked, readings)
    chosen = _chosen(asked, _proposals(readings), limit)
    if not always and not (chosen and answers(asked, readings, chosen[0].reading, chosen[0].sentence)):
        return Choice((), Reason.WEAK_MATCH)
    return Choice(tuple(each.pick() for each in chosen), None)


def _proposals(readings: Sequence[Reading]) -> list[Proposal]:
    found = [each for reading in readings for each in _proposed(reading)]
    return sorted(found, key=lambda each: -each.score)[:CONSIDERED_MAX]


def _proposed(reading: Reading) -> Iterator[Proposal]:
    for place, sentence in enumerate(reading.sentences):
        together = with_antecedent(reading, place)
        held = frozenset(_WORD.findall(" ".join(each.text for each in together).casefold()))
        yield Proposal(reading, sentence, together, sentence.score, held)


def with_antecedent(reading: Reading, place: int) -> list[Sentence]:
    """The sentence at `place`, with those of its passage before it that its opening words point back to."""
    first = place
    language = reading.candidate.language
    while first > max(0, place - SENTENCES_MAX + 1) and points_back(reading.sentences[first].text, language):
        first -= 1
    return reading.sentences[first : place + 1]


def _chosen(asked: Asked, proposals: list[Proposal], limit: int) -> list[Proposal]:
    """The best proposal, then each time the one that adds most to those before it."""
    chosen: list[Proposal] = []
    left = list(proposals)
    while left and len(chosen) < limit:
        best = max(left, key=lambda each: each.score - _repeats(asked, each, chosen))
        chosen.append(best)
        left = [each for each in left if not any(says_the_same(each, before) for before in chosen)]
    return chosen


def _repeats(asked: Asked, proposal: Proposal, chosen: Sequence[Proposal]) -> float:
    told = frozenset().union(*(each.sentence.found for each in chosen))
    article = proposal.reading.candidate.article_id
    same_article = any(each.reading.candidate.article_id == article for each in chosen)
    return REPEATED_COST * asked.share(proposal.sentence.found & told) + SAME_ARTICLE_COST * same_article


def says_the_same(one: Proposal, other: Proposal) -> bool:
    """Whether two proposals overlap in one text, or say nearly the same words."""
    if one.reading is other.reading and one.span.meets(other.span):
        return True
    common = len(one.words & other.words)
    return common >= SAME_WORDS * min(len(one.words), len(other.words))
