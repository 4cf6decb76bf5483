"""Several segments as one: a few words' postings at a time, in array code, whatever the segments' size.

So a merge needs little memory, and never holds the interpreter for more than some milliseconds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from retrieval.index.segment import Ids, Segment, narrowed

POSTINGS_A_PIECE = 1 << 18
_HALF = 32  # bits: a posting is sorted as one integer, its word above its slot
_SLOT = (1 << _HALF) - 1

Piece = tuple[NDArray[np.uint32], NDArray[np.unsignedinteger]]


@dataclass(frozen=True, slots=True, eq=False)
class Merge:
    """What the segment of the passages alive in `sources` will hold; its slots and codes come in `pieces`."""

    sources: Sequence[Segment]
    ids: Ids
    lengths: NDArray[np.unsignedinteger]
    words: NDArray[np.uint32]
    starts: NDArray[np.int64]
    codes_type: np.dtype[np.unsignedinteger]
    _slots: Sequence[NDArray[np.uint32]] = field(repr=False)

    @property
    def postings(self) -> int:
        return int(self.starts[-1])

    def pieces(self) -> Iterator[Piece]:
        """Slots and codes in the order of the words, some `POSTINGS_A_PIECE` at a time."""
        at = 0
        while at < len(self.words):
            wanted = self.starts[at] + POSTINGS_A_PIECE
            end = max(at + 1, int(np.searchsorted(self.starts, wanted, "right")) - 1)
            yield self._piece(self.words[at], self.words[end - 1])
            at = end

    def _piece(self, first: np.uint32, last: np.uint32) -> Piece:
        """The postings of the words from `first` to `last`."""
        keys, codes = [], []
        for segment, slots in zip(self.sources, self._slots, strict=True):
            begin, end = np.searchsorted(segment.words, first), np.searchsorted(segment.words, last, "right")
            postings = slice(int(segment.starts[begin]), int(segment.starts[end]))
            words = np.repeat(segment.words[begin:end].astype(np.int64), np.diff(segment.starts[begin : end + 1]))
            old = segment.slots[postings]
            key, code = words << _HALF | slots[old], segment.codes[postings]
            if segment.dead is not None:
                alive = ~segment.dead[old]
                key, code = key[alive], code[alive]
            keys.append(key)
            codes.append(code.astype(self.codes_type, copy=False))
        key = np.concatenate(keys)
        order = np.argsort(key, kind="stable")  # runs in order already, which a stable sort only joins
        return (key[order] & _SLOT).astype(np.uint32), np.concatenate(codes)[order]

    def segment(self, slots: NDArray[np.uint32], codes: NDArray[np.unsignedinteger], name: str = "") -> Segment:
        """The merged segment, given all its pieces joined."""
        passages, length = len(self.ids), int(self.lengths.sum(dtype=np.int64))
        return Segment(self.ids, self.lengths, self.words, self.starts, slots, codes, passages, length, name=name)


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
    words, where = np.unique(np.concatenate([segment.words for segment in sources]), return_inverse=True)
    holding = np.bincount(where, np.concatenate([_holding(segment) for segment in sources]), len(words))
    kept = holding > 0
    starts = np.concatenate([[0], np.cumsum(holding[kept].astype(np.int64))])
    codes_type = np.result_type(*(segment.codes for segment in sources))
    return Merge(sources, narrowed(ids[order]), lengths, words[kept], starts, codes_type, slots)


def merged(sources: Sequence[Segment]) -> Segment:
    """One segment, in memory, of the passages alive in several."""
    merge = plan(sources)
    pieces = list(merge.pieces())
    slots = np.concatenate([np.empty(0, np.uint32), *(slots for slots, _ in pieces)])
    codes = np.concatenate([np.empty(0, merge.codes_type), *(codes for _, codes in pieces)])
    return merge.segment(slots, codes)


def carried(merged: Segment, before: Sequence[Segment], now: Sequence[Segment]) -> Segment:
    """The merged segment of `before` without what was removed meanwhile, as the same segments are `now`."""
    for old, new in zip(before, now, strict=True):
        if new.dead is None or new.gone is None or new.dead is old.dead:
            continue
        removed = new.dead if old.dead is None else new.dead & ~old.dead
        gone = new.gone.astype(np.int64) - (0 if old.gone is None else old.gone)
        merged = _without(merged, new.ids[removed], new.words, gone)
    return merged


def _without(segment: Segment, ids: Ids, words: NDArray[np.uint32], gone: NDArray[np.int64]) -> Segment:
    slots = segment.places(ids.astype(np.int64))
    dead = np.zeros(len(segment.ids), np.bool_) if segment.dead is None else segment.dead
    dead[slots] = True
    left = np.zeros(len(segment.words), np.uint32) if segment.gone is None else segment.gone
    touched = gone > 0
    left[np.searchsorted(segment.words, words[touched])] += gone[touched].astype(np.uint32)
    length = segment.length - int(segment.lengths[slots].sum(dtype=np.int64))
    return replace(segment, dead=dead, gone=left, passages=segment.passages - len(slots), length=length)


def _alive(segment: Segment) -> NDArray[np.bool_]:
    return np.ones(len(segment.ids), np.bool_) if segment.dead is None else ~segment.dead


def _holding(segment: Segment) -> NDArray[np.int64]:
    """How many passages alive hold each of the segment's words."""
    counts: NDArray[np.int64] = np.diff(segment.starts)
    return counts if segment.gone is None else counts - segment.gone
