"""The kernel of the extra `fast`: the same search in compiled loops, a stretch of passages at a time.

Importing it takes half a second, and minutes of a slow machine the first time: the compiled loops are kept on disk
beside this file, or in the user's cache where that cannot be written. So nothing imports it before it is wanted.
"""

from typing import Any

import numba
import numpy as np
from numba import types
from numpy.typing import NDArray

from retrieval.index.pruning import pruned
from retrieval.index.searching import Found, Query
from retrieval.index.segment import Counts, Places, Segment

Slots = NDArray[np.uint32]
Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]

STRETCH = 1 << 15  # passages: their sums, of eight bytes, stay in the processor's nearest memory
FIRST_MIN = 48  # so many passages of the shortest rows, if the best number as many, say which sums the best reach
POSTINGS_A_LOOK = 4  # so many are read in the time that it takes to ask a row for one passage in ten
_ROOM = 1 + 1e-9  # where sums were added in another order
_DAMAGED = -1  # a posting points outside its segment
_EVERY_ALIVE = np.zeros(0, np.bool_)
_ANYWHERE = np.zeros(0, np.int64)


def compiled(segment: Segment, places: Places, query: Query, threshold: float) -> Found:
    """The k best of a segment's passages, where their sums reach the threshold."""
    if segment.lengths.dtype not in COUNTS or segment.ids.dtype != np.uint32:
        return pruned(segment, places, query, threshold)
    found = np.empty(min(query.k, len(segment.ids)), np.uint32)
    sums = np.empty(len(found))
    count = _search(
        segment.slots,
        segment.frequencies,
        segment.lengths,
        segment.ids,
        _EVERY_ALIVE if segment.dead is None else segment.dead,
        _ANYWHERE if query.within is None else query.within,
        query.within is not None,
        places.begins,
        places.ends,
        np.array(query.weights),
        query.saturation.once,
        query.saturation.once[segment.shortest],
        query.saturation.k1,
        query.saturation.b,
        query.saturation.average,
        threshold,
        found,
        sums,
    )
    if count == _DAMAGED:
        raise IndexError("a posting points outside its segment")
    return found[:count], sums[:count]


def _array(of: Any, *, written: bool = False) -> Any:
    return types.Array(of, 1, "C", readonly=not written)


def _signature(counts: Any) -> Any:
    return types.int64(
        _array(types.uint32),
        _array(counts),
        _array(counts),
        _array(types.uint32),
        _array(types.boolean),
        _array(types.int64),
        types.boolean,
        _array(types.int64),
        _array(types.int64),
        _array(types.float64),
        _array(types.float64),
        *[types.float64] * 5,
        _array(types.uint32, written=True),
        _array(types.float64, written=True),
    )


_loop = numba.njit(cache=True, nogil=True, error_model="numpy")


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
def _next_place(slots: Slots, begin: int, end: int, slot: int) -> int:
    """The same where it stands soon after the beginning."""
    step = 64
    while begin + step < end and slots[begin + step] < slot:
        begin += step
        step *= 2
    return _place(slots, begin, min(end, begin + step), slot)


@_loop
def _saturation(frequency: float, length: float, k1: float, b: float, average: float) -> float:
    """In the stock class's order of operations."""
    return (frequency * (k1 + 1)) / (k1 * (1 - b + b * length / average) + frequency)


@_loop
def _sum(
    slots: Slots,
    frequencies: Counts,
    lengths: Counts,
    begins: Numbers,
    ends: Numbers,
    weights: Floats,
    once: Floats,
    k1: float,
    b: float,
    average: float,
    slot: int,
) -> float:
    """A passage's sum, added in the order of the query."""
    first_repeated = len(slots) - len(frequencies)
    length = lengths[slot]
    found = 0.0
    for row in range(len(begins)):
        at = _place(slots, begins[row], ends[row], slot)
        if at < ends[row] and slots[at] == slot:
            if row & 1:
                frequency = float(frequencies[at - first_repeated])
                found += weights[row >> 1] * _saturation(frequency, float(length), k1, b, average)
            else:
                found += weights[row >> 1] * once[length]
    return found


@_loop
def _visible(slot: int, ids: Slots, dead: Marks, within: Numbers, filtered: bool) -> bool:
    if len(dead) and dead[slot]:
        return False
    if not filtered:
        return True
    at = _place(within, 0, len(within), np.int64(ids[slot]))
    return at < len(within) and within[at] == ids[slot]


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


@_loop
def _by_size(begins: Numbers, ends: Numbers) -> Numbers:
    """The rows that have postings, the shortest first."""
    rows = np.empty(len(begins), np.int64)
    count = 0
    for row in range(len(begins)):
        size = ends[row] - begins[row]
        if size > 0:
            at = count
            while at and ends[rows[at - 1]] - begins[rows[at - 1]] > size:
                rows[at] = rows[at - 1]
                at -= 1
            rows[at] = row
            count += 1
    return rows[:count]


@_loop
def _rest(rows: Numbers, weights: Floats, once: float, most: float) -> Floats:
    """What the rows from each place on can add to one passage's sum: a word adds by one of its rows."""
    best = np.zeros(len(weights))
    rest = np.zeros(len(rows) + 1)
    for at in range(len(rows) - 1, -1, -1):
        word = rows[at] >> 1
        best[word] = max(best[word], weights[word] * (most if rows[at] & 1 else once))
        rest[at] = best.sum() * _ROOM
    return rest


@_loop
def _limits(limits: Floats, rows: Numbers, weights: Floats, once: Floats, most: float, threshold: float) -> float:
    """For each length what a passage must have reached for these rows to lift it to the threshold; and the lowest."""
    single = 0.0
    often = 0.0
    for row in rows:
        if row & 1:
            often += weights[row >> 1] * most
        else:
            single += weights[row >> 1]
    lowest = threshold
    for length in range(len(once)):
        limits[length] = (threshold - (single * once[length] + often) * _ROOM) / _ROOM
        lowest = min(lowest, limits[length])
    return lowest


@_loop
def _reaches(
    threshold: float,
    rough: float,
    slots: Slots,
    frequencies: Counts,
    lengths: Counts,
    begins: Numbers,
    ends: Numbers,
    rows: Numbers,
    weights: Floats,
    once: Floats,
    k1: float,
    b: float,
    average: float,
    slot: int,
) -> bool:
    """Whether these rows lift a passage to the threshold, give or take what adding in another order changes."""
    length = lengths[slot]
    missing = 0.0
    for row in rows:
        missing += weights[row >> 1] * (k1 + 1 if row & 1 else once[length])
    for row in rows:
        weight = weights[row >> 1]
        missing -= weight * (k1 + 1 if row & 1 else once[length])
        at = _place(slots, begins[row], ends[row], slot)
        if at < ends[row] and slots[at] == slot:
            if row & 1:
                frequency = float(frequencies[at - len(slots) + len(frequencies)])
                rough += weight * _saturation(frequency, float(length), k1, b, average)
            else:
                rough += weight * once[length]
        if (rough + missing) * _ROOM < threshold:
            return False
    return True


@numba.njit([_signature(types.uint8), _signature(types.uint16)], cache=True, nogil=True, error_model="numpy")
def _search(
    slots: Slots,
    frequencies: Counts,
    lengths: Counts,
    ids: Slots,
    dead: Marks,
    within: Numbers,
    filtered: bool,
    begins: Numbers,
    ends: Numbers,
    weights: Floats,
    once: Floats,
    once_most: float,
    k1: float,
    b: float,
    average: float,
    threshold: float,
    found: Slots,
    sums: Floats,
) -> int:
    """Fill in the best passages with their sums; how many there are."""
    for row in range(len(begins)):
        if begins[row] < 0 or ends[row] > len(slots):
            return _DAMAGED
    rows = _by_size(begins, ends)
    rest = _rest(rows, weights, once_most, k1 + 1)
    if rest[0] < threshold:
        return 0
    count = 0
    # Some passages of the shortest rows first: they probably score high.
    left = max(len(found), FIRST_MIN)
    for at in range(len(rows)):
        for posting in range(begins[rows[at]], min(ends[rows[at]], begins[rows[at]] + left)):
            slot = slots[posting]
            if slot >= len(lengths):
                return _DAMAGED
            left -= 1
            if _visible(slot, ids, dead, within, filtered):
                total = _sum(slots, frequencies, lengths, begins, ends, weights, once, k1, b, average, slot)
                if total >= threshold:
                    count = _keep(found, sums, count, slot, total)
        if left <= 0:
            break
    if count == len(found):
        threshold = max(threshold, sums[0])
    first_repeated = len(slots) - len(frequencies)
    here = begins.copy()
    stop = begins.copy()
    stretch = np.zeros(STRETCH)
    limits = np.empty(len(once))
    for base in range(0, len(lengths), STRETCH):
        needed = 0
        while needed < len(rows) and not rest[needed] < threshold:
            needed += 1
        if needed == 0:
            break
        for at in range(len(rows)):
            row = rows[at]
            here[row] = stop[row]
            stop[row] = _next_place(slots, here[row], ends[row], base + STRETCH)
        named = 0
        for at in range(len(rows)):
            size = stop[rows[at]] - here[rows[at]]
            if at >= needed:
                if size > POSTINGS_A_LOOK * named:
                    break
                needed += 1
            named += size
        lowest = _limits(limits, rows[needed:], weights, once, k1 + 1, threshold)
        for at in range(needed):
            row = rows[at]
            weight = weights[row >> 1]
            for posting in range(here[row], stop[row]):
                slot = np.int64(slots[posting])
                if slot < base or slot >= base + STRETCH or slot >= len(lengths):
                    return _DAMAGED
                length = lengths[slot]
                if row & 1:
                    frequency = float(frequencies[posting - first_repeated])
                    stretch[slot - base] += weight * _saturation(frequency, float(length), k1, b, average)
                else:
                    stretch[slot - base] += weight * once[length]
        for at in range(needed):
            row = rows[at]
            for posting in range(here[row], stop[row]):
                slot = np.int64(slots[posting])
                rough = stretch[slot - base]
                stretch[slot - base] = 0.0
                if rough < lowest or rough == 0.0 or rough < limits[lengths[slot]]:
                    continue
                unread = rows[needed:]
                if not _reaches(
                    threshold,
                    rough,
                    slots,
                    frequencies,
                    lengths,
                    here,
                    stop,
                    unread,
                    weights,
                    once,
                    k1,
                    b,
                    average,
                    slot,
                ):
                    continue
                if _visible(slot, ids, dead, within, filtered):
                    total = _sum(slots, frequencies, lengths, here, stop, weights, once, k1, b, average, slot)
                    if total >= threshold:
                        count = _keep(found, sums, count, slot, total)
                        if count == len(found) and sums[0] > threshold:
                            threshold = sums[0]
    return count


COUNTS = (np.dtype(np.uint8), np.dtype(np.uint16))
