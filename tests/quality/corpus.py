"""A folder of news in memory, asked through the product's own functions: cut, index, search, choose.

No database stands between: what is measured is retrieval alone. Reads the folder, keeps nothing of it.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.newsroom import drafts
from retrieval import passages, question, quotes
from retrieval.engine.embedded import Embedded
from retrieval.model import Candidate, IndexChange, Kind, Passage, Pick, Question, Span, Statistics
from retrieval.spelling import spelled
from retrieval.text import language as languages
from retrieval.text import tokens

BRIEFING_DATA = Path(os.environ.get("BRIEFING_DATA", Path(__file__).parents[3] / "shared" / "data"))
CANDIDATES_MAX = 200
PASSAGES_SHOWN = 10


@dataclass
class Shelf:
    """Articles by their ids, cut and indexed."""

    engine: Embedded = field(default_factory=Embedded)
    names: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)

    def add(self, row: dict[str, Any]) -> None:
        """Put one article, a line of articles.jsonl, on the shelf and into the index."""
        language = languages.identify(row["text"], row.get("language"))
        version = len(self.texts)
        self.names.append(row.get("id", str(version)))
        self.texts.append(row["text"])
        for ordinal, span in enumerate(passages.cut(row["text"], language)):
            self._add(Passage(len(self.candidates), version, ordinal, span), row, language)

    def _add(self, passage: Passage, row: dict[str, Any], language: str) -> None:
        text, headline = passage.span.of(row["text"]), row.get("headline")
        self.candidates.append(
            Candidate(
                passage=passage,
                score=0.0,
                text=text,
                article_id=passage.version_id,
                headline=headline,
                outlet=row.get("outlet"),
                language=language,
                published=drafts.published(row["published_at"]) if row.get("published_at") else None,
            )
        )
        words = passages.index_tokens(headline, text, language)
        change = IndexChange(self.engine.seq + 1, passage.id, Kind.ADD, tokens.index_of(language), words)
        self.engine.catch_up([change])

    def asked(self, words: str, language: str | None = None) -> tuple[Question, list[Candidate], Statistics]:
        """The question read, its candidates with their BM25 scores, and the statistics of its words."""
        read = question.parse(words, language=language, languages=self.engine.languages())
        index = tokens.index_of(read.language)
        read = spelled(read, self.engine.statistics(read.terms, language=index), self.engine.vocabulary(index))
        hits = self.engine.search(read.searched, CANDIDATES_MAX, language=index)
        found = [_scored(self.candidates[hit.passage_id], hit.score) for hit in hits]
        return read, found, self.engine.statistics(read.terms, language=index)

    def ask(self, words: str, *, always: bool = False, language: str | None = None) -> quotes.Chosen:
        """What the product answers."""
        read, found, statistics = self.asked(words, language)
        return quotes.choose(read, found, statistics, always=always)

    def words_of(self, pick: Pick) -> str:
        """The quote itself."""
        return pick.span.of(self.texts[pick.version_id])

    def line(self, name: str, chosen: quotes.Chosen) -> dict[str, Any]:
        """One line of a run, as the folder's scorers read it."""
        return {
            "qid": name,
            "answered": bool(chosen.picks),
            "passages": [self._part(c.passage.version_id, c.passage.span) for c in chosen.ranked[:PASSAGES_SHOWN]],
            "quotes": [self._part(pick.version_id, pick.span) for pick in chosen.picks],
        }

    def _part(self, version: int, span: Span) -> dict[str, Any]:
        text = span.of(self.texts[version])
        return {"article_id": self.names[version], "start": span.start, "end": span.end, "text": text}


def load(folder: Path) -> Shelf:
    """The articles of a folder, ready to be asked."""
    shelf = Shelf()
    for row in rows(folder / "articles.jsonl"):
        shelf.add(row)
    return shelf


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a .jsonl file."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _scored(candidate: Candidate, score: float) -> Candidate:
    return candidate._replace(score=score)
