"""Numbers for the distinct (frequency, passage length) pairs of a corpus: some hundreds, whatever its size."""

import numpy as np
from numpy.typing import NDArray


class Codes:
    """Hands out a code for each pair, from 0; `frequencies[code]` and `lengths[code]` give the pair back."""

    def __init__(self) -> None:
        self.frequencies: NDArray[np.int64] = np.empty(0, np.int64)
        self.lengths: NDArray[np.int64] = np.empty(0, np.int64)
        self._pairs: list[tuple[int, int]] = []
        self._by_length: dict[int, _OfLength] = {}

    def __len__(self) -> int:
        return len(self._pairs)

    def of_length(self, length: int) -> dict[int, int]:
        """Maps the frequency of a word in a passage of this length to its code."""
        if length not in self._by_length:
            self._by_length[length] = _OfLength(length, self._pairs)
        return self._by_length[length]

    def settle(self) -> None:
        """Bring the two arrays up to the codes handed out; arrays handed out earlier stay as they were."""
        if len(self.lengths) < len(self._pairs):
            pairs = np.array(self._pairs, np.int64)
            self.frequencies, self.lengths = pairs[:, 0].copy(), pairs[:, 1].copy()


class _OfLength(dict[int, int]):
    def __init__(self, length: int, pairs: list[tuple[int, int]]) -> None:
        super().__init__()
        self._length = length
        self._pairs = pairs

    def __missing__(self, frequency: int) -> int:
        code = self[frequency] = len(self._pairs)
        self._pairs.append((frequency, self._length))
        return code
