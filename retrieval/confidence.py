"""Whether the best sentence answers at all: how much of the question is supported, and how much chance would support.

Weighs shares of the question's information, never the form of a question; knows no outlet and no set.
"""

import math
from collections.abc import Sequence

from retrieval.asked import Asked
from retrieval.model import Statistics
from retrieval.reading import Reading, Sentence, headline_tokens
from retrieval.text.tokens import index_of

# The support an answer must have in a corpus of a hundred passages, how much more for each tenfold of them,
# and at most: the more passages, the more words of a question stand together in one of them by chance.
SUPPORT_NEEDED = 0.40
SUPPORT_NEEDED_PER_TENFOLD = 0.10
SUPPORT_NEEDED_MAX = 0.70
SMALL_CORPUS_PASSAGES = 100
# Less is needed where equal words look different: pairs of characters stand across words, particles are written
# on to them. By index, as a share of what is needed elsewhere.
_EASED = {"zh": 0.6, "ja": 0.6, "ar": 0.85, "fa": 0.85, "he": 0.85}
# What it costs that the answering article lacks a name the question holds.
NAME_MISSING_COST = 0.3
# A sentence must hold this many of a question's words by itself; the rest of a longer one may stand around it.
WORDS_IN_SENTENCE = 3
# What supports a question of this many words supports a longer one, which asks for more than one article tells.
WORDS_ENOUGH = 10


def answers(
    asked: Asked, statistics: Statistics, readings: Sequence[Reading], best: Reading, sentence: Sentence
) -> bool:
    """Whether the best sentence is likely to answer what was asked."""
    return support(asked, readings, best, sentence) >= enough(asked, statistics)


def enough(asked: Asked, statistics: Statistics) -> float:
    """The support below which this question has no answer."""
    eased = _EASED.get(index_of(asked.question.language), 1.0)
    return eased * needed(statistics.passages) * min(1.0, WORDS_ENOUGH / max(1, len(asked.terms)))


def needed(passages: int) -> float:
    """The support below which a corpus of so many passages has no answer."""
    tenfolds = math.log10(max(passages, SMALL_CORPUS_PASSAGES) / SMALL_CORPUS_PASSAGES)
    return min(SUPPORT_NEEDED_MAX, SUPPORT_NEEDED + SUPPORT_NEEDED_PER_TENFOLD * tenfolds)


def support(asked: Asked, readings: Sequence[Reading], best: Reading, sentence: Sentence) -> float:
    """How much of the question the sentence holds, 0 to 1, with what its article adds, less the names missing there."""
    parts = [each.found for each in readings if each.candidate.article_id == best.candidate.article_id]
    article = headline_tokens(best.candidate).union(*parts)
    spread = max(0.0, 1.0 - WORDS_IN_SENTENCE / max(1, len(asked.terms)))
    elsewhere = max(0.0, asked.share(article) - sentence.share)
    missing = sum(asked.weights[name] for name in asked.names - article)
    return sentence.share + spread * elsewhere - NAME_MISSING_COST * missing
