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
from retrieval.counting import count_told, counts_otherwise, things_counted
from retrieval.figures import differ, figures
from retrieval.model import Candidate, Pick, Question, Reason, Span, Statistics
from retrieval.reading import NAMED, Reading, Sentence, headline_tokens, points_back, takes_back, tells

QUOTES_MAX = 3
SENTENCES_MAX = 3

# Of all sentences read, so many of the best are considered for each quote.
CONSIDERED_MAX = 60
# What a quote loses for repeating words of the question that quotes before it hold, and their article.
REPEATED_COST = 0.5
SAME_ARTICLE_COST = 0.1
# Two quotes with this share of their words in common say the same.
SAME_WORDS = 0.8
# A further quote below this share of the first one's score answers something else. On a first article the
# second quote that answers has 0.96, sentences that share only its article 0.63 to 0.73.
AS_GOOD = 0.8
# With its headline it must hold this share of what the first quote holds of the question by itself: the name of
# one speaker, carried over to every sentence of the article, lets nobody else answer for them.
HELD_AS_GOOD = 0.4
# A sentence of fewer words is printed by many outlets by chance.
CARRIED_WORDS_MIN = 5

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Quotes to show, best first, or the reason why there is none; and the candidates in final order."""

    picks: tuple[Pick, ...]
    reason: Reason | None
    ranked: tuple[Candidate, ...]


class Proposal:
    """A sentence that may answer, with those before it in its passage that it cannot stand without."""

    def __init__(self, asked: Asked, reading: Reading, place: int) -> None:
        self.reading = reading
        self.sentence = reading.sentences[place]
        self.sentences = [*with_antecedent(reading, place), *with_correction(asked, reading, place)][-SENTENCES_MAX:]

    @property
    def score(self) -> float:
        return self.sentence.score

    @property
    def span(self) -> Span:
        """Where it stands in its version."""
        start = self.reading.candidate.passage.span.start
        return Span(start + self.sentences[0].span.start, start + self.sentences[-1].span.end)

    @cached_property
    def text(self) -> str:
        return " ".join(each.text for each in self.sentences)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self.text.casefold()))

    @cached_property
    def figures(self) -> frozenset[str]:
        return figures(self.text, self.reading.candidate.language)

    @property
    def held(self) -> frozenset[str]:
        """What its words and its headline hold of the question."""
        return headline_tokens(self.reading.candidate).union(*(each.found for each in self.sentences))

    def count_of(self, question: Question) -> frozenset[str]:
        """How many it tells of what the question counts."""
        return count_told(question, self.text, self.reading.candidate.headline)

    def counts_otherwise(self, question: Question) -> bool:
        """Whether it counts the things asked for in another sense."""
        return counts_otherwise(question, self.text, self.reading.candidate.headline)

    def tells(self, asked: Asked) -> bool:
        """Whether it holds the kind of thing that is asked."""
        return any(tells(asked, each, self.reading.candidate.language) for each in self.sentences)

    def pick(self, candidates: Sequence[Candidate]) -> Pick:
        return Pick(self.reading.candidate.passage.version_id, self.span, self.score, self._carriers(candidates))

    def _carriers(self, candidates: Sequence[Candidate]) -> frozenset[str]:
        """The other outlets among the candidates that print its sentence to the letter."""
        own, words = self.reading.candidate.outlet, self.sentence.text
        if self.sentence.length < CARRIED_WORDS_MIN:
            return frozenset()
        return frozenset(
            each.outlet for each in candidates if each.outlet and each.outlet != own and words in each.text
        )

    def says_the_same(self, other: "Proposal") -> bool:
        """Whether the two overlap in one text, or one says what the other does in nearly the same words.

        Two that tell different figures do not, however alike they are.
        """
        if self.reading is other.reading and self.span.meets(other.span):
            return True
        if differ(self.figures, other.figures):
            return False
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
    proposals = _proposals(asked, readings)
    if not always and things_counted(question):
        proposals = [each for each in proposals if each.tells(asked)]
    chosen = _with_other_figure(asked, _chosen(asked, proposals, limit), proposals, limit)
    if not chosen:
        return Chosen((), Reason.WEAK_MATCH if readings else Reason.NO_MATCH, tuple(ranked))
    # The best sentence may stand in another passage than the one that supports the question best: either will do.
    judged = {id(each): each for each in (chosen[0].reading, readings[0])}.values()
    if not always and not any(answers(asked, statistics, ranked, readings, each) for each in judged):
        return Chosen((), Reason.WEAK_MATCH, tuple(ranked))
    shown = chosen if always else _as_good(asked, chosen)
    return Chosen(tuple(each.pick(ranked) for each in shown), None, tuple(ranked))


def _proposals(asked: Asked, readings: Sequence[Reading]) -> list[Proposal]:
    """The best sentences of all readings, each with what it cannot stand without."""
    places = [(reading, place) for reading in readings for place in range(len(reading.sentences))]
    places.sort(key=lambda each: -each[0].sentences[each[1]].score)
    return [Proposal(asked, reading, place) for reading, place in places[:CONSIDERED_MAX]]


def with_antecedent(reading: Reading, place: int) -> list[Sentence]:
    """The sentence at `place`, with those of its passage before it that its opening words point back to."""
    first = place
    language = reading.candidate.language
    while first > max(0, place - SENTENCES_MAX + 1) and points_back(reading.sentences[first].text, language):
        first -= 1
    return reading.sentences[first : place + 1]


def with_correction(asked: Asked, reading: Reading, place: int) -> list[Sentence]:
    """The sentence after one that corrects or denies something, or that itself tells another amount of it."""
    sentence, after = reading.sentences[place], reading.sentences[place + 1 : place + 2]
    if takes_back(sentence, reading.candidate.language) or any(
        _says_otherwise(asked, reading, sentence, each) for each in after
    ):
        return after
    return []


def _says_otherwise(asked: Asked, reading: Reading, sentence: Sentence, after: Sentence) -> bool:
    """Whether the sentence after one points back to it with another amount, where an amount is asked for."""
    language = reading.candidate.language
    if asked.kind != "amount" or not points_back(after.text, language) or asked.terms.isdisjoint(after.found):
        return False
    return differ(figures(sentence.text, language), figures(after.text, language))


def _as_good(asked: Asked, chosen: Sequence[Proposal]) -> list[Proposal]:
    """The quotes that answer about as well as the first: an unrelated one must not stand beside one that answers.

    One that tells the kind of thing asked, where the first does not, may score less.
    """
    first = chosen[0]
    held = HELD_AS_GOOD * asked.share(first.held)
    told = asked.kind in NAMED or first.tells(asked)
    return [first] + [
        each
        for each in chosen[1:]
        if _tells_another_figure(asked, first, each)
        or (
            asked.share(each.held) >= held
            and (each.score >= AS_GOOD * first.score or (not told and each.tells(asked)))
            and not each.counts_otherwise(asked.question)
        )
    ]


def _with_other_figure(
    asked: Asked, chosen: Sequence[Proposal], proposals: Sequence[Proposal], limit: int
) -> Sequence[Proposal]:
    """The chosen ones, the last making room for another outlet's other figure where all tell the first one's."""
    if not chosen or limit < 2 or any(_tells_another_figure(asked, chosen[0], each) for each in chosen):
        return chosen
    other = next((each for each in proposals if _tells_another_figure(asked, chosen[0], each)), None)
    return [*chosen[: limit - 1], other] if other else chosen


def _tells_another_figure(asked: Asked, first: Proposal, other: Proposal) -> bool:
    """Whether another outlet tells another number of what is counted."""
    apart = first.reading.candidate.outlet != other.reading.candidate.outlet
    return apart and differ(first.count_of(asked.question), other.count_of(asked.question))


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
