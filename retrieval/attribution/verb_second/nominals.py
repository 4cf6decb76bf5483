"""Noun phrases of a language that writes its nouns with capitals: found by print, their case by the article.

It reads no verbs: whose verb a phrase is stands in `whose`.
"""

from collections.abc import Iterator

from retrieval.attribution.findings import Extent
from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import AUXILIARY, SUBJECT_PRONOUN, Phrase
from retrieval.attribution.reading import Frame, Reading

ATTRIBUTES_MAX = 8
"""Between an article and its noun stand no more items than this."""
NOUNS_MAX = 12
"""The longest run of capitals that is one noun phrase's own."""
APPOSITIONS_MAX = 3

CUT = Kind.COMMA | Kind.COLON | Kind.SEMICOLON | Kind.DASH
_CLOSED = Kind.PREPOSITION | Kind.CONJUNCTION | Kind.SUBORDINATOR | SUBJECT_PRONOUN | AUXILIARY | Kind.OBJECT_PRONOUN
_NO_NOUN = _CLOSED | Kind.DETERMINER | Kind.ADVERB | Kind.NEGATION


def segments(r: Reading, frame: Frame) -> list[Extent]:
    """What stands between the marks of a sentence, in order, the closing full stop left out."""
    last = frame.last
    while last > frame.first and r.kind[last] & Kind.STOP:
        last -= 1
    found: list[Extent] = []
    first = frame.first
    for item in range(frame.first, last + 1):
        if r.kind[item] & CUT:
            if item > first:
                found.append((first, item - 1))
            first = item + 1
    if first <= last:
        found.append((first, last))
    return found


def nominal(r: Reading, at: int, last: int, *, wide: bool = False) -> Phrase | None:
    """The noun phrase that starts at an item, within ``at..last``; `wide` takes in every preposition after it."""
    first = at
    if at > last:
        return None
    kind = r.kind[at]
    if kind & SUBJECT_PRONOUN:
        end = _after_noun(r, at, last, wide=False) if at < last and r.lexicon.has("and", r.low[at + 1]) else at
        return Phrase(at, end, end)
    noun = _noun_at(r, at, last)
    if noun is None:
        demonstrative = r.lexicon.has("demonstrative_persons", r.low[at])
        return Phrase(at, at, at) if demonstrative else None
    end = _after_noun(r, noun, last, wide=wide)
    return Phrase(first, end, end)


def _noun_at(r: Reading, at: int, last: int) -> int | None:
    """The last of the run of nouns that begins a phrase, past its article, numbers and adjectives."""
    determined = False
    stop = min(last, at + ATTRIBUTES_MAX)
    while at <= stop and not is_noun(r, at):
        kind = r.kind[at]
        if kind & Kind.DETERMINER:
            determined = True
        elif not (kind & (Kind.NUMBER | Kind.PARENTHESIS) or (determined and kind & Kind.ADVERB) or _attributes(r, at)):
            return None
        at += 1
    if at > stop or not is_noun(r, at):
        return None
    end = at
    while end < min(last, at + NOUNS_MAX) and (is_noun(r, end + 1) or _in_name(r, end + 1, last)):
        end += 1
    return end


def is_noun(r: Reading, item: int) -> bool:
    """Whether an item is a noun by print: a capital that is no function word, or a short quotation."""
    kind = r.kind[item]
    if kind & Kind.QUOTE:
        return not kind & Kind.SPEECH
    return bool(kind & Kind.CAPITAL) and not kind & _NO_NOUN


def _attributes(r: Reading, item: int) -> bool:
    """Whether a small word can be an adjective before a noun: inflected, or known to stand before offices."""
    kind, low = r.kind[item], r.low[item]
    if not kind & Kind.WORD or kind & (_CLOSED | Kind.COMPLEMENTIZER | Kind.CAPITAL):
        return False
    if r.lexicon.has("role_modifiers", low):
        return True
    return low.endswith(("e", "en", "er", "em", "es")) and not kind & (Kind.ADVERB | Kind.CUE)


def _in_name(r: Reading, item: int, last: int) -> bool:
    """Whether an item may stand inside a run of nouns: a parenthesis, or "van" and the like before a capital."""
    if r.kind[item] & Kind.PARENTHESIS:
        return True
    joins = r.lexicon.has("names_joining", r.low[item]) and item < last
    return joins and bool(r.kind[item + 1] & Kind.CAPITAL)


def _after_noun(r: Reading, end: int, last: int, *, wide: bool) -> int:
    """The end of a phrase with what belongs to its noun: an owner, "von", and a second member after "und"."""
    while end < last:
        low, kind = r.low[end + 1], r.kind[end + 1]
        if kind & Kind.PARENTHESIS:
            end += 1
            continue
        begin = end + 1 if r.lexicon.has("genitives", low) else end + 2
        owned = r.lexicon.has("genitives", low) or r.lexicon.has("owning", low)
        joined = r.lexicon.has("and", low) or (wide and bool(kind & Kind.PREPOSITION))
        inner = _noun_at(r, begin, last) if owned or joined else None
        if inner is None or (not owned and r.kind[inner] & Kind.TIME):
            return end
        end = inner
    return end


def can_be_subject(r: Reading, phrase: Phrase) -> bool:
    """Whether a phrase can stand in the nominative: neither its article nor its noun's gender forbids it."""
    first, low = phrase.first, r.low[phrase.first]
    if r.lexicon.has("oblique", low):
        return False
    if r.lexicon.has("feminine_oblique", low) and phrase.last > first:
        noun = next((i for i in range(first + 1, phrase.last + 1) if is_noun(r, i)), first)
        while noun < phrase.last and is_noun(r, noun + 1) and not r.kind[noun] & Kind.ROLE:
            noun += 1
        return not r.low[noun].endswith(tuple(r.lexicon.words.get("feminine_endings", ())))
    return not r.kind[first] & Kind.TIME or first != phrase.last


def is_person(r: Reading, phrase: Phrase) -> bool:
    """Whether a phrase is a pronoun, an office, a body or group, or a bare name: what speaks."""
    first = phrase.first
    if r.kind[first] & SUBJECT_PRONOUN:
        return True
    items = range(first, phrase.core_last + 1)
    groups = ("words_things.groups", "words_things.bodies", "words_things.documents", "outlet_words")
    if any(
        r.kind[i] & (Kind.ROLE | Kind.QUOTE) or any(r.lexicon.has(group, r.low[i]) for group in groups) for i in items
    ):
        return True
    endings = tuple(r.lexicon.words.get("body_endings", ()))
    if endings and any(is_noun(r, i) and r.low[i].endswith(endings) for i in items):
        return True
    return not r.kind[first] & (Kind.DETERMINER | Kind.NUMBER) and is_noun(r, first)


def with_appositions(r: Reading, phrase: Phrase, last: int) -> Phrase:
    """A phrase with ", der Bürgermeister von Velm" after it, where that closes with a mark."""
    end = _name_after_office(r, phrase, last)
    for _ in range(APPOSITIONS_MAX):
        begin = end + 2
        if begin > last or not r.kind[end + 1] & Kind.COMMA:
            break
        apposed = nominal(r, begin, last, wide=True)
        closes = apposed is not None and (apposed.last >= last or r.kind[apposed.last + 1] & (CUT | Kind.STOP))
        if apposed is None or not closes or r.kind[begin] & SUBJECT_PRONOUN:
            break
        end = apposed.last
    return Phrase(phrase.first, end, phrase.core_last)


def _name_after_office(r: Reading, phrase: Phrase, last: int) -> int:
    """ "Der Leiter der Stelle für Häfen, Tomas Reik,": an office with its place, where a name follows a comma."""
    office = nominal(r, phrase.first, last, wide=True)
    if (
        office is None
        or office.last <= phrase.last
        or not any(r.kind[i] & Kind.ROLE for i in range(phrase.first, phrase.last + 1))
    ):
        return phrase.last
    begin = office.last + 2
    named = begin <= last and r.kind[begin - 1] & Kind.COMMA and is_noun(r, begin)
    return office.last if named else phrase.last


def midfield(r: Reading, at: int, last: int) -> Iterator[Phrase]:
    """The noun phrases after a verb, one by one, past pronouns, adverbs, times and prepositional phrases."""
    while at <= last:
        kind = r.kind[at]
        if kind & (CUT | Kind.SPEECH | Kind.STOP):
            return
        if kind & Kind.PREPOSITION and not r.lexicon.has("determiners", r.low[at]):
            inner = nominal(r, at + 1, last)
            at = inner.last + 1 if inner else at + 1
            continue
        phrase = nominal(r, at, last) if not kind & Kind.OBJECT_PRONOUN or kind & SUBJECT_PRONOUN else None
        if phrase is not None and not r.kind[phrase.last] & Kind.TIME:
            yield phrase
        at = phrase.last + 1 if phrase else at + 1
