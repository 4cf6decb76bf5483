"""Which printed names a typed name may mean: the same one, fuller and shorter ones, other spellings.

Compares letters only. Never says that two names are one person: it offers, and a reader chooses.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from retrieval.attribution.lexicon import Kind, Lexicon, lexicon_of
from retrieval.text.folding import fold, without_accents
from retrieval.text.language import UNDETERMINED

# A shorter word with one letter changed is another word.
EDITED_LETTERS_MIN = 4
# Consonants that two spellings of a name must share, all of them in order.
CONSONANTS_MIN = 3
SHARED_LETTERS_MIN = 3
FULLER_WORDS_MAX = 2  # a name with more words beside those asked for is a phrase that holds a name
WORDS_REMEMBERED = 50_000
# How far from a name its way of saying may stand in a question.
CUE_WORDS_BEFORE, CUE_WORDS_AFTER = 2, 3


_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_VOWELS = str.maketrans("", "", "aeiouyw'’ʼ")
# Words after which a role goes on to say of what, where or for whom; English, then German, French and Spanish.
_OF = frozenset(
    [
        *("of", "for", "in", "at", "to", "from", "with", "on", "and"),
        *("der", "des", "für", "von", "bei", "und"),
        *("de", "du", "la", "pour", "en", "del", "para", "y", "et"),
    ]
)


@dataclass(frozen=True, slots=True)
class Alike:
    """Names like the one asked for, each by its place among those given. `near` is for evidence to confirm."""

    same: tuple[int, ...]
    offered: tuple[int, ...]
    near: tuple[int, ...]
    sharing: tuple[int, ...]


def alike(asked: str, names: Sequence[str]) -> Alike:
    """Which of `names` are the one asked for, and which are like it.

    `offered`: fuller or shorter names, initials, accents or hyphens left out. `near`: one letter apart, or the same
    consonants. `sharing`: one word in common.
    """
    wanted, places = _Name(asked), dict[str, list[int]](same=[], offered=[], near=[], sharing=[])
    for place, name in enumerate(names):
        if kind := wanted.kind_of(_Name(name)):
            places[kind].append(place)
    return Alike(**{kind: tuple(found) for kind, found in places.items()})


def same_role(one: str, other: str) -> bool:
    """Whether two printed roles can be one office: the same noun, and nothing said that the other denies."""
    first, second = _Role(one), _Role(other)
    if first.noun != second.noun:
        return False
    return not first.rest or not second.rest or bool(first.rest & second.rest)


def asks_for_words(words: str, language: str) -> bool:
    """Whether a question asks what somebody said: it names a way of saying."""
    lexicon = lexicon_of(language.partition("-")[0])
    printed = [word.lower() for word in _WORD.findall(words)]
    return any(word in lexicon.cues or lexicon.has("according", word) for word in printed)


def asked_of(words: str, name: str, language: str) -> bool:
    """Whether a question asks what somebody of this name said: it names a way of saying, and the name as who speaks.

    By the full name or its last word, capitalised; "about Byron" and "to Byron" name whom it is spoken about or to.
    """
    lexicon, printed = lexicon_of(language.partition("-")[0]), _WORD.findall(words)
    given = _Name(name).words
    if not asks_for_words(words, language) or not given or not _WORD.findall(name)[-1][:1].isupper():
        return False
    places = [at for at, word in enumerate(printed) if word[:1].isupper() and _Name(word).words == given[-1:]]
    told = [(_before(printed, at, given), printed[at + 1 :]) for at in places]
    return any(
        _puts_forward(before, lexicon)
        and _stands_by_cue(before, after, lexicon)
        and not _named_otherwise(before, given, lexicon)
        for before, after in told
    )


def _stands_by_cue(before: Sequence[str], after: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether a way of saying stands beside a name: "did Byron say", "said Byron"; not "who sent Byron a warning".

    Only where a verb stands by its subject; other languages put it at the end of a question.
    """
    if not lexicon.has("grammar", "verbs_known"):
        return True
    untitled = [word for word in before if not lexicon.kinds.get(word.lower(), Kind.NONE) & (Kind.TITLE | Kind.ROLE)]
    near = [*untitled[-CUE_WORDS_BEFORE:], *after[:CUE_WORDS_AFTER]]
    return any(word.lower() in lexicon.cues or lexicon.has("according", word.lower()) for word in near)


def _puts_forward(before: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether these words before a name leave it to speak."""
    while before and lexicon.kinds.get(before[-1].lower(), Kind.NONE) & (Kind.TITLE | Kind.ROLE):
        before = before[:-1]  # "to President Byron"
    if not before or not lexicon.kinds.get(before[-1].lower(), Kind.NONE) & Kind.PREPOSITION:
        return True
    according = len(before) > 1 and lexicon.has("according", before[-2].lower())
    return according or lexicon.has("agent", before[-1].lower())


def _named_otherwise(before: Sequence[str], given: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether a name's last word stands after another first name than the one given: Arvid for Mira."""
    other = len(before) > 1 and before[-1][:1].isupper() and not before[-1].isupper()
    title = Kind.TITLE | Kind.ROLE
    return len(given) > 1 and other and not lexicon.kinds.get(before[-1].lower(), Kind.NONE) & title


def _before(printed: Sequence[str], at: int, given: Sequence[str]) -> Sequence[str]:
    """The words before a name whose last word stands at `at`."""
    while at > 0 and set(_Name(printed[at - 1]).words) & set(given):
        at -= 1
    return printed[:at]


class _Name:
    """A name as it is compared."""

    def __init__(self, printed: str) -> None:
        self.exact = " ".join(unicodedata.normalize("NFKC", printed).casefold().split())
        self.words = tuple(map(_folded, _WORD.findall(printed)))

    def kind_of(self, other: "_Name") -> str | None:
        if self.exact == other.exact:
            return "same"
        if not self.words or not other.words:
            return None
        if "".join(self.words) == "".join(other.words) or self._within(other) or other._ends(self):
            return "offered"
        if len(self.words) == len(other.words):
            return self._spelled(other)
        return "sharing" if self._shares(other) else None

    def _within(self, other: "_Name") -> bool:
        """Whether all these words stand in the other name, in this order; for a first name its initial may stand."""
        if self.words[-1] not in other.words or len(other.words) > len(self.words) + FULLER_WORDS_MAX:
            return False
        rest, last = iter(other.words), len(self.words) - 1
        return all(
            any(word == each or (at < last and _is_initial(word, each)) for each in rest)
            for at, word in enumerate(self.words)
        )

    def _ends(self, other: "_Name") -> bool:
        """Whether the other name ends with all these words."""
        return len(self.words) < len(other.words) and other.words[-len(self.words) :] == self.words

    def _spelled(self, other: "_Name") -> str | None:
        pairs = [(one, two) for one, two in zip(self.words, other.words, strict=True) if one != two]
        sound_alike = all(_consonants(one) == _consonants(two) != "" for one, two in pairs)
        if sound_alike or (len(pairs) == 1 and _one_edit(*pairs[0])):
            return "near"
        return "sharing" if self._shares(other) else None

    def _shares(self, other: "_Name") -> bool:
        return any(len(word) >= SHARED_LETTERS_MIN for word in {*self.words} & {*other.words})


class _Role:
    """The noun of a role, and the words that say of what: "spokeswoman" and "fire", "brigade"."""

    def __init__(self, printed: str) -> None:
        words = [_folded(word) for word in _WORD.findall(printed)]
        cut = next((at for at, word in enumerate(words) if word in _OF and at), len(words))
        self.noun = words[cut - 1] if words else ""
        self.rest = {word for word in words[cut:] if word not in _OF and len(word) >= SHARED_LETTERS_MIN}


@lru_cache(maxsize=WORDS_REMEMBERED)
def _folded(word: str) -> str:
    return without_accents(fold(word, UNDETERMINED))


def _is_initial(one: str, other: str) -> bool:
    """Whether one is the initial of the other."""
    return 1 in {len(one), len(other)} and one[0] == other[0]


def _one_edit(one: str, other: str) -> bool:
    """Whether one letter added, left out, changed, or exchanged with its neighbour makes one of the other."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1 or len(short) < EDITED_LETTERS_MIN:
        return False
    at = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    return short[at + 1 :] == long[at + 1 :] or (
        short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    )


@lru_cache(maxsize=WORDS_REMEMBERED)
def _consonants(word: str) -> str:
    """A word without vowels and doubled letters, where enough is left to tell words apart; else nothing."""
    left = word[:1] + word[1:].translate(_VOWELS)
    single = "".join(letter for letter, _ in groupby(left))
    return single if len(single) >= CONSONANTS_MIN else ""
