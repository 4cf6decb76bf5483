"""What a posting is worth before its word's rarity: how much a word says that stands there once, or more often.

The stock class's formula in its own order of operations, so that the last bit is the same.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Saturation:
    """BM25's saturation for a corpus whose passages have `average` index tokens; `once[length]` is that of one time."""

    k1: float
    b: float
    average: float
    once: NDArray[np.float64]

    @classmethod
    def over(cls, k1: float, b: float, average: float, longest: int) -> "Saturation":
        """For passages of up to so many index tokens."""
        lengths = np.arange(longest + 1)
        return cls(k1, b, average, _saturation(k1, b, average, np.ones(len(lengths), np.int64), lengths))

    def of(self, frequencies: NDArray[Any], lengths: NDArray[Any]) -> NDArray[np.float64]:
        """For each posting, by its frequency and its passage's length."""
        return _saturation(self.k1, self.b, self.average, frequencies.astype(np.int64), lengths.astype(np.int64))

    @property
    def most(self) -> float:
        """No posting is worth more."""
        return self.k1 + 1


def _saturation(
    k1: float, b: float, average: float, frequencies: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.float64]:
    found: NDArray[np.float64] = (frequencies * (k1 + 1)) / (k1 * (1 - b + b * lengths / average) + frequencies)
    return found
