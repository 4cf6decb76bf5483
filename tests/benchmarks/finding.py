"""Answers beside those of stock search engines, over folders of news with marked questions.

`python tests/benchmarks/finding.py SET...` (all sets otherwise) reads BRIEFING_DATA, asks this product and each peer
that is installed (the extra `benchmark`), scores all by the folder's own scorers, and prints for each figure ours
less the best peer's with the paired bootstrap interval. Every system always answers; with `--outlets-masked` it
prints instead how rightly this product falls silent when the outlets' names are taken out of the questions.

A peer indexes windows of three sentences; its quotes are, of each of its first three windows, the sentence that
shares most stems with the question.
"""

import argparse
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

import Stemmer
from rank_bm25 import BM25Okapi

from bot.evaluation.holding import Text
from retrieval.model import Span
from retrieval.text.sentences import sentences
from retrieval.text.stopwords import stop_words
from tests.quality.corpus import BRIEFING_DATA, Shelf, load, rows

SETS = ("news", "news2022", "xquad_en", "xquad_es", "xquad_ar", "xquad_zh")
WINDOW = 3  # sentences
PASSAGES = 10
QUOTES = 3
COMMON = 0.1  # of a set's questions, by one answer
STEMMERS = {"en": "english", "es": "spanish", "ar": "arabic"}
SHOWN = ("hit@1", "hit@3", "hit@10", "mrr@10", "ans_quotes@1", "ans_quotes@3", "goldsent_quotes@3", "quote_words")

_WORD = re.compile(r"\w+")

Row = dict[str, Any]
Search = Callable[[str], Sequence[int]]  # a question to the numbers of its windows, best first


class Windows:
    """The articles of a folder cut into windows of three sentences."""

    def __init__(self, folder: Path) -> None:
        self.articles = list(rows(folder / "articles.jsonl"))
        self.language = self.articles[0]["language"]
        self._common = stop_words(self.language)
        stemmer = STEMMERS.get(self.language)
        self._stem = Stemmer.Stemmer(stemmer).stemWords if stemmer else list
        self.places = [
            (number, cut[at : at + WINDOW])
            for number, article in enumerate(self.articles)
            for cut in [sentences(article["text"], self.language)]
            for at in range(0, len(cut), WINDOW)
        ]
        self.texts = [self.part(number, _around(cut))["text"] for number, cut in self.places]
        self.titled = [
            f"{self.articles[number].get('headline') or ''}\n{text}" for (number, _), text in self._numbered()
        ]

    def tokens(self, text: str) -> list[str]:
        """Lower-cased words without the language's stop words, stemmed; pairs of characters in Chinese."""
        found = _WORD.findall(text.lower())
        if self.language == "zh":
            return [word[at : at + 2] for word in found for at in range(max(1, len(word) - 1))]
        return list(self._stem([word for word in found if word not in self._common]))

    def part(self, number: int, span: Span) -> Row:
        """A stretch of an article, as the scorers read it."""
        article = self.articles[number]
        text = span.of(article["text"])
        return {"article_id": article["id"], "start": span.start, "end": span.end, "text": text}

    def line(self, question: Row, found: Sequence[int]) -> Row:
        """One line of a peer's run."""
        passages = [self.part(self.places[each][0], _around(self.places[each][1])) for each in found[:PASSAGES]]
        quotes = [self._quote(question["question"], each) for each in found[:QUOTES]]
        return {"qid": question["id"], "answered": True, "passages": passages, "quotes": quotes}

    def _quote(self, question: str, window: int) -> Row:
        number, cut = self.places[window]
        asked = set(self.tokens(question))
        parts = [self.part(number, span) for span in cut]
        return max(parts, key=lambda part: len(asked & set(self.tokens(part["text"]))))

    def _numbered(self) -> Iterator[tuple[tuple[int, list[Span]], str]]:
        return zip(self.places, self.texts, strict=True)


def _around(cut: Sequence[Span]) -> Span:
    return Span(cut[0].start, cut[-1].end)


# ── the peers ────────────────────────────────────────────────────────────────────────────────────


def with_rank_bm25(windows: Windows) -> Search:
    """BM25Okapi over lower-cased words, as its own first example has it."""
    index = BM25Okapi([text.lower().split() for text in windows.texts])  # type: ignore[no-untyped-call]

    def search(question: str) -> list[int]:
        scores = index.get_scores(question.lower().split())  # type: ignore[no-untyped-call]
        return list(map(int, scores.argsort()[::-1][:PASSAGES]))

    return search


def with_bm25s(windows: Windows, texts: Sequence[str]) -> Search:
    """Lucene's variant, with the language's stop words and Snowball stemmer; bigrams for Chinese."""
    import bm25s

    index = bm25s.BM25(method="lucene")
    index.index([windows.tokens(text) for text in texts], show_progress=False)
    return lambda question: index.retrieve([windows.tokens(question)], k=PASSAGES, show_progress=False)[0][0].tolist()


def with_tantivy(windows: Windows) -> Search:
    """Its own defaults, the question's words joined by OR."""
    import tantivy

    schema = tantivy.SchemaBuilder().add_integer_field("number", stored=True).add_text_field("text").build()
    index = tantivy.Index(schema)
    writer = index.writer()
    for number, text in enumerate(windows.texts):
        writer.add_document(tantivy.Document(number=number, text=text))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def search(question: str) -> list[int]:
        terms = [tantivy.Query.term_query(schema, "text", word) for word in _WORD.findall(question.lower())]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        return [searcher.doc(place)["number"][0] for _, place in searcher.search(query, PASSAGES).hits]

    return search


def peers(windows: Windows) -> Iterator[tuple[str, Search]]:
    """Each peer that is installed, under its name; says which are not."""
    kinds: dict[str, tuple[str, Callable[[], Search]]] = {
        "rank_bm25": ("rank_bm25", lambda: with_rank_bm25(windows)),
        "bm25s": ("bm25s", lambda: with_bm25s(windows, windows.texts)),
        "bm25s, titles": ("bm25s", lambda: with_bm25s(windows, windows.titled)),
        "tantivy": ("tantivy", lambda: with_tantivy(windows)),
    }
    for name, (package, built) in kinds.items():
        if find_spec(package):
            yield name, built()
        else:
            print(f"{name}: not installed (pip install '.[benchmark]'), left out", file=sys.stderr)


# ── one set ──────────────────────────────────────────────────────────────────────────────────────


def compare(name: str, place: Path) -> None:
    """Print the table of one set."""
    folder = BRIEFING_DATA / name
    questions, shelf, windows = list(rows(folder / "questions.jsonl")), load(folder), Windows(folder)
    runs = {"briefing-bot": ours(shelf, questions, place / "ours.jsonl", always=True)}
    for peer, search in peers(windows):
        lines = (windows.line(each, search(each["question"])) for each in questions)
        runs[peer] = written(place / f"{peer}.jsonl", lines)
    figures = {system: scored(folder, run) for system, run in runs.items()}
    for system, found in figures.items():
        print(f"{name:9} {system:14} " + "  ".join(f"{each} {_shown(found.get(each))}" for each in SHOWN), flush=True)
        for what, share in by_answer(questions, runs[system]).items():
            print(f"{name:9} {system:14} ans_quotes@3 {share:.3f} {what}", flush=True)
    best = max((peer for peer in runs if peer != "briefing-bot"), key=lambda peer: figures[peer]["ans_quotes@3"])
    print(f"{name}: briefing-bot less {best}, with the 95% interval of the difference")
    print(scorer("compare_runs.py", folder, runs[best], runs["briefing-bot"], "--split", "dev"))


def masked(name: str, place: Path) -> None:
    """Print how rightly this product falls silent where no question names an outlet."""
    folder = BRIEFING_DATA / name
    outlets = {row["outlet"] for row in rows(folder / "articles.jsonl") if row.get("outlet")}
    named = re.compile("|".join(sorted(map(re.escape, outlets), key=len, reverse=True)), re.IGNORECASE)
    questions = [
        each | {"question": named.sub("an outlet", each["question"])} for each in rows(folder / "questions.jsonl")
    ]
    found = scored(folder, ours(load(folder), questions, place / "masked.jsonl", always=False))
    told = ("abstain_balanced_acc", "abstain_ans", "abstain_unans")
    print(f"{name}, outlets masked: " + "  ".join(f"{each} {_shown(found.get(each))}" for each in told))


def ours(shelf: Shelf, questions: Sequence[Row], run: Path, *, always: bool) -> Path:
    """This product's run."""
    return written(run, (shelf.line(each["id"], shelf.ask(each["question"], always=always)) for each in questions))


def written(run: Path, lines: Iterator[Row]) -> Path:
    """A run as a file."""
    run.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return run


def by_answer(questions: Sequence[Row], run: Path) -> dict[str, float]:
    """How often three quotes hold the answer, counted otherwise where one answer is that of many questions."""
    held = defaultdict[str, list[float]](list)
    for question, line in zip(questions, rows(run), strict=True):
        if question["answerable"] and question["answers"]:
            quotes = [Text(quote["text"]) for quote in line["quotes"][:QUOTES]]
            held[question["answers"][0]].append(float(any(quote.holds(question["answers"]) for quote in quotes)))
    *rarer, _, commonest = sorted(held.values(), key=len)
    if len(commonest) < COMMON * sum(map(len, held.values())):
        return {}
    return {
        "over the distinct answers": fmean(map(fmean, held.values())),
        "without the two commonest": fmean(chain(*rarer)),
    }


def scored(folder: Path, run: Path) -> dict[str, float]:
    """The figures of the folder's own scorer."""
    found: dict[str, float] = json.loads(scorer("score_qa.py", folder, run))
    return found


def scorer(program: str, *words: Path | str) -> str:
    """What one of the folder's own scorers prints."""
    command = [sys.executable, str(BRIEFING_DATA / "scorers" / program), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=600).stdout


def _shown(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:.3f}"


def main() -> None:
    """The command line of this benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument("--outlets-masked", action="store_true")
    chosen = parser.parse_args()
    for name in chosen.sets:
        if not (BRIEFING_DATA / name).is_dir():
            print(f"no folder {name} of news to measure over; name one with BRIEFING_DATA", file=sys.stderr)
            continue
        with TemporaryDirectory() as place:
            (masked if chosen.outlets_masked else compare)(name, Path(place))


if __name__ == "__main__":
    main()
