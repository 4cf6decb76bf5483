"""How a reporting verb is used at its place: by whom, in which form, and what comes after it."""

from dataclasses import dataclass

from retrieval.attribution.lexicon import Cue, Kind, Shape
from retrieval.attribution.phrases import (
    AUXILIARY,
    SUBJECT_PRONOUN,
    Phrase,
    is_adverb,
    is_noun_like,
    is_verb,
    own_noun,
    phrase_starting,
    verb_group_start,
)
from retrieval.attribution.reading import Frame, Reading
from retrieval.attribution.subjects import Subject, subject_before

CARRIER_ITEMS_MAX = 8
"""A verb that carries another ("went out of his way to say") stands no further before it than this."""
MODIFIER_ITEMS_MAX = 30
"""Time, place and addressee between a verb and what it reports are no longer than this."""


@dataclass(frozen=True, slots=True)
class Use:
    """A cue at its place: `first` begins its verb group; `form` is finite, gerund, infinitive, passive or bare."""

    at: int
    first: int
    cue: Cue
    form: str
    negated: bool = False
    doubtful: bool = False


def use_of(r: Reading, at: int) -> Use | None:
    """How the cue at `at` is used, or None where it is no verb there."""
    frame = r.frame(at)
    cue = r.lexicon.cues[r.low[at]]
    if r.kind[at] & Kind.CAPITAL and at > frame.first and not r.kind[at - 1] & (Kind.QUOTE | Kind.COMMA | Kind.DASH):
        return None
    before = r.kind[at - 1] if at > frame.first else 0
    if cue.shape == Shape.GERUND:
        return _gerund(r, at, cue, frame)
    if before & (Kind.DETERMINER | Kind.POSSESSIVE | Kind.NUMBER) and not before & SUBJECT_PRONOUN:
        counted = before & Kind.NUMBER or r.lexicon.has("counts", r.low[at - 1])
        if not counted or cue.lemma in r.lexicon.words.get("noun_like_cues", ()):
            return None  # "some say", but "some claims"
    if cue.lemma in r.lexicon.words.get("noun_like_cues", ()) and at and r.lexicon.has("quantities", r.low[at - 1]):
        return None  # "the dozen states"
    first = verb_group_start(r, at, frame.first)
    if first == at and cue.shape & Shape.PARTICIPLE and r.lexicon.has("grammar", "brackets"):
        helper = _bracket(r, at, frame.first)
        if helper is not None:
            return Use(at, helper, cue, "passive" if r.kind[helper] & Kind.BE else "finite")
    group = range(first, at)
    if not _may_follow(r, at, first, cue):
        return None
    negated = any(r.kind[i] & Kind.NEGATION for i in group)
    doubtful = any(r.lexicon.has("doubtful", r.low[i]) for i in group)
    if first > frame.first and r.low[first - 1] == "to":
        return _infinitive(r, at, first - 1, cue, frame)
    if before & Kind.PREPOSITION:
        return None
    if _is_passive(r, at, first, cue):
        return Use(at, first, cue, "passive", negated, doubtful)
    helped = any(r.kind[i] & AUXILIARY for i in group)
    if cue.shape & (Shape.PAST | Shape.PRESENT) or helped:
        return Use(at, first, cue, "finite", negated, doubtful)
    if cue.shape == Shape.PARTICIPLE and r.lexicon.has("grammar", "verbs_known"):
        return None  # "people seen as helpers"
    return Use(at, first, cue, "bare", negated, doubtful)


def _may_follow(r: Reading, at: int, first: int, cue: Cue) -> bool:
    """Whether the form of a cue can stand behind its helper: "did claim", "are planned"; "are plans" holds no verb."""
    if not r.lexicon.has("grammar", "verbs_known"):
        return True
    helper = next((r.kind[i] for i in range(at - 1, first - 1, -1) if r.kind[i] & AUXILIARY), 0)
    if helper & (Kind.BE | Kind.HAVE) and not helper & (Kind.MODAL | Kind.DO):
        return bool(cue.shape & Shape.PARTICIPLE)
    return not helper or bool(cue.shape & Shape.BASE)


def _bracket(r: Reading, participle: int, first: int) -> int | None:
    """The "hat" or "wurde" that a participle far behind it belongs to ("hat am Montag in Velm erklärt")."""
    for at in range(participle - 1, max(first, participle - MODIFIER_ITEMS_MAX), -1):
        if r.kind[at] & (Kind.HAVE | Kind.BE) and not r.kind[at] & Kind.DETERMINER:
            return at
        if r.kind[at] & (Kind.SPEECH | Kind.COLON | Kind.SEMICOLON | Kind.CUE | Kind.COMMA):
            return None
    return None


def _gerund(r: Reading, at: int, cue: Cue, frame: Frame) -> Use | None:
    """ "..., adding that", "by saying that", "is hoping to"; after other prepositions it only names a doing."""
    first = _gerund_start(r, at, frame)
    before = first - 1
    if before < frame.first:
        return Use(at, first, cue, "gerund")
    kind = r.kind[before]
    if kind & Kind.BE:
        return _progressive(r, at, before, cue, frame)
    if kind & (Kind.DETERMINER | Kind.POSSESSIVE | Kind.NEGATION | Kind.HAVE):
        return None
    if kind & Kind.PREPOSITION and not (kind & Kind.SUBORDINATOR or r.lexicon.has("agent", r.low[before])):
        return None
    return Use(at, first, cue, "gerund")


def _progressive(r: Reading, at: int, be: int, cue: Cue, frame: Frame) -> Use | None:
    first = verb_group_start(r, be + 1, frame.first)
    helpers = range(first, at)
    negated = any(r.kind[i] & Kind.NEGATION for i in helpers)
    doubtful = any(r.lexicon.has("doubtful", r.low[i]) for i in helpers)
    return Use(at, first, cue, "finite", negated, doubtful)


def _gerund_start(r: Reading, at: int, frame: Frame) -> int:
    first = at
    while first > frame.first and is_adverb(r, first - 1):
        first -= 1
    return first


def _is_passive(r: Reading, at: int, first: int, cue: Cue) -> bool:
    if not cue.shape & Shape.PARTICIPLE:
        return False
    helpers = [i for i in range(first, at) if r.kind[i] & AUXILIARY]
    return bool(helpers) and bool(r.kind[helpers[-1]] & Kind.BE)


def _infinitive(r: Reading, at: int, to: int, cue: Cue, frame: Frame) -> Use | None:
    """ "Went on to say": an infinitive that a carrying verb makes a statement; any other reports nothing."""
    carrier = to - 1
    if carrier > frame.first and r.lexicon.has("carriers.words", r.low[carrier]):
        if r.low[carrier] == "on":
            carrier -= 1
            if not r.lexicon.has("carriers.on", r.low[carrier]):
                return Use(at, to, cue, "infinitive")
        return Use(at, verb_group_start(r, carrier, frame.first), cue, "finite")
    verb = _verb_of_phrase(r, carrier, frame.first) if r.lexicon.has("carriers.phrases", r.low[carrier]) else None
    return Use(at, to, cue, "infinitive") if verb is None else Use(at, verb, cue, "finite")


def _verb_of_phrase(r: Reading, carrier: int, first: int) -> int | None:
    """ "Went out of his way to say", "was quick to say": where the group of the verb that carries another begins."""
    for at in range(carrier, max(first, carrier - CARRIER_ITEMS_MAX), -1):
        if is_verb(r, at):
            return verb_group_start(r, at, first)
        if r.kind[at] & Kind.COMMA:
            return None
    return None


def subject_of(r: Reading, use: Use) -> Subject | None:
    """The subject to the left of a verb, within its frame."""
    return subject_before(r, use.first, r.frame(use.at).first)


def is_plural(r: Reading, subject: Subject) -> bool:
    """Whether a bare form ("say") can agree with this subject."""
    if subject.way == "relative":
        return True
    if subject.way == "pronoun":
        return not r.kind[subject.phrase.core_last] & (Kind.HE | Kind.SHE | Kind.IT)
    return agrees(r, subject.phrase)


def agrees(r: Reading, phrase: Phrase) -> bool:
    """Whether a noun phrase is a plural: "voters", "six in ten", "Dahl and Orlo"."""
    item = own_noun(r, phrase)
    low = r.low[item]
    if phrase.first < item and r.lexicon.has("singular", r.low[phrase.first]) and not r.lexicon.has("quantities", low):
        return False
    if r.kind[item] & Kind.NUMBER or r.lexicon.has("quantities", low) or r.lexicon.has("counts", low):
        return True
    nouns = range(phrase.first, phrase.last + 1)
    if any(r.lexicon.has("words_things.groups", r.low[i]) for i in nouns):
        return True
    plural = low.endswith("s") or any(r.low[i] == "and" for i in range(phrase.first, item))
    return plural or r.lexicon.has("words_things.groups", low) or r.lexicon.has("determiners", low)


def after_modifiers(
    r: Reading, at: int, last: int, *, tells: bool, keeps_to: bool = False
) -> tuple[int, tuple[int, int] | None]:
    """Past adverbs, the addressee, time and place after a verb: the next item, and the addressee if there was one.

    `keeps_to` leaves an infinitive ("promised to repair") standing.
    """
    addressee: tuple[int, int] | None = None
    begin = at
    if tells and at <= last:
        told = addressee_end(r, at, last)
        if told >= at:
            addressee = (at, told)
            at = told + 1
    while at <= last and at - begin < MODIFIER_ITEMS_MAX:
        kind = r.kind[at]
        if keeps_to and r.low[at] == "to":
            break
        if (
            kind & Kind.PARENTHESIS
            or (is_adverb(r, at) and not kind & (Kind.NEGATION | Kind.COMPLEMENTIZER))
            or kind & Kind.TIME
        ):
            at += 1
        elif (kind & Kind.PREPOSITION and not kind & (Kind.SUBORDINATOR | Kind.COMPLEMENTIZER)) or _leads_time(
            r, at, last
        ):
            at = _prepositional_end(r, at, last) + 1
        else:
            break
    return at, addressee


def _leads_time(r: Reading, at: int, last: int) -> bool:
    return (
        r.low[at] in ("last", "this", "earlier", "late", "early", "next")
        and at < last
        and bool(r.kind[at + 1] & Kind.TIME)
    )


def addressee_end(r: Reading, at: int, last: int) -> int:
    """The last item of somebody who is told: a pronoun, a name, or an article and its noun."""
    kind = r.kind[at]
    if kind & Kind.OBJECT_PRONOUN and (at == last or not _possesses(r, at + 1)):
        return at
    if r.lexicon.has("that", r.low[at]) or (kind & (Kind.COMPLEMENTIZER | Kind.QUOTE) and not kind & Kind.DETERMINER):
        return at - 1
    phrase = phrase_starting(r, at, min(last, at + 14))
    if phrase is None:
        return at - 1
    end = _shortened(r, phrase.first, phrase.core_last)
    return next((i - 1 for i in range(phrase.first + 1, end) if r.lexicon.has("not_of_names", r.low[i])), end)


def _possesses(r: Reading, item: int) -> bool:
    """After "her": whether a noun follows that makes it "her supporters"."""
    return (
        is_noun_like(r, item) and not r.kind[item] & (Kind.CAPITAL | Kind.TIME | Kind.CUE) and r.low[item].endswith("s")
    )


def _shortened(r: Reading, first: int, last: int) -> int:
    """A name or a plural ends an addressee where a clause without its "that" follows at once."""
    seen_name = False
    for at in range(first, last + 1):
        capital = bool(r.kind[at] & Kind.CAPITAL)
        if seen_name and not capital and not r.kind[at] & (Kind.PREPOSITION | Kind.PARENTHESIS | Kind.QUOTE):
            follows = (
                r.kind[at] & Kind.ROLE
                or r.lexicon.has("outlet_words", r.low[at])
                or r.lexicon.has("words_things.groups", r.low[at])
            )
            if not follows:
                return at - 1
        seen_name = capital and not r.kind[at] & Kind.DETERMINER
    return last


def _prepositional_end(r: Reading, at: int, last: int) -> int:
    """The last item of "in an interview with the Wire": up to a mark, a conjunction or a clause."""
    end = at
    stops = Kind.COMMA | Kind.COLON | Kind.STOP | Kind.SPEECH | Kind.DASH | Kind.SEMICOLON | Kind.RELATIVE
    stops |= Kind.COMPLEMENTIZER | AUXILIARY | SUBJECT_PRONOUN
    seen_noun = False
    for item in range(at + 1, min(last, at + MODIFIER_ITEMS_MAX) + 1):
        kind = r.kind[item]
        being = kind & AUXILIARY and r.low[item].endswith("ing")  # "despite being ill"
        if kind & stops and not being and not (kind & Kind.DETERMINER and not kind & Kind.COMPLEMENTIZER):
            break
        if kind & Kind.DETERMINER and seen_noun and not r.kind[item - 1] & (Kind.PREPOSITION | Kind.DETERMINER):
            break
        seen_noun = seen_noun or is_noun_like(r, item)
        end = item
    return end
