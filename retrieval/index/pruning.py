"""The kernel of array code alone: it looks only where a passage can still be among the best.

Rows are taken from the shortest on, some at a time. The passages that they name are asked for in the words of later
rows, and are left as soon as all that the others can add does not bring them among the best; so most of a long row is
only asked for a few passages, or read as far as its passages' lengths. What the best reach grows on the way, until the
rows that are left cannot bring any passage so far. (MaxScore: Turtle and Flood 1995, doi:10.1016/0306-4573(95)00020-H.)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.index.saturation import Saturation
from retrieval.index.searching import ROOM, Best, Found, Query, Slots, Word, kth, words_of
from retrieval.index.segment import Counts, Places, Segment, run_starts

# So many ids of a filter or fewer are asked for one by one, rather than looked up for each passage found.
ONE_BY_ONE_MAX = 4_096
# Rows of so few postings together are read at once.
POSTINGS_AT_ONCE = 12_000
# A segment of so many passages is added up plainly, which is done before bounds are told.
SMALL_PASSAGES_MAX = 1 << 14
# Sums are compared with some room where they were rounded otherwise than the stock class rounds.
_ROOM_SHORT = 1 - 1e-5  # of sums in four bytes
_NONE = np.empty(0, np.uint32)
_NOTHING: Found = (_NONE, np.empty(0))
_NOTHING_ADDED = np.empty(0, np.float32)

Rough = NDArray[np.float32]
Bounds = NDArray[np.float64]  # by length


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """The postings of a word, by its number, that are once or repeated; `most` tells what one adds at most."""

    word: int
    slots: Slots
    frequencies: Counts | None
    most: Bounds


def pruned(segment: Segment, places: Places, query: Query, threshold: float) -> Found:
    """The k best of a segment's passages, where their sums reach the threshold."""
    words = words_of(segment, places, query)
    if not words:
        return _NOTHING
    if len(segment.ids) <= SMALL_PASSAGES_MAX:
        return _added_up(segment, words, query, threshold)
    return _Pruning(segment, words, query, threshold).found()


def _added_up(segment: Segment, words: Sequence[Word], query: Query, threshold: float) -> Found:
    sums = np.zeros(len(segment.ids))
    for word in words:
        sums[word.once] += (word.weight * query.saturation.once).take(segment.lengths[word.once])
        if word.frequencies is not None:
            lengths = segment.lengths[word.repeated]
            sums[word.repeated] += word.weight * query.saturation.of(word.frequencies, lengths)
    slots = ((sums > 0) & (sums >= threshold)).nonzero()[0].astype(np.uint32)
    shown = _shown(segment, query, slots)
    if shown is not None:
        slots = slots[shown]
    return slots, sums[slots]


def _shown(segment: Segment, query: Query, slots: Slots) -> NDArray[np.bool_] | None:
    """Which of some slots a hit may come from; None for all."""
    shown = None if segment.dead is None else ~segment.dead.take(slots)
    if query.within is not None:
        chosen = query.within.chosen(segment).take(slots)
        shown = chosen if shown is None else shown & chosen
    return shown


class _Pruning:
    """One query in one segment.

    `rest[n]` tells for each length what the n-th shortest row and all longer ones add to a passage together.
    """

    def __init__(self, segment: Segment, words: Sequence[Word], query: Query, threshold: float) -> None:
        self._segment, self._query = segment, query
        self._saturation = query.saturation
        self._words = words
        self._distinct = _distinct(words)
        self._by_size = _rows(self._distinct, query.saturation)
        self._rest = _rest(self._by_size) * ROOM
        self._best = Best(query.k)
        self._threshold = threshold

    def found(self) -> Found:
        within = self._query.within
        if within is not None and len(within) <= ONE_BY_ONE_MAX:
            slots = self._segment.places(within.ids).astype(np.uint32)
            self._score(self._narrowed(slots, np.zeros(len(slots), np.float32), 0))
        else:
            self._search()
        return self._best.found()

    def _search(self) -> None:
        begin = 0
        while begin < len(self._by_size) and self._rest[begin, self._segment.shortest] >= self._threshold:
            end = self._end(begin)
            slots, rough = self._one(begin) if end == begin + 1 else self._several(begin, end)
            shown = _shown(self._segment, self._query, slots)
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
        promising = row.most >= self._threshold - self._rest[number + 1]
        if not promising.any():
            return _NONE, _NOTHING_ADDED
        lengths = self._segment.lengths.take(row.slots)
        if promising.all():
            return row.slots, self._worth(row, lengths)
        some = promising.take(lengths).nonzero()[0]
        frequencies = None if row.frequencies is None else row.frequencies[some]
        kept = _Row(row.word, row.slots[some], frequencies, row.most)
        return kept.slots, self._worth(kept, lengths[some])

    def _several(self, begin: int, end: int) -> tuple[Slots, Rough]:
        """The passages of some short rows, ascending, and what these rows add to each together."""
        rows = self._by_size[begin:end]
        slots = np.concatenate([row.slots for row in rows])
        lengths = self._segment.lengths.take(slots)
        worth, at = [], 0
        for row in rows:
            worth.append(self._worth(row, lengths[at : at + len(row.slots)]))
            at += len(row.slots)
        order = slots.argsort(kind="stable")
        slots = slots[order]
        firsts = run_starts(slots)
        return slots[firsts], np.add.reduceat(np.concatenate(worth)[order], firsts)

    def _worth(self, row: _Row, lengths: Counts) -> Rough:
        """What each of a row's postings adds; `lengths` are those of the passages."""
        if row.frequencies is None:
            return row.most.astype(np.float32).take(lengths)
        worth = self._distinct[row.word].weight * self._saturation.of(row.frequencies, lengths)
        return worth.astype(np.float32)

    def _narrowed(self, slots: Slots, rough: Rough, end: int) -> Slots:
        """Those of some passages that can still reach the threshold, asked for in the rows from `end` on."""
        lengths = self._segment.lengths.take(slots)
        for word, rest in [(None, self._rest[end]), *self._steps(end)]:
            if word is not None:
                here, worth = word.worth(slots, lengths, self._saturation)
                rough[here] += worth
            if not self._best.threshold and len(slots) > self._query.k:
                self._threshold = max(self._threshold, kth(rough, self._query.k) * _ROOM_SHORT)
            enough = ((self._threshold - rest) * _ROOM_SHORT).astype(np.float32)
            high = (rough >= enough.take(lengths)).nonzero()[0]
            if len(high) < len(slots):
                slots, rough, lengths = slots[high], rough[high], lengths[high]
            if not len(slots):
                break
        return slots

    def _steps(self, end: int) -> Iterator[tuple[Word, Bounds]]:
        """The words of the rows from `end` on, each with what those after it can add together."""
        later: dict[int, list[_Row]] = {}
        for row in self._by_size[end:]:
            later.setdefault(row.word, []).append(row)
        most = [_most_of(rows) for rows in later.values()]
        rest = np.zeros((len(most) + 1, len(self._saturation.once)))
        for number in range(len(most) - 1, -1, -1):
            rest[number] = rest[number + 1] + most[number]
        for number, (word, rows) in enumerate(later.items()):
            yield _of_rows(self._distinct[word], rows), rest[number + 1] * ROOM

    def _score(self, slots: Slots) -> None:
        """Take passages, which ascend, by their exact sums, unless they are taken already."""
        slots = slots[~_among(slots, np.sort(self._best.found()[0]))]
        if not len(slots):
            return
        sums, lengths = np.zeros(len(slots)), self._segment.lengths.take(slots)
        for word in self._words:
            here, worth = word.worth(slots, lengths, self._saturation)
            sums[here] += worth
        some = sums.nonzero()[0]
        self._best.take(slots[some], sums[some])
        self._threshold = max(self._threshold, self._best.threshold)


def _distinct(words: Sequence[Word]) -> list[Word]:
    """Each word once; one that is said again weighs more."""
    found: dict[int, Word] = {}
    for word in words:
        same = found.get(word.begin)
        found[word.begin] = replace(word, weight=same.weight + word.weight) if same else word
    return list(found.values())


def _rows(words: Sequence[Word], saturation: Saturation) -> list[_Row]:
    """The rows of some words, the shortest first."""
    rows = []
    lengths = np.arange(len(saturation.once))
    for number, word in enumerate(words):
        if len(word.once):
            rows.append(_Row(number, word.once, None, word.weight * saturation.once))
        if word.frequencies is not None:
            most = word.weight * saturation.of(word.frequencies.max(), lengths)
            rows.append(_Row(number, word.repeated, word.frequencies, most))
    return sorted(rows, key=lambda row: len(row.slots))


def _rest(rows: Sequence[_Row]) -> NDArray[np.float64]:
    """For each row and length what all rows from there on can add to a passage: a word adds by one of its rows."""
    rest = np.zeros((len(rows) + 1, len(rows[0].most)))
    later: dict[int, Bounds] = {}
    for number in range(len(rows) - 1, -1, -1):
        row = rows[number]
        other = later.get(row.word)
        later[row.word] = row.most
        rest[number] = rest[number + 1] + (row.most if other is None else np.maximum(row.most - other, 0.0))
    return rest


def _most_of(rows: Sequence[_Row]) -> Bounds:
    return rows[0].most if len(rows) == 1 else np.maximum(rows[0].most, rows[1].most)


def _of_rows(word: Word, rows: Sequence[_Row]) -> Word:
    """A word that adds by these of its rows alone."""
    if len(rows) == 2 or word.frequencies is None:
        return word
    if rows[0].frequencies is None:
        repeated = _NONE if word.bits is None else word.repeated  # what is marked holds it once or more often
        return Word(word.weight, word.begin, word.once, repeated, None, word.bits)
    return Word(word.weight, word.begin, _NONE, word.repeated, word.frequencies, None)


def _among(values: NDArray[Any], ascending: NDArray[Any]) -> NDArray[np.bool_]:
    """Which values stand in an ascending array of the same type."""
    if not len(ascending):
        return np.zeros(len(values), np.bool_)
    found: NDArray[np.bool_] = ascending.take(ascending.searchsorted(values), mode="clip") == values
    return found
