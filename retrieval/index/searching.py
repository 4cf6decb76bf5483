"""The best passages of some segments for a query: each segment is searched by a kernel, and the best of all are kept.

A kernel may look where it likes, as long as it returns exact sums: added in the order of the query, as the stock
class adds, so that the last bit is the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.index.marks import marked
from retrieval.index.saturation import Saturation
from retrieval.index.segment import Counts, Places, Segment
from retrieval.index.within import Within
from retrieval.model import Hit

Slots = NDArray[np.uint32]
Indexes = NDArray[np.intp]
Found = tuple[Slots, NDArray[np.float64]]  # and the sum of each


ROOM = 1 + 1e-9  # of bounds that were added in another order than the sums that they bound


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """What is looked for: how rare each word is, in order, repeats kept; `within` limits it to some passages.

    Places that go with it tell for each word its row of once, then its repeated row.
    """

    weights: Sequence[float]
    saturation: Saturation
    k: int
    within: Within | None = None


# Finds, of a segment's passages that may be found, the k best whose sums reach a threshold; more of them do no harm.
Kernel = Callable[[Segment, Places, Query, float], Found]


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A word's postings in one segment: of passages that hold it once, and of those that hold it more often.

    `begin` is where its first row begins, `bits` mark the passages of both. Without frequencies a word that is repeated
    adds nothing.
    """

    weight: float
    begin: int
    once: Slots
    repeated: Slots
    frequencies: Counts | None
    bits: NDArray[np.uint8] | None

    def worth(self, slots: Slots, lengths: Counts, saturation: Saturation) -> tuple[Indexes, NDArray[np.float64]]:
        """Which of some ascending slots hold the word, and what it adds to the sum of each of these."""
        if self.bits is None:
            once, _ = _standing(slots, self.once)
            repeated, at = _standing(slots, self.repeated)
            here = np.concatenate([once, repeated])
            repeated = np.arange(len(once), len(here))
        else:
            here = marked(self.bits, slots).nonzero()[0]
            repeated, at = _standing(slots[here], self.repeated)
        worth = (self.weight * saturation.once).take(lengths[here])
        if len(at):
            worth[repeated] = self._repeated(at, lengths[here[repeated]], saturation)
        return here, worth

    def _repeated(self, at: Indexes, lengths: Counts, saturation: Saturation) -> NDArray[np.float64] | float:
        return 0.0 if self.frequencies is None else self.weight * saturation.of(self.frequencies[at], lengths)


def _standing(slots: Slots, row: Slots) -> tuple[Indexes, Indexes]:
    """Which of some ascending slots stand in a row, and where."""
    if len(row) < len(slots):
        at = slots.searchsorted(row)
        places = (slots.take(at, mode="clip") == row).nonzero()[0] if len(row) else at
        return at[places], places
    at = row.searchsorted(slots)
    here = (row.take(at, mode="clip") == slots).nonzero()[0] if len(slots) else at
    return here, at[here]


def best(segments: Sequence[Segment], places: Sequence[Places], query: Query, kernel: Kernel) -> list[Hit]:
    """The k passages with the highest sums, ordered by (sum descending, id)."""
    if query.k <= 0:
        return []
    chosen = Best(query.k)
    for number in sorted(range(len(segments)), key=lambda number: -segments[number].passages):
        segment = segments[number]
        if chosen.threshold and _most(segment, places[number], query) < chosen.threshold:
            continue
        slots, sums = kernel(segment, places[number], query, chosen.threshold)
        chosen.take(segment.ids[slots], sums)
    return chosen.hits()


def _most(segment: Segment, places: Places, query: Query) -> float:
    """No passage of a segment has a higher sum: a small one seldom holds all words of a question."""
    held = places.begins < places.ends
    once = query.saturation.once[segment.shortest]
    worth = np.where(held[1::2], query.saturation.most, held[::2] * once)
    return float(worth @ np.array(query.weights)) * ROOM


def scores_of(segments: Sequence[Segment], places: Sequence[Places], query: Query) -> NDArray[np.float64]:
    """The sum of every passage alive, segment by segment."""
    found = [np.empty(0)]
    for segment, here in zip(segments, places, strict=True):
        sums = np.zeros(len(segment.ids))
        slots = np.arange(len(segment.ids), dtype=np.uint32)
        for word in words_of(segment, here, query):
            holding, worth = word.worth(slots, segment.lengths, query.saturation)
            sums[holding] += worth
        found.append(sums if segment.dead is None else sums[~segment.dead])
    return np.concatenate(found)


def words_of(segment: Segment, places: Places, query: Query) -> list[Word]:
    """The words of the query that this segment has postings of, in order, repeats kept."""
    first = segment.once
    begins, ends = places.begins.tolist(), places.ends.tolist()
    words = []
    for number, weight in enumerate(query.weights):
        (begin, then), (end, last) = begins[2 * number : 2 * number + 2], ends[2 * number : 2 * number + 2]
        if begin < end or then < last:
            once, repeated = segment.slots[begin:end], segment.slots[then:last]
            frequencies = segment.frequencies[then - first : last - first] if then < last else None
            named = begin if begin < end else then
            bits = segment.marks.of(named, (once, repeated), len(segment.ids))
            words.append(Word(weight, named, once, repeated, frequencies, bits))
    return words


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
    in_part = values.copy()
    in_part.partition(len(values) - k)
    return float(in_part[len(values) - k])
