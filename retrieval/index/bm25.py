"""rank-bm25's BM25Plus with its storage and its loop replaced: equal scores to the last bit, sparse and incremental.

One thread writes at a time, any number search meanwhile: each search reads one whole corpus, as a change left it.
"""

import math
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Plus

from retrieval.index import merging
from retrieval.index.pruning import pruned
from retrieval.index.saturation import Saturation
from retrieval.index.searching import Kernel, Query, best, scores_of
from retrieval.index.segment import REPEATED, Places, Segment, build, live_ids
from retrieval.index.vocabulary import Part, Vocabulary
from retrieval.index.within import Within
from retrieval.model import Hit, Statistics

# A change merges segments up to this size, in a millisecond or two; larger merges are left to a thread.
SEGMENT_PASSAGES_MAX = 512
# A segment is rewritten when more than this share of it is removed.
DEAD_SHARE_MAX = 0.25
# Larger merges join a segment with all that came after it, once that is more than this share of it.
NEWER_SHARE_MAX = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class _Corpus:
    """All passages at one moment; without an index token there is no saturation."""

    segments: tuple[Segment, ...] = ()
    passages: int = 0
    length: int = 0
    saturation: Saturation | None = None


class SparseBM25Plus(BM25Plus):
    """BM25Plus over passages with ids; `delta` is 0, which keeps it sparse.

    Made from a corpus, as the stock class is, its passages are numbered from 0.
    """

    def __init__(
        self,
        corpus: Iterable[Any] = (),
        tokenizer: Callable[[Any], Sequence[str]] | None = None,
        k1: float = 1.5,
        b: float = 0.75,
    ) -> None:
        self.k1 = k1
        self.b = b
        self.delta = 0
        self.corpus_size = 0
        self.avgdl: float = 0  # type: ignore[assignment]  # the stock class starts at the integer 0
        self.vocabulary = Vocabulary()
        self.kernel: Kernel = pruned
        self._corpus = _Corpus()
        self._writing = threading.Lock()
        self._merging: Sequence[Segment] = ()
        self.change(dict(enumerate(map(tokenizer, corpus) if tokenizer else corpus)), {})

    @classmethod
    def of(cls, segments: Sequence[Segment], vocabulary: Vocabulary) -> "SparseBM25Plus":
        """An index of what another one held."""
        index = cls()
        index.vocabulary = vocabulary
        index._publish(segments)
        return index

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def change(self, added: Mapping[int, Sequence[str]], removed: Mapping[int, Sequence[str]]) -> None:
        """Take passages out, then in; searchable on return. An id added again replaces its passage.

        `removed` tells the index tokens of what goes, or none where they are not known, which costs more.
        """
        with self._writing:
            segments = self._without(removed, added)
            ids = sorted(added)
            for at in range(0, len(ids), SEGMENT_PASSAGES_MAX):
                part = {passage: added[passage] for passage in ids[at : at + SEGMENT_PASSAGES_MAX]}
                segments.append(build(part, self.vocabulary.numbers))
            self._publish(self._joined(segments))

    def _without(self, removed: Mapping[int, Sequence[str]], added: Mapping[int, Sequence[str]]) -> list[Segment]:
        """The segments without some passages; ids they do not hold are passed over."""
        ids = np.array(sorted({*removed, *added}), np.int64)

        def numbers_of(passage: int) -> Counter[int]:
            words = Counter(removed.get(passage, ()))
            known = self.vocabulary.known(list(words))
            return Counter({known[word]: count for word, count in words.items() if word in known})

        left = [segment.without(ids, numbers_of) for segment in self._corpus.segments]
        return [self._shrunk(segment) for segment in left if segment.passages or self._held(segment)]

    def _shrunk(self, segment: Segment) -> Segment:
        small = len(segment.ids) <= SEGMENT_PASSAGES_MAX and not self._held(segment)
        return merging.merged([segment]) if small and _worn(segment) else segment

    def _joined(self, segments: Sequence[Segment]) -> list[Segment]:
        """Fewer segments: none is left beside an earlier one less than twice its size, unless both are large."""
        stack: list[list[Segment]] = []
        for segment in segments:
            stack.append([segment])
            while len(stack) > 1 and self._joinable(stack[-2], stack[-1]):
                stack[-2:] = [stack[-2] + stack[-1]]
        return [merging.merged(run) if len(run) > 1 else run[0] for run in stack]

    def _joinable(self, earlier: Sequence[Segment], later: Sequence[Segment]) -> bool:
        sizes = [sum(len(segment.ids) for segment in run) for run in (earlier, later)]
        small = sizes[0] < 2 * sizes[1] and sum(sizes) <= SEGMENT_PASSAGES_MAX
        return small and not any(map(self._held, (*earlier, *later)))

    def _held(self, segment: Segment) -> bool:
        return any(segment.is_of(other) for other in self._merging)

    def _publish(self, found: Sequence[Segment]) -> None:
        segments = [segment for segment in found if segment.passages or self._held(segment)]
        passages = sum(segment.passages for segment in segments)
        length = sum(segment.length for segment in segments)
        self.corpus_size = passages
        self.avgdl = length / passages if passages else 0.0
        saturation = None
        if length:
            longest = max(segment.longest for segment in segments)
            saturation = Saturation.over(self.k1, self.b, self.avgdl, longest)
        self._corpus = _Corpus(tuple(segments), passages, length, saturation)

    # ── merging, beside all else ─────────────────────────────────────────────────────────────────

    @property
    def segments(self) -> tuple[Segment, ...]:
        """What the index holds at this moment, oldest first."""
        return self._corpus.segments

    def due(self) -> Sequence[Segment]:
        """The neighbours that should be one segment, or the one that holds too much that is gone; none otherwise.

        They are left alone by changes until `swap` or `let_go`.
        """
        with self._writing:
            self._merging = _due(self._corpus.segments)
            return self._merging

    def swap(self, before: Sequence[Segment], merged: Segment | None) -> None:
        """Put one segment, which holds the same passages, where neighbours were; what went since goes there too."""
        with self._writing:
            segments = self._corpus.segments
            at = next((n for n, segment in enumerate(segments) if segment.is_of(before[0])), None)
            self._merging = ()
            if at is None:
                return
            now = segments[at : at + len(before)]
            new = [] if merged is None else [merging.carried(merged, before, now)]
            self._publish([*segments[:at], *new, *segments[at + len(before) :]])

    def keep(self, part: Part, instead_of: Sequence[Part]) -> None:
        """Look words up in a stored part from now on."""
        with self._writing:
            self.vocabulary.keep(part, instead_of)

    def let_go(self) -> None:
        """Nothing is merged after all."""
        self._merging = ()

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def search(self, words: Sequence[str], k: int, within: Collection[int] | None = None) -> list[Hit]:
        """The k best passages that hold any of the words, ordered by (score descending, id).

        To ask often within many ids, hand them in as one `Within`.
        """
        corpus = self._corpus
        places, query = self._query(corpus, words, k, None if within is None else Within.of(within))
        return best(corpus.segments, places, query, self.kernel) if query else []

    @property
    def words(self) -> Collection[str]:
        """Every word that a passage holds, or has held."""
        return self.vocabulary

    def statistics(self, words: Sequence[str]) -> Statistics:
        """What the scores of these words rest on."""
        corpus = self._corpus
        known = self.vocabulary.known(words)
        places = _places(corpus.segments, list(known.values()))
        counts = dict(zip(known, _holding(places, len(known)), strict=True))
        average = corpus.length / corpus.passages if corpus.passages else 0.0
        return Statistics(corpus.passages, average, {word: counts.get(word, 0) for word in words})

    def get_scores(self, query: Sequence[str]) -> NDArray[np.float64]:
        """The score of every passage, in the order of their ids."""
        corpus = self._corpus
        places, asked = self._query(corpus, query)
        found = scores_of(corpus.segments, places, asked) if asked else np.zeros(corpus.passages)
        in_order: NDArray[np.float64] = found[np.argsort(live_ids(corpus.segments), kind="stable")]
        return in_order

    def get_batch_scores(self, query: Sequence[str], doc_ids: Sequence[int]) -> list[float]:
        """The scores of some passages, named by their place in the order of ids, from 0."""
        scores: list[float] = self.get_scores(query)[list(doc_ids)].tolist()
        return scores

    def _query(
        self, corpus: _Corpus, words: Sequence[str], k: int = 0, within: Within | None = None
    ) -> tuple[list[Places], Query | None]:
        """Where each word stands, in their order, repeats kept, and how rare it is; no query where there is nothing."""
        known = self.vocabulary.known(words)
        numbers = [known[word] for word in words if word in known]
        places = _places(corpus.segments, numbers)
        holding = _holding(places, len(numbers))
        if corpus.saturation is None or not any(holding):
            return places, None
        weights = [math.log((corpus.passages + 1) / passages) if passages else 0.0 for passages in holding]
        return places, Query(weights, corpus.saturation, k, within)


def _places(segments: Sequence[Segment], words: Sequence[int]) -> list[Places]:
    """For each segment where its postings of each word stand: those of once, then those of its repeated row."""
    rows = np.repeat(np.array(words, np.uint32), 2)
    rows[1::2] |= REPEATED
    return [segment.ranges(rows) for segment in segments]


def _holding(places: Sequence[Places], words: int) -> list[int]:
    """How many passages hold each of so many words."""
    alive = sum((each.alive for each in places), np.zeros(2 * words, np.int64))
    counts: list[int] = (alive[::2] + alive[1::2]).tolist()
    return counts


def _worn(segment: Segment) -> bool:
    return len(segment.ids) - segment.passages > DEAD_SHARE_MAX * len(segment.ids)


def _due(segments: Sequence[Segment]) -> Sequence[Segment]:
    newer = 0
    run = 0
    for back, segment in enumerate(reversed(segments), start=1):
        if newer > NEWER_SHARE_MAX * len(segment.ids) and newer + len(segment.ids) > SEGMENT_PASSAGES_MAX:
            run = back
        newer += len(segment.ids)
    if run:
        return segments[-run:]
    return next(([segment] for segment in segments if _worn(segment)), ())
