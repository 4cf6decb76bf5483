"""Words as the index knows them: folded, stop words out, stemmed; bigrams where a script has no spaces.

Does not know what a word means: no synonyms, no spelling.
"""

import re
from itertools import chain
from typing import NamedTuple

from retrieval.model import Span
from retrieval.text.characters import INVISIBLE, MARKS
from retrieval.text.language import UNDETERMINED, primary
from retrieval.text.vocabulary import LANGUAGES, Vocabulary

# Changes whenever the same text would yield other tokens: an index made under another version is rebuilt.
VERSION = "1"

_W = rf"[\w{MARKS}{INVISIBLE}]"
# A surface is what is looked up as one: words held together by an apostrophe, a full stop, digit groups,
# Hebrew's gershayim, or a single letter's hyphen (e-mail, X-ray).
_SURFACE = re.compile(
    rf"(?:[A-Za-z][-\u2010\u2011](?=[A-Za-z]{{3}}))?{_W}+"
    rf"(?:(?:['’ʼ＇.](?={_W})|(?<=\d)[,٬](?=\d)|(?<=\d)[\u00a0\u202f\u2009](?=\d{{3}})|(?<=[א-ת])[\"״׳](?=[א-ת])){_W}+)*"
)

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
    return list(chain.from_iterable(map(vocabulary.__getitem__, _SURFACE.findall(_unshouted(text)))))


def words(text: str, language: str) -> list[Word]:
    """The index tokens of a text with their places, stop words left out."""
    vocabulary = _vocabulary(language)
    return [
        Word(piece.token, Span(match.start() + piece.start, match.start() + piece.end))
        for match in _SURFACE.finditer(_unshouted(text))
        for piece in vocabulary.pieces(match.group())
    ]


def _unshouted(text: str) -> str:
    """The text itself; in lower case where all of it is capitals, which then tell no acronym from a word."""
    if not text.isupper():
        return text
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


_VOCABULARIES: dict[str, Vocabulary] = {}


def _vocabulary(language: str) -> Vocabulary:
    index = index_of(language)
    if index not in _VOCABULARIES:
        _VOCABULARIES[index] = Vocabulary(index)
    return _VOCABULARIES[index]
