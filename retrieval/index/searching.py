"""The best passages of some segments for weighted postings: sums into one array, and a threshold instead of a sort."""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.index.segment import Place, Segment
from retrieval.model import Hit


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """One word of a question: where it stands in each segment, and what a posting of each code is worth."""

    places: Sequence[Place]
    worth: NDArray[np.float64]


class _Sums(threading.local):
    """A thread's own array of sums, all zero between questions, so that no question pays for fresh memory."""

    def __init__(self) -> None:
        self._zeros = np.zeros(0)

    def of(self, slots: int) -> NDArray[np.float64]:
        if len(self._zeros) < slots:
            self._zeros = np.zeros(slots)
        return self._zeros


_sums = _Sums()


def best(segments: Sequence[Segment], words: Sequence[Postings], k: int, within: Collection[int] | None) -> list[Hit]:
    """The k passages with the highest sums, ordered by (sum descending, id)."""
    chosen = _Best(k, None if within is None else np.sort(np.fromiter(within, np.int64, len(within))))
    for number in sorted(range(len(segments)), key=lambda number: -segments[number].passages):
        chosen.offer(segments[number], _present(segments[number], words, number))
    return chosen.hits()


def scores_of(segments: Sequence[Segment], words: Sequence[Postings]) -> NDArray[np.float64]:
    """The sum of every passage alive, segment by segment."""
    found = [np.empty(0)]
    for number, segment in enumerate(segments):
        sums = np.zeros(len(segment.ids))
        _add(sums, _present(segment, words, number))
        found.append(sums if segment.dead is None else sums[~segment.dead])
    return np.concatenate(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Present:
    """A word's postings in one segment."""

    slots: NDArray[np.uint32]
    codes: NDArray[np.unsignedinteger]
    worth: NDArray[np.float64]
    alive: int


def _present(segment: Segment, words: Sequence[Postings], number: int) -> list[_Present]:
    found = ((*word.places[number], word.worth) for word in words)
    return [
        _Present(segment.slots[begin:end], segment.codes[begin:end], worth, alive)
        for begin, end, alive, worth in found
        if alive
    ]


def _add(sums: NDArray[np.float64], words: Sequence[_Present]) -> None:
    """In the order of the question, as the stock class adds, so that the last bit is the same."""
    for word in words:
        np.add.at(sums, word.slots, word.worth.take(word.codes))


class _Best:
    """The k best of what it is offered; of equal sums all are kept until the end, where the id decides."""

    def __init__(self, k: int, within: NDArray[np.int64] | None) -> None:
        self._k = k
        self._within = within
        self._ids = np.empty(0, np.int64)
        self._sums = np.empty(0)
        self._threshold = 0.0

    def offer(self, segment: Segment, words: Sequence[_Present]) -> None:
        """Consider the passages of a segment that hold any of the words."""
        if not words or self._k <= 0:
            return
        sums = _sums.of(len(segment.ids))
        try:
            _add(sums, words)
            self._choose(segment, sums, words)
        finally:
            for word in words:
                sums[word.slots] = 0.0

    def _choose(self, segment: Segment, sums: NDArray[np.float64], words: Sequence[_Present]) -> None:
        hidden = self._hidden(segment)
        if not self._threshold:
            self._expect(sums, hidden, words)
        slots = self._likely(sums, words)
        self._take(segment, sums, slots if hidden is None else slots[~hidden[slots]])

    def _hidden(self, segment: Segment) -> NDArray[np.bool_] | None:
        """The slots that no hit may come from."""
        if self._within is None:
            return segment.dead
        hidden = np.ones(len(segment.ids), np.bool_)
        hidden[segment.places(self._within)] = False
        return hidden

    def _expect(self, sums: NDArray[np.float64], hidden: NDArray[np.bool_] | None, words: Sequence[_Present]) -> None:
        """Learn from the rarest word that k passages hold: the k best are no worse than the k-th of these."""
        for word in sorted(words, key=lambda word: word.alive):
            slots = word.slots if hidden is None else word.slots[~hidden[word.slots]]
            if len(slots) >= self._k:
                self._threshold = _kth(sums[slots], self._k)
                return

    def _likely(self, sums: NDArray[np.float64], words: Sequence[_Present]) -> NDArray[np.uint32]:
        """Slots whose sums reach the threshold, each once."""
        return np.unique(np.concatenate([word.slots[sums[word.slots] >= self._threshold] for word in words]))

    def _take(self, segment: Segment, sums: NDArray[np.float64], slots: NDArray[np.uint32]) -> None:
        self._ids = np.concatenate([self._ids, segment.ids[slots]])
        self._sums = np.concatenate([self._sums, sums[slots]])
        if len(self._ids) > self._k:
            self._threshold = _kth(self._sums, self._k)
            kept = self._sums >= self._threshold
            self._ids, self._sums = self._ids[kept], self._sums[kept]

    def hits(self) -> list[Hit]:
        order = np.lexsort((self._ids, -self._sums))[: max(self._k, 0)]
        return list(map(Hit, self._ids[order].tolist(), self._sums[order].tolist()))


def _kth(values: NDArray[np.float64], k: int) -> float:
    """The k-th highest of at least k values."""
    return float(np.partition(values, -k)[-k])
