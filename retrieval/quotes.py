"""From candidates to quotes: the one to three whole sentences that answer, or the reason for none.

Pure: the same question, candidates and statistics always yield the same choice. Slices no text and knows no speaker.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from retrieval import asked as asking
from retrieval import evidence, ranking
from retrieval.asked import Asked
from retrieval.confidence import answers
from retrieval.model import Candidate, Pick, Question, Reason, Span, Statistics
from retrieval.reading import Reading, Sentence, points_back

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
class Chosen:
    """Quotes to show, best first, or the reason why there is none; and the candidates in final order."""

    picks: tuple[Pick, ...]
    reason: Reason | None
    ranked: tuple[Candidate, ...]


class Proposal:
    """A sentence that may answer, with those before it in its passage that it cannot stand without."""

    def __init__(self, reading: Reading, place: int) -> None:
        self.reading = reading
        self.sentence = reading.sentences[place]
        self.sentences = with_antecedent(reading, place)

    @property
    def score(self) -> float:
        return self.sentence.score

    @property
    def span(self) -> Span:
        """Where it stands in its version."""
        start = self.reading.candidate.passage.span.start
        return Span(start + self.sentences[0].span.start, start + self.sentences[-1].span.end)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(" ".join(each.text for each in self.sentences).casefold()))

    def pick(self) -> Pick:
        return Pick(self.reading.candidate.passage.version_id, self.span, self.score)

    def says_the_same(self, other: "Proposal") -> bool:
        """Whether the two overlap in one text, or one says what the other does in nearly the same words."""
        if self.reading is other.reading and self.span.meets(other.span):
            return True
        common, less, more = len(self.words & other.words), *sorted((len(self.words), len(other.words)))
        return common == less or common >= SAME_WORDS * more


def choose(
    question: Question,
    candidates: Sequence[Candidate],
    statistics: Statistics,
    *,
    limit: int = QUOTES_MAX,
    always: bool = False,
) -> Chosen:
    """At most `limit` quotes, best first, or the reason for none; with `always` also where they hardly answer.

    One picklable call for a worker process.
    """
    outlets = ranking.named_outlets(question, candidates)
    asked = asking.prepare(question, statistics, outlets)
    ranked, readings = ranking.ranked(asked, candidates, outlets)
    evidence.weigh(asked, readings)
    chosen = _chosen(asked, _proposals(readings), limit)
    if not chosen:
        return Chosen((), Reason.NO_MATCH, tuple(ranked))
    if not always and not answers(asked, statistics, ranked, readings, chosen[0].reading):
        return Chosen((), Reason.WEAK_MATCH, tuple(ranked))
    return Chosen(tuple(each.pick() for each in chosen), None, tuple(ranked))


def _proposals(readings: Sequence[Reading]) -> list[Proposal]:
    """The best sentences of all readings, each with what it cannot stand without."""
    places = [(reading, place) for reading in readings for place in range(len(reading.sentences))]
    places.sort(key=lambda each: -each[0].sentences[each[1]].score)
    return [Proposal(reading, place) for reading, place in places[:CONSIDERED_MAX]]


def with_antecedent(reading: Reading, place: int) -> list[Sentence]:
    """The sentence at `place`, with those of its passage before it that its opening words point back to."""
    first = place
    language = reading.candidate.language
    while first > max(0, place - SENTENCES_MAX + 1) and points_back(reading.sentences[first].text, language):
        first -= 1
    return reading.sentences[first : place + 1]


def _chosen(asked: Asked, proposals: Sequence[Proposal], limit: int) -> list[Proposal]:
    """The best proposal, then each time the one that adds most to those before it."""
    chosen: list[Proposal] = []
    left = [each for each in proposals if each.words]
    while left and len(chosen) < limit:
        best = _most_new(asked, left, chosen)
        chosen.append(best)
        left = [each for each in left if not each.says_the_same(best)]
    return chosen


def _most_new(asked: Asked, left: Sequence[Proposal], chosen: Sequence[Proposal]) -> Proposal:
    told = frozenset[str]().union(*(each.sentence.found for each in chosen))
    articles = {each.reading.candidate.article_id for each in chosen}

    def worth(each: Proposal) -> float:
        repeated = asked.share(each.sentence.found & told) if told else 0.0
        same_article = each.reading.candidate.article_id in articles
        return each.score - REPEATED_COST * repeated - SAME_ARTICLE_COST * same_article

    return max(left, key=worth)
