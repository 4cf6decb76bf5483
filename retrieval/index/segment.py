"""A run of passages with their postings, in arrays that never change, in memory or mapped from a file.

Words are numbers here. A slot is a passage's place in its segment; slots follow passage ids. What is removed is
marked beside the arrays, so that a removal rewrites nothing. Knows no file.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from retrieval.index.codes import Codes

_HALF = 32  # bits: a posting is sorted as one integer, its word above its slot
_SLOT = (1 << _HALF) - 1
_POSTINGS_A_SCAN = 1 << 20

Place = tuple[int, int, int]  # where postings begin and end, and how many are of passages alive
Ids = NDArray[np.signedinteger] | NDArray[np.unsignedinteger]


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """The postings of `words[i]` are ``starts[i]:starts[i + 1]`` of `slots` and `codes`; slots ascend in each.

    `passages` counts those alive, `length` their index tokens. `dead` marks slots removed, and `gone[i]` counts
    the postings of `words[i]` that are of these. `name` is what the segment is called where it is stored.
    """

    ids: Ids
    lengths: NDArray[np.unsignedinteger]
    words: NDArray[np.uint32]
    starts: NDArray[np.int64]
    slots: NDArray[np.uint32]
    codes: NDArray[np.unsignedinteger]
    passages: int
    length: int
    dead: NDArray[np.bool_] | None = None
    gone: NDArray[np.uint32] | None = None
    name: str = ""

    def is_of(self, other: "Segment") -> bool:
        """Whether both are the same postings, whatever was removed from either."""
        return self.slots is other.slots

    def ranges(self, words: NDArray[np.uint32]) -> list[Place]:
        """Where the postings of each word stand; zeros for none."""
        if not len(words) or not len(self.words):
            return [(0, 0, 0)] * len(words)
        at = np.searchsorted(self.words, words)
        at[at == len(self.words)] = 0
        found = self.words[at] == words
        starts, ends = self.starts[at], self.starts[at + 1]
        alive = ends - starts if self.gone is None else ends - starts - self.gone[at]
        rows = zip(found.tolist(), starts.tolist(), ends.tolist(), alive.tolist(), strict=True)
        return [(start, end, left) if here and left else (0, 0, 0) for here, start, end, left in rows]

    def places(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The slots, among those alive, of the passages that stand in this segment; `ids` ascend."""
        near = ids[np.searchsorted(ids, int(self.ids[0])) : np.searchsorted(ids, int(self.ids[-1]), "right")]
        at = np.searchsorted(self.ids, near.astype(self.ids.dtype))
        found: NDArray[np.int64] = at[self.ids[at] == near]
        return found if self.dead is None else found[~self.dead[found]]

    def without(self, ids: NDArray[np.int64], numbers_of: Callable[[int], Counter[int]]) -> "Segment":
        """The same segment with these passages, which ascend, marked as removed; the others it does not hold.

        `numbers_of` may tell a passage's words with their frequencies; what it does not tell is looked for.
        """
        slots = self.places(ids)
        if not len(slots):
            return self
        dead, gone = _marks(self)
        dead[slots] = True
        untold = [slot for slot in slots.tolist() if not self._take_away(slot, numbers_of(int(self.ids[slot])), gone)]
        self._find_and_take_away(untold, gone)
        length = self.length - int(self.lengths[slots].sum())
        return replace(self, dead=dead, gone=gone, passages=self.passages - len(slots), length=length)

    def _take_away(self, slot: int, told: Counter[int], gone: NDArray[np.uint32]) -> bool:
        """Count the postings of a passage as gone where the words told are its words."""
        if not told or told.total() != self.lengths[slot]:
            return False
        words = np.array(sorted(told), np.uint32)
        for start, end, alive in self.ranges(words):
            at = start + np.searchsorted(self.slots[start:end], slot)
            if not alive or at == end or self.slots[at] != slot:
                return False
        gone[np.searchsorted(self.words, words)] += 1
        return True

    def _find_and_take_away(self, slots: Sequence[int], gone: NDArray[np.uint32]) -> None:
        """Count the postings of some passages as gone, whatever words they hold: reads all postings."""
        if not slots:
            return
        wanted = np.zeros(len(self.ids), np.bool_)
        wanted[slots] = True
        for at in range(0, len(self.slots), _POSTINGS_A_SCAN):
            postings = at + np.flatnonzero(wanted[self.slots[at : at + _POSTINGS_A_SCAN]])
            np.add.at(gone, np.searchsorted(self.starts, postings, "right") - 1, np.uint32(1))


def build(passages: Mapping[int, Sequence[str]], number: Callable[[str], int], codes: Codes) -> Segment:
    """A segment of passages, id -> index tokens; at least one."""
    ids = sorted(passages)
    tokens = [passages[passage] for passage in ids]
    lengths = np.fromiter(map(len, tokens), np.int64, len(ids))
    numbered = np.fromiter(map(number, chain.from_iterable(tokens)), np.int64, int(lengths.sum()))
    postings = numbered << _HALF | np.repeat(np.arange(len(ids)), lengths)
    postings.sort()
    firsts = run_starts(postings)
    frequencies = np.diff(firsts, append=len(postings))
    postings = postings[firsts]
    slots = (postings & _SLOT).astype(np.uint32)
    words = (postings >> _HALF).astype(np.uint32)
    begins = run_starts(words)
    return Segment(
        narrowed(np.array(ids, np.int64)),
        lengths.astype(np.min_scalar_type(int(lengths.max()))),
        words[begins],
        np.append(begins, len(words)),
        slots,
        codes.of(frequencies, lengths[slots]),
        len(ids),
        int(lengths.sum()),
    )


def narrowed(ids: NDArray[np.int64]) -> Ids:
    """Ascending ids in four bytes each where that holds them."""
    small = len(ids) > 0 and ids[0] >= 0 and ids[-1] <= np.iinfo(np.uint32).max
    return ids.astype(np.uint32) if small else ids


def run_starts(values: NDArray[np.int64] | NDArray[np.uint32]) -> NDArray[np.int64]:
    """Where each run of equal values begins."""
    begins = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=begins[1:])
    return np.flatnonzero(begins)


def live_ids(segments: Collection[Segment]) -> NDArray[np.int64]:
    """The passages alive in some segments, segment by segment."""
    found = [each.ids if each.dead is None else each.ids[~each.dead] for each in segments]
    return np.concatenate([np.empty(0, np.int64), *(ids.astype(np.int64) for ids in found)])


def _marks(segment: Segment) -> tuple[NDArray[np.bool_], NDArray[np.uint32]]:
    """What is removed from a segment, to be added to."""
    if segment.dead is None or segment.gone is None:
        return np.zeros(len(segment.ids), np.bool_), np.zeros(len(segment.words), np.uint32)
    return segment.dead.copy(), segment.gone.copy()
