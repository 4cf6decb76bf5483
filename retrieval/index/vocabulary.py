"""Numbers for the words of a corpus: old words in sorted arrays that may be mapped from a file, new ones in memory.

A number never changes its word, and words are never taken out. Knows no file and no passage.
"""

import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat

import numpy as np
from numpy.typing import NDArray

_SEPARATOR = "\n"  # between the words of a part, so that all are read at once


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Words in the order of their checksums, found by bisection: a million of them cost nothing to open.

    Word i stands at ``starts[i]:starts[i + 1] - 1`` of `letters`, in UTF-8, and has the number `numbers[i]`.
    `name` is what the part is called where it is stored.
    """

    checksums: NDArray[np.uint32]
    numbers: NDArray[np.uint32]
    starts: NDArray[np.uint32]
    letters: NDArray[np.uint8]
    name: str = ""

    def find(self, words: Sequence[bytes]) -> list[int | None]:
        """The number of each word that stands here."""
        wanted = np.array([zlib.crc32(word) for word in words], np.uint32)
        at = np.searchsorted(self.checksums, wanted)
        ends = np.searchsorted(self.checksums, wanted, "right")
        numbers: list[int | None] = [None] * len(words)
        left = (at < ends).nonzero()[0]
        while len(left):  # once, nearly always: several words may have one checksum
            here = at[left]
            places = zip(left.tolist(), self.starts[here].tolist(), self.starts[here + 1].tolist(), strict=True)
            same = [self.letters[begin : end - 1].tobytes() == words[word] for word, begin, end in places]
            for word, number, is_it in zip(left.tolist(), self.numbers[here].tolist(), same, strict=True):
                if is_it:
                    numbers[word] = number
            at[left] += 1
            left = left[~np.array(same) & (at[left] < ends[left])]
        return numbers

    def words(self) -> list[str]:
        return _decoded(self.letters.tobytes()).split(_SEPARATOR)[:-1]


class Vocabulary(Collection[str]):
    """Every word with its number; one thread may number words while others look them up."""

    def __init__(self, parts: Sequence[Part] = ()) -> None:
        self.parts = tuple(parts)
        self._stored = sum(len(part.numbers) for part in parts)
        self._seen: dict[str, int] = {}
        self._fresh: dict[str, int] = {}

    def numbers(self, words: Sequence[str]) -> NDArray[np.int64]:
        """The number of each word; new words are given the next ones, in alphabetical order."""
        numbers = np.fromiter(map(self._seen.get, words, repeat(-1)), np.int64, len(words))
        unseen = np.flatnonzero(numbers < 0)
        if len(unseen):
            self._learn(sorted({words[at] for at in unseen.tolist()}))
            numbers[unseen] = [self._seen[words[at]] for at in unseen.tolist()]
        return numbers

    def _learn(self, words: Sequence[str]) -> None:
        self._seen |= self.known(words)
        for word in words:
            if word not in self._seen:
                self._seen[word] = self._fresh[word] = len(self)

    def known(self, words: Sequence[str]) -> dict[str, int]:
        """The numbers of those words that have one."""
        fresh = self._fresh  # looked at first: a word leaves the fresh ones when its part is here
        known = {word: number for word in words if (number := fresh.get(word)) is not None}
        for part in self.parts:
            known |= _found(part, [word for word in words if word not in known])
        return known

    def fresh(self) -> list[str]:
        """The words that stand in no part, in the order of their numbers."""
        return list(self._fresh)

    def keep(self, part: Part, instead_of: Sequence[Part]) -> None:
        """Look words up in this part from now on, which holds the first of the fresh ones and those of other parts."""
        stored = self._stored + len(part.numbers) - sum(len(each.numbers) for each in instead_of)
        self.parts = (*(each for each in self.parts if each not in instead_of), part)
        self._fresh = dict(islice(self._fresh.items(), stored - self._stored, None))
        self._stored = stored

    def __len__(self) -> int:
        return self._stored + len(self._fresh)

    def __iter__(self) -> Iterator[str]:
        return chain(chain.from_iterable(part.words() for part in self.parts), list(self._fresh))

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and bool(self.known([word]))


def part_of(words: Sequence[str], first: int) -> Part:
    """A part of words numbered from `first`."""
    letters = [_encoded(word) for word in words]
    checksums = np.array([zlib.crc32(word) for word in letters], np.uint32)
    order = np.argsort(checksums, kind="stable")
    in_order = [letters[at] + _SEPARATOR.encode() for at in order.tolist()]
    starts = np.cumsum([0, *map(len, in_order)]).astype(np.uint32)
    return Part(
        checksums[order], (first + order).astype(np.uint32), starts, np.frombuffer(b"".join(in_order), np.uint8)
    )


def joined(parts: Sequence[Part]) -> Part:
    """One part of the words of several, in array code."""
    checksums = np.concatenate([part.checksums for part in parts])
    lengths = np.concatenate([np.diff(part.starts.astype(np.int64)) for part in parts])
    order = np.argsort(checksums, kind="stable")
    old = (np.cumsum(lengths) - lengths)[order]
    starts = np.concatenate([[0], np.cumsum(lengths[order])])
    places = np.arange(starts[-1]) + np.repeat(old - starts[:-1], lengths[order])
    letters = np.concatenate([part.letters for part in parts])[places]
    numbers = np.concatenate([part.numbers for part in parts])[order]
    return Part(checksums[order], numbers, starts.astype(np.uint32), letters)


def _found(part: Part, words: Sequence[str]) -> dict[str, int]:
    if not words:
        return {}
    numbers = zip(words, part.find([_encoded(word) for word in words]), strict=True)
    return {word: number for word, number in numbers if number is not None}


def _encoded(word: str) -> bytes:
    return word.encode("utf-8", "surrogatepass")


def _decoded(letters: bytes) -> str:
    return letters.decode("utf-8", "surrogatepass")
