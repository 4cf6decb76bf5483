"""How alike two texts are by their words in order: agency copy in several outlets, cut, re-headed or edited a little.

Each text is the set of its word sequences (shingles). Its fingerprints, the smallest of them by a hash (bottom-k
sampling, Broder 1997, https://doi.org/10.1109/SEQUEN.1997.666900), find in any number of texts the few that are worth
comparing; the comparison itself is exact. Pure: knows no outlet and no date.
"""

import re
from collections.abc import Sequence
from typing import TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

SHINGLE_WORDS = 4
FINGERPRINTS = 16
# Fewer sequences are a caption or a notice: two outlets print those alike by chance.
SHINGLES_MIN = 24
# The share of the shorter text's sequences that the longer one holds. With 5% of words changed 0.81 of them are left,
# two reports of one event that quote the same words share up to 0.4; one outlet may share more with itself.
COPIED = 0.6
# A short text inside one ten times its length is a note in a round-up, not its copy.
LENGTHS_APART_MAX = 5.0

Shingles: TypeAlias = NDArray[np.uint64]

# Scripts without spaces count by letter.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+")
_MULTIPLIERS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_BASE = np.uint64(0x9E3779B97F4A7C15)
_SIGNED_MAX = np.uint64(0x7FFF_FFFF_FFFF_FFFF)


def shingles(text: str) -> Shingles:
    """The word sequences of a text as 64-bit numbers, each once, ascending; case and punctuation do not count."""
    words = np.array([crc32(word.encode()) for word in _WORD.findall(text.casefold())], dtype=np.uint64)
    count = len(words) - SHINGLE_WORDS + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    with np.errstate(over="ignore"):
        mixed = np.zeros(count, np.uint64)
        for at in range(SHINGLE_WORDS):
            mixed = _mixed(mixed * _BASE + words[at : at + count])
    return np.unique(mixed)


def fingerprints(found: Shingles) -> tuple[int, ...]:
    """The numbers by which texts like this one are found; none where it is too short to tell. They fit 63 bits."""
    if len(found) < SHINGLES_MIN:
        return ()
    return tuple(int(each) for each in np.unique(found[:FINGERPRINTS] & _SIGNED_MAX))


def copied(one: Shingles, other: Shingles) -> float:
    """The share of the shorter text's sequences that the longer one holds, from 0 to 1."""
    shorter = min(len(one), len(other))
    return len(np.intersect1d(one, other, assume_unique=True)) / shorter if shorter else 0.0


def is_copy(one: Shingles, other: Shingles) -> bool:
    """Whether one text is an edited copy of the other."""
    shorter, longer = sorted((len(one), len(other)))
    return shorter >= SHINGLES_MIN and longer <= LENGTHS_APART_MAX * shorter and copied(one, other) >= COPIED


def original_among(text: str, others: Sequence[tuple[int, str]]) -> int | None:
    """The id of the text most like this one among `others` (id, text) that it is a copy of, the first of equals.

    One picklable call for a worker process.
    """
    own = shingles(text)
    alike = [(copied(own, each), -id_) for id_, words in others if is_copy(own, each := shingles(words))]
    return -max(alike)[1] if alike else None


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Numbers spread over 64 bits (splitmix64's finaliser)."""
    for shift, multiplier in zip((30, 27), _MULTIPLIERS, strict=True):
        numbers = (numbers ^ (numbers >> np.uint64(shift))) * np.uint64(multiplier)
    return numbers ^ (numbers >> np.uint64(31))
