"""The engine inside the process: a sparse index a language, kept in a folder, caught up from the index's history.

The history is the durable copy: what the folder lacks, or holds damaged, is taken from there again.
"""

import threading
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import structlog

from retrieval.engine import keeping
from retrieval.engine.folder import Closed, Folder
from retrieval.engine.keeping import Snapshot
from retrieval.engine.manifest import Change, recognised
from retrieval.index import kernels, merging
from retrieval.index.bm25 import SparseBM25Plus
from retrieval.index.searching import Kernel
from retrieval.index.segment import Segment
from retrieval.model import Hit, IndexChange, Kind, Statistics
from retrieval.text.tokens import index_of

SEARCHES_BEFORE_FAST = 10  # so that who asks once does not wait for what only the next ones gain by
SAVE_CHANGES = 1_000  # fewer are taken from the history at the next start, in some 20 ms

_language_of = lru_cache(1_024)(index_of)  # each change asks

log = structlog.get_logger(__name__)


class Embedded:
    """A SearchEngine over a folder, or in memory alone. One thread may catch up, another tend, while others search.

    Catching up costs some 20 microseconds a passage: hand in long histories in slices of a few hundred changes.
    `opened` is the newest change in the folder when it was opened, `unsaved` counts those it lacks.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.seq = 0
        self.unsaved = 0
        self._newest = Change(0, 0)
        self._turn, self._tending = threading.Lock(), threading.Lock()
        self._folder = Folder(folder) if folder else None
        self._failing = False
        self._kernel: Kernel | None = None
        self._searches = 0
        found = keeping.opened(self._folder) if self._folder else None
        self.opened = found.newest if found else None
        self._indexes: dict[str, SparseBM25Plus] = dict(found.indexes) if found else {}
        self._ahead: dict[str, int] = {}  # languages that know more of the history than others: up to which seq
        self._unchecked = list(self._indexes)
        if found and found.lost:
            self._ahead = dict.fromkeys(self._indexes, found.newest.seq)
        elif found:
            self.seq, self._newest = found.newest.seq, found.newest

    # ── searching ────────────────────────────────────────────────────────────────────────────────

    def search(
        self, words: Sequence[str], k: int, within: Collection[int] | None = None, *, language: str
    ) -> list[Hit]:
        """The k best passages of this language's index, ordered by (score descending, passage id)."""
        index = self._indexes.get(index_of(language))
        self._searches += 1
        try:
            return index.search(words, k, within) if index else []
        except IndexError:  # a posting that was damaged in its file
            self._lose(index_of(language))
            return []

    def quicken(self) -> None:
        """Search by the fastest kernel that is installed from now on; takes half a second, the first time longer."""
        self._kernel = kernels.fastest()
        with self._turn:
            for index in self._indexes.values():
                index.kernel = self._kernel

    def statistics(self, words: Sequence[str], *, language: str) -> Statistics:
        """The corpus statistics of this language's index for these words."""
        index = self._indexes.get(index_of(language))
        return index.statistics(words) if index else Statistics(0, 0.0, dict.fromkeys(words, 0))

    def vocabulary(self, language: str) -> Collection[str]:
        """Every word that a passage of this language's index holds, or has held."""
        index = self._indexes.get(index_of(language))
        return index.vocabulary if index else ()

    def languages(self) -> dict[str, int]:
        """How many passages each index holds; empty indexes are left out."""
        return {language: index.corpus_size for language, index in self._indexes.items() if index.corpus_size}

    # ── following the history ────────────────────────────────────────────────────────────────────

    def catch_up(self, changes: Iterable[IndexChange]) -> None:
        """Take in changes in the order of their seq, all searchable on return; those already in are passed over."""
        with self._turn:
            fresh = [change for change in changes if change.seq > self.seq]
            for language, (added, removed) in self._net(fresh).items():
                self._index(language).change(added, removed)
            if fresh:
                self.seq, self._newest = fresh[-1].seq, recognised(fresh[-1])
                self.unsaved += len(fresh)

    def _index(self, language: str) -> SparseBM25Plus:
        if language not in self._indexes:
            self._indexes[language] = index = SparseBM25Plus()
            index.kernel = self._kernel or index.kernel
        return self._indexes[language]

    def _net(
        self, changes: Sequence[IndexChange]
    ) -> dict[str, tuple[dict[int, Sequence[str]], dict[int, Sequence[str]]]]:
        """What changes come to: for each language the passages that come and those that go."""
        net: dict[str, tuple[dict[int, Sequence[str]], dict[int, Sequence[str]]]] = {}
        for change in changes:
            language = _language_of(change.language)
            if change.seq > self._ahead.get(language, 0):
                added, removed = net.setdefault(language, ({}, {}))
                added.pop(change.passage_id, None)
                (added if change.kind is Kind.ADD else removed)[change.passage_id] = change.tokens
        return net

    def follows(self, change: IndexChange | None) -> bool:
        """Whether this, of seq ``opened.seq``, is the change up to which the folder goes."""
        return self.opened is None or (change is not None and recognised(change) == self.opened)

    def forget(self) -> None:
        """Begin the history anew: what was indexed belongs to another one."""
        log.warning("the search index is made anew from storage", why="its folder follows another history")
        with self._turn:
            self._indexes, self._ahead = {}, {}
            self.seq, self.opened, self._newest = 0, None, Change(0, 0)

    def _lose(self, language: str) -> None:
        """Begin the history of one language anew."""
        log.warning("the search index is made anew from storage", language=language, why="a file is damaged")
        with self._turn:
            self._indexes.pop(language, None)
            self._ahead = {each: max(self.seq, self._ahead.get(each, 0)) for each in self._indexes}
            self.seq = 0

    # ── keeping the folder ───────────────────────────────────────────────────────────────────────

    def tend(self) -> None:
        """Merge what is due and bring the folder up to date; meant for a thread beside all else.

        After the first questions the fastest kernel is loaded here too.
        """
        if self._kernel is None and self._searches >= SEARCHES_BEFORE_FAST:
            self.quicken()
        with self._tending:
            self._check()
            if self._folder and self.unsaved < SAVE_CHANGES:
                return
            try:
                folder = self._folder if self._folder and self._folder.ours() else None
                self._merge(folder)
                if folder:
                    self._save(folder)
                self._failing = False
            except Closed:
                return
            except OSError as error:
                self._merge(None)
                if not self._failing:
                    log.warning("the search index cannot be saved, and is kept in memory", why=error.strerror)
                self._failing = True

    def close(self) -> None:
        """Write no more, so that another process may."""
        if self._folder:
            self._folder.close()

    def _merge(self, folder: Folder | None) -> None:
        for language, index in list(self._indexes.items()):
            while run := index.due():
                try:
                    index.swap(run, _merged(folder, language, index, run))
                except BaseException:
                    index.let_go()
                    raise

    def _save(self, folder: Folder) -> None:
        with self._turn:
            if self.seq < max(self._ahead.values(), default=0):
                return
            unsaved = self.unsaved
            snapshots = [Snapshot.of(language, index) for language, index in self._indexes.items()]
            newest = self._newest
        if keeping.save(folder, newest, snapshots, over=self.opened is None):
            with self._turn:
                self.unsaved -= unsaved
                self.opened = newest

    def _check(self) -> None:
        """Read through what opening only mapped."""
        while self._folder and self._unchecked:
            language = self._unchecked.pop()
            index = self._indexes.get(language)
            if index and not self._folder.sound(index.segments):
                self._lose(language)


def _merged(folder: Folder | None, language: str, index: SparseBM25Plus, run: Sequence[Segment]) -> Segment:
    return folder.segment(language, merging.plan(run)) if folder else merging.merged(run)
