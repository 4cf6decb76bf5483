"""Where reported words end: before another attribution, or where the article goes on by itself."""

from retrieval.attribution.lexicon import Kind, Shape
from retrieval.attribution.phrases import SUBJECT_PRONOUN, is_adverb, is_finite_cue, is_past, is_verb
from retrieval.attribution.reading import Reading
from retrieval.attribution.subjects import before_times, subject_before
from retrieval.attribution.verbs import use_of
from retrieval.model import Sense

SECOND_SPEAKER_ITEMS_MAX = 18
"""After ", and" a second speaker, with his apposition, reaches his verb within so many items."""


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
        if kind & (Kind.COMMA | Kind.DASH) and at + 2 <= last and _turns_away(r, at, last):
            end = at - 1
            break
        if kind & Kind.CONJUNCTION and at + 1 <= last and _speaks_on(r, at + 1):
            end = at - 1
            break
    while end > first and r.kind[end] & (Kind.STOP | Kind.COMMA):
        end -= 1
    return end


def _turns_away(r: Reading, mark: int, last: int) -> bool:
    """After a comma or dash: whether the article goes on by itself (", but he left", ", and they", ", while")."""
    begin = mark + 1
    low, after = r.low[begin], r.kind[begin + 1]
    if r.kind[mark] & Kind.DASH:
        own = r.kind[begin] & SUBJECT_PRONOUN and not r.kind[begin] & Kind.DETERMINER
        return bool(own or r.kind[begin] & Kind.SPEECH)
    if r.lexicon.has("turns", low):
        return bool(after & (SUBJECT_PRONOUN | Kind.DETERMINER | Kind.CAPITAL)) or _turns_to_deeds(r, begin + 1)
    if r.lexicon.has("however", low):
        return True
    own = (after & SUBJECT_PRONOUN and not after & Kind.DETERMINER) or r.lexicon.has(
        "times.subordinators", r.low[begin + 1]
    )
    return (r.lexicon.has("and", low) and bool(own)) or r.lexicon.has("contrasts", low)


def _turns_to_deeds(r: Reading, item: int) -> bool:
    """After ", but": a past form, of what the speaker did instead ("but left", "but did not say when")."""
    did = r.kind[item] & (Kind.DO | Kind.HAVE) or r.lexicon.has("pasts", r.low[item]) or r.low[item].endswith("ed")
    return bool(did) and r.lexicon.has("grammar", "verbs_known")


def _speaks_on(r: Reading, item: int) -> bool:
    """After "and": a second verb of saying or thinking, whose speaker is the first one's."""
    if not is_finite_cue(r, item):
        return False
    cue = r.lexicon.cues[r.low[item]]
    return "quote" in cue.takes or (cue.sense is Sense.THOUGHT and "that" in cue.takes)


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


def object_end(r: Reading, first: int, last: int) -> int:
    """Where a thing praised or cited ends: before a clause that tells when, why or against what."""
    last = first_clause_end(r, first, last)
    for at in range(first + 1, last + 1):
        if r.lexicon.has("clause_openers", r.low[at]) and r.low[at] != "as":
            last = at - 1
            break
    timeless = before_times(r, last, first)
    return timeless if timeless > first or r.kind[first] & Kind.CAPITAL else last


def first_clause_end(r: Reading, first: int, last: int) -> int:
    """Where a thing or an infinitive ends: before a comma after which the article goes on by itself."""
    stops = Kind.CONJUNCTION | Kind.RELATIVE | Kind.SUBORDINATOR | SUBJECT_PRONOUN
    for at in range(first + 1, last):
        if r.kind[at] & Kind.CONJUNCTION and _acts_on(r, at + 1, last):
            return at - 1
        if not r.kind[at] & (Kind.COMMA | Kind.DASH):
            continue
        kind, low = r.kind[at + 1], r.low[at + 1]
        article = kind & Kind.DETERMINER and r.lexicon.has("articles", low)
        if kind & stops or article or (low.endswith("ing") and not r.lexicon.has("includes", low)):
            return at - 1
    return last


def _acts_on(r: Reading, at: int, last: int) -> bool:
    """After "and": a second finite verb of the same subject ("and praised her", "and even questioned it")."""
    while at < last and is_adverb(r, at):
        at += 1
    helps = r.kind[at] & (Kind.HAVE | Kind.DO | Kind.MODAL | Kind.BE) and r.lexicon.has("grammar", "verbs_known")
    return bool(helps) or (is_past(r, at) and not r.kind[at] & Kind.CAPITAL) or is_finite_cue(r, at)


def before_main_verb(r: Reading, first: int, last: int) -> int:
    """Where a thing ends whose participle tells of a subject: "groups backing Orlo | paid for it"."""
    for at in range(first, last + 1):
        if r.kind[at] & (Kind.RELATIVE | Kind.COMPLEMENTIZER | SUBJECT_PRONOUN) and not r.kind[at] & Kind.DETERMINER:
            return last
        if at > first and is_verb(r, at):
            return at - 1 - bool(r.kind[at - 1] & Kind.COMMA)
    return last
