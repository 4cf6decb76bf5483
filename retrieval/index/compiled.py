"""The kernel of the extra `fast`: the same search in compiled loops.

Short rows are added up a stretch of passages at a time, long ones are read a posting at a time; the passages that they
name are asked for in the words of later rows, which are marked, and are left as soon as these cannot lift them enough.

Importing it takes half a second, and minutes of a slow machine the first time: the compiled loops are kept on disk
beside this file, or in the user's cache where that cannot be written. So nothing imports it before it is wanted. All
loops stand in this file, because those that are kept do not notice when one of another file changes.
"""

from typing import Any

import numba
import numpy as np
from numba import types
from numpy.typing import NDArray

from retrieval.index import pruning
from retrieval.index.searching import Found, Query
from retrieval.index.segment import Counts, Places, Segment

Slots = NDArray[np.uint32]
Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]
# Plain tuples: numba's kept loops name the classes of others, and cannot be read once these are renamed.
Scale = tuple[float, float, float]  # k1, b and the average length
Postings = tuple[Slots, Counts, Counts]  # slots, the frequencies that go with the last of them, and slots' lengths
# Where each word has its row of once and its repeated row, in turn, what words weigh, and what once is worth by length.
Wanted = tuple[Numbers, Numbers, Floats, Floats, Scale]
Marked = tuple[Numbers, NDArray[np.uint8]]  # by word which row of all marks is its own, and all marks
Shown = tuple[Marks, Marks]  # which slots are dead, and which are chosen; empty where none is, and where all are
# Rows in order, how many are short, and by row what it weighs and, by length, what a posting adds at most.
Rows = tuple[Numbers, int, Floats, Floats]
Best = tuple[Slots, Floats]  # the best so far and their sums, the worst first

STRETCH = 1 << 15  # passages: their sums, of eight bytes, stay in the processor's nearest memory
BLOCK = 1 << 11  # postings of a long row that are read at once
FIRST_MIN = 48  # so many passages of the shortest rows, if the best number as many, say which sums the best reach
SHORT_SHARE = 1 / 64  # a row of at most so many postings a passage is short: adding it up costs less than asking it
_ROOM = 1 + 1e-9  # where sums were added in another order
_DAMAGED = -1  # a posting points outside its segment
_UNMARKED = -1
_ALL = np.zeros(0, np.bool_)
COUNTS = (np.dtype(np.uint8), np.dtype(np.uint16))


def compiled(segment: Segment, places: Places, query: Query, threshold: float) -> Found:
    """The k best of a segment's passages, where their sums reach the threshold."""
    few = query.within is not None and len(query.within) <= pruning.ONE_BY_ONE_MAX
    if few or segment.lengths.dtype not in COUNTS or segment.ids.dtype != np.uint32:
        return pruning.pruned(segment, places, query, threshold)
    found = np.empty(min(query.k, len(segment.ids)), np.uint32)
    sums = np.empty(len(found))
    count = _search(
        segment.slots,
        segment.frequencies,
        segment.lengths,
        places.begins,
        places.ends,
        _numbers(segment, places),
        segment.marks.table,
        np.array(query.weights),
        query.saturation.once,
        (query.saturation.k1, query.saturation.b, query.saturation.average),
        _ALL if segment.dead is None else segment.dead,
        _ALL if query.within is None else query.within.chosen(segment),
        segment.shortest,
        threshold,
        found,
        sums,
    )
    if count == _DAMAGED:
        raise IndexError("a posting points outside its segment")
    return found[:count], sums[:count]


def _numbers(segment: Segment, places: Places) -> Numbers:
    """For each word the number of its marks."""
    numbers = []
    rows = list(zip(places.begins.tolist(), places.ends.tolist(), strict=True))
    for once, repeated in zip(rows[::2], rows[1::2], strict=True):
        named = once[0] if once[0] < once[1] else repeated[0]
        number = segment.marks.number(named, [segment.slots[slice(*row)] for row in (once, repeated)], len(segment.ids))
        numbers.append(_UNMARKED if number is None else number)
    return np.array(numbers)


def _array(of: Any, dimensions: int = 1, *, written: bool = False) -> Any:
    return types.Array(of, dimensions, "C", readonly=not written)


def _signature(counts: Any) -> Any:
    floats, numbers, marks = _array(types.float64), _array(types.int64), _array(types.boolean)
    return types.int64(
        _array(types.uint32),
        *(_array(counts), _array(counts)),
        *(numbers, numbers, numbers, _array(types.uint8, 2)),
        *(floats, floats, types.UniTuple(types.float64, 3)),
        *(marks, marks, types.int64, types.float64),
        *(_array(types.uint32, written=True), _array(types.float64, written=True)),
    )


_loop = numba.njit(cache=True, nogil=True, error_model="numpy")


# ── looking a passage up ─────────────────────────────────────────────────────────────────────────


@_loop
def _place(slots: Slots, begin: int, end: int, slot: int) -> int:
    """Where a slot, or the next one after it, stands among ascending ones."""
    while begin < end:
        middle = (begin + end) >> 1
        if slots[middle] < slot:
            begin = middle + 1
        else:
            end = middle
    return begin


@_loop
def _saturation(frequency: float, length: float, scale: Scale) -> float:
    """In the stock class's order of operations."""
    k1, b, average = scale
    return (frequency * (k1 + 1)) / (k1 * (1 - b + b * length / average) + frequency)


@_loop
def _sum(postings: Postings, wanted: Wanted, slot: int) -> float:
    """A passage's sum, added in the order of the query."""
    slots, frequencies, lengths = postings
    begins, ends, weights, once, scale = wanted
    length = lengths[slot]
    found = 0.0
    for row in range(len(begins)):
        at = _place(slots, begins[row], ends[row], slot)
        if at < ends[row] and slots[at] == slot:
            if row & 1:
                frequency = float(frequencies[at - len(slots) + len(frequencies)])
                found += weights[row >> 1] * _saturation(frequency, float(length), scale)
            else:
                found += weights[row >> 1] * once[length]
    return found


@_loop
def _is_shown(shown: Shown, slot: int) -> bool:
    dead, chosen = shown
    if len(dead) and dead[slot]:
        return False
    return len(chosen) == 0 or chosen[slot]


# ── the best so far ──────────────────────────────────────────────────────────────────────────────


@_loop
def _worse(found: Slots, sums: Floats, one: int, other: int) -> bool:
    return sums[one] < sums[other] or (sums[one] == sums[other] and found[one] > found[other])


@_loop
def _swap(found: Slots, sums: Floats, one: int, other: int) -> None:
    found[one], found[other] = found[other], found[one]
    sums[one], sums[other] = sums[other], sums[one]


@_loop
def _keep(found: Slots, sums: Floats, count: int, slot: int, total: float) -> int:
    """Put a passage among the best, the worst of which stands first; how many these are then."""
    for at in range(count):
        if found[at] == slot:
            return count
    if count < len(found):
        at = count
        found[at], sums[at] = slot, total
        while at and _worse(found, sums, at, (at - 1) >> 1):
            _swap(found, sums, at, (at - 1) >> 1)
            at = (at - 1) >> 1
        return count + 1
    if total < sums[0] or (total == sums[0] and slot > found[0]):
        return count
    found[0], sums[0] = slot, total
    at = 0
    while 2 * at + 1 < count:
        worst = 2 * at + 1
        if worst + 1 < count and _worse(found, sums, worst + 1, worst):
            worst += 1
        if not _worse(found, sums, worst, at):
            break
        _swap(found, sums, at, worst)
        at = worst
    return count


# ── what rows can add ────────────────────────────────────────────────────────────────────────────


@_loop
def _in_order(begins: Numbers, ends: Numbers, longest: Numbers) -> Numbers:
    """The rows that have postings, each once: those that are not long first, and by size."""
    rows = np.empty(len(begins), np.int64)
    count = 0
    for row in range(len(begins)):
        size = ends[row] - begins[row]
        again = False
        for earlier in range(row & 1, row, 2):
            again |= begins[earlier] == begins[row] and ends[earlier] == ends[row]
        if size > 0 and not again:
            at = count
            while at and _after(rows[at - 1], row, begins, ends, longest):
                rows[at] = rows[at - 1]
                at -= 1
            rows[at] = row
            count += 1
    return rows[:count]


@_loop
def _after(one: int, other: int, begins: Numbers, ends: Numbers, longest: Numbers) -> bool:
    sizes = ends[one] - begins[one], ends[other] - begins[other]
    long = sizes[0] > longest[one >> 1], sizes[1] > longest[other >> 1]
    return (long[0] and not long[1]) or (long[0] == long[1] and sizes[0] > sizes[1])


@_loop
def _longest(numbers: Numbers, passages: int) -> Numbers:
    """For each word how many postings a short row of it has at most."""
    longest = np.full(len(numbers), np.int64(SHORT_SHARE * passages))
    longest[numbers < 0] = passages
    return longest


@_loop
def _weight(begins: Numbers, ends: Numbers, weights: Floats, row: int) -> float:
    """What a row weighs, all the times that the query asks for it together."""
    weight = 0.0
    for other in range(row & 1, len(begins), 2):
        if begins[other] == begins[row] and ends[other] == ends[row]:
            weight += weights[other >> 1]
    return weight


@_loop
def _rows(postings: Postings, wanted: Wanted, longest: Numbers) -> tuple[Numbers, int, Floats, Floats, Floats]:
    """The rows of a query: in order, how many are short, and what each weighs, all the times that it is asked for.

    Then by row and length what a posting adds at most, and, in that order, what a row and all after it add together:
    a word adds to a passage by one of its rows.
    """
    slots, frequencies, _ = postings
    begins, ends, weights, once, scale = wanted
    first_repeated, lengths = len(slots) - len(frequencies), len(once)
    rows = _in_order(begins, ends, longest)
    short = 0
    together = np.zeros(len(begins))
    most = np.zeros((len(begins), lengths))
    rest = np.zeros((len(rows) + 1, lengths))
    for at in range(len(rows) - 1, -1, -1):
        row = rows[at]
        short += ends[row] - begins[row] <= longest[row >> 1]
        together[row] = _weight(begins, ends, weights, row)
        often = 1.0
        if row & 1:
            often = float(frequencies[begins[row] - first_repeated : ends[row] - first_repeated].max())
        other = most[row ^ 1]  # of the word's other row where that is longer, or else nothing
        for length in range(lengths):
            most[row, length] = together[row] * _saturation(often, float(length), scale) * _ROOM
            rest[at, length] = rest[at + 1, length] + max(0.0, most[row, length] - other[length])
    return rows, short, together, most, rest


@_loop
def _later(rows: Numbers, most: Floats, begin: int) -> tuple[Numbers, Floats, Floats]:
    """The words of the rows from some place on; what each adds at most, and with those after it, by length."""
    wanted = np.zeros(len(most), np.bool_)
    words = np.empty(len(rows), np.int64)
    count = 0
    for row in rows[begin:]:
        if not wanted[row ^ 1]:
            words[count] = row >> 1
            count += 1
        wanted[row] = True
    best = np.zeros((count, most.shape[1]))
    rest = np.zeros((count + 1, most.shape[1]))
    for at in range(count - 1, -1, -1):
        for row in range(2 * words[at], 2 * words[at] + 2):
            if wanted[row]:
                best[at] = np.maximum(best[at], most[row])
        rest[at] = rest[at + 1] + best[at]
    return words[:count], best, rest


# ── the search ───────────────────────────────────────────────────────────────────────────────────


@_loop
def _narrowed(
    named: Numbers,
    lifted: Floats,
    count: int,
    lengths: Counts,
    marked: Marked,
    later: tuple[Numbers, Floats, Floats],
    threshold: float,
) -> int:
    """Of some passages, that are lifted so far, those first that words can lift to the threshold; how many they are.

    Without branches, which a processor foresees badly here.
    """
    numbers, marks = marked
    words, best, rest = later
    for at in range(len(words)):
        if count == 0:
            break
        bits = marks[numbers[words[at]]]
        left = 0
        for each in range(count):
            slot = named[each]
            length = lengths[slot]
            upper = lifted[each] + best[at, length] * ((bits[slot >> 3] >> (slot & 7)) & 1)
            named[left], lifted[left] = slot, upper
            left += (upper + rest[at + 1, length]) * _ROOM >= threshold
        count = left
    return count


@_loop
def _take(slot: int, postings: Postings, wanted: Wanted, shown: Shown, threshold: float, best: Best, count: int) -> int:
    """Put a passage among the best by its exact sum; how many these are then."""
    if _is_shown(shown, slot):
        total = _sum(postings, wanted, slot)
        if total >= threshold:
            return _keep(best[0], best[1], count, slot, total)
    return count


@_loop
def _first(postings: Postings, wanted: Wanted, shown: Shown, rows: Numbers, threshold: float, best: Best) -> int:
    """Take some passages of the shortest rows, which probably score high; how many the best are then."""
    slots, _, lengths = postings
    begins, ends = wanted[:2]
    count = 0
    left = max(len(best[0]), FIRST_MIN)
    for row in rows:
        for posting in range(begins[row], min(ends[row], begins[row] + left)):
            slot = np.int64(slots[posting])
            if slot >= len(lengths):
                return _DAMAGED
            left -= 1
            count = _take(slot, postings, wanted, shown, threshold, best, count)
    return count


@_loop
def _added_up(
    postings: Postings, scale: Scale, row: int, weight: float, begin: int, end: int, base: int, stretch: Floats
) -> int:
    """Add a row's postings to the sums of a stretch of passages; where the next stretch begins."""
    slots, frequencies, lengths = postings
    first_repeated = len(slots) - len(frequencies)
    for posting in range(begin, end):
        slot = np.int64(slots[posting])
        if slot >= base + STRETCH:
            return posting
        if slot < base or slot >= len(lengths):
            return _DAMAGED
        frequency = 1.0
        if row & 1:
            frequency = float(frequencies[posting - first_repeated])
        stretch[slot - base] += weight * _saturation(frequency, float(lengths[slot]), scale)
    return end


@_loop
def _read_together(
    postings: Postings, wanted: Wanted, marked: Marked, shown: Shown, of: Rows, threshold: float, best: Best, count: int
) -> int:
    """Look at the passages of all short rows; how many the best are then."""
    slots, _, lengths = postings
    begins, ends, _, _, scale = wanted
    rows, short, together, most = of
    later = _later(rows, most, short)
    rest = later[2]
    here, stop = begins.copy(), begins.copy()
    stretch = np.zeros(STRETCH)
    named, lifted = np.empty(STRETCH, np.int64), np.empty(STRETCH)
    for base in range(0, len(lengths), STRETCH):
        for row in rows[:short]:
            here[row] = stop[row]
            stop[row] = _added_up(postings, scale, row, together[row], here[row], ends[row], base, stretch)
            if stop[row] < 0:
                return _DAMAGED
        left = 0
        for row in rows[:short]:
            for posting in range(here[row], stop[row]):
                slot = np.int64(slots[posting])
                rough = stretch[slot - base]
                stretch[slot - base] = 0.0
                if rough > 0.0 and (rough + rest[0, lengths[slot]]) * _ROOM >= threshold:
                    named[left], lifted[left] = slot, rough
                    left += 1
        left = _narrowed(named, lifted, left, lengths, marked, later, threshold)
        for slot in named[:left]:
            count = _take(slot, postings, wanted, shown, threshold, best, count)
        if count == len(best[0]):
            threshold = max(threshold, best[1][0])
    for row in rows[:short]:
        if stop[row] < ends[row]:
            return _DAMAGED
    return count


@_loop
def _read(
    postings: Postings,
    wanted: Wanted,
    marked: Marked,
    shown: Shown,
    of: Rows,
    at: int,
    threshold: float,
    best: Best,
    count: int,
) -> int:
    """Look at the passages of a row; how many the best are then. What an earlier row names was looked at there."""
    slots, frequencies, lengths = postings
    begins, ends, _, _, scale = wanted
    rows, _, together, most = of
    row = rows[at]
    later = _later(rows, most, at + 1)
    rest = later[2]
    first_repeated = len(slots) - len(frequencies)
    named, lifted = np.empty(BLOCK, np.int64), np.empty(BLOCK)
    for begin in range(begins[row], ends[row], BLOCK):
        left = 0
        for posting in range(begin, min(begin + BLOCK, ends[row])):
            slot = np.int64(slots[posting])
            if slot >= len(lengths):
                return _DAMAGED
            named[left] = slot
            lifted[left] = most[row, lengths[slot]]
            if row & 1:
                frequency = float(frequencies[posting - first_repeated])
                lifted[left] = together[row] * _saturation(frequency, float(lengths[slot]), scale)
            left += (lifted[left] + rest[0, lengths[slot]]) * _ROOM >= threshold
        left = _narrowed(named, lifted, left, lengths, marked, later, threshold)
        for slot in named[:left]:
            count = _take(slot, postings, wanted, shown, threshold, best, count)
        if count == len(best[0]):
            threshold = max(threshold, best[1][0])
    return count


@_loop
def _best(
    postings: Postings, wanted: Wanted, marked: Marked, shown: Shown, shortest: int, threshold: float, best: Best
) -> int:
    """Fill in the best passages with their sums; how many there are."""
    rows, short, together, most, rest = _rows(postings, wanted, _longest(marked[0], len(postings[2])))
    of = rows, short, together, most
    count = 0
    if rest[0, shortest] * _ROOM >= threshold:
        count = _first(postings, wanted, shown, rows, threshold, best)
    if count == len(best[0]):
        threshold = max(threshold, best[1][0])
    if short and count >= 0 and rest[0, shortest] * _ROOM >= threshold:
        count = _read_together(postings, wanted, marked, shown, of, threshold, best, count)
    for at in range(short, len(rows)):
        if count == len(best[0]):
            threshold = max(threshold, best[1][0])
        if count < 0 or rest[at, shortest] * _ROOM < threshold:
            break
        count = _read(postings, wanted, marked, shown, of, at, threshold, best, count)
    return count


@numba.njit([_signature(types.uint8), _signature(types.uint16)], cache=True, nogil=True, error_model="numpy")
def _search(
    slots: Slots,
    frequencies: Counts,
    lengths: Counts,
    begins: Numbers,
    ends: Numbers,
    numbers: Numbers,
    marks: NDArray[np.uint8],
    weights: Floats,
    once: Floats,
    scale: Scale,
    dead: Marks,
    chosen: Marks,
    shortest: int,
    threshold: float,
    found: Slots,
    sums: Floats,
) -> int:
    """The same; arrays of Python are handed over one by one, so that read-only ones may be."""
    for row in range(len(begins)):
        if begins[row] < 0 or ends[row] > len(slots):
            return _DAMAGED
    postings, wanted = (slots, frequencies, lengths), (begins, ends, weights, once, scale)
    return _best(postings, wanted, (numbers, marks), (dead, chosen), shortest, threshold, (found, sums))
