"""What somebody holds, told by a noun or an adjective: "Dahl's claim that", "Dahl is sure that", "in Dahl's view"."""

from collections.abc import Iterator

from retrieval.attribution.endings import content_end, object_end
from retrieval.attribution.findings import Finding, Findings
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import (
    AUXILIARY,
    MARK,
    SUBJECT_PRONOUN,
    Phrase,
    is_adverb,
    is_subject_that,
    is_verb,
    phrase_starting,
    verb_group_start,
)
from retrieval.attribution.reading import Frame, Reading
from retrieval.attribution.subjects import Subject, subject_before
from retrieval.model import Sense

NOUN_REACH_ITEMS = 6
"""Between a noun of saying and its owner, or the verb that utters it, stand no more items than this."""


def noun_clause(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Dahl's claim that ... / Dahl expressed hope that ... / a warning by Dahl that ..."""
    for at in r.places("nouns.that"):
        if at in findings.cues or at in findings.covered:
            continue
        frame = r.frame(at)
        that, author = _that_of(r, at, frame)
        if that is None or is_subject_that(r, that):
            continue
        source = author or _utterer(r, at, frame) or _owner(r, at, frame)
        last = content_end(r, that, frame.last)
        if source and source.first == frame.first and not author:
            last = _before_second_verb(r, that, last)
        if source and last > that:
            yield Finding("reported: noun, clause", [(that, last)], [(at, at)], source)
        elif last > that and _is_there(r, at, frame):
            yield Finding("reported: there are reports", [(that, last)], [(at, at)], unnamed=True)


def _before_second_verb(r: Reading, that: int, last: int) -> int:
    """ "Dahl's claim that the dam was old | angered Orlo": where the clause of a noun that is a subject ends."""
    verb = next((i for i in range(that + 1, last) if is_verb(r, i)), last)
    if any(r.kind[i] & SUBJECT_PRONOUN and not r.kind[i] & Kind.DETERMINER for i in range(that + 2, verb)):
        return last
    at = verb
    while at < last and (r.kind[at] & (AUXILIARY | Kind.NEGATION) or is_adverb(r, at)):
        at += 1
    for item in range(at + 1, last + 1):
        if r.kind[item] & (MARK | Kind.CONJUNCTION | Kind.COMPLEMENTIZER | Kind.RELATIVE | SUBJECT_PRONOUN):
            return last
        if is_verb(r, item):
            return item - 1
    return last


def _is_there(r: Reading, noun: int, frame: Frame) -> bool:
    """ "There have been reports that": what somebody says, and nobody who."""
    for at in range(noun - 1, max(frame.first, noun - NOUN_REACH_ITEMS) - 1, -1):
        if r.lexicon.has("there", r.low[at]):
            return True
        if r.kind[at] & (MARK | Kind.PREPOSITION | Kind.NEGATION) and not r.kind[at] & AUXILIARY:
            return False
    return False


def _that_of(r: Reading, noun: int, frame: Frame) -> tuple[int | None, Phrase | None]:
    """The "that" of a noun, and who stands between the two: "a warning by Dahl that"."""
    after = noun + 1
    if after >= frame.last:
        return None, None
    if r.lexicon.has("that", r.low[after]):
        return after, None
    if not r.lexicon.has("authors", r.low[after]):
        return None, None
    author = phrase_starting(r, after + 1, frame.last)
    if author is None or author.last >= frame.last or not r.lexicon.has("that", r.low[author.last + 1]):
        return None, None
    if any(is_verb(r, i) for i in range(author.first, author.last + 1)):
        return None, None  # "a report by the league found that"
    return author.last + 1, author


def _owner(r: Reading, noun: int, frame: Frame) -> Phrase | None:
    """ "Dahl's", "her" before a noun, with an adjective or two between."""
    for at in range(noun - 1, max(frame.first, noun - NOUN_REACH_ITEMS) - 1, -1):
        if r.kind[at] & Kind.POSSESSIVE:
            return _possessor(r, at, frame.first)
        if r.lexicon.has("possessives", r.low[at]):
            return Phrase(at, at, at)
        if r.kind[at] & (MARK | AUXILIARY | Kind.DETERMINER | Kind.PREPOSITION | Kind.CONJUNCTION):
            return None
    return None


def _possessor(r: Reading, item: int, first: int) -> Phrase:
    """ "Mira Dahl's", "the harbour office's": the capitals before a possessive, or all after its article."""
    at = item
    while at > first and r.kind[at - 1] & Kind.CAPITAL and not r.kind[at - 1] & (Kind.PREPOSITION | Kind.DETERMINER):
        at -= 1
    for before in range(at - 1, max(first, at - NOUN_REACH_ITEMS) - 1, -1):
        if r.kind[before] & Kind.DETERMINER:
            return Phrase(before, item, item)
        if r.kind[before] & (MARK | AUXILIARY | Kind.PREPOSITION | Kind.CONJUNCTION | Kind.CUE):
            break
    return Phrase(at, item, item)


def _utterer(r: Reading, noun: int, frame: Frame) -> Phrase | None:
    """The subject of the verb that utters a noun: "expressed hope", "made the case"."""
    for at in range(noun - 1, max(frame.first, noun - NOUN_REACH_ITEMS) - 1, -1):
        if r.lexicon.has("uttering", r.low[at]):
            subject = subject_before(r, verb_group_start(r, at, frame.first), frame.first)
            return subject.phrase if subject and _speaks(r, subject) else None
        if r.kind[at] & (MARK | Kind.PREPOSITION):
            return None
    return None


def _speaks(r: Reading, subject: Subject) -> bool:
    return subject.way != "relative" and not r.kind[subject.phrase.first] & (Kind.IT | Kind.OTHER_PRONOUN)


def noun_aim(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Dahl's promise to repair the dam / the league's call for a vote / Orlo's criticism of the plan."""
    for at in r.places("nouns.aim"):
        frame = r.frame(at)
        begin = at + 1
        links = begin < frame.last and r.lexicon.has(f"noun_links.{r.low[at]}", r.low[begin])
        if not links or at in findings.cues or at in findings.covered:
            continue
        source = _owner(r, at, frame)
        if source is None or not _may_own(r, source):
            continue
        thing = r.low[begin] != "to"
        last = _aim_end(r, begin + thing, frame.last)
        if last > begin:
            yield Finding("reported: noun of promise or blame", [(begin + thing, last)], [(at, at)], source)


def _may_own(r: Reading, owner: Phrase) -> bool:
    """Whether an owner is named and may speak: a name, an office, a group or a body, never a mere thing."""
    if r.lexicon.has("possessives", r.low[owner.last]):
        return False
    noun = r.low[owner.last].removesuffix("'s").removesuffix("'")
    named = r.kind[owner.last] & (Kind.CAPITAL | Kind.ROLE) or noun in r.lexicon.roles
    groups = ("words_things.groups", "words_things.bodies")
    return bool(named) or any(r.lexicon.has(group, noun) for group in groups)


def _aim_end(r: Reading, first: int, last: int) -> int:
    """Where a thing or an infinitive behind a noun ends: before the sentence's verb, a mark or another clause."""
    last = object_end(r, first, content_end(r, first, last))
    for at in range(first + 1, last + 1):
        if r.kind[at] & (MARK | AUXILIARY) or (at > first + 1 and is_verb(r, at)):
            return at - 1
    return last


def state_of_mind(r: Reading, findings: Findings) -> Iterator[Finding]:
    """Dahl is sure that ... / Dahl was eager to ..."""
    for at in r.places("minds"):
        if at in findings.cues or at in findings.covered:
            continue
        frame = r.frame(at)
        begin = at + 1
        opens = begin < frame.last and (
            r.lexicon.has("that", r.low[begin]) or (r.low[begin] == "to" and r.lexicon.has("minds_to", r.low[at]))
        )
        if opens and r.lexicon.has("hearsay", r.low[at]) and r.kind[begin + 1] & Kind.HAVE:
            continue  # "was determined to have left": by others
        first = _linked(r, at, frame.first) if opens else None
        subject = subject_before(r, first, frame.first) if first is not None else None
        if subject and first is not None and _speaks(r, subject):
            content = [(begin, content_end(r, begin, frame.last))]
            yield Finding("reported: state of mind", content, [(first, at)], subject.phrase, sense=Sense.THOUGHT)


def _linked(r: Reading, adjective: int, first: int) -> int | None:
    """Where the "is", "was", "seems" group before an adjective begins."""
    at = adjective - 1
    while at > first and is_adverb(r, at) and not r.kind[at] & Kind.NEGATION:
        at -= 1
    return verb_group_start(r, at + 1, first) if at > first and r.kind[at] & Kind.BE else None


def in_somebodys_view(r: Reading, findings: Findings) -> Iterator[Finding]:
    """In Dahl's view, ... / ..., in Dahl's words, ..."""
    for at in r.places("nouns.view"):
        if at in findings.cues:
            continue
        frame = r.frame(at)
        owner = _owner(r, at, frame)
        if owner is None or owner.first <= frame.first - 1 or owner.first - 1 < frame.first:
            continue
        led = owner.first - 1
        closed = at < frame.last and r.kind[at + 1] & Kind.COMMA
        if r.low[led] not in ("in", "by") or led != frame.first or not closed or at + 2 >= frame.last:
            continue
        content = (at + 2, content_end(r, at + 2, frame.last))
        yield Finding("reported: in somebody's view", [content], [(at, at)], owner)
