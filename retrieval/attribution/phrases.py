"""Noun phrases beside a verb, found without a parser: leftwards to the clause's start, rightwards to its end."""

from typing import NamedTuple

from retrieval.attribution.lexicon import Kind, Shape
from retrieval.attribution.reading import Reading

PHRASE_ITEMS_MAX = 28
"""A noun phrase longer than this is a mistake of ours."""

SUBJECT_PRONOUN = Kind.HE | Kind.SHE | Kind.THEY | Kind.IT | Kind.OTHER_PRONOUN
AUXILIARY = Kind.BE | Kind.HAVE | Kind.DO | Kind.MODAL
MARK = Kind.COMMA | Kind.COLON | Kind.SEMICOLON | Kind.DASH | Kind.STOP | Kind.SPEECH
_CLAUSE_EDGE = MARK | AUXILIARY | Kind.CONJUNCTION | Kind.SUBORDINATOR | Kind.RELATIVE | Kind.COMPLEMENTIZER
_NOT_ADVERBS = frozenset(
    [
        "family",
        "ally",
        "rally",
        "supply",
        "assembly",
        "monopoly",
        "reply",
        "daily",
        "weekly",
        "monthly",
        "july",
        "italy",
        "bully",
        "fly",
        "early",
        "likely",
    ]
)


class Phrase(NamedTuple):
    """Items ``first..last`` (inclusive); `core_last` is where its own noun ends, before any apposition."""

    first: int
    last: int
    core_last: int


def is_adverb(r: Reading, item: int) -> bool:
    if r.kind[item] & Kind.ADVERB:
        return True
    low = r.low[item]
    return low.endswith("ly") and len(low) > 4 and not r.kind[item] & Kind.CAPITAL and low not in _NOT_ADVERBS


def verb_group_start(r: Reading, cue: int, first: int) -> int:
    """The first item of the verb group that ends with the cue: adverbs, auxiliaries and negations before it."""
    at = cue
    while at > first and (r.kind[at - 1] & (AUXILIARY | Kind.NEGATION) or is_adverb(r, at - 1)):
        kind = r.kind[at - 1]
        grown = kind & Kind.HAVE and r.lexicon.has("grammar", "grown_pronouns")  # "a-t-il"
        if kind & (SUBJECT_PRONOUN | Kind.SUBORDINATOR) and not kind & Kind.ADVERB and not grown:
            break
        at -= 1
    return at


def starts_clause(r: Reading, item: int, first: int) -> bool:
    """Whether an item begins its clause: nothing before it, or a mark or a word that divides clauses."""
    return item <= first or bool(r.kind[item - 1] & _CLAUSE_EDGE)


def is_noun_like(r: Reading, item: int) -> bool:
    kind = r.kind[item]
    if not kind & Kind.WORD:
        return bool(kind & (Kind.QUOTE | Kind.PARENTHESIS)) and not kind & Kind.SPEECH
    edges = _CLAUSE_EDGE | SUBJECT_PRONOUN | Kind.DETERMINER | Kind.PREPOSITION
    if kind & edges and item == r.frame(item).first:
        return False
    return bool(kind & Kind.CAPITAL and not kind & SUBJECT_PRONOUN) or not kind & edges


def is_finite_cue(r: Reading, item: int) -> bool:
    """Whether a reporting word is surely a verb here: no article, preposition or possessive stands before it."""
    kind = r.kind[item]
    if not kind & Kind.CUE or kind & Kind.CAPITAL:
        return False
    cue = r.lexicon.cues[r.low[item]]
    if cue.shape & Shape.GERUND or r.lexicon.has("words_things.documents", r.low[item]):
        return False
    if item and r.kind[item - 1] & (Kind.DETERMINER | Kind.PREPOSITION | Kind.POSSESSIVE):
        return False
    return bool(cue.shape & (Shape.PAST | Shape.PRESENT))


def is_verb(r: Reading, item: int) -> bool:
    """Whether a word is surely a clause's verb: an auxiliary, a reporting verb, a past form after a noun."""
    kind = r.kind[item]
    if kind & AUXILIARY:
        return True
    if kind & (Kind.CAPITAL | Kind.POSSESSIVE) or not kind & Kind.WORD:
        return False
    past = is_past(r, item)
    if past and r.kind[item - 1] & (Kind.DETERMINER | Kind.PREPOSITION | Kind.CONJUNCTION | Kind.POSSESSIVE):
        return False
    return past or is_finite_cue(r, item)


def is_past(r: Reading, item: int) -> bool:
    """Whether a word has the form of a past tense: irregular, or in -ed."""
    low = r.low[item]
    return r.lexicon.has("pasts", low) or (low.endswith("ed") and len(low) > 3)


def is_subject_that(r: Reading, that: int) -> bool:
    """Whether a "that" is itself who does something: "smoke that filled the hall" tells what nobody says.

    A form in -ed before a bare noun may be an adjective ("that armed men").
    """
    after = that + 1
    if not r.lexicon.has("grammar", "verbs_known") or r.low[that] != "that" or after >= r.frame(that).last:
        return False
    if r.kind[after] & AUXILIARY:
        return True
    behind = Kind.DETERMINER | Kind.PREPOSITION | Kind.NUMBER | Kind.OBJECT_PRONOUN | Kind.CAPITAL | MARK
    proper = r.kind[after] & (Kind.CAPITAL | Kind.POSSESSIVE)
    return is_past(r, after) and not proper and bool(r.kind[after + 1] & behind)


def phrase_ending(r: Reading, last: int, first: int) -> Phrase | None:
    """The noun phrase whose last item is `last`, leftwards to its clause's start."""
    found = run_ending(r, last, first)
    return None if found and _continues_verb(r, found.first, first, AUXILIARY & ~Kind.DO) else found


def antecedent_ending(r: Reading, last: int, first: int) -> Phrase | None:
    """The noun phrase before a relative: of a run that begins amid a verb only what stands behind that verb.

    "Could hurt the Fed, which": the Fed; "the ones that follow Velm's rules, which": Velm's rules.
    """
    found = run_ending(r, last, first)
    while found and _continues_verb(r, found.first, first, AUXILIARY | Kind.RELATIVE):
        begin = next((i for i in range(found.first, last) if r.kind[i] & Kind.PREPOSITION), found.first) + 1
        found = Phrase(begin, last, max(begin, found.core_last)) if begin <= last else None
    return found


def _continues_verb(r: Reading, item: int, first: int, verbal: int) -> bool:
    """Whether a run of words begins amid a verb: "could complicate things", "was targeted by", "to work with"."""
    before = item - 1
    if before <= first or not r.kind[item] & Kind.WORD or not r.lexicon.has("grammar", "verbs_known"):
        return False
    if r.kind[item] & (Kind.CAPITAL | Kind.DETERMINER | Kind.NUMBER | Kind.ROLE) or is_thing(r, item):
        return False
    begun = r.kind[before] & verbal or r.low[before] == "to"
    return bool(begun) and not r.kind[before - 1] & (MARK | Kind.COMPLEMENTIZER)


def run_ending(r: Reading, last: int, first: int) -> Phrase | None:
    """The run of words up to `last` that may be a noun phrase, or the end of a verb's: "asked not to be named"."""
    if last >= first and (r.lexicon.has("counts", r.low[last]) or _counts_out_of(r, last, first)):
        start = _count_start(r, last, first)
        return Phrase(start, last, last)
    if last < first or not is_noun_like(r, last):
        return None
    at = last
    core_last = last
    stop = max(first, last - PHRASE_ITEMS_MAX)
    while at > stop:
        before = at - 1
        kind = r.kind[before]
        if kind & Kind.CAPITAL and not kind & (
            SUBJECT_PRONOUN | Kind.DETERMINER | Kind.PREPOSITION | Kind.SUBORDINATOR | Kind.CONJUNCTION
        ):
            at = before
            continue
        owning = kind & Kind.PREPOSITION and before > stop and is_noun_like(r, before - 1)
        if kind & Kind.DETERMINER and not (owning and not is_finite_cue(r, before - 1)):
            if kind & Kind.COMPLEMENTIZER and not kind & Kind.CAPITAL:
                break
            at = before
            numeral = r.lexicon.has("counts", r.low[before]) and before > stop and is_noun_like(r, before - 1)
            if before > stop and (r.kind[before - 1] & Kind.DETERMINER or (numeral and not is_verb(r, before - 1))):
                continue
            if r.kind[before - 1] & Kind.SUBORDINATOR and before - 1 > stop:
                break  # "days after the league said"
            if before - 1 > stop and r.kind[before - 1] & Kind.PREPOSITION:
                if is_noun_like(r, before - 2):
                    core_last = before - 2
                    at -= 1
                    continue
                if r.kind[before - 2] & (Kind.DETERMINER | Kind.OTHER_PRONOUN) and before - 2 >= first:
                    return Phrase(before - 2, last, last)  # "some of the", "one in four"
            if _is_genitive(r, before, stop):
                core_last = before - 1
                at -= 1
                continue
            joined = _joined_before(r, before, stop, first)
            at = joined if joined is not None else at
            break
        if kind & Kind.PREPOSITION:
            if kind & Kind.SUBORDINATOR:
                break  # "years after Dahl said"
            if _is_participle_by(r, before, first):
                return None  # "the site, run by Dahl"
            if before > stop and is_noun_like(r, before - 1) and not is_finite_cue(r, before - 1):
                core_last = before - 1
                at = before
                continue
            if _counts_out_of(r, at, first):
                return Phrase(_count_start(r, at, first), last, last)  # "nine in 10 voters"
            counted = r.kind[at] & Kind.NUMBER or r.lexicon.has("quantities", r.low[at])
            if counted and r.lexicon.has("counting", r.low[before]) and not r.lexicon.has("of", r.low[before]):
                return Phrase(before, last, core_last)  # "about two-thirds"
            if before > stop and r.lexicon.has("of", r.low[before]) and r.lexicon.has("counts", r.low[before - 1]):
                return Phrase(_count_start(r, before - 1, first), last, before - 1)  # "most of them"
            return _after_adverbial(r, at, last)
        if (
            kind & Kind.CONJUNCTION
            and r.lexicon.has("and", r.low[before])
            and before > stop
            and _coordinates(r, before)
        ):
            at = before
            continue
        if kind & (_CLAUSE_EDGE | SUBJECT_PRONOUN) or is_finite_cue(r, before):
            break
        if not kind & (Kind.WORD | Kind.PARENTHESIS | Kind.QUOTE):
            break
        at = before
    while at < last and (is_adverb(r, at) or r.kind[at] & (Kind.PARENTHESIS | Kind.CONJUNCTION)):
        at += 1
    return Phrase(at, last, core_last if core_last >= at else last)


def _is_participle_by(r: Reading, item: int, first: int) -> bool:
    """Whether a lone small word between a comma and "by" makes a participle: ", run by", ", led by"."""
    if not r.lexicon.has("agent", r.low[item]) or item - 2 <= first:
        return False
    lone = r.kind[item - 1] & (Kind.CAPITAL | Kind.ROLE | Kind.CUE) == 0 and not is_thing(r, item - 1)
    return lone and bool(r.kind[item - 2] & Kind.COMMA)


def _counts_out_of(r: Reading, item: int, first: int) -> bool:
    """Whether a number is the whole of a count: "six in 10", "one out of four"."""
    counted = r.kind[item] & Kind.NUMBER or r.lexicon.has("counts", r.low[item])
    if not counted or item - 2 < first or r.low[item - 1] not in ("in", "of"):
        return False
    return bool(r.kind[item - 2] & (Kind.DETERMINER | Kind.NUMBER)) or r.low[item - 2] == "out"


def _count_start(r: Reading, item: int, first: int) -> int:
    """Where "more than six in 10", "all but two" begins."""
    at = item
    while at > first and (r.kind[at - 1] & (Kind.DETERMINER | Kind.NUMBER) or r.lexicon.has("counting", r.low[at - 1])):
        at -= 1
    while at < item and r.low[at] in ("in", "of"):
        at += 1
    return at


def _is_genitive(r: Reading, determiner: int, stop: int) -> bool:
    """Whether an article joins two nouns: "die Anwältin des Opfers"."""
    before = determiner - 1
    return before > stop and r.lexicon.has("genitives", r.low[determiner]) and _is_capital_noun(r, before)


def _is_capital_noun(r: Reading, item: int) -> bool:
    return bool(r.kind[item] & Kind.CAPITAL) and not r.kind[item] & (Kind.DETERMINER | Kind.PREPOSITION | Kind.TIME)


def _joined_before(r: Reading, determiner: int, stop: int, first: int) -> int | None:
    """ "Dahl and her rivals", "many experts and some lawmakers": where the first of two subjects begins."""
    join = determiner - 1
    if join <= max(stop, first) or not r.lexicon.has("and", r.low[join]):
        return None
    at = _member_start(r, join - 1 - bool(r.kind[join - 1] & Kind.COMMA), first)
    while at is not None and at - 1 > first and r.kind[at - 1] & Kind.COMMA:  # "the league, the crews and the wardens"
        at = _member_start(r, at - 2, first)
    return at if at is not None and (at == first or r.kind[at - 1] & Kind.COMPLEMENTIZER) else None


def _member_start(r: Reading, last: int, first: int) -> int | None:
    """Where one member of a list of subjects begins: a name, or an article and its noun."""
    at = last
    if at >= first and r.kind[at] & Kind.CAPITAL:
        while at > first and r.kind[at - 1] & Kind.CAPITAL and not r.kind[at - 1] & Kind.PREPOSITION:
            at -= 1
        return at - 1 if at > first and r.kind[at - 1] & Kind.DETERMINER else at
    for before in range(at - 1, max(first, at - 3) - 1, -1):
        if r.kind[before] & Kind.DETERMINER:
            return before
        if not is_noun_like(r, before):
            return None
    return None


def _coordinates(r: Reading, item: int) -> bool:
    """Whether an "and" joins two names or two bare nouns, not two clauses."""
    left, right = r.kind[item - 1], r.kind[item + 1]
    if left & Kind.ROLE and right & (Kind.ROLE | Kind.CAPITAL) and not right & SUBJECT_PRONOUN:
        return True  # "lobbyist and strategist Orlo"
    if r.low[item + 1] == "others" and is_noun_like(r, item - 1):
        return True  # "Orlo and others"
    if left & Kind.CAPITAL and right & (Kind.CAPITAL | Kind.DETERMINER) and not right & SUBJECT_PRONOUN:
        return True
    return (
        is_noun_like(r, item - 1)
        and not right & (Kind.CAPITAL | Kind.DETERMINER | SUBJECT_PRONOUN)
        and is_noun_like(r, item + 1)
    )


def _after_adverbial(r: Reading, first: int, last: int) -> Phrase | None:
    """ "In a letter Monday Dahl": the part of a run after a time, or nothing where it cannot be told."""
    for at in range(last - 1, first - 1, -1):
        if r.kind[at] & Kind.TIME:
            return Phrase(at + 1, last, last)
    return None


def phrase_starting(r: Reading, first: int, last: int) -> Phrase | None:
    """The noun phrase that starts at `first`, with its appositions, rightwards to `last`."""
    at = first
    if at > last or not (is_noun_like(r, at) or r.kind[at] & (Kind.DETERMINER | SUBJECT_PRONOUN)):
        return None
    if r.kind[at] & SUBJECT_PRONOUN and not (r.kind[at] & Kind.DETERMINER and at < last and is_noun_like(r, at + 1)):
        return Phrase(at, at, at)
    while at <= last and r.kind[at] & Kind.DETERMINER:
        at += 1
    at = _run_end(r, at, last)
    if at < first:
        return None
    core_last = at
    return Phrase(first, _appositions_end(r, first, at, last), core_last)


def _run_end(r: Reading, at: int, last: int) -> int:
    """The last item of a run of nouns, through "of" and the like where a noun phrase follows."""
    begin = at
    while at <= last:
        kind = r.kind[at]
        if kind & Kind.TIME and kind & Kind.CAPITAL:
            break
        if kind & Kind.PREPOSITION:
            follows = at + 1 <= last and (is_noun_like(r, at + 1) or r.kind[at + 1] & Kind.DETERMINER)
            if (
                not r.lexicon.has("joining", r.low[at])
                or not follows
                or (at + 1 <= last and r.kind[at + 1] & Kind.TIME)
            ):
                break
            at += 1
            while at <= last and r.kind[at] & Kind.DETERMINER:
                at += 1
            continue
        if at > begin and at < last and r.lexicon.has("genitives", r.low[at]) and _is_capital_noun(r, at - 1):
            at += 1
            continue
        if kind & Kind.CONJUNCTION and at + 1 <= last and r.lexicon.has("and", r.low[at]) and _coordinates(r, at):
            at += 1
            while at <= last and r.kind[at] & Kind.DETERMINER:
                at += 1
            at += at <= last and r.low[at] == "others"
            continue
        if at > begin and _ends_phrase_before(r, at, last):
            break
        if not is_noun_like(r, at) or is_adverb(r, at) or _verb_begins(r, at, begin):
            break
        at += 1
    return at - 1


def _ends_phrase_before(r: Reading, at: int, last: int) -> bool:
    """ "Orlo prior to the match", "a letter announcing the strike": a word that is none of the noun phrase before."""
    if r.lexicon.has("after_nouns", r.low[at]):
        return True
    if not r.kind[at] & Kind.CUE or r.kind[at] & Kind.CAPITAL or at >= last:
        return False
    told = r.kind[at + 1] & (Kind.DETERMINER | Kind.CAPITAL | Kind.COMPLEMENTIZER)
    return bool(told and r.lexicon.cues[r.low[at]].shape & Shape.GERUND)


def _verb_begins(r: Reading, at: int, begin: int) -> bool:
    """Where all nouns are capitals, a small word after a noun is a verb, not a part of the phrase."""
    nouns = r.lexicon.has("grammar", "capital_nouns")
    return nouns and at > begin and bool(r.kind[at - 1] & Kind.CAPITAL) and not r.kind[at] & (Kind.CAPITAL | Kind.QUOTE)


def _appositions_end(r: Reading, first: int, at: int, last: int) -> int:
    """ ", the mayor of Velm" and ", who lives there" belong to the phrase; a lone ", adding" or ", but" does not."""
    office = any(r.kind[i] & Kind.ROLE for i in range(first, at + 1))
    while at + 2 <= last and r.kind[at + 1] & Kind.COMMA:
        begin = at + 2
        kind = r.kind[begin]
        named = (
            office and kind & Kind.CAPITAL and not kind & (Kind.TIME | Kind.CUE | SUBJECT_PRONOUN)
        )  # "its chairwoman, Teodora Quill"
        opens = named or kind & (Kind.DETERMINER | Kind.RELATIVE | Kind.NUMBER | Kind.ROLE)
        if not (opens or _office_ahead(r, begin, last)):
            return at
        if kind & (Kind.CUE | SUBJECT_PRONOUN) and not kind & Kind.RELATIVE:
            return at
        end = begin
        while end <= last and not r.kind[end] & (MARK & ~Kind.DASH):
            end += 1
        if not kind & Kind.RELATIVE and any(r.kind[i] & AUXILIARY or is_finite_cue(r, i) for i in range(begin, end)):
            return at
        at = end - 1
    return at


def _office_ahead(r: Reading, begin: int, last: int) -> bool:
    """Whether the next few words, up to a mark, hold a noun of office."""
    for at in range(begin, min(begin + 6, last + 1)):
        if r.kind[at] & (MARK | Kind.CUE | AUXILIARY | Kind.SUBORDINATOR):
            return False
        if r.kind[at] & Kind.ROLE:
            return True
    return False


def own_noun(r: Reading, phrase: Phrase) -> int:
    """A phrase's own noun, without a participle behind it ("a survey released")."""
    at = phrase.core_last
    while at > phrase.first and r.kind[at] & Kind.PARENTHESIS:
        at -= 1
    while at > phrase.first and r.low[at].endswith("ed") and not r.kind[at] & (Kind.CAPITAL | Kind.ROLE):
        at -= 1
    return at if r.kind[at] & Kind.WORD and not r.kind[at] & Kind.DETERMINER else phrase.core_last


def is_thing(r: Reading, item: int) -> bool:
    """Whether a word names a group, a body or a document."""
    low = r.low[item]
    return any(r.lexicon.has(f"words_things.{group}", low) for group in ("groups", "documents", "bodies"))
