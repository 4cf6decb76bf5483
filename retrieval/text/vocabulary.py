"""From a surface to its index tokens, in one language, remembered."""

import re
from collections.abc import Iterable
from itertools import filterfalse, pairwise
from typing import NamedTuple

from Stemmer import Stemmer

from retrieval.text.characters import MARKS, SPACELESS
from retrieval.text.folding import fold, without_accents
from retrieval.text.stopwords import stop_words

# Surfaces remembered a language; news repeats itself: 100,000 cover 98% of the running words.
REMEMBERED = 100_000
# Longer surfaces are computed each time (runs of ideographs seldom come again).
REMEMBERED_LENGTH = 24
# A longer token is cut: no question holds one.
TOKEN_LENGTH_MAX = 64

_SNOWBALL = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish", "nl": "dutch",
    "en": "english", "eo": "esperanto", "et": "estonian", "fi": "finnish", "fr": "french", "de": "german",
    "el": "greek", "hi": "hindi", "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian",
    "lt": "lithuanian", "ne": "nepali", "no": "norwegian", "fa": "persian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
LANGUAGES = frozenset(_SNOWBALL) | {"uk", "he", "zh", "ja", "ko", "th", "lo", "km", "my"}

# Readers leave these languages' accents out, and no two common words differ by them alone.
_ACCENTS_OPTIONAL = frozenset({"en", "es", "fr", "pt", "it", "nl", "ca", "und"})
_ACCENTS_STRIPPED_FIRST = frozenset({"en", "und"})
_ELIDING = frozenset({"fr", "it", "ca"})
_POINT_GROUPS_DIGITS = frozenset({"de", "es", "it", "pt", "nl", "tr", "id", "da", "no", "el", "ro", "sr", "ca"})

_SPACELESS_OR_NOT = re.compile(rf"(?P<spaceless>[{SPACELESS}]+)|[^{SPACELESS}]+")
# A syllable of separate Hangul letters, or a character with the marks that follow it.
_CLUSTER = re.compile(rf"[\u1100-\u115f]+[\u1160-\u11a7]*[\u11a8-\u11ff]*|.[{MARKS}\uff9e\uff9f]*", re.DOTALL)
# Ideographs, kana and syllables that folding leaves as they are, one code point each.
_PLAIN_SPACELESS = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff\uac00-\ud7a3]+")
_PART = re.compile(rf"(?<![\d.])\d+\.\d+(?![\d.])|[^\W_](?:[^\W_]|[{MARKS}])*")
_APOSTROPHE = re.compile(r"['’ʼ＇]")
_JOINED = re.compile(r"['’ʼ＇\"״׳]")
_LETTER_HYPHEN = re.compile(r"(?<=^[a-z])[-\u2010\u2011]")
_POSSESSIVE = re.compile(r"['’ʼ＇][sS]$")
_ACRONYM = re.compile(rf"[^\W\d_](?:\.[^\W\d_](?![^\W\d_{MARKS}]))+")
_GROUPED = re.compile(r"\d{1,3}(?:[,٬ ]\d{3})+(?:\.\d+)?")
_GROUPED_BY_POINTS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_GROUPING = re.compile(r"[,٬ ]")  # folding makes every space a plain one
_DECIMAL_COMMA = re.compile(r"\d+,\d+")
_ACRONYM_LENGTH_MAX = 4


class Piece(NamedTuple):
    """A token and its place in the surface."""

    token: str
    start: int
    end: int


class Vocabulary(dict[str, tuple[str, ...]]):
    """Maps a surface to its index tokens in one index's language; what it has seen it remembers."""

    def __init__(self, index: str) -> None:
        super().__init__()
        self.index = index
        self._stop = stop_words(index)
        self._stemmer = Stemmer(_SNOWBALL[index], 0) if index in _SNOWBALL else None
        self._part = re.compile(
            r"(?:(?<=\d)\.(?=\d)|[^._'’ʼ＇])+" if index in _ELIDING else r"(?:(?<=\d)\.(?=\d)|[^._])+"
        )

    def __missing__(self, surface: str) -> tuple[str, ...]:
        found = tuple(self._found(surface))
        if len(surface) <= REMEMBERED_LENGTH:
            if len(self) >= REMEMBERED:
                self.clear()
            self[surface] = found
        return found

    def _found(self, surface: str) -> Iterable[str]:
        if not _PLAIN_SPACELESS.fullmatch(surface):
            return (piece.token for piece in self.pieces(surface))
        pairs = map("".join, pairwise(surface)) if len(surface) > 1 else (surface,)
        return filterfalse(self._stop.__contains__, pairs)

    def pieces(self, surface: str) -> list[Piece]:
        """The index tokens of a surface with their places in it, in order."""
        found: list[Piece] = []
        for run in _SPACELESS_OR_NOT.finditer(surface):
            read = self._bigrams if run.lastgroup == "spaceless" else self._words
            found += read(run.group(), run.start())
        return found

    def _bigrams(self, run: str, at: int) -> list[Piece]:
        clusters = [
            Piece(fold(cluster.group(), self.index), at + cluster.start(), at + cluster.end())
            for cluster in _CLUSTER.finditer(run)
        ]
        pairs = [Piece(a.token + b.token, a.start, b.end) for a, b in pairwise(clusters)] or clusters
        return [pair for pair in pairs if pair.token not in self._stop]

    def _words(self, run: str, at: int) -> list[Piece]:
        if _ACRONYM.fullmatch(run):
            return [Piece(self._stem(fold(run.replace(".", ""), self.index)), at, at + len(run))]
        return [
            Piece(token, at + part.start(), at + part.end())
            for part in self._part.finditer(run)
            for token in self._tokens(part.group())
        ]

    def _tokens(self, part: str) -> list[str]:
        if self.index == "en":
            part = _POSSESSIVE.sub("", part)
        word = _APOSTROPHE.sub("'", fold(part, self.index))
        if word in self._stop and not (part.isupper() and 2 <= len(part) <= _ACRONYM_LENGTH_MAX):
            return []
        word = _LETTER_HYPHEN.sub("", word)
        number = self._number(word)
        if number:
            return [number]
        return [
            self._stem(token)
            for token in _PART.findall(_JOINED.sub("", word))
            if token not in self._stop or part.isupper()
        ]

    def _number(self, word: str) -> str | None:
        """A number without its digit grouping and with a decimal point; None where the word is no grouped number."""
        if not word[:1].isdigit():
            return None
        if self.index in _POINT_GROUPS_DIGITS:
            if _GROUPED_BY_POINTS.fullmatch(word):
                return word.replace(".", "").replace(",", ".")
            return word.replace(",", ".") if _DECIMAL_COMMA.fullmatch(word) else None
        return _GROUPING.sub("", word) if _GROUPED.fullmatch(word) else None

    def _stem(self, word: str) -> str:
        if self.index in _ACCENTS_STRIPPED_FIRST:
            word = without_accents(word)
        if self._stemmer:
            word = self._stemmer.stemWord(word)
        if self.index in _ACCENTS_OPTIONAL:
            word = without_accents(word)
        return word[:TOKEN_LENGTH_MAX]
