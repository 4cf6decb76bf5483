"""Whose verb it is where several share one subject: a participle's noun, the clause before it, the cue before."""

from retrieval.attribution.findings import Findings
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import (
    AUXILIARY,
    MARK,
    SUBJECT_PRONOUN,
    Phrase,
    is_verb,
    phrase_ending,
    verb_group_start,
)
from retrieval.attribution.reading import Reading
from retrieval.attribution.subjects import clause_subject, subject_before
from retrieval.attribution.verbs import Use

CLAUSE_ITEMS_MAX = 40
"""A clause begins no more items than this before a verb that shares its subject."""


def shared_subject(r: Reading, use: Use, findings: Findings) -> Phrase | None:
    """Whose verb it is where several share one subject: a participle's noun, the cue's before, the clause's."""
    frame = r.frame(use.at)
    if use.form == "gerund" and use.first > frame.first:
        beside, settled = _beside_participle(r, use, frame.first)
        if beside is not None or settled:
            return beside
    clause = _clause_begun(r, use.first, frame.first)
    if clause is not None:
        return clause
    earlier = [f for f in findings.of_frame.get(r.frame_of[use.at], []) if f.source and f.cue[0][0] < use.at]
    if earlier:
        nearest = max(earlier, key=lambda f: f.cue[0][0])
        if nearest.source and r.kind[nearest.source.last] & Kind.RELATIVE:
            return nearest.antecedent or clause_subject(r, use.first, frame.first)
        return nearest.source
    return clause_subject(r, use.first, frame.first)


def _beside_participle(r: Reading, use: Use, first: int) -> tuple[Phrase | None, bool]:
    """ "With a third of voters saying", "heard Orlo claiming", "Dahl, who won by saying": whose participle it is.

    The second value tells that what stands beside settles it: no other subject is to be looked for.
    """
    last = use.first - 1
    if r.lexicon.has("agent", r.low[last]):
        return _relative_before(r, last, first), False
    if r.kind[last] & Kind.COMMA or not r.kind[last] & Kind.WORD:
        return None, False
    if r.lexicon.has("carriers.doing", r.low[last]):
        subject = subject_before(r, verb_group_start(r, last, first), first)
        return (subject.phrase if subject else None), True
    led = _led_by_with(r, last, first)
    if led is not None:
        return led, True
    if r.kind[last] & (Kind.CONJUNCTION | Kind.TIME | Kind.OBJECT_PRONOUN | Kind.SUBORDINATOR):
        return None, False
    if r.kind[last] & Kind.OTHER_PRONOUN:
        return None, True  # "simple for anyone wanting to borrow"
    phrase = _noun_after_verb(r, phrase_ending(r, last, first))
    if phrase and phrase.first > first and _is_verb_of_pronoun(r, phrase.first):
        return None, True  # "it means acknowledging that"
    if phrase is None or _is_utterance(r, phrase.core_last) or _is_utterance(r, phrase.last):
        return None, False
    # "A group backing Orlo" describes the group; it tells of no act of saying. "The mayor, heard saying that" does.
    said = "quote" in use.cue.takes and use.at < r.frame(use.at).last and r.kind[use.at + 1] & Kind.COMPLEMENTIZER
    return (phrase if said or use.cue.name == "say" else None), True


def _is_verb_of_pronoun(r: Reading, item: int) -> bool:
    """Whether a word right behind a pronoun is its verb, not a noun."""
    before = r.kind[item - 1]
    pronoun = before & SUBJECT_PRONOUN and not before & Kind.DETERMINER
    return bool(pronoun) and r.lexicon.has("grammar", "verbs_known")


def _noun_after_verb(r: Reading, phrase: Phrase | None) -> Phrase | None:
    """A run of words without the verb or preposition before its own noun ("launched petitions", "$5 to a group")."""
    if phrase is None:
        return None
    items = range(phrase.first, phrase.last + 1)
    cut = max(
        (i for i in items if is_verb(r, i) or (r.kind[i] & Kind.PREPOSITION and not r.lexicon.has("of", r.low[i]))),
        default=None,
    )
    if cut is None:
        return phrase
    return Phrase(cut + 1, phrase.last, max(cut + 1, phrase.core_last)) if cut < phrase.last else None


def _is_utterance(r: Reading, item: int) -> bool:
    """ "Issued a statement saying", "wrote a letter urging": a noun whose words are its author's."""
    low = r.low[item]
    return any(r.lexicon.has(group, low) for group in ("words_things.documents", "remark_words", "utterances"))


def _led_by_with(r: Reading, last: int, first: int) -> Phrase | None:
    """ "With three in 10 saying": all between "with" and its participle."""
    for at in range(last, max(first, last - CLAUSE_ITEMS_MAX // 3), -1):
        if r.low[at] in ("with", "despite"):
            return Phrase(at + 1, last, last) if at < last else None
        if r.kind[at] & (MARK | AUXILIARY | Kind.RELATIVE | SUBJECT_PRONOUN) or is_verb(r, at):
            return None
    return None


def _relative_before(r: Reading, last: int, first: int) -> Phrase | None:
    """The "who" whose clause, without a comma, goes on to "by saying"."""
    for at in range(last, max(first, last - CLAUSE_ITEMS_MAX // 2), -1):
        if r.kind[at] & MARK:
            return None
        if r.lexicon.has("persons_relatives", r.low[at]):
            return Phrase(at, at, at)
    return None


def _clause_begun(r: Reading, verb: int, first: int) -> Phrase | None:
    """The subject of the nearest clause begun by "as", "while", "after", "and" or ", but" before a verb."""
    for at in range(verb - 2, max(first, verb - CLAUSE_ITEMS_MAX), -1):
        if r.kind[at] & (Kind.SPEECH | Kind.SEMICOLON):
            return None
        joins = r.lexicon.has("and", r.low[at]) and any(is_verb(r, i) for i in range(first, at))
        opens = r.lexicon.has("clause_openers", r.low[at]) and r.kind[at - 1] & (Kind.COMMA | Kind.DASH)
        if not (joins or opens) or r.kind[at + 1] & (Kind.COMMA | Kind.CUE):
            continue
        phrase = clause_subject(r, verb, at + 1)
        if phrase is None or phrase.last + 1 >= verb:
            continue
        apposed = opens and r.kind[phrase.last + 1] & Kind.COMMA
        if (is_verb(r, phrase.last + 1) or apposed) and (opens or phrase.first == at + 1):
            return phrase
    return None
