"""Several segments as one: a few rows' postings at a time, in array code, whatever the segments' size.

So a merge needs little memory, and never holds the interpreter for more than some milliseconds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from retrieval.index.segment import REPEATED, Counts, Ids, Segment, narrowed

POSTINGS_A_PIECE = 1 << 18
_HALF = 32  # bits: a posting is sorted as one integer, its row above its slot
_SLOT = (1 << _HALF) - 1

Piece = tuple[NDArray[np.uint32], Counts]


@dataclass(frozen=True, slots=True, eq=False)
class Merge:
    """What the segment of the passages alive in `sources` will hold; its slots and frequencies come in `pieces`."""

    sources: Sequence[Segment]
    ids: Ids
    lengths: Counts
    rows: NDArray[np.uint32]
    starts: NDArray[np.int64]
    _slots: Sequence[NDArray[np.uint32]] = field(repr=False)

    @property
    def postings(self) -> int:
        return int(self.starts[-1])

    @property
    def repeated(self) -> int:
        """How many of the postings are of repeated rows."""
        return self.postings - int(self.starts[self._first_repeated])

    @property
    def _first_repeated(self) -> int:
        return int(np.searchsorted(self.rows, REPEATED))

    def pieces(self) -> Iterator[Piece]:
        """Slots in the order of the rows, some `POSTINGS_A_PIECE` at a time, and the frequencies of repeated ones."""
        at, repeated = 0, self._first_repeated
        while at < len(self.rows):
            wanted = self.starts[at] + POSTINGS_A_PIECE
            end = max(at + 1, int(np.searchsorted(self.starts, wanted, "right")) - 1)
            if at < repeated < end:
                end = repeated
            yield self._piece(self.rows[at], self.rows[end - 1])
            at = end

    def _piece(self, first: np.uint32, last: np.uint32) -> Piece:
        """The postings of the rows from `first` to `last`, either none or all of them repeated."""
        keys, counts = [], []
        for segment, slots in zip(self.sources, self._slots, strict=True):
            begin, end = np.searchsorted(segment.rows, first), np.searchsorted(segment.rows, last, "right")
            postings = slice(int(segment.starts[begin]), int(segment.starts[end]))
            rows = (segment.rows[begin:end] & ~REPEATED).astype(np.int64)
            old = segment.slots[postings]
            key = np.repeat(rows, np.diff(segment.starts[begin : end + 1])) << _HALF | slots[old]
            alive = ... if segment.dead is None else ~segment.dead[old]
            keys.append(key[alive])
            if first >= REPEATED:
                here = segment.frequencies[postings.start - segment.once : postings.stop - segment.once]
                counts.append(here[alive].astype(self.lengths.dtype, copy=False))
        key = np.concatenate(keys)
        if not counts:
            key.sort(kind="stable")  # runs in order already, which a stable sort only joins
            return (key & _SLOT).astype(np.uint32), np.empty(0, self.lengths.dtype)
        order = np.argsort(key, kind="stable")
        return (key[order] & _SLOT).astype(np.uint32), np.concatenate(counts)[order]

    def segment(self, slots: NDArray[np.uint32], frequencies: Counts, name: str = "") -> Segment:
        """The merged segment, given all its pieces joined."""
        passages, length = len(self.ids), int(self.lengths.sum(dtype=np.int64))
        return Segment(self.ids, self.lengths, self.rows, self.starts, slots, frequencies, passages, length, name=name)


def plan(sources: Sequence[Segment]) -> Merge:
    """The merge of segments that hold at least one passage alive, in the order of the passages' ids."""
    alive = np.concatenate([_alive(segment) for segment in sources])
    ids = np.concatenate([segment.ids.astype(np.int64) for segment in sources])
    order = np.flatnonzero(alive)
    order = order[np.argsort(ids[order], kind="stable")]
    slot_of = np.zeros(len(ids), np.uint32)
    slot_of[order] = np.arange(len(order), dtype=np.uint32)
    slots = np.split(slot_of, np.cumsum([len(segment.ids) for segment in sources])[:-1])
    lengths = np.concatenate([segment.lengths for segment in sources])[order]
    rows, where = np.unique(np.concatenate([segment.rows for segment in sources]), return_inverse=True)
    holding = np.bincount(where, np.concatenate([_holding(segment) for segment in sources]), len(rows))
    kept = holding > 0
    starts = np.concatenate([[0], np.cumsum(holding[kept].astype(np.int64))])
    return Merge(sources, narrowed(ids[order]), lengths, rows[kept], starts, slots)


def merged(sources: Sequence[Segment]) -> Segment:
    """One segment, in memory, of the passages alive in several."""
    merge = plan(sources)
    pieces = list(merge.pieces())
    slots = np.concatenate([np.empty(0, np.uint32), *(slots for slots, _ in pieces)])
    frequencies = np.concatenate([np.empty(0, merge.lengths.dtype), *(counts for _, counts in pieces)])
    return merge.segment(slots, frequencies)


def carried(merged: Segment, before: Sequence[Segment], now: Sequence[Segment]) -> Segment:
    """The merged segment of `before` without what was removed meanwhile, as the same segments are `now`."""
    for old, new in zip(before, now, strict=True):
        if new.dead is None or new.gone is None or new.dead is old.dead:
            continue
        removed = new.dead if old.dead is None else new.dead & ~old.dead
        gone = new.gone.astype(np.int64) - (0 if old.gone is None else old.gone)
        merged = _without(merged, new.ids[removed], new.rows, gone)
    return merged


def _without(segment: Segment, ids: Ids, rows: NDArray[np.uint32], gone: NDArray[np.int64]) -> Segment:
    slots = segment.places(ids.astype(np.int64))
    dead = np.zeros(len(segment.ids), np.bool_) if segment.dead is None else segment.dead
    dead[slots] = True
    left = np.zeros(len(segment.rows), np.uint32) if segment.gone is None else segment.gone
    touched = gone > 0
    left[np.searchsorted(segment.rows, rows[touched])] += gone[touched].astype(np.uint32)
    length = segment.length - int(segment.lengths[slots].sum(dtype=np.int64))
    return replace(segment, dead=dead, gone=left, passages=segment.passages - len(slots), length=length)


def _alive(segment: Segment) -> NDArray[np.bool_]:
    return np.ones(len(segment.ids), np.bool_) if segment.dead is None else ~segment.dead


def _holding(segment: Segment) -> NDArray[np.int64]:
    """How many postings of each row are of passages alive."""
    counts: NDArray[np.int64] = np.diff(segment.starts)
    return counts if segment.gone is None else counts - segment.gone
