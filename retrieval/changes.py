"""What became of quoted sentences in a later text of the same article: which stand no more, and what stands there now.

Pure: knows no article and no date. A sentence stands where its words do, whatever white space is between them.
"""

from typing import NamedTuple

from rapidfuzz import fuzz, process

from retrieval.model import Span
from retrieval.text.sentences import sentences

# How alike two sentences must be, of 100, for one to be told as what the other became. With a fifth of its words
# changed and four cut, 96% of 800 sentences of news keep as much; of all others in its article the nearest reaches it
# for 7%, and only sentences new to the article are candidates.
ALIKE = 60.0


class Became(NamedTuple):
    """A sentence of the earlier text, and the later text's sentence most like it; None where there is none."""

    before: Span
    after: Span | None


def became(text: str, span: Span, later: str, language: str) -> tuple[Became, ...]:
    """The sentences of a quote that the later text does not hold any more; none where it holds all of them."""
    known, there = _flat(text), _flat(later)
    lost = [each for each in _of_quote(text, span, language) if _flat(each.of(text)) not in there]
    if not lost:
        return ()
    new = [each for each in sentences(later, language) if _flat(each.of(later)) not in known]
    words = [_flat(each.of(later)) for each in new]
    return tuple(Became(each, _nearest(_flat(each.of(text)), words, new)) for each in lost)


def _of_quote(text: str, span: Span, language: str) -> list[Span]:
    """The sentences that a quote is made of; the quote itself where it is a part of one."""
    whole = [each for each in sentences(text, language) if span.start <= each.start and each.end <= span.end]
    return whole or [span]


def _nearest(words: str, among: list[str], spans: list[Span]) -> Span | None:
    found = process.extractOne(words, among, scorer=fuzz.ratio, score_cutoff=ALIKE)
    return spans[found[2]] if found else None


def _flat(words: str) -> str:
    return " ".join(words.split())
