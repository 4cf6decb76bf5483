"""Whether the best sentence answers at all: how much of the question is supported, and how much chance would support.

Weighs shares of the question's information, never the form of a question; knows no outlet and no set. The weights
were chosen by hand over sets of questions and checked on sets that they were not chosen on.
"""

import math
from collections import Counter
from collections.abc import Sequence

from retrieval.asked import TOKENS_A_WORD_UNSPACED, UNSPACED, Asked, lexicon_tokens
from retrieval.freshness import ageing
from retrieval.model import Candidate, Statistics
from retrieval.reading import Reading, headline_tokens, held_by
from retrieval.text.tokens import index_of, tokens

# What each share of the question is worth: of what its passage holds, of what its article holds, of what one
# passage says often and briefly (0.3 where every word stands once), of how much more than other articles it holds;
# and what the rarest word and the names cost that are nowhere in the article.
PASSAGE_WORTH = 0.6
ARTICLE_WORTH = 0.4
DENSITY_WORTH = 0.8
STANDING_OUT_WORTH = 0.25
MISSING_COST = 0.4
NAMES_MISSING_COST = 0.4
# What the age of the answering article costs, as a share of its match: an old report answers what it was asked then.
AGE_COST = 1.5
# BM25's own saturation and length normalisation.
SATURATION = 1.5
LENGTH_PART = 0.75

# The support an answer must have in a corpus of a hundred passages, how much more for each tenfold of them,
# and at most: the more passages, the more words of a question stand together in one of them by chance.
SUPPORT_NEEDED = 0.53
SUPPORT_NEEDED_PER_TENFOLD = 0.15
SUPPORT_NEEDED_MAX = 0.98
SMALL_CORPUS_PASSAGES = 100
# Less is needed where equal words look different: pairs of characters stand across words, particles are written
# on to them. By index, as a share of what is needed elsewhere.
_EASED = {"zh": 0.6, "ja": 0.6, "ar": 0.79, "fa": 0.85, "he": 0.85}
# A question of more words than the one asks for more than one sentence tells, of more than the other for more than
# one article: less and less is needed between the two, down to this share.
WORDS_OF_ONE_SENTENCE = 12
WORDS_OF_ONE_ARTICLE = 18
LONG_QUESTION_EASED = 0.36
# So many passages of the answering article are read for what they support.
ARTICLE_PASSAGES_MAX = 12


def answers(
    asked: Asked,
    statistics: Statistics,
    candidates: Sequence[Candidate],
    readings: Sequence[Reading],
    best: Reading,
) -> bool:
    """Whether the best sentence, of the reading `best`, is likely to answer what was asked."""
    if topic_unknown(asked, statistics) or beside_the_matter(asked, best):
        return False
    return support(asked, statistics, candidates, readings, best) >= enough(asked, statistics)


def topic_unknown(asked: Asked, statistics: Statistics) -> bool:
    """Whether a question names somebody or something, and no article holds one word of what it asks about them."""
    unnamed = asked.terms - asked.names
    known = [term for term in unnamed if statistics.holding.get(term) or term in asked.relatives]
    return bool(unnamed) and unnamed != asked.terms and not known


def beside_the_matter(asked: Asked, best: Reading) -> bool:
    """Whether a question asks what somebody said about something, and the best passage holds no word of that."""
    scaffold = lexicon_tokens(asked.question.language, "scaffold")
    says = not scaffold.isdisjoint(tokens(asked.question.words, asked.question.language))
    return says and asked.matter != asked.terms and not asked.share_of_matter(best.around)


def enough(asked: Asked, statistics: Statistics) -> float:
    """The support below which this question has no answer."""
    index = index_of(asked.question.language)
    words = len(asked.terms) / (TOKENS_A_WORD_UNSPACED if index in UNSPACED else 1)
    beyond = (words - WORDS_OF_ONE_SENTENCE) / (WORDS_OF_ONE_ARTICLE - WORDS_OF_ONE_SENTENCE)
    long_eased = 1.0 - (1.0 - LONG_QUESTION_EASED) * min(1.0, max(0.0, beyond))
    return _EASED.get(index, 1.0) * long_eased * needed(statistics.passages)


def needed(passages: int) -> float:
    """The support below which a corpus of so many passages has no answer."""
    tenfolds = math.log10(max(passages, SMALL_CORPUS_PASSAGES) / SMALL_CORPUS_PASSAGES)
    return min(SUPPORT_NEEDED_MAX, SUPPORT_NEEDED + SUPPORT_NEEDED_PER_TENFOLD * tenfolds)


def support(
    asked: Asked,
    statistics: Statistics,
    candidates: Sequence[Candidate],
    readings: Sequence[Reading],
    best: Reading,
) -> float:
    """How well passage, article and densest passage support the question, less what its article lacks, less its age."""
    passage = best.found | headline_tokens(best.candidate)
    article = passage | _article(asked, candidates, best)
    missing = [term for term in asked.terms if asked.lacks(term, article)]
    return (
        PASSAGE_WORTH * asked.share(passage)
        + ARTICLE_WORTH * asked.share(article)
        + DENSITY_WORTH * max(density(asked, each, statistics.average_length) for each in readings)
        + STANDING_OUT_WORTH * standing_out(readings, best)
        - MISSING_COST * max((asked.weights[term] for term in missing), default=0.0)
        - NAMES_MISSING_COST * sum(asked.weights[term] for term in missing if term in asked.names)
        - AGE_COST * ageing(asked.question, candidates)[best.candidate.article_id]
    )


def standing_out(readings: Sequence[Reading], best: Reading) -> float:
    """How much more of the question the best passage holds than those of other articles; 0 where there are none."""
    others = [each.share for each in readings if each.candidate.article_id != best.candidate.article_id]
    return best.share - max(others, default=best.share)


def density(asked: Asked, reading: Reading, average_length: float) -> float:
    """How often and how briefly a passage holds the question's words, 0 to 1: BM25 with steadied rarities."""
    counted = Counter(tokens(reading.candidate.headline or "", reading.candidate.language))
    for sentence in reading.sentences:
        counted.update(sentence.tokens)
    length = counted.total() / max(1.0, average_length)
    damped = SATURATION * (1.0 - LENGTH_PART + LENGTH_PART * length)
    return sum(asked.weights[term] * counted[term] / (counted[term] + damped) for term in asked.terms)


def _article(asked: Asked, candidates: Sequence[Candidate], best: Reading) -> frozenset[str]:
    """What the candidates of the answering article hold together."""
    same = [each for each in candidates if each.article_id == best.candidate.article_id][:ARTICLE_PASSAGES_MAX]
    return frozenset().union(*(held_by(asked, each.text, tokens(each.text, each.language)) for each in same))
