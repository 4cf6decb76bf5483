"""A transcript that prints each speaker before a colon ("DAHL: The dam will hold."); it reads paragraphs alone."""

from collections import Counter
from collections.abc import Iterator, Sequence

from retrieval.attribution.findings import Extent, Finding, Findings
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import Phrase
from retrieval.attribution.reading import Frame, Reading

SPEAKER_ITEMS_MAX = 4
VOICES_MIN = 2
TURNS_MIN = 2
"""So many turns of one name make a transcript; one alone may be a headline, a caption or a list."""

VOICED_SHARE = 0.5


def turn(r: Reading, findings: Findings) -> Iterator[Finding]:
    """DAHL: The dam will hold. We have checked it. - words as spoken, to the end of their paragraph."""
    begun = [(frame, colon) for frame, colon in _labelled(r) if colon is not None]
    people = _people(r, {r.low[colon - 1] for _, colon in begun})
    begun = [(frame, colon) for frame, colon in begun if r.low[colon - 1] in people]
    turns = Counter(r.low[colon - 1] for _, colon in begun)
    voices = {surname for surname, times in turns.items() if times >= TURNS_MIN}
    lasts = _paragraph_ends(r)
    if len(turns) < VOICES_MIN or not voices or not _converse(r, [(colon, lasts[f.paragraph]) for f, colon in begun]):
        return
    for frame, colon in begun:
        last = lasts[frame.paragraph]
        capitals = all(r.word[i].isupper() for i in range(frame.first, colon))
        if colon < last and (capitals or (r.low[colon - 1] in voices and len(voices) >= VOICES_MIN)):
            end = last - bool(r.kind[last] & Kind.STOP)
            speaker = Phrase(frame.first, colon - 1, colon - 1)
            yield Finding("direct: turn of a transcript", [(colon + 1, end)], [(colon, colon)], speaker, spoken=True)


def _converse(r: Reading, turns: Sequence[Extent]) -> bool:
    """Whether people talk here, asking or speaking of themselves; a list tells of those that it names.

    "PELL: Has kept the gate for years" is the outlet's own.
    """
    voiced = sum(
        any(r.lexicon.has("own_voice", r.low[i]) or r.word[i].endswith("?") for i in range(colon + 1, last + 1))
        for colon, last in turns
    )
    return voiced >= VOICED_SHARE * len(turns)


def _people(r: Reading, labels: set[str]) -> set[str]:
    """Of the words before colons those that the article prints as surnames, behind a given name or a title.

    Lists put anything before a colon ("FILM:", "RB:", "Release Date:"); a wrong speaker is worse than none.
    """
    given = ("names.he", "names.she")
    return {
        r.low[at]
        for at in range(1, len(r.low))
        if r.low[at] in labels
        and (r.kind[at - 1] & Kind.TITLE or any(r.lexicon.has(group, r.low[at - 1]) for group in given))
    }


def _labelled(r: Reading) -> Iterator[tuple[Frame, int | None]]:
    """The first sentence of each paragraph, and the colon behind a name that begins it."""
    paragraph = -1
    for frame in r.frames:
        if frame.paragraph != paragraph:
            paragraph = frame.paragraph
            yield frame, _colon(r, frame)


def _colon(r: Reading, frame: Frame) -> int | None:
    for at in range(frame.first + 1, min(frame.first + SPEAKER_ITEMS_MAX, frame.last) + 1):
        if r.kind[at] & Kind.COLON:
            common = Kind.TIME | Kind.CUE | Kind.DETERMINER | Kind.PREPOSITION
            named = all(
                r.kind[i] & (Kind.CAPITAL | Kind.TITLE) and not r.kind[i] & common for i in range(frame.first, at)
            )
            return at if named else None
    return None


def _paragraph_ends(r: Reading) -> dict[int, int]:
    """The last item of each paragraph."""
    return {frame.paragraph: frame.last for frame in r.frames}
