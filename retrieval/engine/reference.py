"""The oracle: plain rank_bm25 over everything, rebuilt after each change. Slow, and right by definition."""

from collections.abc import Collection, Iterable, Sequence

from rank_bm25 import BM25Plus

from retrieval.model import Hit, IndexChange, Kind, Statistics
from retrieval.text.tokens import index_of


class Reference:
    """A SearchEngine that keeps the stock class's meaning and cost."""

    def __init__(self) -> None:
        self.seq = 0
        self._passages: dict[str, dict[int, tuple[str, ...]]] = {}
        self._built: dict[str, BM25Plus] = {}

    def search(
        self, words: Sequence[str], k: int, within: Collection[int] | None = None, *, language: str
    ) -> list[Hit]:
        passages = self._corpus(language)
        if not any(passages.values()):  # the stock class divides by zero
            return []
        scores = self._bm25(language).get_scores(words).tolist()  # type: ignore[no-untyped-call]
        hits = [Hit(passage, score) for passage, score in zip(sorted(passages), scores, strict=True) if score > 0]
        wanted = [hit for hit in hits if within is None or hit.passage_id in within]
        return sorted(wanted, key=lambda hit: (-hit.score, hit.passage_id))[:k]

    def catch_up(self, changes: Iterable[IndexChange]) -> None:
        for change in changes:
            if change.seq > self.seq:
                self._take(change)
                self.seq = change.seq

    def statistics(self, words: Sequence[str], *, language: str) -> Statistics:
        held = [set(tokens) for tokens in self._corpus(language).values()]
        length = sum(map(len, self._corpus(language).values()))
        holding = {word: sum(word in tokens for tokens in held) for word in words}
        return Statistics(len(held), length / len(held) if held else 0.0, holding)

    def vocabulary(self, language: str) -> Collection[str]:
        return {word for tokens in self._corpus(language).values() for word in tokens}

    def languages(self) -> dict[str, int]:
        return {index: len(passages) for index, passages in self._passages.items() if passages}

    def _corpus(self, language: str) -> dict[int, tuple[str, ...]]:
        return self._passages.get(index_of(language), {})

    def _take(self, change: IndexChange) -> None:
        index = index_of(change.language)
        passages = self._passages.setdefault(index, {})
        passages.pop(change.passage_id, None)
        if change.kind is Kind.ADD:
            passages[change.passage_id] = tuple(change.tokens)
        self._built.pop(index, None)

    def _bm25(self, language: str) -> BM25Plus:
        index = index_of(language)
        if index not in self._built:
            passages = self._passages[index]
            corpus = [passages[passage] for passage in sorted(passages)]
            self._built[index] = BM25Plus(corpus, delta=0)  # type: ignore[no-untyped-call]
        return self._built[index]
