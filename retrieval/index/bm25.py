"""rank-bm25's BM25Plus with its storage and its loop replaced: equal scores to the last bit, sparse and incremental.

One thread writes at a time, any number search meanwhile: each search reads one whole corpus, as a change left it.
"""

import math
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Plus

from retrieval.index.block import Block, WordNumbers, build, live_ids, merge
from retrieval.index.codes import Codes
from retrieval.model import Hit, Statistics

# A change merges blocks up to this size: a larger merge would keep the one who waits for it too long.
BLOCK_PASSAGES_MAX = 8_192
# A block is rewritten when more than this share of it is removed.
DEAD_SHARE_MAX = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class _Corpus:
    """All passages at one moment. `saturation[code]` is a posting's score before the word's rarity."""

    blocks: tuple[Block, ...] = ()
    passages: int = 0
    length: int = 0
    saturation: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))


class SparseBM25Plus(BM25Plus):
    """BM25Plus over passages with ids, in memory; `delta` is 0 unless told otherwise, which keeps it sparse.

    Made from a corpus, as the stock class is, its passages are numbered from 0.
    """

    def __init__(
        self,
        corpus: Iterable[Any] = (),
        tokenizer: Callable[[Any], Sequence[str]] | None = None,
        k1: float = 1.5,
        b: float = 0.75,
    ) -> None:
        self.k1 = k1
        self.b = b
        self.delta = 0
        self.corpus_size = 0
        self.avgdl: float = 0  # type: ignore[assignment]  # the stock class starts at the integer 0
        self._numbers = WordNumbers()
        self._codes = Codes()
        self._corpus = _Corpus()
        self._writing = threading.Lock()
        self.change(dict(enumerate(map(tokenizer, corpus) if tokenizer else corpus)))

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def change(self, added: Mapping[int, Sequence[str]], removed: Collection[int] = ()) -> None:
        """Take passages out, then in; searchable on return. An id added again replaces its passage."""
        with self._writing:
            blocks = _without(self._corpus.blocks, [*removed, *added])
            ids = sorted(added)
            for at in range(0, len(ids), BLOCK_PASSAGES_MAX):
                part = {passage: added[passage] for passage in ids[at : at + BLOCK_PASSAGES_MAX]}
                blocks = _merged([*blocks, build(part, self._numbers, self._codes)])
            self._publish(_merged(blocks))

    def _publish(self, blocks: Sequence[Block]) -> None:
        passages = sum(block.passages for block in blocks)
        length = sum(block.length for block in blocks)
        self.corpus_size = passages
        self.avgdl = length / passages if passages else 0.0
        saturation = self._saturation() if length else np.empty(0)
        self._corpus = _Corpus(tuple(blocks), passages, length, saturation)

    def _saturation(self) -> NDArray[np.float64]:
        """The stock class's formula in its own order of operations, for each code."""
        frequencies, lengths = self._codes.frequencies, self._codes.lengths
        score: NDArray[np.float64] = self.delta + (frequencies * (self.k1 + 1)) / (
            self.k1 * (1 - self.b + self.b * lengths / self.avgdl) + frequencies
        )
        return score

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def search(self, words: Sequence[str], k: int, within: Collection[int] | None = None) -> list[Hit]:
        """The k best passages that hold any of the words, ordered by (score descending, id)."""
        best = _Best(k, within)
        for block, scores, ranges in self._scored(self._corpus, words):
            if best.undecided:
                best.expect(scores, [block.slots[start:end] for start, end in ranges])
            best.offer(block.ids, scores)
        return best.hits()

    @property
    def words(self) -> Collection[str]:
        """Every word that a passage holds, or has held."""
        return self._numbers.keys()

    def statistics(self, words: Sequence[str]) -> Statistics:
        """What the scores of these words rest on."""
        corpus = self._corpus
        known = {word: self._numbers[word] for word in words if word in self._numbers}
        ranges = _ranges(corpus.blocks, list(known.values()))
        counts = dict(zip(known, _holding(corpus.blocks, ranges, len(known)), strict=True))
        average = corpus.length / corpus.passages if corpus.passages else 0.0
        return Statistics(corpus.passages, average, {word: counts.get(word, 0) for word in words})

    def get_scores(self, query: Sequence[str]) -> NDArray[np.float64]:
        """The score of every passage, in the order of their ids."""
        corpus = self._corpus
        scored = {id(block): scores for block, scores, _ in self._scored(corpus, query)}
        scores = [np.empty(0)]
        for block in corpus.blocks:
            found = scored.get(id(block), np.zeros(len(block.ids)))
            scores.append(found if block.dead is None else found[~block.dead])
        in_order: NDArray[np.float64] = np.concatenate(scores)[np.argsort(live_ids(corpus.blocks), kind="stable")]
        return in_order

    def get_batch_scores(self, query: Sequence[str], doc_ids: Sequence[int]) -> list[float]:
        """The scores of some passages, named by their place in the order of ids, from 0."""
        scores: list[float] = self.get_scores(query)[list(doc_ids)].tolist()
        return scores

    def _scored(
        self, corpus: _Corpus, query: Sequence[str]
    ) -> Iterator[tuple[Block, NDArray[np.float64], list[tuple[int, int]]]]:
        """The blocks that hold any of the words, a score for each slot (0 where removed), and the words' postings."""
        known = [self._numbers[word] for word in query if word in self._numbers]
        ranges = _ranges(corpus.blocks, known)
        weights = [
            math.log((corpus.passages + 1) / holding) * corpus.saturation if holding else corpus.saturation
            for holding in _holding(corpus.blocks, ranges, len(known))
        ]
        for block, places in zip(corpus.blocks, ranges, strict=True):
            present = [(start, end) for start, end in places if start < end]
            if not present:
                continue
            scores = np.zeros(len(block.ids))
            for (start, end), weight in zip(places, weights, strict=True):
                if start < end:
                    np.add.at(scores, block.slots[start:end], weight.take(block.codes[start:end]))
            if block.dead is not None:
                scores[block.dead] = 0.0
            yield block, scores, present


class _Best:
    """The k best of what it is offered; of equal scores all are kept until the end, where the id decides."""

    def __init__(self, k: int, within: Collection[int] | None) -> None:
        self._k = k
        self._within = None if within is None else np.sort(np.fromiter(within, np.int64, len(within)))
        self._ids = np.empty(0, np.int64)
        self._scores = np.empty(0)
        self._threshold = 0.0

    @property
    def undecided(self) -> bool:
        """Whether nothing is known yet of how good the k best are."""
        return not self._threshold and self._within is None

    def expect(self, scores: NDArray[np.float64], slots: Sequence[NDArray[np.uint32]]) -> None:
        """Learn from the shortest postings that name k passages: the k best are no worse than the k-th of these."""
        long_enough = [named for named in slots if len(named) >= self._k > 0]
        if long_enough:
            likely = scores[min(long_enough, key=len)]
            self._threshold = float(np.partition(likely, -self._k)[-self._k])

    def offer(self, ids: NDArray[np.int64], scores: NDArray[np.float64]) -> None:
        """Consider passages; a score of 0 is no match."""
        at = np.flatnonzero(scores >= self._threshold if self._threshold else scores > 0)
        if self._within is not None:
            at = at[_among(ids[at], self._within)]
        if not len(at):
            return
        self._ids = np.concatenate([self._ids, ids[at]])
        self._scores = np.concatenate([self._scores, scores[at]])
        if len(self._ids) > self._k > 0:
            self._threshold = float(np.partition(self._scores, -self._k)[-self._k])
            kept = self._scores >= self._threshold
            self._ids, self._scores = self._ids[kept], self._scores[kept]

    def hits(self) -> list[Hit]:
        order = np.lexsort((self._ids, -self._scores))[: max(self._k, 0)]
        return list(map(Hit, self._ids[order].tolist(), self._scores[order].tolist()))


def _among(ids: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the ids are wanted; `wanted` is sorted."""
    if not len(wanted):
        return np.zeros(len(ids), np.bool_)
    at = np.searchsorted(wanted, ids)
    at[at == len(wanted)] = 0
    among: NDArray[np.bool_] = wanted[at] == ids
    return among


def _ranges(blocks: Sequence[Block], words: Sequence[int]) -> list[list[tuple[int, int]]]:
    """For each block where the postings of each word stand."""
    wanted = np.array(words, np.uint32)
    return [block.ranges(wanted) if len(words) and len(block.words) else [(0, 0)] * len(words) for block in blocks]


def _holding(blocks: Sequence[Block], ranges: Sequence[Sequence[tuple[int, int]]], words: int) -> list[int]:
    """For each word how many passages hold it."""
    return [sum(block.holding(*at[word]) for block, at in zip(blocks, ranges, strict=True)) for word in range(words)]


def _without(blocks: Sequence[Block], ids: Sequence[int]) -> list[Block]:
    """The blocks without some passages; ids they do not hold are passed over."""
    gone = np.array(sorted(ids), np.int64)
    left = []
    for block in blocks:
        if not len(gone) or gone[0] > block.ids[-1]:  # the usual case: passages come with ever higher ids
            left.append(block)
            continue
        slots = block.places(gone)
        left.append(block.without(slots) if len(slots) else block)
    return [merge([block]) if _worn(block) else block for block in left if block.passages]


def _worn(block: Block) -> bool:
    return len(block.ids) - block.passages > DEAD_SHARE_MAX * len(block.ids)


def _merged(blocks: Sequence[Block]) -> list[Block]:
    """Fewer, larger blocks: none is left beside an earlier one less than twice its size, unless both are large."""
    stack: list[Block] = []
    for block in blocks:
        stack.append(block)
        while len(stack) > 1 and _mergeable(len(stack[-2].ids), len(stack[-1].ids)):
            last = stack.pop()
            stack[-1] = merge([stack[-1], last])
    return stack


def _mergeable(earlier: int, later: int) -> bool:
    return earlier < 2 * later and earlier + later <= BLOCK_PASSAGES_MAX
