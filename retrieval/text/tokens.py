"""Words as the index knows them: folded, stop words out, stemmed; bigrams where a script has no spaces.

Does not know what a word means: no synonyms, no spelling.
"""

import re
from itertools import chain
from typing import NamedTuple

from retrieval.model import Span
from retrieval.text.characters import INVISIBLE, MARKS
from retrieval.text.folding import DOTTED, turkish
from retrieval.text.language import UNDETERMINED, primary
from retrieval.text.vocabulary import LANGUAGES, Vocabulary

# Changes whenever the same text would yield other tokens: an index made under another version is rebuilt.
VERSION = "1"


def _surfaces(word: str) -> re.Pattern[str]:
    """What is looked up as one: words held together by an apostrophe, a full stop or digit groups.

    Also by Hebrew's gershayim, and by the hyphen after a single letter (e-mail, X-ray).
    """
    return re.compile(
        rf"{word}++(?:['’ʼ＇.,٬\u00a0\u202f\u2009\"״׳\-\u2010\u2011]"
        rf"(?:(?<=['’ʼ＇.])(?={word})|(?<=\d[,٬])(?=\d)|(?<=\d[\u00a0\u202f\u2009])(?=\d{{3}})"
        rf"|(?<=[א-ת][\"״׳])(?=[א-ת])|(?<=(?<!\w)[A-Za-z][\-\u2010\u2011])(?=[A-Za-z]{{3}})){word}++)*+"
    )


# Most texts hold no combining and no invisible character: without them in its class a surface is found twice as fast.
_SIMPLE = _surfaces(r"\w")
_FULL = _surfaces(rf"[\w{MARKS}{INVISIBLE}]")
_NOT_SIMPLE = re.compile(f"[{MARKS}{INVISIBLE}]")

_INDEXES = {"nb": "no", "nn": "no", "hr": "sr", "bs": "sr", "sh": "sr", "iw": "he", "in": "id", "yue": "zh"}


class Word(NamedTuple):
    """An index token and where it stands in the text."""

    token: str
    span: Span


def index_of(language: str) -> str:
    """Which index a language belongs to: its own where its words are known here, else "und"."""
    code = primary(language)
    code = _INDEXES.get(code, code)
    return code if code in LANGUAGES else UNDETERMINED


def tokens(text: str, language: str) -> list[str]:
    """The index tokens of a text, in order, repeats kept."""
    vocabulary = _vocabulary(language)
    return list(
        chain.from_iterable(map(vocabulary.__getitem__, _pattern(text).findall(_unshouted(text, vocabulary.index))))
    )


def words(text: str, language: str) -> list[Word]:
    """The index tokens of a text with their places, stop words left out."""
    vocabulary = _vocabulary(language)
    return [
        Word(piece.token, Span(match.start() + piece.start, match.start() + piece.end))
        for match in _pattern(text).finditer(_unshouted(text, vocabulary.index))
        for piece in vocabulary.pieces(match.group())
    ]


def _pattern(text: str) -> re.Pattern[str]:
    return _SIMPLE if text.isascii() or not _NOT_SIMPLE.search(text) else _FULL


def _unshouted(text: str, index: str) -> str:
    """The text itself; in lower case where all of it is capitals, which then tell no acronym from a word."""
    if not text.isupper():
        return text
    return "".join(map(_lower, turkish(text) if index in DOTTED else text))


def _lower(character: str) -> str:
    lower = character.lower()
    return lower if len(lower) == 1 else character


_VOCABULARIES: dict[str, Vocabulary] = {}


def _vocabulary(language: str) -> Vocabulary:
    index = index_of(language)
    if index not in _VOCABULARIES:
        _VOCABULARIES[index] = Vocabulary(index)
    return _VOCABULARIES[index]
