"""A run of passages with their postings, in arrays that never change, in memory or mapped from a file.

Words are numbers here. A slot is a passage's place in its segment; slots follow passage ids. What is removed is
marked beside the arrays, so that a removal rewrites nothing. Knows no file.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from retrieval.index.marks import Marks

# A word has up to two rows of postings: of the passages that hold it once, which need no frequency beside them,
# and, with this bit in the row's number, of those that hold it more often.
REPEATED = np.uint32(1 << 31)
_HALF = 32  # bits: a posting is sorted as one integer, its word above its slot
_SLOT = (1 << _HALF) - 1
_POSTINGS_A_SCAN = 1 << 20

Ids = NDArray[np.signedinteger] | NDArray[np.unsignedinteger]
Counts = NDArray[np.unsignedinteger]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """For each of some rows where its postings begin and end, and how many are of passages alive; zeros for none."""

    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    alive: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """The postings of `rows[i]` are ``slots[starts[i]:starts[i + 1]]``; slots ascend in each row, and rows ascend.

    A posting of a repeated row has a frequency: `frequencies` go with the last of `slots`. `passages` counts those
    alive, `length` their index tokens. `dead` marks slots removed, and `gone[i]` counts the postings of `rows[i]`
    that are of these. `name` is what the segment is called where it is stored.
    """

    ids: Ids
    lengths: Counts
    rows: NDArray[np.uint32]
    starts: NDArray[np.int64]
    slots: NDArray[np.uint32]
    frequencies: Counts
    passages: int
    length: int
    dead: NDArray[np.bool_] | None = None
    gone: NDArray[np.uint32] | None = None
    name: str = ""
    marks: Marks = field(default_factory=Marks, repr=False)
    shortest: int = field(init=False)
    longest: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shortest", int(self.lengths.min()) if len(self.lengths) else 0)
        object.__setattr__(self, "longest", int(self.lengths.max()) if len(self.lengths) else 0)

    @property
    def once(self) -> int:
        """How many postings come before those of repeated rows."""
        return len(self.slots) - len(self.frequencies)

    def is_of(self, other: "Segment") -> bool:
        """Whether both are the same postings, whatever was removed from either."""
        return self.slots is other.slots

    def ranges(self, rows: NDArray[np.uint32]) -> Places:
        """Where the postings of each row stand."""
        if not len(rows) or not len(self.rows):
            zeros = np.zeros(len(rows), np.int64)
            return Places(zeros, zeros, zeros)
        at = np.searchsorted(self.rows, rows)
        at[at == len(self.rows)] = 0
        here = self.rows[at] == rows
        begins, ends = self.starts[at] * here, self.starts[at + 1] * here
        alive = ends - begins
        return Places(begins, ends, alive if self.gone is None else alive - self.gone[at] * here)

    def places(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The slots, among those alive, of the passages that stand in this segment; `ids` ascend."""
        found = self.slots_of(ids)
        return found if self.dead is None else found[~self.dead[found]]

    def slots_of(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The slots, alive or not, of the passages that stand in this segment; `ids` ascend."""
        near = ids[np.searchsorted(ids, int(self.ids[0])) : np.searchsorted(ids, int(self.ids[-1]), "right")]
        at = np.searchsorted(self.ids, near.astype(self.ids.dtype))
        found: NDArray[np.int64] = at[self.ids[at] == near]
        return found

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
        rows = np.array(sorted(row_of(word, count) for word, count in told.items()), np.uint32)
        here = self.ranges(rows)
        for start, end in zip(here.begins.tolist(), here.ends.tolist(), strict=True):
            at = start + np.searchsorted(self.slots[start:end], slot)
            if at == end or self.slots[at] != slot:
                return False
        gone[np.searchsorted(self.rows, rows)] += 1
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


def build(passages: Mapping[int, Sequence[str]], numbers: Callable[[Sequence[str]], NDArray[np.int64]]) -> Segment:
    """A segment of passages, id -> index tokens, at least one; `numbers` gives each word's."""
    ids = sorted(passages)
    tokens = [passages[passage] for passage in ids]
    lengths = np.fromiter(map(len, tokens), np.int64, len(ids))
    postings = numbers(list(chain.from_iterable(tokens))) << _HALF | np.repeat(np.arange(len(ids)), lengths)
    postings.sort()
    firsts = run_starts(postings)
    frequencies = np.diff(firsts, append=len(postings))
    postings, repeated = postings[firsts], frequencies > 1
    ordered = np.concatenate([postings[~repeated], postings[repeated]])
    rows = (ordered >> _HALF).astype(np.uint32)
    rows[len(rows) - int(repeated.sum()) :] |= REPEATED
    begins = run_starts(rows)
    width = counts_type(int(lengths.max()))
    return Segment(
        narrowed(np.array(ids, np.int64)),
        lengths.astype(width),
        rows[begins],
        np.append(begins, len(rows)),
        (ordered & _SLOT).astype(np.uint32),
        frequencies[repeated].astype(width),
        len(ids),
        int(lengths.sum()),
    )


def row_of(word: int, frequency: int) -> int:
    """The row of a passage that holds a word so often."""
    return word if frequency == 1 else word | int(REPEATED)


def counts_type(longest: int) -> np.dtype[np.unsignedinteger]:
    """The type of lengths and frequencies where the longest passage has so many index tokens."""
    return np.min_scalar_type(longest)


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
        return np.zeros(len(segment.ids), np.bool_), np.zeros(len(segment.rows), np.uint32)
    return segment.dead.copy(), segment.gone.copy()
