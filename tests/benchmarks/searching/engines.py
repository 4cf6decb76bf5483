"""The engines side by side: ours with each kernel, and what a user would take instead. Knows no clock.

Each is fed the same index tokens, keeps its index in a folder of its own and finds the ids of the best passages.
Peers run with their own defaults: bm25s with Lucene's variant, tantivy with term frequencies and no positions.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # a peer's process, whose start and memory are measured, loads nothing of ours
    from retrieval.engine.embedded import Embedded
    from retrieval.index.within import Within
    from tests.benchmarks.searching.corpus import Corpus

LANGUAGE = "en"
PASSAGES_AT_ONCE = 2_000  # as a start takes them in
UNSAVED_MAX = 100_000
WRITER_BYTES = 400 << 20


class Chosen:
    """A filter of a question: days from `since` on, or one outlet; and the ids of the passages it leaves."""

    def __init__(self, corpus: "Corpus", *, since: int | None = None, outlet: int | None = None) -> None:
        self.since, self.outlet = since, outlet
        mask = np.ones(len(corpus), np.bool_)
        if since is not None:
            mask &= corpus.days >= since
        if outlet is not None:
            mask &= corpus.outlets == outlet
        self.mask: NDArray[np.bool_] = mask
        self.ids: NDArray[np.int64] = np.flatnonzero(mask) + 1

    @cached_property
    def within(self) -> "Within":
        """As our engine takes it: made once, as a bot that keeps a filter does."""
        from retrieval.index.within import Within

        return Within(self.ids)


class Engine(Protocol):
    """Passage n of the corpus has the id n + 1."""

    name: str
    needs: str  # the package without which it is left out

    @classmethod
    def build(cls, corpus: "Corpus", folder: Path) -> None: ...

    def __init__(self, folder: Path) -> None:
        """Open what was built."""
        ...

    def search(self, words: Sequence[str], k: int) -> Sequence[int]: ...


class Filtering(Engine, Protocol):
    def search_within(self, words: Sequence[str], k: int, chosen: Chosen) -> Sequence[int]: ...


class Adding(Engine, Protocol):
    def add(self, tokens: Sequence[Sequence[str]]) -> None:
        """Make further passages searchable."""
        ...


class Ours:
    name = "briefing-bot, numpy"
    needs = "numpy"

    @classmethod
    def build(cls, corpus: "Corpus", folder: Path) -> None:
        from retrieval.engine.embedded import Embedded

        engine = Embedded(folder / "ours")
        for begin, tokens in _slices(corpus):
            cls._add(engine, begin, tokens)
            if engine.unsaved >= UNSAVED_MAX:
                engine.tend()
        engine.tend()
        engine.close()

    def __init__(self, folder: Path) -> None:
        from retrieval.engine.embedded import Embedded

        self.engine = Embedded(folder / "ours")

    def search(self, words: Sequence[str], k: int) -> Sequence[int]:
        return [hit.passage_id for hit in self.engine.search(words, k, language=LANGUAGE)]

    def search_within(self, words: Sequence[str], k: int, chosen: Chosen) -> Sequence[int]:
        return [hit.passage_id for hit in self.engine.search(words, k, chosen.within, language=LANGUAGE)]

    def add(self, tokens: Sequence[Sequence[str]]) -> None:
        self._add(self.engine, self.engine.seq, tokens)

    @staticmethod
    def _add(engine: "Embedded", begin: int, tokens: Sequence[Sequence[str]]) -> None:
        from retrieval.model import IndexChange, Kind

        engine.catch_up(
            [IndexChange(at, at, Kind.ADD, LANGUAGE, words) for at, words in enumerate(tokens, start=begin + 1)]
        )


class OursFast(Ours):
    name = "briefing-bot, fast"
    needs = "numba"

    @classmethod
    def build(cls, corpus: "Corpus", folder: Path) -> None:
        """One index for both kernels."""

    def __init__(self, folder: Path) -> None:
        """Loaded at once, where the bot loads the kernel in the background."""
        super().__init__(folder)
        self.engine.quicken()


class Tantivy:
    name = "tantivy"
    needs = "tantivy"

    @classmethod
    def build(cls, corpus: "Corpus", folder: Path) -> None:
        import tantivy

        path = folder / "tantivy"
        path.mkdir()
        index = tantivy.Index(cls._schema(), path=str(path))
        writer = index.writer(WRITER_BYTES)
        for begin, tokens in _slices(corpus):
            for at, words in enumerate(tokens, start=begin):
                day, outlet = int(corpus.days[at]), int(corpus.outlets[at])
                writer.add_document(tantivy.Document(number=at + 1, day=day, outlet=outlet, text=" ".join(words)))
        writer.commit()
        writer.wait_merging_threads()

    @staticmethod
    def _schema() -> Any:
        import tantivy

        builder = tantivy.SchemaBuilder().add_integer_field("number", fast=True)
        builder.add_integer_field("day", fast=True, indexed=True)
        builder.add_integer_field("outlet", fast=True, indexed=True)
        return builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq").build()

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._tantivy = tantivy
        self._index = tantivy.Index.open(str(folder / "tantivy"))
        self._schema_here = self._index.schema
        self._searcher = self._index.searcher()
        self._writer: Any = None

    def _any_of(self, words: Sequence[str]) -> Any:
        query, should = self._tantivy.Query, self._tantivy.Occur.Should
        return query.boolean_query([(should, query.term_query(self._schema_here, "text", word)) for word in words])

    def search(self, words: Sequence[str], k: int) -> Sequence[int]:
        return self._found(self._any_of(words), k)

    def _found(self, query: Any, k: int) -> Sequence[int]:
        found = self._searcher.search(query, limit=k, count=False).hits
        numbers: list[int] = self._searcher.fast_field_values("number", [address for _, address in found])
        return numbers

    def search_within(self, words: Sequence[str], k: int, chosen: Chosen) -> Sequence[int]:
        query, must = self._tantivy.Query, self._tantivy.Occur.Must
        parts = [(must, self._any_of(words))]
        if chosen.since is not None:
            kind = self._tantivy.FieldType.Integer
            parts.append((must, query.range_query(self._schema_here, "day", kind, chosen.since, None)))
        if chosen.outlet is not None:
            only = query.term_query(self._schema_here, "outlet", chosen.outlet)
            parts.append((must, query.const_score_query(only, 0.0)))
        return self._found(query.boolean_query(parts), k)

    def add(self, tokens: Sequence[Sequence[str]]) -> None:
        if self._writer is None:
            self._writer = self._index.writer(WRITER_BYTES)
        for words in tokens:
            self._writer.add_document(self._tantivy.Document(number=0, day=0, outlet=0, text=" ".join(words)))
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()


class Bm25s:
    name = "bm25s, numpy"
    needs = "bm25s"
    backend = "numpy"

    @classmethod
    def build(cls, corpus: "Corpus", folder: Path) -> None:
        import bm25s

        index = bm25s.BM25()
        index.index([words for _, tokens in _slices(corpus) for words in tokens], show_progress=False)
        index.save(str(folder / "bm25s"))

    def __init__(self, folder: Path) -> None:
        import bm25s

        self._index = bm25s.BM25.load(
            str(folder / "bm25s"), mmap=True, show_progress=False, override_params={"backend": self.backend}
        )
        if self.backend == "numba":
            self._index.activate_numba_scorer()

    def search(self, words: Sequence[str], k: int) -> Sequence[int]:
        return self._found(words, k, None)

    def search_within(self, words: Sequence[str], k: int, chosen: Chosen) -> Sequence[int]:
        return self._found(words, k, chosen.mask.astype(np.float32))

    def _found(self, words: Sequence[str], k: int, mask: NDArray[np.float32] | None) -> Sequence[int]:
        found = self._index.retrieve([list(words)], k=k, show_progress=False, weight_mask=mask)[0]
        numbers: list[int] = (found[0] + 1).tolist()
        return numbers


class Bm25sCompiled(Bm25s):
    name = "bm25s, numba"
    backend = "numba"

    @classmethod
    def build(cls, corpus: "Corpus", folder: Path) -> None:
        """One index for both backends."""


class RankBm25:
    """Not kept anywhere: it is built when it is opened."""

    name = "rank_bm25"
    needs = "rank_bm25"

    @classmethod
    def build(cls, corpus: "Corpus", folder: Path) -> None:
        cls._made(corpus)

    def __init__(self, folder: Path) -> None:
        from tests.benchmarks.searching.corpus import Corpus

        self._index = self._made(Corpus.load(folder / "corpus"))

    @staticmethod
    def _made(corpus: "Corpus") -> Any:
        from rank_bm25 import BM25Plus

        return BM25Plus([words for _, tokens in _slices(corpus) for words in tokens], delta=0)  # type: ignore[no-untyped-call]

    def search(self, words: Sequence[str], k: int) -> Sequence[int]:
        scores = self._index.get_scores(words)
        best = np.argpartition(-scores, k)[:k]
        numbers: list[int] = (best[np.argsort(-scores[best])] + 1).tolist()
        return numbers


ENGINES: Sequence[type[Engine]] = (Ours, OursFast, Bm25s, Bm25sCompiled, Tantivy, RankBm25)


def installed() -> list[type[Engine]]:
    """The engines whose packages are here."""
    return [engine for engine in ENGINES if find_spec(engine.needs)]


def _slices(corpus: "Corpus") -> Iterator[tuple[int, list[list[str]]]]:
    for begin in range(0, len(corpus), PASSAGES_AT_ONCE):
        yield begin, corpus.tokens(begin, min(begin + PASSAGES_AT_ONCE, len(corpus)))
