"""The passages that a question is limited to: made once, they serve any number of questions.

Knows no date and no outlet.
"""

from collections.abc import Collection, Iterable, Iterator
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from retrieval.index.marks import Marks
from retrieval.index.segment import Segment, run_starts


class Within(Collection[int]):
    """Ids of passages, ascending in an array; which of a segment's passages they are is kept while both live."""

    def __init__(self, ids: Iterable[int]) -> None:
        self.ids: NDArray[np.int64] = _ascending(ids)
        self._chosen: WeakKeyDictionary[Marks, NDArray[np.bool_]] = WeakKeyDictionary()

    @classmethod
    def of(cls, ids: Collection[int]) -> "Within":
        return ids if isinstance(ids, Within) else cls(ids)

    def chosen(self, segment: Segment) -> NDArray[np.bool_]:
        """Which slots of a segment are meant, whether their passages are alive or not."""
        found = self._chosen.get(segment.marks)
        if found is None:
            found = np.zeros(len(segment.ids), np.bool_)
            found[segment.slots_of(self.ids)] = True
            self._chosen[segment.marks] = found
        return found

    def __contains__(self, passage: object) -> bool:
        at = int(np.searchsorted(self.ids, passage)) if isinstance(passage, int) else len(self.ids)
        return at < len(self.ids) and bool(self.ids[at] == passage)

    def __iter__(self) -> Iterator[int]:
        return iter(self.ids.tolist())

    def __len__(self) -> int:
        return len(self.ids)


def _ascending(ids: Iterable[int]) -> NDArray[np.int64]:
    """Each once."""
    found = np.array(ids, np.int64) if isinstance(ids, np.ndarray) else np.fromiter(ids, np.int64)
    found.sort()
    return found[run_starts(found)] if len(found) else found
