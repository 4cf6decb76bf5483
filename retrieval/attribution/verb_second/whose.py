"""Whose verb it is in a verb-second language: before it, right behind it, or parted from it by an apposition."""

from typing import NamedTuple

from retrieval.attribution.findings import Extent
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import SUBJECT_PRONOUN, Phrase
from retrieval.attribution.reading import Reading
from retrieval.attribution.verb_second.brackets import Verb
from retrieval.attribution.verb_second.nominals import can_be_subject, is_person, midfield, nominal, with_appositions


class Whose(NamedTuple):
    """The subject of a verb; `inverted` tells that it stands behind the verb."""

    phrase: Phrase
    inverted: bool


def subject(r: Reading, verb: Verb, parts: list[Extent], own: int) -> Whose | None:
    """Whose verb it is: before it in its clause, right behind it, or the phrase that an apposition parts from it."""
    first, last = parts[own]
    if verb.finite > first and r.kind[verb.finite - 1] & Kind.CONJUNCTION:
        return _shared(r, first, verb.finite - 2)
    begin = _clause_start(r, first, verb.finite)
    end = min(last, verb.at - 1) if verb.at > verb.finite else last
    behind = subject_behind(r, verb.finite + 1, max(end, verb.finite))
    inverted = Whose(with_appositions(r, behind, r.frame(verb.at).last), inverted=True) if behind else None
    if begin >= verb.finite:
        parted = _parted(r, parts, own) if verb.finite == first else None
        if parted is not None and not (behind and own and _is_clause(r, parts, own)):
            return Whose(parted, inverted=False)
        return inverted
    before = _prefield(r, begin, verb.finite - 1)
    if before is None:
        return inverted or _name_with_particle(r, begin, verb.finite - 1)
    if behind and is_person(r, behind) and (_owes_capital(r, before) or _is_object(r, before, behind)):
        return inverted
    if own and begin == first:
        named = _name_before(r, parts, own, before)
        if named or not is_person(r, before):
            before = named or _parted(r, parts, own) or before
    return Whose(before, inverted=False)


def _name_with_particle(r: Reading, begin: int, last: int) -> Whose | None:
    """ "Von der Aa sagte": a surname whose particle looks like a preposition, where nothing else can be the subject."""
    if not r.lexicon.has("names_joining", r.low[begin]):
        return None
    phrase = nominal(r, begin + 1, last)
    return Whose(Phrase(begin, last, last), inverted=False) if phrase and phrase.last == last else None


def _shared(r: Reading, first: int, last: int) -> Whose | None:
    """ "Orlo lobte den Plan und sagte": the subject that begins the clause is the second verb's too."""
    begin = _clause_start(r, first, last)
    phrase = nominal(r, begin, last, wide=True)
    return Whose(phrase, inverted=False) if phrase and can_be_subject(r, phrase) and is_person(r, phrase) else None


def _is_object(r: Reading, before: Phrase, behind: Phrase) -> bool:
    """ "Die Entscheidung kritisierte Orlo": a thing before the verb, and behind it who is surely in the nominative."""
    sure = r.lexicon.has("sure_subjects", r.low[behind.first]) or not r.kind[behind.first] & Kind.DETERMINER
    return sure and not is_person(r, before)


def _owes_capital(r: Reading, phrase: Phrase) -> bool:
    """A lone word that begins the sentence and is printed nowhere else as a noun: rather an adverb ("Zuletzt")."""
    first = phrase.first
    if first != phrase.last or first != r.frame(first).first or r.kind[first] & (SUBJECT_PRONOUN | Kind.ROLE):
        return False
    return not any(r.kind[i] & Kind.CAPITAL and i != r.frame(i).first for i in r.printed(r.low[first]))


def _name_before(r: Reading, parts: list[Extent], own: int, before: Phrase) -> Phrase | None:
    """ "Ida Brenn, eine Forscherin aus Velm erklärte": the name whose apposition no comma closes."""
    first, last = parts[own - 1]
    begin = _clause_start(r, first, last)
    name = nominal(r, begin, last)
    listed = any(r.lexicon.has("and", r.low[i]) for i in range(before.first, before.last))
    apposed = listed or r.kind[before.first] & (Kind.DETERMINER | Kind.ROLE)
    if name is None or not apposed or name.last != last or r.kind[name.first] & SUBJECT_PRONOUN:
        return None
    if r.kind[name.first] & Kind.DETERMINER and not listed:
        return None
    return Phrase(name.first, before.last, before.core_last if listed else name.core_last)


def _clause_start(r: Reading, first: int, finite: int) -> int:
    """Past conjunctions and adverbs at a clause's beginning."""
    at = first
    while at < finite and r.kind[at] & (Kind.CONJUNCTION | Kind.ADVERB) and not r.kind[at] & Kind.DETERMINER:
        at += 1
    return at


def _prefield(r: Reading, begin: int, last: int) -> Phrase | None:
    """What fills the place before the verb, where that is one phrase in the nominative."""
    phrase = nominal(r, begin, last, wide=True)
    if phrase is None or not can_be_subject(r, phrase):
        return None
    rest = range(phrase.last + 1, last + 1)
    if all(r.kind[i] & (Kind.ADVERB | Kind.PARENTHESIS | Kind.TIME | Kind.NUMBER) for i in rest):
        return phrase
    return None


def subject_behind(r: Reading, at: int, last: int) -> Phrase | None:
    """The first phrase in the nominative behind a verb."""
    return next((phrase for phrase in midfield(r, at, last) if can_be_subject(r, phrase)), None)


def _parted(r: Reading, parts: list[Extent], own: int) -> Phrase | None:
    """ "Mira Dahl, die Leiterin des Hafens, sagte": the phrase before appositions and relative clauses."""
    for number in range(_independent(r, parts, own), own):
        first, last = parts[number]
        begin = _clause_start(r, first, last)
        phrase = nominal(r, begin, last, wide=True) if not r.kind[begin] & Kind.QUOTE else None
        if phrase and phrase.last == last and can_be_subject(r, phrase) and parts[own][0] - last > 1:
            return Phrase(phrase.first, max(phrase.last, _apposed_to(r, parts, number, own)), phrase.core_last)
        if number == 0 and phrase is None:
            return None
    return None


def _independent(r: Reading, parts: list[Extent], own: int) -> int:
    """The first segment of what a colon or semicolon sets apart."""
    for number in range(own, 0, -1):
        if r.kind[parts[number][0] - 1] & (Kind.COLON | Kind.SEMICOLON):
            return number
    return 0


def _apposed_to(r: Reading, parts: list[Extent], number: int, own: int) -> int:
    """The end of the apposition right behind a segment that is one phrase."""
    if number + 1 < own:
        first, last = parts[number + 1]
        phrase = nominal(r, first, last, wide=True)
        if phrase is not None and phrase.last == last:
            return last
    return -1


def _is_clause(r: Reading, parts: list[Extent], own: int) -> bool:
    """Whether the segments before a verb hold a clause of their own: what is said may stand there."""
    first, last = parts[0]
    begin = _clause_start(r, first, last)
    phrase = nominal(r, begin, last, wide=True)
    return phrase is None or phrase.last < last or r.kind[parts[own][0] - 1] & Kind.QUOTE != 0


def subject_before_end(r: Reading, begin: int, last: int, verb: int) -> Phrase | None:
    """The subject of a clause whose verb stands at its end, with its place and its apposition."""
    last = min(last, verb - 1)
    for phrase in midfield(r, begin, last):
        if can_be_subject(r, phrase):
            wide = nominal(r, phrase.first, last, wide=True) or phrase
            return with_appositions(r, wide, verb - 1)
    return None


def antecedent_in(r: Reading, first: int, last: int) -> Phrase | None:
    """The noun phrase that a segment ends with; the nearest start that reaches the end wins."""
    found = None
    for at in range(last, first - 1, -1):
        phrase = nominal(r, at, last)
        if phrase is not None and phrase.last == last:
            found = phrase
        elif found is not None and not r.kind[at] & Kind.PREPOSITION:
            break
    return found
