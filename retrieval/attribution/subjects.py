"""Whose verb it is: the subject beside it, behind its appositions, or shared with the clause's first verb."""

from typing import NamedTuple

from retrieval.attribution.lexicon import Kind
from retrieval.attribution.phrases import (
    AUXILIARY,
    MARK,
    PHRASE_ITEMS_MAX,
    SUBJECT_PRONOUN,
    Phrase,
    antecedent_ending,
    is_adverb,
    is_finite_cue,
    is_noun_like,
    is_thing,
    is_verb,
    phrase_ending,
    phrase_starting,
    run_ending,
    starts_clause,
)
from retrieval.attribution.reading import Reading

APPOSITION_ITEMS_MAX = 60
"""So many items a name's appositions may take, and so many marks, before the verb."""
APPOSITION_MARKS_MAX = 6
SOURCE_ITEMS_MAX = 11
"""Naming words are no longer than this: what else stands in apposition is the article's own."""
DATELINE_ITEMS_MAX = 8
"""A dateline, or a time before a comma, is no longer than this."""
_TIME_LEADS = frozenset(["on", "in", "last", "this", "next", "late", "early", "earlier", "since"])


class Subject(NamedTuple):
    """Who does what a verb says: its naming words, and where those only point back, the phrase they point to."""

    phrase: Phrase
    way: str
    antecedent: Phrase | None = None


def before_times(r: Reading, item: int, first: int) -> int:
    """Step left over "on Tuesday", "last week": where a subject may end."""
    at = item
    while at > first and r.kind[at] & (Kind.TIME | Kind.NUMBER) and r.kind[at] & Kind.WORD:
        at -= 1
    if not any(r.kind[i] & Kind.TIME for i in range(at + 1, item + 1)):
        return item  # "six in 10 said": a number alone is no time
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
    if kind & (Kind.COMMA | Kind.DASH) or (kind & Kind.QUOTE and _ends_with_comma(r, at)):
        return _with_apposition(r, at, first)
    if kind & (MARK | Kind.CONJUNCTION | Kind.SUBORDINATOR | AUXILIARY):
        return None
    if r.lexicon.has("there", r.low[at]):
        return None
    run = run_ending(r, at, first)
    phrase = (_with_relative_clause(r, run, first) if run else None) or phrase_ending(r, at, first)
    return Subject(phrase, "phrase") if phrase else None


def _ends_with_comma(r: Reading, quote: int) -> bool:
    """Whether a quotation holds the comma of the clause around it: "Dahl, who called it “a farce,” said"."""
    return "," in r.text[r.end[quote] - 4 : r.end[quote]]


def _with_relative_clause(r: Reading, phrase: Phrase, first: int) -> Phrase | None:
    """ "An official who asked not to be named": whom a clause without a comma, right before the verb, tells of."""
    if phrase.first - 1 <= first or r.kind[phrase.first - 1] & (MARK | Kind.COMPLEMENTIZER | Kind.CONJUNCTION):
        return None
    for at in range(phrase.first - 1, max(first, phrase.first - PHRASE_ITEMS_MAX), -1):
        if r.lexicon.has("persons_relatives", r.low[at]):
            before = _those_ending(r, at - 1, first) or phrase_ending(r, at - 1, first)
            return Phrase(before.first, phrase.last, before.core_last) if before else None
        if r.kind[at] & (MARK | Kind.COMPLEMENTIZER):
            return None
    return None


def _those_ending(r: Reading, last: int, first: int) -> Phrase | None:
    """ "Those", "a third of those" before a "who"."""
    if last < first or not r.lexicon.has("those", r.low[last]):
        return None
    at = last
    while at > first and (r.kind[at - 1] & (Kind.DETERMINER | Kind.NUMBER) or r.lexicon.has("counted", r.low[at - 1])):
        at -= 1
    return Phrase(at, last, last)


def _of_them(r: Reading, at: int, first: int) -> Phrase:
    """ "One", "he"; of "Dahl and others" also the words before the pronoun."""
    if r.low[at] == "others" and at - 2 >= first and r.lexicon.has("and", r.low[at - 1]):
        named = phrase_ending(r, at - 2, first)
        return Phrase(named.first, at, named.core_last) if named else Phrase(at, at, at)
    return Phrase(at, at, at)


def _relative(r: Reading, at: int, first: int) -> Subject | None:
    before = at - 1
    while before > first and r.kind[before] & Kind.COMMA:
        before -= 1
    if before > first and r.low[before] == "of" and r.kind[before - 1] & (Kind.DETERMINER | Kind.OTHER_PRONOUN):
        return Subject(Phrase(before - 1, at, at), "relative")  # "many of whom"
    antecedent = antecedent_ending(r, before, first) if before >= first else None
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
        if phrase and (mark & Kind.DASH or _apposes(r, at + 1, close - 1)) and starts_clause(r, phrase.first, first):
            quoted = r.kind[close] & Kind.QUOTE
            aside = r.kind[at + 1] & Kind.PREPOSITION and not r.lexicon.has("joining", r.low[at + 1])
            found = Subject(phrase if quoted or aside else _bounded(r, phrase, close - 1), "apposition")
            if not _may_be_apposed(r, phrase, first):
                return found if nearest is None or _is_printed_name(r, phrase) else nearest
            nearest = nearest or found
        if tries == APPOSITION_MARKS_MAX:
            break
    return nearest


def _may_be_apposed(r: Reading, phrase: Phrase, first: int) -> bool:
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


def clause_subject(r: Reading, verb: int, first: int) -> Phrase | None:
    """The subject of a whole sentence, for a verb that shares it ("... and said", ", adding that")."""
    at = _after_opening(r, first, verb)
    if at >= verb or r.lexicon.has("there", r.low[at]):
        return None
    if r.kind[at] & SUBJECT_PRONOUN:
        return None if r.kind[at] & Kind.IT else Phrase(at, at, at)
    if not (is_noun_like(r, at) or r.kind[at] & Kind.DETERMINER):
        return None
    return _before_its_verb(r, at, verb) or _leading_names(r, at, verb)


def _before_its_verb(r: Reading, at: int, verb: int) -> Phrase | None:
    """All from the clause's start to its first verb or comma, where one of them comes soon."""
    stops = MARK | Kind.RELATIVE | Kind.SUBORDINATOR | Kind.COMPLEMENTIZER
    for end in range(at + 1, min(verb, at + PHRASE_ITEMS_MAX)):
        kind = r.kind[end]
        if is_verb(r, end) or is_adverb(r, end) or (kind & stops and not kind & Kind.DETERMINER):
            named = r.kind[end - 1] & Kind.WORD and not r.kind[end - 1] & (Kind.PREPOSITION | Kind.DETERMINER)
            return Phrase(at, end - 1, end - 1) if named and end - at < SOURCE_ITEMS_MAX else None
    return None


def _leading_names(r: Reading, at: int, verb: int) -> Phrase | None:
    """The names and nouns of office that begin a clause, where its verb is not known."""
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
        noun = noun and not (end == at and _only_leads(r, end, at, verb))
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


def inverted_subject(r: Reading, first: int, last: int) -> Phrase | None:
    """The subject behind a verb that comes first, past time, place and addressee ("afirmó este lunes la ...")."""
    at = first
    while at <= last:
        kind = r.kind[at]
        if kind & (MARK & ~Kind.COMMA):
            return None
        timed = kind & Kind.DETERMINER and at < last and r.kind[at + 1] & Kind.TIME
        if kind & Kind.PREPOSITION or timed or r.lexicon.has("addressees", r.low[at]):
            at = _circumstance_end(r, at, last) + 1
        elif (
            is_adverb(r, at)
            or (kind & (Kind.TIME | Kind.NUMBER) or (kind & Kind.OBJECT_PRONOUN and not kind & Kind.DETERMINER))
            or (kind & Kind.COMMA and at > first)
        ):
            at += 1
        else:
            break
    phrase = phrase_starting(r, at, last)
    if phrase is None or r.kind[phrase.first] & SUBJECT_PRONOUN or r.lexicon.has("grammar", "no_capitals"):
        return phrase
    named = any(r.kind[i] & (Kind.CAPITAL | Kind.ROLE) or is_thing(r, i) for i in range(phrase.first, phrase.last + 1))
    return phrase if named or at == first else None


def _circumstance_end(r: Reading, at: int, last: int) -> int:
    """The last item of a time, of "en Velm", of "a la prensa": one noun, or one name, after its preposition."""
    end = at
    while end < last and r.kind[end + 1] & Kind.DETERMINER:
        end += 1
    if end < last and r.kind[end + 1] & Kind.CAPITAL:
        while end < last and r.kind[end + 1] & Kind.CAPITAL and not r.kind[end] & Kind.TIME:
            end += 1
        return end
    return min(end + (not r.lexicon.has("addressees", r.low[at])), last)


def _after_opening(r: Reading, first: int, verb: int) -> int:
    """Past a dateline and an opening adverbial ("On Friday, ...", "Late last month, ...", "But ...")."""
    at = _after_dateline(r, first, verb)
    if verb > at + 1 and r.low[at].endswith("ly") and r.kind[at + 1] & Kind.COMMA:
        at += 1
    for _ in range(3):
        while at < verb and (
            r.kind[at] & (Kind.CONJUNCTION | Kind.COMMA | Kind.DASH | Kind.QUOTE) or _leads(r, at, first)
        ):
            at += 1
        opening = Kind.PREPOSITION | Kind.SUBORDINATOR | Kind.TIME
        opens = at < verb and (
            (r.kind[at] & opening and not r.kind[at] & Kind.DETERMINER)
            or r.low[at].endswith("ing")
            or r.lexicon.has("asked", r.low[at])
        )
        comma = next((i for i in range(at, min(verb, at + 25)) if r.kind[i] & Kind.COMMA), verb)
        if not opens and not (comma < verb and _tells_when(r, at, comma)):
            return at
        at = _after_place(r, comma, verb)
    return at


def _after_place(r: Reading, comma: int, verb: int) -> int:
    """Past the comma of an opening, and past a place that the comma adds: "In Ames, Iowa, | Dahl"."""
    end = comma + 1
    while end < verb and r.kind[end] & Kind.CAPITAL and not r.kind[end] & Kind.TITLE:
        end += 1
    added = comma + 1 < end < verb and end - comma <= 3 and r.kind[end] & Kind.COMMA
    if added and r.kind[comma - 1] & Kind.CAPITAL and not r.kind[comma - 1] & Kind.TIME:
        return end + 1
    return comma + 1


def _leads(r: Reading, item: int, first: int) -> bool:
    """Whether an adverb opens a clause; "once he was mayor" is a clause of its own."""
    if r.kind[item] & Kind.SUBORDINATOR:
        return False
    return is_adverb(r, item) or (item == first and r.low[item].endswith("ly"))


def _after_dateline(r: Reading, first: int, verb: int) -> int:
    """Past "VELM, Ostra (Wire) -"."""
    for at in range(first + 1, min(first + DATELINE_ITEMS_MAX, verb - 1)):
        if r.kind[at] & Kind.DASH and (r.kind[at - 1] & Kind.PARENTHESIS or _is_dateline(r, first, at)):
            return at + 1
    return first


def _is_dateline(r: Reading, first: int, dash: int) -> bool:
    """ "VELM -", "VELM, Ostra -": a place in capital letters, and what it lies in."""
    place = r.word[first]
    return (
        place.isupper() and len(place) > 2 and all(r.kind[i] & (Kind.CAPITAL | Kind.COMMA) for i in range(first, dash))
    )


def _tells_when(r: Reading, first: int, comma: int) -> bool:
    """Whether what stands before a comma is a time without a verb: "Minutes later", "Late last month"."""
    items = range(first, comma)
    timed = any(r.kind[i] & Kind.TIME or r.lexicon.has("when", r.low[i]) for i in items)
    return timed and comma - first <= DATELINE_ITEMS_MAX and not any(is_verb(r, i) for i in items if i > first)
