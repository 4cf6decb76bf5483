"""Headlines that print their speaker: before a colon in the first line, or with a verb in a line of capitals."""

from collections.abc import Iterator

from retrieval.attribution.findings import Finding, Findings
from retrieval.attribution.lexicon import Kind, Shape
from retrieval.attribution.phrases import AUXILIARY, SUBJECT_PRONOUN, Phrase
from retrieval.attribution.reading import Frame, Reading

SPEAKER_ITEMS_MAX = 4
CONTENT_ITEMS_MIN = 3
SOURCE_HEADLINE_ITEMS_MAX = 7
HEADLINE_WORDS_MIN = 4
"""A line of fewer words in capitals may be a name or a title."""
SMALL_LETTERS_MAX = 3
"""Words of so few letters may stand in small letters amid a headline's capitals."""


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


def headline_verb(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Barake Says the Dam Will Hold - in capitals, in a line of its own; named for certain where the text does too."""
    done = -1
    for at in r.cues:
        frame = r.frame(at)
        if frame.first == done or at in findings.cues or not frame.first < at < frame.last:
            continue
        if not (r.kind[at] & Kind.CAPITAL and _is_verb_of_headline(r, at) and _is_in_capitals(r, frame)):
            continue
        done = frame.first
        end = at - 1 - (at - 1 > frame.first and bool(r.kind[at - 1] & Kind.ADVERB))
        name = Phrase(frame.first, end, end)
        content = (at + 1, frame.last - bool(r.kind[frame.last] & Kind.STOP))
        if _is_subject(r, name) and content[1] - at >= CONTENT_ITEMS_MIN:
            sense = r.lexicon.cues[r.low[at]].sense
            guess = not _returns(r, end, frame.last) or r.word[end].isupper()  # "ISRAELI MOM SAYS"
            yield Finding("reported: verb of a headline", [content], [(at, at)], name, sense=sense, guess=guess)


def _is_in_capitals(r: Reading, frame: Frame) -> bool:
    """Whether a sentence stands alone in its line and all but its small words begin with capitals."""
    number = r.frame_of[frame.first]
    alone = all(r.frames[n].paragraph != frame.paragraph for n in (number - 1, number + 1) if 0 <= n < len(r.frames))
    words = [
        i for i in range(frame.first, frame.last + 1) if r.kind[i] & Kind.WORD and len(r.word[i]) > SMALL_LETTERS_MAX
    ]
    capitals = sum(bool(r.kind[i] & Kind.CAPITAL) for i in words)
    return alone and len(words) >= HEADLINE_WORDS_MIN and capitals == len(words)


def _is_verb_of_headline(r: Reading, item: int) -> bool:
    cue = r.lexicon.cues.get(r.low[item])
    if (
        cue is None
        or "quote" not in cue.takes
        or not cue.shape & (Shape.PRESENT | Shape.PAST)
        or cue.shape & Shape.BASE
    ):
        return False
    return cue.lemma not in r.lexicon.words.get("noun_like_cues", ())


def _is_subject(r: Reading, name: Phrase) -> bool:
    """Whether the words before a headline's verb are a name or an office, and hold no verb or mark of their own."""
    items = range(name.first, name.last + 1)
    plain = all(
        r.kind[i] & Kind.WORD and not r.kind[i] & (AUXILIARY | Kind.CUE | SUBJECT_PRONOUN | Kind.COMPLEMENTIZER)
        for i in items
    )
    return plain and name.last - name.first < SOURCE_HEADLINE_ITEMS_MAX


def _returns(r: Reading, surname: int, last: int) -> bool:
    """Whether a name is printed again below the headline, as a capital."""
    low = r.low[surname]
    return any(r.low[i] == low and r.kind[i] & Kind.CAPITAL for i in range(last + 1, len(r.low)))
