"""Numbers for the distinct (frequency, passage length) pairs of a corpus: some hundreds, whatever its size."""

import numpy as np
from numpy.typing import NDArray

_HALF = 32  # bits: a pair is looked up as one integer


Table = tuple[NDArray[np.int64], NDArray[np.int64]]


class Codes:
    """Hands out a code for each pair, from 0; the arrays of `table`, frequencies and lengths, give the pair back.

    A code never changes its pair: a smaller table is the beginning of a larger one.
    """

    def __init__(self, table: Table | None = None) -> None:
        self.table = table or (np.empty(0, np.int64), np.empty(0, np.int64))
        frequencies, lengths = self.table
        self._codes = {pair: code for code, pair in enumerate((frequencies << _HALF | lengths).tolist())}

    def of(self, frequencies: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.unsignedinteger]:
        """The codes of many pairs, in as few bytes as hold them."""
        pairs, where = np.unique(frequencies << _HALF | lengths, return_inverse=True)
        fresh = [pair for pair in pairs.tolist() if pair not in self._codes]
        for pair in fresh:
            self._codes[pair] = len(self._codes)
        if fresh:
            added = np.array(fresh, np.int64)
            halves = added >> _HALF, added & ((1 << _HALF) - 1)
            self.table = np.concatenate([self.table[0], halves[0]]), np.concatenate([self.table[1], halves[1]])
        width: type[np.unsignedinteger] = np.uint16 if len(self._codes) <= np.iinfo(np.uint16).max + 1 else np.uint32
        codes = np.array([self._codes[pair] for pair in pairs.tolist()], np.uint32).astype(width)
        return codes[where]
