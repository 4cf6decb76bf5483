"""The engine inside the process: a sparse index a language, in memory, caught up from the index's history."""

from collections.abc import Collection, Iterable, Sequence

from retrieval.index.bm25 import SparseBM25Plus
from retrieval.model import Hit, IndexChange, Kind, Statistics
from retrieval.text.tokens import index_of


class Embedded:
    """A SearchEngine in memory. One thread may catch up while others search.

    Catching up costs some 20 microseconds a passage: hand in long histories in slices of a few hundred changes.
    """

    def __init__(self) -> None:
        self.seq = 0
        self._indexes: dict[str, SparseBM25Plus] = {}

    def search(
        self, words: Sequence[str], k: int, within: Collection[int] | None = None, *, language: str
    ) -> list[Hit]:
        """The k best passages of this language's index, ordered by (score descending, passage id)."""
        index = self._indexes.get(index_of(language))
        return index.search(words, k, within) if index else []

    def catch_up(self, changes: Iterable[IndexChange]) -> None:
        """Take in changes in the order of their seq, all searchable on return; those already in are passed over."""
        seq = self.seq
        net: dict[str, dict[int, Sequence[str] | None]] = {}
        for change in changes:
            if change.seq > seq:
                seq = change.seq
                tokens = change.tokens if change.kind is Kind.ADD else None
                net.setdefault(index_of(change.language), {})[change.passage_id] = tokens
        for language, passages in net.items():
            added = {passage: tokens for passage, tokens in passages.items() if tokens is not None}
            index = self._indexes.setdefault(language, SparseBM25Plus())
            index.change(added, [passage for passage in passages if passage not in added])
        self.seq = seq

    def statistics(self, words: Sequence[str], *, language: str) -> Statistics:
        """The corpus statistics of this language's index for these words."""
        index = self._indexes.get(index_of(language))
        return index.statistics(words) if index else Statistics(0, 0.0, dict.fromkeys(words, 0))

    def vocabulary(self, language: str) -> Collection[str]:
        """Every word that a passage of this language's index holds, or has held."""
        index = self._indexes.get(index_of(language))
        return index.words if index else ()

    def languages(self) -> dict[str, int]:
        """How many passages each index holds; empty indexes are left out."""
        return {language: index.corpus_size for language, index in self._indexes.items() if index.corpus_size}
