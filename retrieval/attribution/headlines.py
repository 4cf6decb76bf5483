"""A headline that prints its speaker before a colon ("Barake: The dam will hold"); it reads the first line alone."""

from collections.abc import Iterator

from retrieval.attribution.findings import Finding, Findings
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import Phrase
from retrieval.attribution.reading import Reading

SPEAKER_ITEMS_MAX = 4
CONTENT_ITEMS_MIN = 3


def headline_colon(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Barake: The dam will hold - where the article prints that name again."""
    if not r.frames or (len(r.frames) > 1 and r.frames[1].paragraph == r.frames[0].paragraph):
        return
    last = r.frames[0].last
    colon = next((i for i in range(1, min(SPEAKER_ITEMS_MAX + 1, last)) if r.kind[i] & Kind.COLON), None)
    if colon is None or last - colon < CONTENT_ITEMS_MIN or r.is_kind(colon + 1, Kind.QUOTE):
        return
    name = range(colon)
    common = Kind.TIME | Kind.CUE | Kind.ROLE | Kind.DETERMINER | Kind.PREPOSITION
    if all(r.kind[i] & Kind.CAPITAL and not r.kind[i] & common for i in name) and _returns(r, colon - 1, last):
        end = last - bool(r.kind[last] & Kind.STOP)
        yield Finding("reported: headline", [(colon + 1, end)], [(colon, colon)], Phrase(0, colon - 1, colon - 1))


def _returns(r: Reading, surname: int, last: int) -> bool:
    """Whether a name is printed again below the headline, as a capital."""
    low = r.low[surname]
    return any(r.low[i] == low and r.kind[i] & Kind.CAPITAL for i in range(last + 1, len(r.low)))
