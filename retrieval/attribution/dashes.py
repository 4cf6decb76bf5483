"""Speech that a dash opens at the beginning of a paragraph ("— The dam will hold — said Orlo"), without marks."""

from collections.abc import Iterator

from retrieval.attribution.findings import Finding, Findings
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import SUBJECT_PRONOUN, Phrase
from retrieval.attribution.reading import Reading
from retrieval.attribution.subjects import inverted_subject

LINE_DASHES_MAX = 6


def opened_by_dash(r: Reading, findings: Findings) -> Iterator[Finding]:
    """—La presa aguantará —dijo Valdor. / — Плотина выдержит, — сказала Вальдор. — Она из дуба."""
    if not r.lexicon.has("grammar", "dashes_open"):
        return
    for number, frame in enumerate(r.frames):
        begins = number == 0 or r.frames[number - 1].paragraph != frame.paragraph
        if not begins or not r.kind[frame.first] & Kind.DASH:
            continue
        for at in range(frame.first + 2, frame.last):
            use = findings.use(at) if r.kind[at] & Kind.CUE else None
            if use is None or use.form != "finite" or not r.kind[use.first - 1] & (Kind.DASH | Kind.COMMA):
                continue
            phrase = _speaker(r, use.first, at, frame.last)
            if phrase is not None:
                yield from _spoken(r, frame.first, use.first, at, phrase, frame.last)
            break


def _speaker(r: Reading, first: int, verb: int, last: int) -> Phrase | None:
    grown = next((i for i in range(first, verb + 1) if r.kind[i] & (Kind.HE | Kind.SHE)), None)
    if grown is not None:
        return Phrase(grown, grown, grown)
    phrase = inverted_subject(r, verb + 1, last)
    named = phrase and any(
        r.kind[i] & (Kind.CAPITAL | Kind.ROLE | SUBJECT_PRONOUN) for i in range(phrase.first, phrase.last + 1)
    )
    return phrase if named else None


def _spoken(r: Reading, dash: int, verb: int, cue: int, phrase: Phrase, last: int) -> Iterator[Finding]:
    end = verb - 1
    while end > dash and r.kind[end] & (Kind.DASH | Kind.COMMA):
        end -= 1
    content = [(dash + 1, end)] if end > dash else []
    again = next((i for i in range(phrase.last + 1, last) if r.kind[i] & Kind.DASH), None)
    if again is not None:
        stop = last - bool(r.kind[last] & Kind.STOP)
        content += [(again + 1, stop)] if stop > again else []
    if content:
        yield Finding("direct: opened by a dash", content, [(verb, cue)], phrase, spoken=True)
