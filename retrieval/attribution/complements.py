"""What a verb reports to its right: a clause, a thing or an infinitive, and where the reported words end."""

from retrieval.attribution.findings import Extent
from retrieval.attribution.lexicon import Kind, Shape
from retrieval.attribution.phrases import AUXILIARY, MARK, SUBJECT_PRONOUN, is_adverb, is_finite_cue, is_noun_like
from retrieval.attribution.reading import Reading
from retrieval.attribution.subjects import subject_before
from retrieval.attribution.verbs import MODIFIER_ITEMS_MAX, Use, after_modifiers, use_of

CONTENT_WORDS_MIN = 2

SECOND_SPEAKER_ITEMS_MAX = 18
"""After ", and" a second speaker, with his apposition, reaches his verb within so many items."""


def complement(r: Reading, use: Use) -> tuple[list[Extent], Extent | None]:
    """What a verb reports to its right: a clause, a noun phrase or an infinitive; nothing where nothing follows."""
    frame = r.frame(use.at)
    takes = use.cue.takes
    governed = _governed(r, use, frame.last)
    if governed:
        return [governed], None
    at, told = after_modifiers(r, use.at + 1, frame.last, tells="tells" in takes, keeps_to="to" in takes)
    while at <= frame.last and r.kind[at] & (Kind.COMMA | Kind.COLON):
        at += 1
    if at > frame.last or r.kind[at] & Kind.STOP:
        return [], told
    if r.lexicon.has("times.subordinators", r.low[at]):
        at = _after_circumstance(r, at, frame.last)
    comma = r.kind[at] & Kind.COMMA or r.kind[at - 1] & Kind.COMMA
    if comma and not r.lexicon.has("that", r.low[at]) and not r.lexicon.has("grammar", "comma_before_clause"):
        return [], told
    if not _begins_content(r, at, frame.last, takes):
        return [], told
    last = content_end(r, at, frame.last)
    if takes == {"object"}:
        last = _object_end(r, at, last)
        if r.lexicon.has("naming_words", r.low[use.at]) and not _is_judged(r, at, last):
            return [], told
    return ([(at, last)], told) if last - at + 1 >= CONTENT_WORDS_MIN else ([], told)


def _governed(r: Reading, use: Use, last: int) -> Extent | None:
    """What a verb speaks of behind its own preposition: "called for a vote"."""
    at = use.at + 1
    while at < last and (is_adverb(r, at) or r.kind[at] & Kind.TIME):
        at += 1
    if at >= last or not r.lexicon.has(f"governed.{use.cue.lemma}", r.low[at]):
        return None
    begin = at + 1
    if r.kind[begin] & (MARK & ~Kind.SPEECH) or r.lexicon.has("that", r.low[begin]):
        return None
    end = _object_end(r, begin, content_end(r, begin, last))
    return (begin, end) if end > begin or r.kind[begin] & Kind.QUOTE else None


def _object_end(r: Reading, first: int, last: int) -> int:
    """Where a thing praised or cited ends: before a clause that tells when, why or against what."""
    for at in range(first + 1, last + 1):
        mark = r.kind[at] & Kind.COMMA and at < last and r.kind[at + 1] & (Kind.CONJUNCTION | Kind.RELATIVE)
        if mark or (r.lexicon.has("clause_openers", r.low[at]) and r.low[at] != "as"):
            return at - 1
    return last


def _is_judged(r: Reading, first: int, last: int) -> bool:
    """ "Called the plan a fraud", "called for a vote": what "called" says of something, not its mere name."""
    if r.kind[first] & Kind.PREPOSITION or any(r.kind[i] & Kind.QUOTE for i in range(first, last + 1)):
        return True
    return any(r.kind[i] & Kind.INDEFINITE for i in range(first + 1, last + 1))


def _after_circumstance(r: Reading, at: int, last: int) -> int:
    """ "Said after a lunch on Tuesday that ...": the "that" behind a circumstance, or where the sentence ends."""
    for item in range(at + 1, min(at + MODIFIER_ITEMS_MAX, last) + 1):
        if r.lexicon.has("that", r.low[item]) and not r.kind[item - 1] & Kind.CUE:
            return item
        if r.kind[item] & (MARK & ~Kind.COMMA):
            break
    return last


def _begins_content(r: Reading, at: int, last: int, takes: frozenset[str]) -> bool:
    kind = r.kind[at]
    if r.lexicon.has("grammar", "comma_before_clause"):
        return bool(kind & Kind.COMPLEMENTIZER) or reporting_mood(r, at, last)
    if r.low[at] == "to":
        return "to" in takes
    if kind & Kind.COMPLEMENTIZER and takes & {"that", "quote", "object"}:
        return True
    if "object" in takes and (is_noun_like(r, at) or kind & (Kind.DETERMINER | Kind.OBJECT_PRONOUN | Kind.QUOTE)):
        return True
    if "loose" in takes:
        return _clause_soon(r, at, last)
    return "clause" in takes and _clause_ahead(r, at, last)


def reporting_mood(r: Reading, at: int, last: int) -> bool:
    """Whether a clause without "that" shows by its verb that it is reported ("..., die Lage sei ernst")."""
    return bool(r.kind[at - 1] & (Kind.COMMA | Kind.COLON)) and any(
        r.lexicon.has("reporting_mood", r.low[i]) for i in range(at, last + 1)
    )


def _clause_ahead(r: Reading, at: int, last: int) -> bool:
    """Whether a clause of its own begins here: a subject, and soon a verb."""
    if r.kind[at] & (MARK | AUXILIARY | Kind.CONJUNCTION) and not r.kind[at] & Kind.SUBORDINATOR:
        return False
    return last - at >= 2


def _clause_soon(r: Reading, at: int, last: int) -> bool:
    """For verbs that mostly take a thing: only where a subject pronoun or a near auxiliary shows a clause."""
    if r.kind[at] & SUBJECT_PRONOUN:
        return True
    if not (is_noun_like(r, at) or r.kind[at] & Kind.DETERMINER):
        return False
    for item in range(at + 1, min(at + 7, last + 1)):
        if r.kind[item] & AUXILIARY:
            return True
        if r.kind[item] & (MARK | Kind.RELATIVE | Kind.CONJUNCTION | Kind.PREPOSITION):
            return False
    return False


def content_end(r: Reading, first: int, last: int) -> int:
    """Where reported words end: before ", adding", before another speaker's verb, before the full stop."""
    end = last
    for at in range(first + 1, last + 1):
        kind = r.kind[at]
        if kind & Kind.SEMICOLON:
            end = at - 1
            break
        if kind & Kind.COMMA and at + 1 <= last and another_begins(r, at + 1, last):
            end = at - 1
            break
        if kind & Kind.CONJUNCTION and at + 1 <= last and _speaks_on(r, at + 1):
            end = at - 1
            break
    while end > first and r.kind[end] & (Kind.STOP | Kind.COMMA):
        end -= 1
    return end


def _speaks_on(r: Reading, item: int) -> bool:
    """After "and": a second verb of saying, whose speaker is the first one's."""
    return is_finite_cue(r, item) and "quote" in r.lexicon.cues[r.low[item]].takes


def another_begins(r: Reading, at: int, last: int) -> bool:
    """After a comma: another attribution, by participle, by "according to", or by a speaker and his verb."""
    kind = r.kind[at]
    if kind & Kind.CUE and r.lexicon.cues[r.low[at]].shape & Shape.GERUND:
        return True
    if r.lexicon.has("according", r.low[at]):
        return True
    if not kind & (Kind.CONJUNCTION | Kind.SUBORDINATOR):
        return False
    for item in range(at + 2, min(at + SECOND_SPEAKER_ITEMS_MAX, last + 1)):
        if r.kind[item] & (Kind.SEMICOLON | Kind.COLON | Kind.SPEECH):
            return False
        if is_finite_cue(r, item) and "trails" in r.lexicon.cues[r.low[item]].takes:
            use = use_of(r, item)
            subject = subject_before(r, use.first, at + 1) if use and use.form == "finite" else None
            return subject is not None and subject.phrase.first == at + 1
    return False
