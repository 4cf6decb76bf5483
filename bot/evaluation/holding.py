"""Whether a text holds an answer, however it is written: case, punctuation, digit groups, acronyms with full stops."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

_CHINESE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_CHARACTER = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_TOKEN = re.compile(rf"[{_CHARACTER}]|[^\W_{_CHARACTER}]+")
_WRITTEN_WORD = re.compile(r"\w[\w'’-]*")
_GROUPED_DIGITS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_POINTED = re.compile(r"\b(?:\w\.){2,}")
_POSSESSIVE = re.compile(r"(?<=\w)['’ʼ](?=s\b)")
_ARABIC_MARKS = re.compile(r"[\u064b-\u0652\u0670\u0640]")
_NUMBER = re.compile(r"[\d .%‰$€£]+")
KEPT_SIGNS = "%‰$€£"
_SIGN = re.compile(f"([{KEPT_SIGNS}])")
CHARACTERS_A_WORD = 1.6  # of a script without spaces

Answer = str | Sequence[str]


class Text:
    """A text as answers are looked for in it."""

    def __init__(self, words: str) -> None:
        self._words = words

    def holds(self, answers: Iterable[Answer]) -> bool:
        """Whether one of the answers stands here; an answer may be several spellings of one."""
        return any(
            self._holds(spelling) for each in answers for spelling in ([each] if isinstance(each, str) else each)
        )

    def _holds(self, answer: str) -> bool:
        wanted = plain(answer)
        if not wanted:
            return False
        tight = wanted.replace(" ", "")
        if _CHINESE.search(wanted):
            before = r"(?<![\d.])" if tight[0].isdigit() else ""
            after = r"(?!\d)" if tight[-1].isdigit() else ""
            return re.search(f"{before}{re.escape(tight)}{after}", self._tight) is not None
        if f" {wanted} " in self._spaced:
            return True
        if not _CHINESE.search(self._words):
            return False
        if _NUMBER.fullmatch(wanted):
            return re.search(rf"(?<!\d){re.escape(tight)}(?!\d)", self._tight) is not None
        return tight in self._tight

    @cached_property
    def _spaced(self) -> str:
        return f" {plain(self._words)} "

    @cached_property
    def _tight(self) -> str:
        return self._spaced.replace(" ", "")


def plain(words: str) -> str:
    """Words alone, a space between; signs of money and per cent stand apart."""
    folded = _ARABIC_MARKS.sub("", unicodedata.normalize("NFKC", words).casefold())
    joined = _POINTED.sub(lambda found: found.group().replace(".", ""), _GROUPED_DIGITS.sub("", folded))
    spaced = "".join(_letter(character) for character in _POSSESSIVE.sub(" ", joined))
    return " ".join(_SIGN.sub(r" \1 ", spaced).split())


def share(inner: str, outer: str) -> float:
    """Which part of the words of `inner` stand in `outer`, each as often as it does there."""
    wanted, held = Counter(_tokens(inner)), Counter(_tokens(outer))
    return (wanted & held).total() / wanted.total() if wanted else 0.0


def length(words: str) -> float:
    """How many words a text has."""
    rest = _CHINESE.sub(" ", words)
    return len(_WRITTEN_WORD.findall(rest)) + len(_CHINESE.findall(words)) / CHARACTERS_A_WORD


def _letter(character: str) -> str:
    other = unicodedata.category(character)[0] in "PSZC" and character not in KEPT_SIGNS
    return " " if other else character


def _tokens(words: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFKC", words).casefold())
