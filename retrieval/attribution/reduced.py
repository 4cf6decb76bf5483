"""Past forms that only look like a clause's verb: participles that tell what is done to the words before them.

"A box labeled “urgent”", "with Orlo expected to win": nobody named speaks there.
Passives with a helper are not found here.
"""

from retrieval.attribution.lexicon import Kind, Shape
from retrieval.attribution.phrases import AUXILIARY, MARK, SUBJECT_PRONOUN, is_thing, is_verb, own_noun
from retrieval.attribution.reading import Reading
from retrieval.attribution.subjects import Subject
from retrieval.attribution.verbs import Use

ABSOLUTE_ITEMS_MAX = 14
"""Between "with" and the participle of an absolute ("with both Dahl and Orlo expected to win") stand no more items."""
NEW_THING_ITEMS_MAX = 4
"""From "a" to the noun of a thing newly told of ("in a small dark area") are no more items."""


def is_reduced(r: Reading, use: Use, subject: Subject) -> bool:
    """Whether a past form without a helper is a participle of what stands before it."""
    if use.first != use.at or not use.cue.shape & Shape.PARTICIPLE or not r.lexicon.has("grammar", "verbs_known"):
        return False
    return _is_named_so(r, use, subject) or _in_absolute(r, subject.phrase.first, r.frame(use.at).first)


def _is_named_so(r: Reading, use: Use, subject: Subject) -> bool:
    """ "A box labeled “urgent”", "a party called Anti-Prom": what something is called by nobody named."""
    if subject.way != "phrase" or not r.lexicon.has("naming_words", r.low[use.at]):
        return False
    after = min(use.at + 1, r.frame(use.at).last)
    if not r.kind[after] & (Kind.CAPITAL | Kind.QUOTE):
        return False
    goes_on = r.kind[after] & Kind.QUOTE and after < r.frame(use.at).last and is_verb(r, after + 1)
    return bool(goes_on) or _is_some_thing(r, subject.phrase.last, subject.phrase.first) or not _may_call(r, subject)


def _is_some_thing(r: Reading, last: int, first: int) -> bool:
    """Whether a subject ends with a thing newly told of: "to the east, in an area"."""
    if r.kind[last] & (Kind.CAPITAL | Kind.ROLE) or is_thing(r, last) or r.low[last].endswith("s"):
        return False
    for at in range(last - 1, max(first, last - NEW_THING_ITEMS_MAX) - 1, -1):
        if r.kind[at] & Kind.DETERMINER:
            return bool(r.kind[at] & Kind.INDEFINITE)
    return False


def _may_call(r: Reading, subject: Subject) -> bool:
    """Whether a subject may be who calls something so: a pronoun, a name, an office, a group or a body."""
    item = own_noun(r, subject.phrase)
    if r.kind[item] & (Kind.CAPITAL | Kind.ROLE | SUBJECT_PRONOUN) or is_thing(r, item):
        return not r.kind[subject.phrase.first] & Kind.INDEFINITE or bool(r.kind[item] & Kind.ROLE)
    return r.low[item].endswith("s")


def _in_absolute(r: Reading, item: int, first: int) -> bool:
    """Whether "with" leads to the words that begin at an item, and no verb stands between."""
    for at in range(item - 1, max(first, item - ABSOLUTE_ITEMS_MAX) - 1, -1):
        if r.low[at] == "with":
            return True
        if r.kind[at] & (MARK | AUXILIARY | Kind.RELATIVE | Kind.SUBORDINATOR) or is_verb(r, at):
            return False
    return False
