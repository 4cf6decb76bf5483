"""The seam to search: BM25 alone, ids and scores without words."""

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from retrieval.model import Hit, IndexChange, Statistics


class SearchEngine(Protocol):
    """One index a language; scores are rank-bm25's ``BM25Plus(delta=0)`` over that language's passages.

    `seq` is the number of the newest change that is searchable.
    """

    @property
    def seq(self) -> int: ...

    def search(
        self, words: Sequence[str], k: int, within: Collection[int] | None = None, *, language: str
    ) -> list[Hit]:
        """The k best passages that hold any of the words, ordered by (score descending, passage id).

        Many ids that several questions are asked within are best handed in as one `retrieval.index.within.Within`.
        """
        ...

    def catch_up(self, changes: Iterable[IndexChange]) -> None:
        """Take in changes in the order of their seq; those already taken in are passed over."""
        ...

    def statistics(self, words: Sequence[str], *, language: str) -> Statistics:
        """The corpus statistics behind the scores of these words."""
        ...

    def vocabulary(self, language: str) -> Collection[str]:
        """Every word that a passage of this language's index holds; words of removed passages may be among them."""
        ...

    def languages(self) -> dict[str, int]:
        """How many passages each index holds; empty indexes are left out."""
        ...
