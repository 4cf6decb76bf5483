"""A text as the rules read it: items (words, marks, whole quotations), each with its kinds, cut into frames.

A quotation is one item, whatever stands in it; so is a short parenthesis. A frame is a sentence seen this way.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from retrieval.attribution.lexicon import Kind, Lexicon, lexicon_of
from retrieval.attribution.marks import Quotation, quotations
from retrieval.model import Span
from retrieval.text.sentences import sentences

SPEECH_WORDS_MIN = 5
"""A quotation of fewer words, not ended like a sentence, is a scare quote, a title or a part of one's words."""

_BLANK_MARKS = str.maketrans(dict.fromkeys('"“”„‟«»「」『』', " "))
_ENDED = re.compile(r"[.!?,;:…—–؟،][\"“”„‟«»’'」』]*$|[\"”»“][,]$")
_INNER_STOP = re.compile(r"[.!?…؟][\"“”«»’'」』]*$")
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Frame:
    """Items ``first..last`` (inclusive) that make one sentence, in paragraph number `paragraph`."""

    first: int
    last: int
    paragraph: int


@dataclass(slots=True)
class Reading:
    """Items as parallel lists; `frame_of` maps an item to its frame. Read-only once made."""

    text: str
    lexicon: Lexicon
    start: list[int]
    end: list[int]
    word: list[str]
    low: list[str]
    kind: list[int]
    quotation: dict[int, Quotation]
    frames: list[Frame]
    frame_of: list[int]

    def span(self, first: int, last: int) -> Span:
        """The code points of items ``first..last``."""
        return Span(self.start[first], self.end[last])

    def frame(self, item: int) -> Frame:
        return self.frames[self.frame_of[item]]

    def is_kind(self, item: int, kinds: int) -> bool:
        return bool(self.kind[item] & kinds)


def read(text: str, language: str) -> Reading:
    """The items and frames of a text; linear in its length."""
    lexicon = lexicon_of(language)
    marks = quotations(text)
    reading = Reading(text, lexicon, [], [], [], [], [], {}, [], [])
    at = 0
    for quotation in marks:
        _items(reading, at, quotation.span.start)
        _quotation_item(reading, quotation)
        at = quotation.span.end
    _items(reading, at, len(text))
    _frames(reading, sentences(text.translate(_BLANK_MARKS), language))
    return reading


@cache
def _item_pattern(lexicon_language: str) -> re.Pattern[str]:
    """Words (abbreviations keep their full stop), short parentheses, and every other mark by itself."""
    shortened = lexicon_of(lexicon_language).words.get("abbreviations", frozenset())
    known = "|".join(sorted((re.escape(word[:-1]) for word in shortened), key=len, reverse=True))
    abbreviations = rf"\b(?:{known})\.|" if known else ""
    return re.compile(
        rf"(?P<abbreviation>(?i:{abbreviations}(?:\b[a-z]\.){{2,}})|\b[A-Z]\.(?=\s))"
        r"|(?P<word>\d[\d.,:]*\d|[^\W_]+(?:['’\-‑.&][^\W_]+)*['’]?)"
        r"|\([^()\n]{1,80}\)|\[[^\[\]\n]{1,40}\]|--|\.\.\.|[^\s]"
    )


_PUNCTUATION = {
    ",": Kind.COMMA, "،": Kind.COMMA, ":": Kind.COLON, ";": Kind.SEMICOLON, "؛": Kind.SEMICOLON, "—": Kind.DASH, "–": Kind.DASH, "-": Kind.DASH, "--": Kind.DASH,
    ".": Kind.STOP, "!": Kind.STOP, "?": Kind.STOP, "؟": Kind.STOP, "…": Kind.STOP, "...": Kind.STOP,
}  # fmt: skip


def _items(reading: Reading, begin: int, stop: int) -> None:
    kinds = reading.lexicon.kinds
    for found in _item_pattern(reading.lexicon.language).finditer(reading.text, begin, stop):
        word = found.group()
        if found.lastgroup is None:
            low = word
            kind = _PUNCTUATION.get(word, Kind.PARENTHESIS if word[0] in "([" and len(word) > 1 else Kind.NONE)
        else:
            low = word.lower().replace("’", "'")
            kind = kinds.get(low, 0) | Kind.WORD
            if word[0].isupper():
                kind |= Kind.CAPITAL
            elif word[0].isdigit():
                kind |= Kind.NUMBER
            if low.endswith(("'s", "s'")) and not kind & (Kind.BE | Kind.HAVE):
                kind |= Kind.POSSESSIVE
        reading.start.append(found.start())
        reading.end.append(found.end())
        reading.word.append(word)
        reading.low.append(low)
        reading.kind.append(kind)


def _quotation_item(reading: Reading, quotation: Quotation) -> None:
    words = quotation.span.of(reading.text)
    kind = Kind.QUOTE
    if quotation.continues or _ENDED.search(words[-3:]) or len(_WORDS.findall(words[:200])) >= SPEECH_WORDS_MIN:
        kind |= Kind.SPEECH
    reading.quotation[len(reading.start)] = quotation
    reading.start.append(quotation.span.start)
    reading.end.append(quotation.span.end)
    reading.word.append(words[:80])
    reading.low.append("“”")
    reading.kind.append(kind)


def _frames(reading: Reading, bounds: list[Span]) -> None:
    """Cut the items at sentence starts, at line breaks and after a quotation that ends like a sentence."""
    starts = [span.start for span in bounds]
    paragraph, first = 0, 0
    for item in range(len(reading.start)):
        if item:
            gap = reading.text[reading.end[item - 1] : reading.start[item]]
            if "\n" in gap or _begins(reading, item, starts):
                _close_frame(reading, first, item - 1, paragraph)
                first = item
                paragraph += "\n" in gap
    if reading.start:
        _close_frame(reading, first, len(reading.start) - 1, paragraph)


def _begins(reading: Reading, item: int, starts: list[int]) -> bool:
    before = item - 1
    if reading.is_kind(before, Kind.QUOTE):
        inside_end = (
            reading.word[before]
            if len(reading.word[before]) < 80
            else reading.text[reading.end[before] - 4 : reading.end[before]]
        )
        ended = bool(_INNER_STOP.search(inside_end))
        return ended and reading.is_kind(item, Kind.CAPITAL | Kind.QUOTE)
    return bisect_right(starts, reading.start[item]) > bisect_right(starts, reading.start[before])


def _close_frame(reading: Reading, first: int, last: int, paragraph: int) -> None:
    reading.frame_of.extend([len(reading.frames)] * (last - first + 1))
    reading.frames.append(Frame(first, last, paragraph))
