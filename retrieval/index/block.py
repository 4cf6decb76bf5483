"""A run of passages with their postings, in arrays that never change.

Words are numbers here. A slot is a passage's place in its block; slots follow passage ids.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from retrieval.index.codes import Codes

_HALF = 32  # bits: a posting is sorted as one integer, its word above its slot
_SLOT = (1 << _HALF) - 1


class WordNumbers(dict[str, int]):
    """Numbers each word when it is first looked up by ``[]``."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The postings of `words[i]` are ``starts[i]:starts[i + 1]`` of `slots` and `codes`; `dead` marks slots removed.

    `passages` counts those alive, `length` their index tokens.
    """

    ids: NDArray[np.int64]
    lengths: NDArray[np.int64]
    words: NDArray[np.uint32]
    starts: NDArray[np.int64]
    slots: NDArray[np.uint32]
    codes: NDArray[np.unsignedinteger]
    passages: int
    length: int
    dead: NDArray[np.bool_] | None = None

    def ranges(self, words: NDArray[np.uint32]) -> list[tuple[int, int]]:
        """Where the postings of each word stand; an empty range for a word the block lacks."""
        at = np.searchsorted(self.words, words)
        at[at == len(self.words)] = 0
        found = self.words[at] == words
        starts = self.starts[at]
        ends = np.where(found, self.starts[at + 1], starts)
        return list(zip(starts.tolist(), ends.tolist(), strict=True))

    def holding(self, start: int, end: int) -> int:
        """How many passages alive the postings of a range name."""
        if self.dead is None:
            return end - start
        return end - start - int(np.count_nonzero(self.dead[self.slots[start:end]]))

    def places(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The slots, among those alive, of the passages that stand in this block."""
        at = np.searchsorted(self.ids, ids)
        at[at == len(self.ids)] = 0
        found: NDArray[np.int64] = at[self.ids[at] == ids]
        return found if self.dead is None else found[~self.dead[found]]

    def without(self, slots: NDArray[np.int64]) -> "Block":
        """The same block with these slots marked as removed."""
        dead = _dead(self).copy()
        dead[slots] = True
        left = ~dead
        return replace(self, dead=dead, passages=int(left.sum()), length=int(self.lengths[left].sum()))


def build(passages: Mapping[int, Sequence[str]], numbers: WordNumbers, codes: Codes) -> Block:
    """A block of passages, id -> index tokens; at least one."""
    ids = sorted(passages)
    tokens = [passages[passage] for passage in ids]
    lengths = np.fromiter(map(len, tokens), np.int64, len(ids))
    numbered = np.fromiter(map(numbers.__getitem__, chain.from_iterable(tokens)), np.int64, int(lengths.sum()))
    postings = numbered << _HALF | np.repeat(np.arange(len(ids)), lengths)
    postings.sort()
    firsts = _firsts(postings)
    frequencies = np.diff(firsts, append=len(postings))
    postings = postings[firsts]
    slots = (postings & _SLOT).astype(np.uint32, copy=False)
    words = (postings >> _HALF).astype(np.uint32)
    return _arranged(np.array(ids, np.int64), lengths, words, slots, codes.of(frequencies, lengths[slots]))


def merge(blocks: Sequence[Block]) -> Block:
    """One block of the passages alive in several, in the order of their ids."""
    alive = np.concatenate([~_dead(block) for block in blocks])
    ids = np.concatenate([block.ids for block in blocks])
    order = np.flatnonzero(alive)
    order = order[np.argsort(ids[order], kind="stable")]
    slot_of = np.zeros(len(ids), np.uint32)
    slot_of[order] = np.arange(len(order), dtype=np.uint32)
    shifts = np.cumsum([0, *(len(block.ids) for block in blocks)])
    old = np.concatenate([block.slots + shift for block, shift in zip(blocks, shifts, strict=False)])
    words = np.concatenate([np.repeat(block.words, np.diff(block.starts)) for block in blocks])
    codes = np.concatenate([block.codes for block in blocks])
    if len(order) < len(ids):
        kept = alive[old]
        old, words, codes = old[kept], words[kept], codes[kept]
    lengths = np.concatenate([block.lengths for block in blocks])
    by_word = np.argsort(words, kind="stable")
    return _arranged(ids[order], lengths[order], words[by_word], slot_of[old[by_word]], codes[by_word])


def _dead(block: Block) -> NDArray[np.bool_]:
    return np.zeros(len(block.ids), np.bool_) if block.dead is None else block.dead


def _arranged(
    ids: NDArray[np.int64],
    lengths: NDArray[np.int64],
    words: NDArray[np.uint32],
    slots: NDArray[np.uint32],
    codes: NDArray[np.unsignedinteger],
) -> Block:
    """The block of postings given one by one, in the order of their words."""
    firsts = _firsts(words)
    starts = np.append(firsts, len(words))
    return Block(ids, lengths, words[firsts], starts, slots, codes, len(ids), int(lengths.sum()))


def _firsts(values: NDArray[np.int64] | NDArray[np.uint32]) -> NDArray[np.int64]:
    """Where each run of equal values begins."""
    begins = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=begins[1:])
    return np.flatnonzero(begins)


def live_ids(blocks: Collection[Block]) -> NDArray[np.int64]:
    """The passages alive in some blocks, block by block."""
    found = [block.ids if block.dead is None else block.ids[~block.dead] for block in blocks]
    return np.concatenate([np.empty(0, np.int64), *found])
