"""Precision against coverage of the speakers shown, over articles in which readers marked who said what.

`python -m tests.benchmarks.naming [MARKED.jsonl] [OUT.svg]` (PolNeAR of BRIEFING_DATA otherwise; a picture only with
the extra `benchmark` and a file to draw into) ranks what the rules find by how
often each rule was right in the odd articles, and draws from the even ones how many of the marked statements are
shown with their speaker, and how many of those are right, the surest rules first. The point is what the bot names.
A speaker is right where half of a statement's words lie in a marked one and its naming words hold the marked head.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from retrieval.attribution import statements
from retrieval.model import Certainty, Span, Statement
from tests.quality.corpus import BRIEFING_DATA

HALF = 0.5
PRIOR_RIGHT, PRIOR_ALL = 3, 4  # what a rule seen seldom is believed to be
DPI = 100
FIRST_POINT, EVERY_POINT = 20, 10  # of the curve, drawn: fewer statements say little

Marked = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """One statement with naming words: the rule that found it, whether it is right, and whether the bot names it."""

    rule: str
    right: bool
    named: bool


def words(text: str, spans: list[list[int]]) -> set[int]:
    """Where the words of spans begin."""
    return {start + found.start() for start, end in spans for found in re.finditer(r"[^\W_]+", text[start:end])}


def shown(article: Marked) -> Iterator[Shown]:
    """The statements of a marked article that have naming words, judged."""
    text = article["text"]
    marks = [(mark, words(text, mark["content_spans"])) for mark in article["attributions"]]
    for each in statements(text, article["language"], article["title"]):
        said = each.attribution
        if said and said.source:
            held = words(text, [[span.start, span.end] for span in each.content])
            mark, common = max(((m, w & held) for m, w in marks), key=lambda pair: len(pair[1]), default=({}, set()))
            right = bool(held) and len(common) >= HALF * len(held) and _holds_head(said.source, mark)
            yield Shown(said.rule, right, _is_named(each))


def _is_named(statement: Statement) -> bool:
    return statement.attribution is not None and statement.attribution.certainty is Certainty.CERTAIN


def _holds_head(source: Span, mark: Marked) -> bool:
    head = mark.get("source_head") or next(iter(mark.get("source_spans", [])), None)
    return head is not None and source.start <= head[0] and head[1] <= source.end


def curve(measured: list[Shown], judged: list[Shown], marked: int) -> list[tuple[float, float]]:
    """(coverage, precision) after each statement of `judged`, the rules that were surest in `measured` first."""
    sure: dict[str, list[int]] = defaultdict(lambda: [PRIOR_RIGHT, PRIOR_ALL])
    for each in measured:
        sure[each.rule][0] += each.right
        sure[each.rule][1] += 1
    ranked = sorted(judged, key=lambda each: sure[each.rule][0] / sure[each.rule][1], reverse=True)
    points, right = [], 0
    for number, each in enumerate(ranked, 1):
        right += each.right
        points.append((number / marked, right / number))
    return points


def draw(points: list[tuple[float, float]], chosen: tuple[float, float], picture: Path) -> None:
    """The curve as a picture, with the point that the bot has chosen."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 4), dpi=DPI)
    axes.plot(*zip(*points[FIRST_POINT::EVERY_POINT], strict=True))
    axes.plot(*chosen, "o")
    axes.annotate("named by the bot", chosen, textcoords="offset points", xytext=(-110, -14))
    axes.set(xlabel="statements shown with a speaker, of those marked", ylabel="of these, right", ylim=(HALF, 1.0))
    figure.tight_layout()
    figure.savefig(picture, metadata={"Date": None})


def main(marked_file: Path, picture: Path | None) -> None:
    """Print the two ends of the curve, and draw it where a file is given."""
    if not marked_file.is_file():
        print(f"left out: no marked articles at {marked_file}")
        return
    articles = [json.loads(line) for line in marked_file.read_text(encoding="utf-8").splitlines()]
    odd = list(chain.from_iterable(shown(article) for article in articles[1::2]))
    even = list(chain.from_iterable(shown(article) for article in articles[::2]))
    marked = sum(bool(mark["source_spans"]) for article in articles[::2] for mark in article["attributions"])
    points = curve(odd, even, marked)
    named = [each for each in even if each.named]
    chosen = len(named) / marked, sum(each.right for each in named) / len(named)
    print(f"all with naming words: coverage {points[-1][0]:.3f}, right {points[-1][1]:.3f}")
    print(f"named by the bot: coverage {chosen[0]:.3f}, right {chosen[1]:.3f}")
    if picture:
        draw(points, chosen, picture)


if __name__ == "__main__":
    given = [Path(word) for word in sys.argv[1:]]
    main(given[0] if given else BRIEFING_DATA / "attribution" / "polnear_dev.jsonl", given[1] if given[1:] else None)
