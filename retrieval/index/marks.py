"""Which passages of a segment hold its common words, a bit a passage: one step finds what bisection finds in twenty.

Made when a word is first asked for, and kept in memory beside the segment, whose postings never change.
"""

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# A word is marked when at least one passage in so many holds it: its marks take at most four times its postings.
PASSAGES_A_POSTING_MAX = 128
MARKED_WORDS_MAX = 512  # further words are searched by bisection
SEGMENT_PASSAGES_MIN = 1 << 14  # in smaller segments bisection is as quick

_BITS = np.uint8(1) << np.arange(8, dtype=np.uint8)

Slots = NDArray[np.uint32]
Bits = NDArray[np.uint8]


class Marks:
    """A bit for each slot of a segment and each marked word, by where the word's first row begins.

    `table` holds them; any number of threads may ask.
    """

    def __init__(self) -> None:
        self.table = np.zeros((0, 0), np.uint8)  # its memory is taken word by word, as they are marked
        self._numbers: dict[int, int] = {}
        self._marking = threading.Lock()

    def of(self, begin: int, rows: Sequence[Slots], passages: int) -> Bits | None:
        """The marks of a word, given all of its rows; None for a rare one."""
        number = self.number(begin, rows, passages)
        return None if number is None else self.table[number]

    def number(self, begin: int, rows: Sequence[Slots], passages: int) -> int | None:
        """Which row of `table` marks a word."""
        if sum(map(len, rows)) * PASSAGES_A_POSTING_MAX < passages or passages < SEGMENT_PASSAGES_MIN:
            return None
        found = self._numbers.get(begin)
        return self._mark(begin, rows, passages) if found is None else found

    def _mark(self, begin: int, rows: Sequence[Slots], passages: int) -> int | None:
        holding = np.zeros(passages, np.bool_)
        for slots in rows:
            holding[slots] = True
        with self._marking:
            number = self._numbers.get(begin, len(self._numbers))
            if number == MARKED_WORDS_MAX:
                return None
            if not len(self.table):
                self.table = np.zeros((MARKED_WORDS_MAX, -(-passages // 8)), np.uint8)
            self.table[number] = np.packbits(holding, bitorder="little")
            self._numbers[begin] = number
        return number


def marked(bits: Bits, slots: Slots) -> Bits:
    """Not zero where a word's marks name a slot."""
    found: Bits = bits.take(slots >> 3) & _BITS.take(slots & 7)
    return found
