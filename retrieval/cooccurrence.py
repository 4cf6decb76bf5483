"""What a sentence's own words are seen beside: an answer keeps company with the question's words in many places.

Reads the readings of one question; a word counts by the part of the question that it shares sentences with.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from retrieval.asked import Asked
from retrieval.reading import Reading, Sentence

# A sentence counts by so many of its words, the best ones; a name has about two, a figure with its unit too.
WORDS_COUNTED = 3
# A shorter lower-case token is seen beside everything.
LETTERS_MIN = 4


class Cooccurrence:
    """The words of the readings, and how much of the question each shares sentences with anywhere in them."""

    def __init__(self, asked: Asked, readings: Iterable[Reading]) -> None:
        self._terms = asked.terms
        beside: dict[str, set[str]] = defaultdict(set)
        for sentence in (sentence for reading in readings for sentence in reading.sentences):
            held = sentence.found & asked.terms
            if held:
                for word in self._own(sentence):
                    beside[word] |= held
        shares: dict[frozenset[str], float] = {}
        self._share = {
            word: shares[key] if (key := frozenset(held)) in shares else shares.setdefault(key, asked.share(key))
            for word, held in beside.items()
        }

    def of(self, sentence: Sentence) -> float:
        """What the sentence's best own words share sentences with, 0 to 1."""
        shares = sorted((self._share.get(word, 0.0) for word in self._own(sentence)), reverse=True)
        return sum(shares[:WORDS_COUNTED]) / WORDS_COUNTED

    def _own(self, sentence: Sentence) -> list[str]:
        return [word for word in sentence.found if word not in self._terms and len(word) >= LETTERS_MIN]


class Headlines:
    """Which headlines tell of one article: one that stands over several of its outlet is a column's name."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        over = {(each.candidate.outlet, each.candidate.headline, each.candidate.article_id) for each in readings}
        self._articles = Counter((outlet, headline) for outlet, headline, _ in over)

    def tells(self, reading: Reading) -> bool:
        """Whether the headline over a reading is its article's own."""
        return self._articles[reading.candidate.outlet, reading.candidate.headline] == 1
