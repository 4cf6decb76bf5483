"""Quoted words inside what is reported, or alone after it: the speaker's own, told apart from the article's."""

from collections.abc import Iterator

from retrieval.attribution.findings import Finding, Findings
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.reading import Frame, Reading

FRAMES_APART_MAX = 3
"""A quotation that nobody is named for is likely the last speaker's, no farther back than this, in one paragraph."""

ALONE_CHARACTERS_MIN = 12
"""A shorter quotation without a speaker is rather a title or a scare quote."""


def is_asked(r: Reading) -> bool:
    return r.lexicon.has("grammar", "words_apart")


def words_in_report(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Orlo sagte, der Damm sei „in sehr gutem Zustand“. - the quoted part is a direct statement within the report."""
    if not is_asked(r):
        return
    for outer in list(findings.found):
        for first, last in outer.content:
            if first == last:
                continue
            for quote in range(first, last + 1):
                if quote in r.quotation and quote not in findings.of_quote and _is_of_speaker(r, quote, outer):
                    yield Finding("direct: words in a report", [(quote, quote)], same_as=outer)


def nobody_named(r: Reading, findings: Findings) -> Iterator[Finding]:
    """ "..." - a quotation for which no rule found a speaker is somebody's words all the same, not the article's."""
    if not r.lexicon.has("grammar", "quotes_alone"):
        return
    for quote in r.quotation:
        long = r.kind[quote] & Kind.SPEECH and r.end[quote] - r.start[quote] >= ALONE_CHARACTERS_MIN
        first = r.frame(quote).first
        apart = quote == first or r.kind[quote - 1] & (Kind.COLON | Kind.DASH)
        if long and apart and quote not in findings.of_quote and quote not in findings.covered:
            yield Finding("direct: nobody named", [(quote, quote)])


def _is_of_speaker(r: Reading, quote: int, outer: Finding) -> bool:
    """Whether quoted words are the speaker's: wording, or what a verb of calling calls something."""
    calls = any(r.lexicon.has("calling", r.low[first]) for first, _ in outer.cue)
    return calls or is_wording(r, quote)


def is_wording(r: Reading, quote: int) -> bool:
    """Whether quoted words are wording rather than a name: a small word is among them."""
    words = r.word[quote].strip("„“”\"«»‚‘' ").split()
    return any(word[0].islower() for word in words)


def left_alone(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Orlo sagte, der Damm halte. „Wir haben ihn geprüft.“ - a quotation after a report, nobody named: likely hers."""
    if not is_asked(r):
        return
    last_in: dict[int, tuple[int, Finding]] = {}
    starts = {f.content[0][0]: f for f in findings.found}
    for item in sorted({*starts, *r.quotation}):
        frame = r.frame(item)
        if item in starts:
            last_in[frame.paragraph] = r.frame_of[item], starts[item]
        elif _stands_alone(r, item, frame) and frame.paragraph in last_in:
            number, before = last_in[frame.paragraph]
            if item not in findings.of_quote and r.frame_of[item] - number <= FRAMES_APART_MAX and not before.unnamed:
                yield Finding("direct: left alone", [(item, item)], same_as=before, guess=True)


def _stands_alone(r: Reading, quote: int, frame: Frame) -> bool:
    """Whether a quotation is the whole of its sentence."""
    rest = range(quote + 1, frame.last + 1)
    return quote == frame.first and bool(r.kind[quote] & Kind.SPEECH) and all(r.kind[i] & Kind.STOP for i in rest)
