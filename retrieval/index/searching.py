"""The best passages of some segments for a query: each segment is searched by a kernel, and the best of all are kept.

A kernel may look where it likes, as long as it returns exact sums: added in the order of the query, as the stock
class adds, so that the last bit is the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.index.marks import UNMARKED, marked
from retrieval.index.saturation import Saturation
from retrieval.index.segment import Counts, Places, Segment
from retrieval.model import Hit

Indexes = NDArray[np.intp]
Found = tuple[NDArray[np.uint32], NDArray[np.float64]]  # slots, and the sum of each


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """What is looked for: how rare each word is, in order, repeats kept; `within` holds ids, ascending, or is None.

    Places that go with it tell for each word its row of once, then its repeated row.
    """

    weights: Sequence[float]
    saturation: Saturation
    k: int
    within: NDArray[np.int64] | None = None


# Finds, of a segment's passages that may be found, the k best whose sums reach a threshold; more of them do no harm.
Kernel = Callable[[Segment, Places, Query, float], Found]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A word's postings in one segment that are once, or repeated; `begin` is where they begin, `bits` mark them."""

    word: int
    weight: float
    begin: int
    slots: NDArray[np.uint32]
    frequencies: Counts | None
    bits: NDArray[np.uint8] | None

    def worth(self, saturation: Saturation, lengths: Counts) -> NDArray[np.float64]:
        """What each posting adds to its passage's sum; `lengths` are those of the passages."""
        if self.frequencies is None:
            return (self.weight * saturation.once).take(lengths)
        return self.weight * saturation.of(self.frequencies, lengths)

    def at(self, places: Indexes, saturation: Saturation, lengths: Counts) -> NDArray[np.float64]:
        """What some postings add; `lengths` are those of their passages."""
        if self.frequencies is None:
            return (self.weight * saturation.once).take(lengths)
        return self.weight * saturation.of(self.frequencies[places], lengths)

    def find(self, slots: NDArray[np.uint32]) -> tuple[Indexes, Indexes]:
        """Which of some ascending slots have a posting here, and where it stands; where is untold of rows of once."""
        if self.bits is not None:
            here = np.flatnonzero(marked(self.bits, slots))
            return here, here if self.frequencies is None else self.slots.searchsorted(slots[here])
        if len(self.slots) < len(slots):
            at = slots.searchsorted(self.slots)
            places = np.flatnonzero(slots.take(at, mode="clip") == self.slots)
            return at[places], places
        at = self.slots.searchsorted(slots)
        here = np.flatnonzero(self.slots.take(at, mode="clip") == slots)
        return here, at[here]


def best(segments: Sequence[Segment], places: Sequence[Places], query: Query, kernel: Kernel) -> list[Hit]:
    """The k passages with the highest sums, ordered by (sum descending, id)."""
    if query.k <= 0:
        return []
    chosen = Best(query.k)
    for number in sorted(range(len(segments)), key=lambda number: -segments[number].passages):
        segment = segments[number]
        slots, sums = kernel(segment, places[number], query, chosen.threshold)
        chosen.take(segment.ids[slots], sums)
    return chosen.hits()


def scores_of(segments: Sequence[Segment], places: Sequence[Places], query: Query) -> NDArray[np.float64]:
    """The sum of every passage alive, segment by segment."""
    found = [np.empty(0)]
    for segment, here in zip(segments, places, strict=True):
        sums = np.zeros(len(segment.ids))
        for row in rows_of(segment, here, query):
            np.add.at(sums, row.slots, row.worth(query.saturation, segment.lengths.take(row.slots)))
        found.append(sums if segment.dead is None else sums[~segment.dead])
    return np.concatenate(found)


def rows_of(segment: Segment, places: Places, query: Query) -> list[Row]:
    """The rows of the query that this segment has postings of, in the order of the words."""
    once = segment.once
    rows = []
    for at, (begin, end) in enumerate(zip(places.begins.tolist(), places.ends.tolist(), strict=True)):
        if begin < end:
            word, repeated = divmod(at, 2)
            slots = segment.slots[begin:end]
            frequencies = segment.frequencies[begin - once : end - once] if repeated else None
            number = segment.marks.number(begin, slots, len(segment.ids))
            bits = None if number == UNMARKED else segment.marks.table[number]
            rows.append(Row(word, query.weights[word], begin, slots, frequencies, bits))
    return rows


class Best:
    """The k best of what it is given; of equal sums all are kept until the end, where the id decides.

    No passage whose sum is under `threshold` is among them.
    """

    def __init__(self, k: int) -> None:
        self.threshold = 0.0
        self._k = k
        self._ids: NDArray[Any] = np.empty(0, np.uint32)
        self._sums = np.empty(0)

    def take(self, ids: NDArray[Any], sums: NDArray[np.float64]) -> None:
        self._ids = np.concatenate([self._ids, ids])
        self._sums = np.concatenate([self._sums, sums])
        if len(self._ids) >= self._k:
            self.threshold = kth(self._sums, self._k)
            kept = self._sums >= self.threshold
            self._ids, self._sums = self._ids[kept], self._sums[kept]

    def found(self) -> tuple[NDArray[Any], NDArray[np.float64]]:
        """What is left, as it was given, in no order."""
        return self._ids, self._sums

    def hits(self) -> list[Hit]:
        order = np.lexsort((self._ids, -self._sums))[: self._k]
        return list(map(Hit, self._ids[order].tolist(), self._sums[order].tolist()))


def kth(values: NDArray[np.floating], k: int) -> float:
    """The k-th highest of at least k values."""
    return float(np.partition(values, -k)[-k])
