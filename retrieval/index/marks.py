"""Which passages a segment's long rows name, a bit a passage: a passage is looked up in one step, not in twenty.

Made when a row is first asked, and kept in memory beside the segment, whose arrays never change. Knows no query.
"""

import threading

import numpy as np
from numpy.typing import NDArray

# A row is marked when it names at least one passage in so many: its marks take about as much memory as its postings.
PASSAGES_A_POSTING_MAX = 64
MARKED_ROWS_MAX = 512  # further rows are searched by bisection
SEGMENT_PASSAGES_MIN = 1 << 14  # in smaller segments bisection is as quick
UNMARKED = -1

Slots = NDArray[np.uint32]

_BITS = np.uint8(1) << np.arange(8, dtype=np.uint8)


class Marks:
    """A bit for each slot of a segment and each marked row; any number of threads may ask."""

    def __init__(self) -> None:
        self.table = np.zeros((0, 0), np.uint8)  # its memory is taken row by row, as rows are marked
        self._numbers: dict[int, int] = {}
        self._marking = threading.Lock()

    def number(self, begin: int, slots: Slots, passages: int) -> int:
        """Which row of `table` marks the postings that begin there; `UNMARKED` for none."""
        if len(slots) * PASSAGES_A_POSTING_MAX < passages or passages < SEGMENT_PASSAGES_MIN:
            return UNMARKED
        found = self._numbers.get(begin)
        return self._mark(begin, slots, passages) if found is None else found

    def _mark(self, begin: int, slots: Slots, passages: int) -> int:
        named = np.zeros(passages, np.bool_)
        named[slots] = True
        with self._marking:
            number = self._numbers.get(begin, len(self._numbers))
            if number == MARKED_ROWS_MAX:
                return UNMARKED
            if not len(self.table):
                self.table = np.zeros((MARKED_ROWS_MAX, -(-passages // 8)), np.uint8)
            self.table[number] = np.packbits(named, bitorder="little")
            self._numbers[begin] = number
        return number


def marked(bits: NDArray[np.uint8], slots: Slots) -> NDArray[np.uint8]:
    """Not zero where a row's marks name a slot."""
    found: NDArray[np.uint8] = bits.take(slots >> 3) & _BITS.take(slots & 7)
    return found
