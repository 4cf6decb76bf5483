"""The kernel of array code alone: it looks only where a passage can still be among the best.

Rows are taken from the shortest on, some at a time. The passages that they name are lifted by what they add there, and
are left as soon as all that later rows can add does not bring them among the best; so most of a long row is only
asked for a few passages, or read as far as its passages' lengths. What the best reach grows on the way, until the
rows that are left cannot bring any passage so far. (MaxScore: Turtle and Flood 1995, doi:10.1016/0306-4573(95)00020-H.)
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.index.saturation import Saturation
from retrieval.index.searching import Best, Found, Query, Row, kth, rows_of
from retrieval.index.segment import Places, Segment, run_starts

# So many ids of a filter or fewer are asked for one by one, rather than looked up for each passage found.
ONE_BY_ONE_MAX = 4_096
# Rows of so few postings together are read at once.
POSTINGS_AT_ONCE = 4_096
# Sums are compared with some room where they were rounded otherwise than the stock class rounds.
_ROOM = 1 + 1e-9
_ROOM_SHORT = 1 - 1e-5  # of sums in four bytes
_NOTHING: Found = (np.empty(0, np.uint32), np.empty(0))

Slots = NDArray[np.uint32]
Rough = NDArray[np.float32]


def pruned(segment: Segment, places: Places, query: Query, threshold: float) -> Found:
    """The k best of a segment's passages, where their sums reach the threshold."""
    rows = rows_of(segment, places, query)
    if not rows:
        return _NOTHING
    return _Pruning(segment, rows, query, threshold).found()


class _Pruning:
    """One query in one segment.

    `most[n]` tells for each length what the n-th shortest row adds to a passage at most, and `rest[n]` what that row
    and all longer ones add together.
    """

    def __init__(self, segment: Segment, rows: Sequence[Row], query: Query, threshold: float) -> None:
        self._segment, self._query = segment, query
        self._rows = rows
        self._by_size = _by_size(rows)
        self._most = _most(self._by_size, query.saturation)
        self._rest = _rest(self._by_size, self._most) * _ROOM
        self._best = Best(query.k)
        self._threshold = threshold

    def found(self) -> Found:
        within = self._query.within
        if within is not None and len(within) <= ONE_BY_ONE_MAX:
            slots = self._segment.places(within).astype(np.uint32)
            self._score(self._narrowed(slots, np.zeros(len(slots), np.float32), 0))
        else:
            self._search()
        return self._best.found()

    def _search(self) -> None:
        begin = 0
        while begin < len(self._by_size) and self._rest[begin, self._segment.shortest] >= self._threshold:
            end = self._end(begin)
            slots, rough = self._one(begin) if end == begin + 1 else self._several(begin, end)
            shown = self._shown(slots)
            if shown is not None:
                slots, rough = slots[shown], rough[shown]
            self._score(self._narrowed(slots, rough, end))
            begin = end

    def _end(self, begin: int) -> int:
        """Up to where rows are read together."""
        end = begin + 1
        postings = len(self._by_size[begin].slots)
        while end < len(self._by_size) and postings + len(self._by_size[end].slots) <= POSTINGS_AT_ONCE:
            postings += len(self._by_size[end].slots)
            end += 1
        return end

    def _one(self, number: int) -> tuple[Slots, Rough]:
        """The passages of a row that later ones can still lift to the threshold, and what the row adds to each.

        A passage that an earlier row names was looked at there, with all that this row and later ones add to it.
        """
        row = self._by_size[number]
        promising = self._most[number] >= self._enough(number + 1)
        lengths = self._segment.lengths.take(row.slots)
        some = slice(None) if promising.all() else np.flatnonzero(promising.take(lengths))
        kept = replace(row, frequencies=None if row.frequencies is None else row.frequencies[some])
        return row.slots[some], kept.worth(self._query.saturation, lengths[some]).astype(np.float32)

    def _several(self, begin: int, end: int) -> tuple[Slots, Rough]:
        """The passages of some short rows, ascending, and what these rows add to each together."""
        rows = self._by_size[begin:end]
        slots = np.concatenate([row.slots for row in rows])
        lengths = self._segment.lengths.take(slots)
        edges = np.cumsum([len(row.slots) for row in rows])[:-1]
        worth = [
            row.worth(self._query.saturation, here).astype(np.float32)
            for row, here in zip(rows, np.split(lengths, edges), strict=True)
        ]
        order = slots.argsort(kind="stable")
        slots = slots[order]
        firsts = run_starts(slots)
        return slots[firsts], np.add.reduceat(np.concatenate(worth)[order], firsts)

    def _narrowed(self, slots: Slots, rough: Rough, begin: int) -> Slots:
        """Those of some passages that can still reach the threshold, asked in one row after the other."""
        lengths = self._segment.lengths.take(slots)
        for asked in range(begin, len(self._by_size) + 1):
            if asked > begin:
                row = self._by_size[asked - 1]
                here, at = row.find(slots)
                rough[here] += row.at(at, self._query.saturation, lengths[here])
            if len(slots) > self._query.k:
                self._threshold = max(self._threshold, kth(rough, self._query.k) * _ROOM_SHORT)
            high = np.flatnonzero(rough >= self._enough(asked).take(lengths))
            if len(high) < len(slots):
                slots, rough, lengths = slots[high], rough[high], lengths[high]
            if not len(slots):
                break
        return slots

    def _enough(self, read: int) -> Rough:
        """For each length what a passage's sum must have reached for all rows but the shortest to lift it enough."""
        enough: Rough = ((self._threshold - self._rest[read]) * _ROOM_SHORT).astype(np.float32)
        return enough

    def _shown(self, slots: Slots) -> NDArray[np.bool_] | None:
        """Which of some slots a hit may come from; None for all."""
        dead, within = self._segment.dead, self._query.within
        shown = None if dead is None else ~dead.take(slots)
        if within is not None:
            chosen = _among(self._segment.ids.take(slots).astype(np.int64), within)
            shown = chosen if shown is None else shown & chosen
        return shown

    def _score(self, slots: Slots) -> None:
        """Take passages, which ascend, by their exact sums, unless they are taken already."""
        slots = slots[~_among(slots, np.sort(self._best.found()[0]))]
        if not len(slots):
            return
        sums, lengths = np.zeros(len(slots)), self._segment.lengths.take(slots)
        for row in self._rows:
            here, at = row.find(slots)
            if len(here):
                sums[here] += row.at(at, self._query.saturation, lengths[here])
        some = np.flatnonzero(sums)
        self._best.take(slots[some], sums[some])
        self._threshold = max(self._threshold, self._best.threshold)


def _by_size(rows: Sequence[Row]) -> list[Row]:
    """The rows, the shortest first; a word that is said again weighs more."""
    found: dict[int, Row] = {}
    for row in rows:
        same = found.get(row.begin)
        found[row.begin] = replace(same, weight=same.weight + row.weight) if same else row
    return sorted(found.values(), key=lambda row: len(row.slots))


def _most(rows: Sequence[Row], saturation: Saturation) -> NDArray[np.float64]:
    """For each row and each length what a posting adds at most."""
    often = np.array([1 if row.frequencies is None else row.frequencies.max() for row in rows])
    weights = np.array([row.weight for row in rows])
    found: NDArray[np.float64] = weights[:, None] * saturation.of(often[:, None], np.arange(len(saturation.once)))
    return found


def _rest(rows: Sequence[Row], most: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each row and length what all rows from there on can add to a passage: a word adds by one of its rows."""
    added = np.zeros((len(rows) + 1, most.shape[1]))
    added[:-1] = most
    later: dict[int, int] = {}
    for number in range(len(rows) - 1, -1, -1):
        other = later.get(rows[number].word)
        if other is not None:
            added[number] = np.maximum(most[number] - most[other], 0.0)
        later[rows[number].word] = number
    return added[::-1].cumsum(0)[::-1]


def _among(values: NDArray[Any], ascending: NDArray[Any]) -> NDArray[np.bool_]:
    """Which values stand in an ascending array of the same type."""
    if not len(ascending):
        return np.zeros(len(values), np.bool_)
    found: NDArray[np.bool_] = ascending.take(ascending.searchsorted(values), mode="clip") == values
    return found
