"""The kernel of array code alone: it looks only where a passage can still be among the best.

Reading a posting costs little, adding it to a sum somewhere in memory costs five times that. So a question's short
rows say which sums the best passages reach; rows that together cannot lift a passage so far are not read, but only
asked for the few passages that others name. (MaxScore: Turtle and Flood 1995, doi:10.1016/0306-4573(95)00020-H.)
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.index.searching import Best, Found, Query, Row, kth, rows_of
from retrieval.index.segment import Places, Segment, run_starts

# So many ids of a filter or fewer are scored one by one, rather than looked up for each passage found.
ONE_BY_ONE_MAX = 4_096
# So many passages of the shortest rows, if the best number as many, say which sums the best reach.
FIRST_MIN, FIRST_MAX = 128, 512
# Passages under this share of the mean length are short: each word adds more to them, and they are few.
SHORT_SHARE = 0.75
# Sums are compared with some room where they were rounded otherwise than the stock class rounds.
_ROOM = 1 + 1e-9
_ROOM_SHORT = 1 - 1e-5  # of sums in four bytes
_MORE_THAN_NOTHING = float(np.finfo(np.float32).tiny)
_NOTHING: Found = (np.empty(0, np.uint32), np.empty(0))


class _Sums(threading.local):
    """A thread's own array of rough sums, all zero between questions, so that no question pays for fresh memory."""

    def __init__(self) -> None:
        self._zeros = np.zeros(0, np.float32)

    @contextmanager
    def of(self, slots: int) -> Iterator[NDArray[np.float32]]:
        """The array, to be zero again at the end."""
        zeros = self._zeros if len(self._zeros) >= slots else np.zeros(slots, np.float32)
        self._zeros = np.zeros(0, np.float32)  # where the block fails, nobody knows what is not zero
        yield zeros
        self._zeros = zeros


_sums = _Sums()


def pruned(segment: Segment, places: Places, query: Query, threshold: float) -> Found:
    """The k best of a segment's passages, where their sums reach the threshold."""
    rows = rows_of(segment, places, query)
    if not rows:
        return _NOTHING
    return _Pruning(segment, rows, query, threshold).found()


class _Pruning:
    """One query in one segment; `rest[n]` is what all rows but the n shortest can add to a passage's sum."""

    def __init__(self, segment: Segment, rows: Sequence[Row], query: Query, threshold: float) -> None:
        self._segment, self._query = segment, query
        self._rows = rows
        self._by_size = sorted(rows, key=lambda row: len(row.slots))
        self._rest = _rest(self._by_size)
        self._short = int(SHORT_SHARE * query.saturation.average)
        self._best = Best(query.k)
        self._threshold = threshold

    def found(self) -> Found:
        within = self._query.within
        if self._rest[0] < self._threshold:
            return _NOTHING
        if within is not None and len(within) <= ONE_BY_ONE_MAX:
            self._score(self._segment.places(within).astype(np.uint32))
        else:
            self._search()
        return self._best.found()

    def _search(self) -> None:
        seen, whole = self._first()
        self._score(seen)
        read = self._needed()
        if read > whole:
            long = self._needed_by_long(read)
            slots, rough = self._adding_up(long, read)
            new = ~_among(slots, seen)
            self._score(self._narrowed(slots[new], rough[new], long, read))

    def _needed(self) -> int:
        """How many of the shortest rows must be read: what the others add together does not reach the threshold."""
        return next((n for n, rest in enumerate(self._rest) if rest < self._threshold), len(self._rows))

    def _needed_by_long(self, read: int) -> int:
        """How many of these must be read for passages that are not short, to which a word adds less."""
        most = min(self._short, len(self._query.saturation.once) - 1)
        return next((n for n in range(read) if self._rests(n)[most] < self._threshold), read)

    def _first(self) -> tuple[NDArray[np.uint32], int]:
        """Passages of the shortest rows, which probably score high; and how many rows were read to their end."""
        found, room = np.empty(0, np.uint32), FIRST_MAX
        for whole, row in enumerate(self._by_size):
            found = _distinct(np.concatenate([found, self._visible(row.slots[:room])]))
            room -= len(row.slots)
            if room < 0:
                return found, whole
            if len(found) >= max(self._query.k, FIRST_MIN):
                return found, whole + 1
        return found, len(self._rows)

    def _adding_up(self, long: int, read: int) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
        """The passages that rows lift so far that the others may lift them to the threshold.

        The shortest `long` rows are read for all passages, those up to `read` for short ones alone.
        """
        lengths = self._segment.lengths
        rows = [*self._by_size[:long], *(self._of_short(row) for row in self._by_size[long:read])]
        with _sums.of(len(self._segment.ids)) as sums:
            for row in rows:
                np.add.at(sums, row.slots, row.worth(self._query.saturation, lengths).astype(np.float32))
            enough = np.maximum(self._enough(long, read), _MORE_THAN_NOTHING)
            found, lifted = [], []
            for row in rows:
                rough = sums.take(row.slots)
                sums[row.slots] = 0.0  # so that a passage is found once
                high = np.flatnonzero(rough >= enough.take(lengths.take(row.slots)))
                found.append(row.slots[high])
                lifted.append(rough[high])
        slots, rough = np.concatenate(found), np.concatenate(lifted)
        shown = self._shown(slots)
        return (slots, rough) if shown is None else (slots[shown], rough[shown])

    def _of_short(self, row: Row) -> Row:
        """A row's postings of short passages."""
        some = np.flatnonzero(self._segment.lengths.take(row.slots) < self._short)
        frequencies = None if row.frequencies is None else row.frequencies[some]
        return replace(row, slots=row.slots[some], frequencies=frequencies)

    def _narrowed(
        self, slots: NDArray[np.uint32], rough: NDArray[np.float32], long: int, read: int
    ) -> NDArray[np.uint32]:
        """Those of some passages that can still reach the threshold, asked row by row of the rows that are not read."""
        lengths = self._segment.lengths.take(slots)
        for asked in range(long, len(self._rows) + 1):
            if asked > long:
                row = self._by_size[asked - 1]
                at, here = row.find(slots)
                if asked <= read:
                    here = here[lengths[here] >= self._short]
                rough[here] += row.at(at[here], self._query.saturation, lengths[here])
            if len(slots) > self._query.k:
                self._threshold = max(self._threshold, kth(rough, self._query.k) * _ROOM_SHORT)
            high = np.flatnonzero(rough >= self._enough(asked, max(asked, read)).take(lengths))
            slots, rough, lengths = slots[high], rough[high], lengths[high]
        return slots

    def _enough(self, long: int, read: int) -> NDArray[np.float32]:
        """For each length what a passage's sum must have reached for the rows that are not read to lift it enough.

        A passage's own length says more exactly than the shortest one what they can add.
        """
        rest = self._rests(long)
        rest[: self._short] = self._rests(read)[: self._short]
        enough: NDArray[np.float32] = ((self._threshold - rest) * _ROOM_SHORT).astype(np.float32)
        return enough

    def _rests(self, read: int) -> NDArray[np.float64]:
        """For each length what all rows but the shortest can add to a passage."""
        once = sum(row.weight for row in self._by_size[read:] if row.frequencies is None)
        often = sum(row.weight for row in self._by_size[read:] if row.frequencies is not None)
        rest: NDArray[np.float64] = (once * self._query.saturation.once + often * self._query.saturation.most) * _ROOM
        return rest

    def _visible(self, slots: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Those that a hit may come from."""
        shown = self._shown(slots)
        return slots if shown is None else slots[shown]

    def _shown(self, slots: NDArray[np.uint32]) -> NDArray[np.bool_] | None:
        """Which of some slots a hit may come from; None for all."""
        dead, within = self._segment.dead, self._query.within
        shown = None if dead is None else ~dead.take(slots)
        if within is not None:
            chosen = _among(self._segment.ids.take(slots).astype(np.int64), within)
            shown = chosen if shown is None else shown & chosen
        return shown

    def _score(self, slots: NDArray[np.uint32]) -> None:
        """Take passages by their exact sums."""
        if not len(slots):
            return
        sums, lengths = np.zeros(len(slots)), self._segment.lengths.take(slots)
        for row in self._rows:
            at, here = row.find(slots)
            if len(here):
                sums[here] += row.at(at[here], self._query.saturation, lengths[here])
        some = np.flatnonzero(sums)
        self._best.take(slots[some], sums[some])
        self._threshold = max(self._threshold, self._best.threshold)


def _rest(rows: Sequence[Row]) -> list[float]:
    """What the rows from each place on can add to one passage's sum: a word adds by one of its rows."""
    most: dict[int, float] = {}
    rest = [0.0]
    for row in reversed(rows):
        most[row.word] = max(most.get(row.word, 0.0), row.bound)
        rest.append(sum(most.values()) * _ROOM)
    return rest[::-1]


def _distinct(slots: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Each slot once, ascending; NumPy's own function hashes, which takes ten times as long."""
    slots.sort()
    return slots[run_starts(slots)]


def _among(values: NDArray[Any], ascending: NDArray[Any]) -> NDArray[np.bool_]:
    """Which values stand in an ascending array of the same type."""
    if not len(ascending):
        return np.zeros(len(values), np.bool_)
    found: NDArray[np.bool_] = ascending.take(ascending.searchsorted(values), mode="clip") == values
    return found
