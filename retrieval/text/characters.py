"""Which characters make words: classes of code points for regular expressions, made from Unicode's own tables."""

import sys
import unicodedata
from collections.abc import Callable, Iterator

# Scripts written without spaces between words, and Hangul, whose words carry particles: indexed by bigrams.
SPACELESS = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\uaa60-\uaa7f"  # Myanmar
    "\u1780-\u17ff"  # Khmer
    "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"  # Hangul
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303b"  # radicals, ideographic marks
    "\u3040-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # ideographs
)
# Format characters inside words: soft hyphen, zero width joiners and spaces, word joiner, byte order mark.
INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"

_LAST = 0x1FFFF  # beyond lie ideographs, which isalnum knows, and nothing else that words are made of


def ranges(belongs: Callable[[str], bool], last: int = _LAST) -> str:
    """The code points up to `last` that belong, as the inside of a regular expression's character class."""
    return "".join(f"{chr(first)}-{chr(end)}" for first, end in _runs(belongs, min(last, sys.maxunicode)))


def is_mark(character: str) -> bool:
    """Whether a character combines with the one before it (vowel signs, accents)."""
    return unicodedata.category(character)[0] == "M"


def _runs(belongs: Callable[[str], bool], last: int) -> Iterator[tuple[int, int]]:
    first = None
    for code in range(last + 2):
        inside = code <= last and belongs(chr(code))
        if inside and first is None:
            first = code
        elif not inside and first is not None:
            yield first, code - 1
            first = None


MARKS = ranges(is_mark)
