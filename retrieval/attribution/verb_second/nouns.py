"""What a noun tells in a language that parts clauses by commas: "die Ansicht, dass ...", "der Vorwurf, er habe ..."."""

from collections.abc import Iterator

from retrieval.attribution.findings import Extent, Finding, Findings
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import Phrase
from retrieval.attribution.reading import Reading
from retrieval.attribution.verb_second.brackets import in_verb_second
from retrieval.attribution.verb_second.content import in_reporting_mood, is_infinitive, is_relative, said_end
from retrieval.attribution.verb_second.nominals import can_be_subject, is_person, midfield, nominal, segments

NOUN_ITEMS_MAX = 10
"""Between a noun of saying and the comma stands its owner, no longer than this."""


def told_by_noun(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Orlo ist der Ansicht, dass der Damm halte. / Die Warnung der Hafenwache, der Damm werde brechen, ..."""
    if not in_verb_second(r):
        return
    for at in r.places("nouns.that"):
        frame = r.frame(at)
        parts = segments(r, frame)
        own = next((i for i, (first, last) in enumerate(parts) if first <= at <= last), None)
        if own is None or own + 1 == len(parts) or at in findings.cues or parts[own][1] - at > NOUN_ITEMS_MAX:
            continue
        opens, sure = _opens(r, *parts[own + 1])
        owner = _owner(r, at, parts[own][1])
        if not opens or (parts[own][1] > at and owner is None and not _only_verb(r, at, parts[own][1])):
            continue
        source = owner or _holder(r, at, parts[own])
        end = said_end(r, parts, own + 1, frame)
        begin = parts[own + 1][0]
        if end - begin >= 2 and begin not in findings.begun and (source or sure):
            yield Finding("reported: noun, clause", [(begin, end)], [(at, at)], source, unnamed=source is None)


def _opens(r: Reading, first: int, last: int) -> tuple[bool, bool]:
    """Whether a segment tells what the noun says; surely, where its own verb is in the mood of reports."""
    if r.lexicon.has("that", r.low[first]):
        return True, False
    if in_reporting_mood(r, first, last) and not is_relative(r, first, last):
        return True, True
    return is_infinitive(r, first, last) and not r.lexicon.has("purposes", r.low[first]), False


def _owner(r: Reading, noun: int, last: int) -> Phrase | None:
    """ "Die Ansicht des Hafenmeisters", "der Vorwurf von Orlo": who stands behind the noun."""
    at = noun + 1
    if at > last:
        return None
    if r.lexicon.has("genitives", r.low[at]):
        phrase = nominal(r, at, last)
    elif r.lexicon.has("owning", r.low[at]):
        phrase = nominal(r, at + 1, last)
    else:
        phrase = None
    return phrase if phrase and is_person(r, phrase) else None


def _only_verb(r: Reading, noun: int, last: int) -> bool:
    """Whether nothing but a verb's end stands behind a noun: "die Ansicht vertreten, dass"."""
    return last - noun <= 2 and not any(r.kind[i] & Kind.CAPITAL for i in range(noun + 1, last + 1))


def _holder(r: Reading, noun: int, part: Extent) -> Phrase | None:
    """Whose view it is: the subject that begins the clause, or the first person behind its verb."""
    first = part[0]
    while first < noun and r.kind[first] & (Kind.CONJUNCTION | Kind.ADVERB):
        first += 1
    phrase = nominal(r, first, noun - 1, wide=True)
    if phrase is not None and can_be_subject(r, phrase):
        return phrase if is_person(r, phrase) and phrase.last < noun - 1 else None
    behind = (p for p in midfield(r, first, noun - 1) if can_be_subject(r, p) and is_person(r, p))
    return next(behind, None)
