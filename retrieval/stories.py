"""Which articles tell one story, and which of those print one text: grouped as they come, oldest first.

Two articles tell one story where their weightiest words agree; they print one text where their word sequences do, as
agency copy does in several outlets. Articles of two languages are never grouped. Pure: knows no topic and no reader.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from math import log, sqrt
from typing import Generic, TypeVar
from zlib import crc32

from retrieval.text.tokens import index_of
from retrieval.topics import Matchable

WORDS_KEPT = 40  # the weightiest of an article: more of them change no grouping
HEADLINE_COUNTS = 2  # a word of the headline counts as if it stood in the text as often
# Over 609 articles of ten weeks the 47 groups of several that this makes were read: a trial, a match, a launch each.
# At 0.25 two matches of one league become one story, at 0.35 a trial falls apart by its days.
SAME_STORY = 0.3
APART_MAX = timedelta(days=3)  # of the newest article of a story and the next one
PRIOR_ARTICLES = 60  # imagined ones that stand beside the real, so that a corpus of three has weights too
SHINGLE_WORDS = 4
SAME_TEXT = 0.5  # share of the shorter one's word sequences
SAMPLED = 4  # one word sequence of so many is compared

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class _Read(Generic[Key]):
    """An article as grouping remembers it."""

    key: Key
    moment: datetime
    index: str
    weights: Mapping[str, float]
    shingles: frozenset[int]


@dataclass
class Story(Generic[Key]):
    """Articles that tell one story. Each of `texts` holds those that print one text, the first to print it first."""

    number: int
    texts: list[list[Key]] = field(default_factory=list)
    index: str = ""
    newest: datetime | None = None
    _weights: dict[str, float] = field(default_factory=dict)
    _shingles: list[frozenset[int]] = field(default_factory=list)

    @property
    def keys(self) -> list[Key]:
        return list(chain.from_iterable(self.texts))

    def alike(self, read: "_Read[Key]") -> float:
        """From 0 to 1: the cosine of the article's weightiest words and the story's."""
        common = sum(weight * self._weights[word] for word, weight in read.weights.items() if word in self._weights)
        return common / (_length(read.weights) * _length(self._weights) or 1.0)

    def text_of(self, read: "_Read[Key]") -> int | None:
        """Which of its texts an article prints, None for another one."""
        shares = [(_share(read.shingles, each), n) for n, each in enumerate(self._shingles)]
        share, n = max(shares, default=(0.0, 0))
        return n if share >= SAME_TEXT else None

    def take(self, read: "_Read[Key]") -> None:
        same = self.text_of(read)
        if same is None:
            self.texts.append([read.key])
            self._shingles.append(read.shingles)
            for word, weight in read.weights.items():
                self._weights[word] = self._weights.get(word, 0.0) + weight
        else:
            self.texts[same].append(read.key)
        self.index = read.index
        self.newest = max(self.newest or read.moment, read.moment)


class Stories(Generic[Key]):
    """The stories of a run of articles, each article given once, oldest first."""

    def __init__(self) -> None:
        self._all: list[Story[Key]] = []
        self._of: dict[Key, Story[Key]] = {}
        self._holding = Counter[tuple[str, str]]()
        self._read = Counter[str]()
        self._by_word: dict[tuple[str, str], list[Story[Key]]] = defaultdict(list)

    def add(self, key: Key, moment: datetime, article: Matchable) -> "Story[Key]":
        """The story that an article tells, a new one where it tells none of those before it."""
        read = self._weighed(key, moment, article)
        story = self._told_by(read)
        if story is None:
            story = Story(len(self._all))
            self._all.append(story)
        known = set(story._weights)
        story.take(read)
        for word in read.weights.keys() - known:
            self._by_word[read.index, word].append(story)
        self._of[key] = story
        return story

    def of(self, key: Key) -> "Story[Key]":
        """The story of an article that was added."""
        return self._of[key]

    def __contains__(self, key: Key) -> bool:
        return key in self._of

    def _told_by(self, read: _Read[Key]) -> "Story[Key] | None":
        sharing = chain.from_iterable(self._by_word.get((read.index, word), ()) for word in read.weights)
        near = {story.number: story for story in sharing if story.newest and _near(story.newest, read.moment)}
        alike, number = max(((story.alike(read), -number) for number, story in near.items()), default=(0.0, 0))
        return near[-number] if alike >= SAME_STORY else None

    def _weighed(self, key: Key, moment: datetime, article: Matchable) -> _Read[Key]:
        index = index_of(article.language)
        words = [word for body in article.bodies for word in body.split()]
        counted = Counter(words)
        for word in article.heading.split():
            counted[word] += HEADLINE_COUNTS
        self._read[index] += 1
        self._holding.update((index, word) for word in counted)
        articles = self._read[index] + PRIOR_ARTICLES
        weights = {
            word: (1 + log(count)) * log(articles / (self._holding[index, word] + 1)) for word, count in counted.items()
        }
        kept = sorted(weights, key=lambda word: (-weights[word], word))[:WORDS_KEPT]
        return _Read(key, moment, index, {word: weights[word] for word in kept}, _shingles(words))


def _near(one: datetime, other: datetime) -> bool:
    return abs(other - one) <= APART_MAX


def _length(weights: Mapping[str, float]) -> float:
    return sqrt(sum(weight * weight for weight in weights.values()))


def _shingles(words: list[str]) -> frozenset[int]:
    """Some of the word sequences of a text, by number; the same ones of equal texts."""
    runs: Iterable[int] = (
        crc32(" ".join(words[at : at + SHINGLE_WORDS]).encode()) for at in range(len(words) - SHINGLE_WORDS + 1)
    )
    every = list(runs)
    return frozenset(each for each in every if each % SAMPLED == 0) or frozenset(every)


def _share(one: frozenset[int], other: frozenset[int]) -> float:
    """How much of the shorter text's word sequences the other one has."""
    return len(one & other) / (min(len(one), len(other)) or 1)
