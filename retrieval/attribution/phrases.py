"""Noun phrases beside a verb, found without a parser: leftwards to the clause's start, rightwards to its end."""

from typing import NamedTuple

from retrieval.attribution.lexicon import Kind, Shape
from retrieval.attribution.reading import Reading

PHRASE_ITEMS_MAX = 28
"""A noun phrase longer than this is a mistake of ours."""
APPOSITION_ITEMS_MAX = 60
"""So many items a name's appositions may take, and so many marks, before the verb."""
APPOSITION_MARKS_MAX = 6
SOURCE_ITEMS_MAX = 14
"""Naming words are no longer than this: what else stands in apposition is the article's own."""

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
_TIME_LEADS = frozenset(["on", "last", "this", "next", "late", "early", "earlier", "since"])


class Phrase(NamedTuple):
    """Items ``first..last`` (inclusive); `core_last` is where its own noun ends, before any apposition."""

    first: int
    last: int
    core_last: int


class Subject(NamedTuple):
    """Who does what a verb says: its naming words, and where those only point back, the phrase they point to."""

    phrase: Phrase
    way: str
    antecedent: Phrase | None = None


def is_adverb(r: Reading, item: int) -> bool:
    if r.kind[item] & Kind.ADVERB:
        return True
    low = r.low[item]
    return low.endswith("ly") and len(low) > 4 and not r.kind[item] & Kind.CAPITAL and low not in _NOT_ADVERBS


def verb_group_start(r: Reading, cue: int, first: int) -> int:
    """The first item of the verb group that ends with the cue: adverbs, auxiliaries and negations before it."""
    at = cue
    while at > first and (r.kind[at - 1] & (AUXILIARY | Kind.NEGATION) or is_adverb(r, at - 1)):
        if r.kind[at - 1] & (SUBJECT_PRONOUN | Kind.SUBORDINATOR) and not r.kind[at - 1] & Kind.ADVERB:
            break
        at -= 1
    return at


def before_times(r: Reading, item: int, first: int) -> int:
    """Step left over "on Tuesday", "last week": where a subject may end."""
    at = item
    while at > first and r.kind[at] & (Kind.TIME | Kind.NUMBER) and r.kind[at] & Kind.WORD:
        at -= 1
    if at == item:
        return item
    while at > first and r.low[at] in _TIME_LEADS:
        at -= 1
    return at


def subject_before(r: Reading, verb: int, first: int) -> Subject | None:
    """The subject of a verb group that starts at `verb`, looked for leftwards to `first`."""
    if verb <= first:
        return None
    at = before_times(r, verb - 1, first)
    kind = r.kind[at]
    if kind & SUBJECT_PRONOUN:
        return Subject(_of_them(r, at, first), "pronoun")
    if kind & Kind.RELATIVE:
        return _relative(r, at, first)
    if kind & (Kind.COMMA | Kind.DASH):
        return _with_apposition(r, at, first)
    if kind & (MARK | Kind.CONJUNCTION | Kind.SUBORDINATOR | AUXILIARY):
        return None
    phrase = phrase_ending(r, at, first)
    described = _with_relative_clause(r, phrase, first) if phrase else None
    return Subject(described or phrase, "phrase") if phrase else None


def _with_relative_clause(r: Reading, phrase: Phrase, first: int) -> Phrase | None:
    """ "An official who asked not to be named": whom a clause without a comma, right before the verb, tells of."""
    if phrase.first - 1 <= first or r.kind[phrase.first - 1] & (MARK | Kind.COMPLEMENTIZER | Kind.CONJUNCTION):
        return None
    for at in range(phrase.first - 1, max(first, phrase.first - PHRASE_ITEMS_MAX), -1):
        if r.lexicon.has("persons_relatives", r.low[at]):
            before = phrase_ending(r, at - 1, first)
            return Phrase(before.first, phrase.last, before.core_last) if before else None
        if r.kind[at] & (MARK | Kind.COMPLEMENTIZER):
            return None
    return None


def _of_them(r: Reading, at: int, first: int) -> Phrase:
    """ "Many of them", "one", "he himself": a pronoun with what belongs to it."""
    return Phrase(at, at, at)


def _relative(r: Reading, at: int, first: int) -> Subject | None:
    before = at - 1
    while before > first and r.kind[before] & Kind.COMMA:
        before -= 1
    if before > first and r.low[before] == "of" and r.kind[before - 1] & (Kind.DETERMINER | Kind.OTHER_PRONOUN):
        return Subject(Phrase(before - 1, at, at), "relative")  # "many of whom"
    antecedent = phrase_ending(r, before, first) if before >= first else None
    if r.low[at] == "that" and antecedent is None:
        return None
    return Subject(Phrase(at, at, at), "relative", antecedent)


def _with_apposition(r: Reading, close: int, first: int) -> Subject | None:
    """ "Mira Dahl, 56, the mayor of Velm, which is a port, said": the phrase before the first comma."""
    mark = Kind.DASH if r.kind[close] & Kind.DASH else Kind.COMMA
    tries = 0
    nearest: Subject | None = None
    for at in range(close - 1, max(first, close - APPOSITION_ITEMS_MAX), -1):
        if not r.kind[at] & mark:
            continue
        tries += 1
        phrase = phrase_ending(r, at - 1, first)
        if phrase and _apposes(r, at + 1, close - 1) and _starts_clause(r, phrase.first, first):
            found = Subject(_bounded(r, phrase, close - 1), "apposition")
            if not _may_apposes_itself(r, phrase, first):
                return found if nearest is None or _is_printed_name(r, phrase) else nearest
            nearest = nearest or found
        if tries == APPOSITION_MARKS_MAX:
            break
    return nearest


def _may_apposes_itself(r: Reading, phrase: Phrase, first: int) -> bool:
    """Whether a phrase after a comma may be one more apposition: an age, an office, a place, with its name before."""
    if phrase.first <= first or not r.kind[phrase.first - 1] & Kind.COMMA:
        return False
    return not _is_printed_name(r, phrase) or phrase.first == phrase.last


def _is_printed_name(r: Reading, phrase: Phrase) -> bool:
    """Whether a phrase is capitals throughout, but for what stands in a name."""
    items = range(phrase.first, phrase.core_last + 1)
    return all(r.kind[i] & (Kind.CAPITAL | Kind.PARENTHESIS) or r.lexicon.has("names_joining", r.low[i]) for i in items)


def _bounded(r: Reading, phrase: Phrase, last: int) -> Phrase:
    """A phrase with as much of its apposition as naming words may hold, cut at a comma."""
    while last > phrase.last and last - phrase.first >= SOURCE_ITEMS_MAX:
        commas = [i for i in range(phrase.last + 1, last) if r.kind[i] & (Kind.COMMA | Kind.DASH)]
        last = commas[-1] - 1 if commas else phrase.last
    return Phrase(phrase.first, max(last, phrase.last), phrase.core_last)


def _apposes(r: Reading, first: int, last: int) -> bool:
    """Whether items can stand in apposition: begun by an article, a relative, an age, an office or small letters."""
    if first > last or r.kind[first] & (SUBJECT_PRONOUN | AUXILIARY | Kind.CONJUNCTION):
        return False
    starts = Kind.DETERMINER | Kind.RELATIVE | Kind.NUMBER | Kind.ROLE | Kind.PREPOSITION
    if r.kind[first] & starts or not r.kind[first] & Kind.CAPITAL:
        return True
    return last - first <= 3 or any(r.kind[i] & Kind.ROLE for i in range(first, last + 1))


def _starts_clause(r: Reading, item: int, first: int) -> bool:
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


def phrase_ending(r: Reading, last: int, first: int) -> Phrase | None:
    """The noun phrase whose last item is `last`, leftwards to its clause's start."""
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
        if kind & Kind.DETERMINER:
            if kind & Kind.COMPLEMENTIZER and not kind & Kind.CAPITAL:
                break
            at = before
            if before > stop and r.kind[before - 1] & Kind.DETERMINER:
                continue
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
            if before > stop and is_noun_like(r, before - 1) and not is_finite_cue(r, before - 1):
                core_last = before - 1
                at = before
                continue
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
            continue
        if not is_noun_like(r, at) or is_adverb(r, at) or _verb_begins(r, at, begin):
            break
        at += 1
    return at - 1


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


def clause_subject(r: Reading, verb: int, first: int) -> Phrase | None:
    """The subject of a whole sentence, for a verb that shares it ("... and said", ", adding that")."""
    at = _after_opening(r, first, verb)
    if at >= verb:
        return None
    if r.kind[at] & SUBJECT_PRONOUN:
        return Phrase(at, at, at)
    if not (is_noun_like(r, at) or r.kind[at] & Kind.DETERMINER):
        return None
    end = at
    seen = False
    while end < min(verb, at + 14):
        kind = r.kind[end]
        if (
            kind & (MARK | AUXILIARY | Kind.CONJUNCTION | Kind.SUBORDINATOR | Kind.PREPOSITION)
            and end > at
            and not kind & Kind.DETERMINER
        ):
            break
        noun = kind & (Kind.CAPITAL | Kind.ROLE) and not kind & Kind.DETERMINER
        noun = noun and not (end == at and _only_leads(r, end, first, verb))
        noun = noun or (end > at and bool(r.kind[end - 1] & Kind.POSSESSIVE))
        thing = is_thing(r, end)
        if (seen and not (noun or thing)) or (end > at and is_finite_cue(r, end)):
            break
        seen = bool(seen or noun or thing)
        end += 1
    return Phrase(at, end - 1, end - 1) if seen else None


def _only_leads(r: Reading, item: int, first: int, verb: int) -> bool:
    """A capital owed to the sentence's start ("Small groups"), or one that a noun follows ("Ostran minister Dahl")."""
    if item + 1 >= verb or r.kind[item + 1] & (Kind.CAPITAL | MARK | AUXILIARY | Kind.PREPOSITION):
        return False
    for after in range(item + 1, min(item + 5, verb)):
        kind = r.kind[after]
        if kind & (Kind.ROLE | Kind.CAPITAL) or is_thing(r, after):
            return True
        if kind & (MARK | AUXILIARY | Kind.PREPOSITION | Kind.DETERMINER | Kind.CONJUNCTION):
            return False
    return False


def is_thing(r: Reading, item: int) -> bool:
    """Whether a word names a group, a body or a document."""
    low = r.low[item]
    return any(r.lexicon.has(f"words_things.{group}", low) for group in ("groups", "documents", "bodies"))


def _after_opening(r: Reading, first: int, verb: int) -> int:
    """Past an opening adverbial ("On Friday, ...", "But ...")."""
    at = first
    if verb > first + 1 and r.low[first].endswith("ly") and r.kind[first + 1] & Kind.COMMA:
        at += 1
    for _ in range(3):
        while at < verb and (r.kind[at] & (Kind.CONJUNCTION | Kind.COMMA | Kind.DASH | Kind.QUOTE) or is_adverb(r, at)):
            at += 1
        opening = Kind.PREPOSITION | Kind.SUBORDINATOR | Kind.TIME
        if at >= verb or not ((r.kind[at] & opening and not r.kind[at] & Kind.DETERMINER) or r.low[at].endswith("ing")):
            return at
        comma = next((i for i in range(at, min(verb, at + 25)) if r.kind[i] & Kind.COMMA), verb)
        at = comma + 1
    return at
