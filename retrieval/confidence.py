"""Whether the best sentence answers at all: evidence weighed into one number, and the line we fall silent below."""

import math
from collections.abc import Sequence

from retrieval.asked import Asked
from retrieval.reading import Reading, Sentence

SENTENCE_WEIGHT = 3.0
PASSAGE_WEIGHT = 3.0
NAMES_WEIGHT = 2.0
BIAS = -2.5
ANSWERS_FROM = 0.5


def answers(asked: Asked, readings: Sequence[Reading], best: Reading, sentence: Sentence) -> bool:
    """Whether the best sentence is likely to answer what was asked."""
    return likelihood(asked, readings, best, sentence) >= ANSWERS_FROM


def likelihood(asked: Asked, readings: Sequence[Reading], best: Reading, sentence: Sentence) -> float:
    """How likely the best sentence answers, 0 to 1."""
    evidence = features(asked, readings, best, sentence)
    total = BIAS + (
        SENTENCE_WEIGHT * evidence["sentence"]
        + PASSAGE_WEIGHT * evidence["passage"]
        - NAMES_WEIGHT * evidence["names missing"]
    )
    return 1.0 / (1.0 + math.exp(-total))


def features(asked: Asked, readings: Sequence[Reading], best: Reading, sentence: Sentence) -> dict[str, float]:
    """What speaks for and against an answer, each 0 to 1."""
    article = [each for each in readings if each.candidate.article_id == best.candidate.article_id]
    held = frozenset().union(*(each.found for each in article))
    return {
        "sentence": sentence.share,
        "passage": best.share,
        "best sentence": max(each.share for reading in readings for each in reading.sentences),
        "best passage": max(reading.share for reading in readings),
        "article": asked.share(held),
        "names missing": sum(asked.weights.get(name, 0.0) for name in asked.names - held),
    }
