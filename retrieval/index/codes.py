"""Numbers for the distinct (frequency, passage length) pairs of a corpus: some hundreds, whatever its size."""

import numpy as np
from numpy.typing import NDArray

_HALF = 32  # bits: a pair is looked up as one integer


class Codes:
    """Hands out a code for each pair, from 0; `frequencies[code]` and `lengths[code]` give the pair back."""

    def __init__(self) -> None:
        self.frequencies: NDArray[np.int64] = np.empty(0, np.int64)
        self.lengths: NDArray[np.int64] = np.empty(0, np.int64)
        self._codes: dict[int, int] = {}

    def of(self, frequencies: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.unsignedinteger]:
        """The codes of many pairs, in as few bytes as hold them."""
        pairs, where = np.unique(frequencies << _HALF | lengths, return_inverse=True)
        fresh = [pair for pair in pairs.tolist() if pair not in self._codes]
        for pair in fresh:
            self._codes[pair] = len(self._codes)
        if fresh:
            added = np.array(fresh, np.int64)
            self.frequencies = np.concatenate([self.frequencies, added >> _HALF])
            self.lengths = np.concatenate([self.lengths, added & ((1 << _HALF) - 1)])
        width: type[np.unsignedinteger] = np.uint16 if len(self._codes) <= np.iinfo(np.uint16).max + 1 else np.uint32
        codes = np.array([self._codes[pair] for pair in pairs.tolist()], np.uint32).astype(width)
        return codes[where]
