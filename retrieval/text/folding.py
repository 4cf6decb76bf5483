"""One form for each word, however it is written: case, width, ligatures, diacritics, digits."""

import re
import unicodedata

from retrieval.text.characters import INVISIBLE, is_mark

# Vowel points and elongation that Arabic and Hebrew mostly leave out.
_UNWRITTEN = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_OTHER_DIGITS = re.compile(r"[^\D0-9]")
_LATIN = re.compile("[a-z]")

_PERSIAN = str.maketrans("يىك", "ییک")
_TURKISH = str.maketrans("Iİ", "ıi")
# Languages in which the dotted and the dotless i are two letters.
DOTTED = frozenset({"tr", "az"})


def turkish(word: str) -> str:
    """The same number of characters, with both capital letters i made small as Turkish does."""
    return word.translate(_TURKISH)


def fold(word: str, language: str) -> str:
    """A word in the form that is compared: NFKC, case folded, without what its script may leave out."""
    if word.isascii():
        return turkish(word).lower() if language in DOTTED else word.lower()
    if language in DOTTED:
        word = turkish(unicodedata.normalize("NFC", word))
    word = unicodedata.normalize("NFKC", word).casefold()
    word = _INVISIBLE.sub("", _UNWRITTEN.sub("", word))
    if language in ("fa", "ur"):
        word = word.translate(_PERSIAN)
    word = _OTHER_DIGITS.sub(lambda digit: str(unicodedata.digit(digit.group())), word)
    return unicodedata.normalize("NFKC", word)


def without_accents(word: str) -> str:
    """A word of Latin letters without their accents; any other word as it is."""
    if word.isascii() or not _LATIN.search(word):
        return word
    return unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFD", word) if not is_mark(c)))
