"""What speaks for a sentence: ingredients, each a small function from 0 to 1, and what each is worth.

An ingredient stays only where it was measured to help; `explain` shows what each gave.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from retrieval import asked as asking
from retrieval.asked import Asked
from retrieval.cooccurrence import Cooccurrence, Headlines
from retrieval.model import Candidate, Question, Span, Statistics
from retrieval.ranking import named_outlets
from retrieval.reading import NAMED, Reading, Sentence, headline_tokens, new_names, read, tells

PASSAGE_WORTH = 1.0
SHARE_WORTH = 1.5
CONTEXT_WORTH = 0.3
PAIRS_WORTH = 0.2
COMPANY_WORTH = 1.4
HEADLINE_WORTH = 0.6
TOPIC_WORTH = 1.5
LEAD_WORTH = 0.4
KIND_WORTH = 0.5
NAME_WORTH = 3.0
SPEAKER_WORTH = 1.5
MATTER_APART = 0.5  # of a speaker's worth, where the passage holds nothing else of what was asked
FRAGMENT_COST = 0.05
HEADING_COST = 0.6
LENGTH_COST = 0.5
# A headline of few words is taken up whole by chance: it is read as if it had so many more.
HEADLINE_WORDS = 3
# Below this share of the question in its best sentence, an answer is pieced together from several.
PIECED_BELOW = 0.5

# A quote is as short as can stand alone: below the one length nothing is told, past the other it costs.
WORDS_MIN = 4
WORDS_FREE = 20

# What ends a sentence, with what may close after it.
_END = re.compile(r"[.!?…。！？．؟۔।॥։]['\"”’»›“)\]）」』】〉》\s]*$")


def weigh(asked: Asked, readings: Sequence[Reading]) -> None:
    """Give every sentence of the readings its score."""
    beside = Beside(asked, readings)
    for reading in readings:
        for sentence in reading.sentences:
            sentence.score = sum(_contributions(asked, reading, sentence, beside).values())


def explain(question: Question, candidate: Candidate, statistics: Statistics) -> dict[str, float]:
    """What each ingredient gives the candidate's best sentence; the candidate as `choose` ranked it."""
    asked = asking.prepare(question, statistics, named_outlets(question, [candidate]))
    reading = read(asked, candidate)
    reading.score = candidate.score
    beside = Beside(asked, [reading])
    each = [_contributions(asked, reading, sentence, beside) for sentence in reading.sentences]
    return max(each, key=lambda parts: sum(parts.values()), default={})


class Beside:
    """What the readings of one question tell of each other's sentences."""

    def __init__(self, asked: Asked, readings: Sequence[Reading]) -> None:
        self.named = _named_beside(asked, readings)
        self.words = Cooccurrence(asked, readings)
        self.headlines = Headlines(readings)


def _contributions(asked: Asked, reading: Reading, sentence: Sentence, beside: Beside) -> dict[str, float]:
    head = headline_tokens(reading.candidate) if beside.headlines.tells(reading) else frozenset()
    return {
        "company": COMPANY_WORTH * beside.words.of(sentence),
        "headline": HEADLINE_WORTH * asked.share(sentence.found | head),
        "topic": TOPIC_WORTH * topic(asked, sentence, head),
        "lead": LEAD_WORTH / (1 + reading.candidate.passage.ordinal),
        "passage": PASSAGE_WORTH * reading.score,
        "words": SHARE_WORTH * sentence.share,
        "context": CONTEXT_WORTH * reading.share,
        "phrases": PAIRS_WORTH * pairs(asked, sentence),
        "kind": KIND_WORTH * tells(asked, sentence, reading.candidate.language),
        "name": max((beside.named.get(name, 0.0) for name in sentence.names), default=0.0),
        "speaker": SPEAKER_WORTH * says(asked, reading, sentence),
        "length": -length(sentence),
        "fragment": -fragment(reading, sentence),
    }


def topic(asked: Asked, sentence: Sentence, headline: frozenset[str]) -> float:
    """How much of its own headline the sentence takes up, beside what was asked."""
    return len((sentence.found & headline) - asked.terms) / (len(headline) + HEADLINE_WORDS)


def pairs(asked: Asked, sentence: Sentence) -> float:
    """How much of the question stands in the sentence as it stands there: two words side by side."""
    held = asked.pairs.intersection(pairwise(sentence.tokens))
    return sum(min(asked.weights.get(one, 0.0), asked.weights.get(other, 0.0)) for one, other in held)


def says(asked: Asked, reading: Reading, sentence: Sentence) -> float:
    """Whether whose words are asked for says something in the sentence: 1 where it stands beside all of the matter."""
    start = reading.candidate.passage.span.start
    place = Span(start + sentence.span.start, start + sentence.span.end)
    if not any(place.meets(spoken) for spoken in reading.candidate.spoken):
        return 0.0
    return MATTER_APART + (1.0 - MATTER_APART) * asked.share_of_matter(reading.around)


def fragment(reading: Reading, sentence: Sentence) -> float:
    """What it costs to end as no sentence does: little for a line of a list, much for a heading, the headline again."""
    if _END.search(sentence.text):
        return 0.0
    return HEADING_COST if headline_tokens(reading.candidate).issuperset(sentence.tokens) else FRAGMENT_COST


def length(sentence: Sentence) -> float:
    """What a sentence's length costs: too short tells nothing, too long hides the answer."""
    words = sentence.length
    if words < WORDS_MIN:
        return 1.0
    return LENGTH_COST * max(0, words - WORDS_FREE) / WORDS_FREE


def _named_beside(asked: Asked, readings: Sequence[Reading]) -> dict[str, float]:
    """What each name the question lacks is worth, where a name is asked for.

    A name is worth the share of the question that it is seen beside, in any passage read. That counts
    as far as no single sentence holds half of what was asked: then the answer is pieced together.
    """
    if asked.kind not in NAMED:
        return {}
    best = max((sentence.share for reading in readings for sentence in reading.sentences), default=0.0)
    worth = NAME_WORTH * max(0.0, 1.0 - best / PIECED_BELOW)
    return {name: worth * asked.share(frozenset(found)) for name, found in _beside(asked, readings).items()}


def _beside(asked: Asked, readings: Sequence[Reading]) -> dict[str, set[str]]:
    """The question's terms that stand in one passage with a name, for each name."""
    found: dict[str, set[str]] = defaultdict(set)
    for reading in readings:
        for name in {name for sentence in reading.sentences for name in new_names(asked, sentence)}:
            found[name] |= reading.found & asked.terms
    for name in [each for each in found if " " in each]:
        found[name] |= found.get(name.rpartition(" ")[2], set())
    return found
