"""How right attribution is, over articles in which readers marked who said what.

A found statement belongs to the marked one it shares most words with, where at least half of its words lie in it. A
marked one is found where what belongs to it holds at least half of its words. A quotation is direct where nine in
ten of its letters stand in quotation marks, indirect where at most one in ten does, else mixed.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from bot.evaluation.marks import inside
from retrieval.attribution import statements
from retrieval.model import Span
from retrieval.text.language import identify

KINDS = ("direct", "mixed", "indirect")
HALF = 0.5
DIRECT_MIN, INDIRECT_MAX = 0.9, 0.1
# A source of more words than this, and than twice the marked one's, names everybody.
SOURCE_WORDS_MAX = 12

_WORD = re.compile(r"[^\W_]+")

Marked = dict[str, Any]
Words = frozenset[int]
Tally = Counter[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """A statement as it is measured: its words, its naming words at their place, and the name they resolve to."""

    content: tuple[Span, ...]
    source: Span | None
    name: str


def measured(article: Marked) -> Tally:
    """What one marked article adds to the figures; its statements are found by the product's own rules."""
    text = article["text"]
    language = identify(text, article.get("language"))
    found = [
        Found(
            each.content,
            each.attribution.source if each.attribution else None,
            each.attribution.speaker.name if each.attribution and each.attribution.speaker else "",
        )
        for each in statements(text, language, article.get("title"))
    ]
    return tally(article, found)


def tally(article: Marked, found: Sequence[Found]) -> Tally:
    """The counts of one article: its marks against what was found."""
    text = _Text(article["text"])
    golds = [(gold, words) for gold in article["attributions"] if (words := text.words(gold["content_spans"]))]
    counts: Tally = Counter({("articles",): 1, ("gold",): len(golds)})
    predicted = [(each, words) for each in found if (words := text.words(each.content))]
    _count_words(counts, text, golds, predicted)
    owned: dict[int, list[tuple[Words, bool]]] = {}
    for each, words in predicted:
        kind = text.kind(each.content)
        place = _owner(words, golds)
        right = False
        if place is not None:
            right = _speaker(counts, text, each, golds[place][0])
            counts["exact",] += words == golds[place][1]
            owned.setdefault(place, []).append((words, right))
        counts.update({("pred", kind): 1, ("hit", kind): place is not None, ("right", kind): right})
    for place, (gold, words) in enumerate(golds):
        _count_gold(counts, gold, words, owned.get(place, []))
    return counts


def figures(counts: Tally) -> dict[str, Any]:
    """The shares that the counts come to, from 0 to 1, each rounded to four places."""
    sources = sorted({name for part, *rest in counts if part == "speaker" for name in rest[:1]} - {"all", *KINDS})
    speakers = {name: _speakers(counts, name) for name in ("all", *KINDS, *sources)}
    predicted = sum(counts["pred", kind] for kind in KINDS)
    return {
        "articles": counts["articles",],
        "gold_attributions": counts["gold",],
        "predicted": predicted,
        "content_tokens": {part: _overlap(counts, part) for part in ("all", "in_quotes", "outside")},
        "attributions": {kind: _attributions(counts, kind) for kind in ("all", *KINDS)},
        "exact_content_share_of_pred": _share(counts["exact",], predicted),
        "speaker_on_matched": {name: told for name, told in speakers.items() if told},
    }


class _Text:
    """An article's text as words counted from 0."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans = [Span(*found.span()) for found in _WORD.finditer(text)]
        self._starts = [span.start for span in self._spans]
        self._ends = [span.end for span in self._spans]

    @cached_property
    def _mask(self) -> bytearray:
        return inside(self._text)

    def words(self, spans: Sequence[Sequence[int]]) -> Words:
        """The words that share a character with one of the spans."""
        return frozenset(
            chain.from_iterable(
                range(bisect_right(self._ends, start), bisect_left(self._starts, end)) for start, end in spans
            )
        )

    def quoted(self, word: int) -> bool:
        return bool(self._mask[self._starts[word]])

    def kind(self, spans: Sequence[Sequence[int]]) -> str:
        places = [at for start, end in spans for at in range(start, min(end, len(self._text)))]
        letters = [at for at in places if self._text[at].isalnum()]
        share = sum(self._mask[at] for at in letters) / len(letters) if letters else 0.0
        return "direct" if share >= DIRECT_MIN else "indirect" if share <= INDIRECT_MAX else "mixed"


Golds = Sequence[tuple[Marked, Words]]


def _count_words(counts: Tally, text: _Text, golds: Golds, predicted: Sequence[tuple[Found, Words]]) -> None:
    marked = frozenset[int]().union(*(words for _, words in golds))
    told = frozenset[int]().union(*(words for _, words in predicted))
    for name, words in (("tp", marked & told), ("p", told), ("g", marked)):
        quoted = sum(map(text.quoted, words))
        for part, number in (("all", len(words)), ("in_quotes", quoted), ("outside", len(words) - quoted)):
            counts["tokens", part, name] += number


def _owner(words: Words, golds: Golds) -> int | None:
    """Which marked statement a found one belongs to: most words in common, then most alike, then the first."""
    best, place = (0, 0.0), None
    for at, (_, gold) in enumerate(golds):
        common = len(words & gold)
        alike = (common, common / len(words | gold))
        if alike > best:
            best, place = alike, at
    return place if best[0] >= HALF * len(words) else None


def _speaker(counts: Tally, text: _Text, each: Found, gold: Marked) -> bool:
    """Count how right the speaker is; returns whether it is, which no speaker is where none is marked."""
    said = each.source.of(text._text) if each.source else ""
    given = bool(said.strip())
    if not gold["source_spans"]:
        counts.update({("unnamed",): 1, ("false_speaker",): given})
        return not given
    words = text.words([each.source]) if each.source and given else frozenset[int]()
    right = _right(text, words, gold)
    exact = given and any(words == text.words([span]) for span in gold["source_spans"])
    for key in ("all", gold["kind"], f"type:{gold['source_type']}"):
        told = {"n": 1, "given": given, "head": right, "exact": exact}
        counts.update({("speaker", key, name): value for name, value in told.items()})
    _count_name(counts, f"{each.name} {said}", given, gold)
    return right


def _right(text: _Text, words: Words, gold: Marked) -> bool:
    marked = text.words(gold["source_spans"])
    head = text.words([gold["source_head"]]) if gold["source_head"] else marked
    return bool(head & words) and len(words) <= max(SOURCE_WORDS_MAX, 2 * len(marked))


def _count_name(counts: Tally, said: str, given: bool, gold: Marked) -> None:
    name = gold["source_name"] or gold["source_resolved"]
    if not name:
        return
    sort, last = "named" if gold["source_name"] else "pronoun", _folded(name)[-1:]
    right = bool(last) and last[0] in _folded(said)
    for key in ("all", gold["kind"]):
        counts.update(
            {("name", key, sort, "n"): 1, ("name", key, sort, "ok"): right, ("name", key, sort, "given"): given}
        )


def _count_gold(counts: Tally, gold: Marked, words: Words, owned: Sequence[tuple[Words, bool]]) -> None:
    covered = frozenset[int]().union(*(each for each, _ in owned))
    found = len(covered & words) >= HALF * len(words)
    right = sum(head for _, head in owned)
    named = bool(gold["source_spans"])
    counts.update(
        {
            ("marked", gold["kind"]): 1,
            ("marked_named", gold["kind"]): named,
            ("marked_found", gold["kind"]): found,
            ("marked_right", gold["kind"]): found and named and right > 0 and 2 * right >= len(owned),
        }
    )


def _folded(words: str) -> list[str]:
    return _WORD.findall(words.casefold())


# ── shares ───────────────────────────────────────────────────────────────────────────────────────


def _overlap(counts: Tally, part: str) -> dict[str, float]:
    common, told, marked = (counts["tokens", part, name] for name in ("tp", "p", "g"))
    return _f1("p", "r", "f1", _part(common, told), _part(common, marked))


def _attributions(counts: Tally, kind: str) -> dict[str, float]:
    def total(name: str) -> int:
        return sum(counts[name, each] for each in (KINDS if kind == "all" else (kind,)))

    found = _f1("p", "r", "f1", _part(total("hit"), total("pred")), _part(total("marked_found"), total("marked")))
    right = _part(total("right"), total("pred")), _part(total("marked_right"), total("marked_named"))
    heads = _f1("precision_head", "recall_head", "f1_head", *right)
    return {"gold": total("marked"), "pred": total("pred"), **found, **heads}


def _speakers(counts: Tally, key: str) -> dict[str, float | None]:
    n, given, head, exact = (counts["speaker", key, name] for name in ("n", "given", "head", "exact"))
    if not n:
        return {}
    told: dict[str, float | None] = {
        "n": n,
        "given": _share(given, n),
        "head_acc": _share(head, n),
        "head_prec": _share(head, given),
        "exact_acc": _share(exact, n),
    }
    for sort in ("named", "pronoun"):
        names, right, shown = (counts["name", key, sort, name] for name in ("n", "ok", "given"))
        if names:
            told[f"name_acc_{sort}"] = _share(right, names)
            told[f"name_prec_{sort}"] = _share(right, shown)
            told[f"name_{sort}_n"] = names
    if key == "all":
        told["false_speaker"] = _share(counts["false_speaker",], counts["unnamed",])
    return told


def _f1(precision: str, recall: str, f1: str, p: float, r: float) -> dict[str, float]:
    return {precision: round(p, 4), recall: round(r, 4), f1: round(2 * p * r / (p + r), 4) if p + r else 0.0}


def _part(some: int, every: int) -> float:
    return some / every if every else 0.0


def _share(some: int, every: int) -> float | None:
    return round(some / every, 4) if every else None
