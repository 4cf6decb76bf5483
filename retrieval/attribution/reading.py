"""A text as the rules read it: items (words, marks, whole quotations), each with its kinds, cut into frames.

A quotation is one item, whatever stands in it; so is a short parenthesis. A frame is a sentence seen this way.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import chain

from retrieval.attribution.inserted import without_inserted
from retrieval.attribution.lexicon import Kind, Lexicon, lexicon_of
from retrieval.attribution.marks import Quotation, quotations
from retrieval.model import Span
from retrieval.text.sentences import sentences

SPEECH_WORDS_MIN = 5
"""A quotation of fewer words, not ended like a sentence, is a scare quote, a title or a part of one's words."""

TITLE_WORDS_MAX = 7
FRAME_ITEMS_MAX = 160
"""A sentence of more items is cut: what rules look at within a frame stays bounded, whatever the text."""
FRAME_CUES_MAX = 16
"""Of the reporting words of one sentence no more are looked at."""
QUOTE_LEAD = 2
"""A sentence that opens with a mark begins this many code points after it at most, seen without marks."""
_SMALL_NO_TIMES = frozenset(["may", "march"])
"""Months only with a capital: in small letters they are other words."""
_SMALL = Kind.DETERMINER | Kind.PREPOSITION | Kind.CONJUNCTION
_ANY_MARK = re.compile('["“”„‟«»「」『』]')
_ENDED = re.compile(r"[.!?,;:…—–؟،]\s?[\"“”„‟«»’'」』]*$|[\"”»“][,]$")
_INNER_STOP = re.compile(r"[.!?…؟]\s?[\"“”«»’'」』]*$")
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Frame:
    """Items ``first..last`` (inclusive) that make one sentence, in paragraph number `paragraph`."""

    first: int
    last: int
    paragraph: int


@dataclass(slots=True)
class Reading:
    """Items as parallel lists; `cues` lists those that may report, `frame_of` maps an item to its frame."""

    text: str
    lexicon: Lexicon
    start: list[int]
    end: list[int]
    word: list[str]
    low: list[str]
    kind: list[int]
    cues: list[int]
    quotation: dict[int, Quotation]
    frames: list[Frame]
    frame_of: list[int]
    items_of: dict[str, list[int]]

    def span(self, first: int, last: int) -> Span:
        """The code points of items ``first..last``."""
        return Span(self.start[first], self.end[last])

    def frame(self, item: int) -> Frame:
        return self.frames[self.frame_of[item]]

    def places(self, group: str) -> list[int]:
        """The items whose word is in a group of the lexicon, in order; the text is looked through once."""
        words = self.lexicon.words.get(group, frozenset())
        return sorted(chain.from_iterable(self.printed(word) for word in words))

    def printed(self, low: str) -> list[int]:
        """The items of a word in lower case, in order."""
        if not self.items_of:
            for item, word in enumerate(self.low):
                self.items_of.setdefault(word, []).append(item)
        return self.items_of.get(low, [])

    def is_kind(self, item: int, kinds: int) -> bool:
        return bool(self.kind[item] & kinds)


def read(text: str, language: str) -> Reading:
    """The items and frames of a text; linear in its length."""
    lexicon = lexicon_of(language)
    marks = quotations(text)
    reading = Reading(text, lexicon, [], [], [], [], [], [], {}, [], [], {})
    at = 0
    known: dict[str, tuple[str, int]] = {}
    marks = without_inserted(text, marks, lexicon)
    for quotation in marks:
        _items(reading, at, quotation.span.start, known)
        _quotation_item(reading, quotation)
        at = quotation.span.end
    _items(reading, at, len(text), known)
    _frames(reading, sentences(_ANY_MARK.sub(" ", text), language))
    _bound_cues(reading)
    return reading


# Words, short parentheses, and every other mark by itself; a full stop joins an abbreviation afterwards.
_ITEM = re.compile(
    r"(?P<word>(?:[^\W\d_]-)?(?:[^\W\d_]\.){2,}|\d+(?:[-‑][^\W\d_]+)+|\d[\d.,:/]*\d|[^\W_]+(?:['’\-‑&/][^\W_]+)*['’]?)"
    r"|\([^()\n]{1,80}\)|\[[^\[\]\n]{1,40}\]|--|\.\.\.|[^\s]"
)
_PUNCTUATION = {
    **dict.fromkeys([",", "،"], Kind.COMMA),
    **dict.fromkeys([":"], Kind.COLON),
    **dict.fromkeys([";", "؛"], Kind.SEMICOLON),
    **dict.fromkeys(["—", "–", "-", "--"], Kind.DASH),
    **dict.fromkeys([".", "!", "?", "؟", "…", "...", "。"], Kind.STOP),
}
_ELIDED = re.compile(r"(?:l|d|qu|n|s|j|c|m|t|lorsqu|puisqu|jusqu)'(?=\w)")
_FORMER = re.compile("(?:then|ex|acting|vice|deputy|co)-")
_ENDS_WITH_POSSESSIVE = ("'s", "s'")


def _items(reading: Reading, begin: int, stop: int, known: dict[str, tuple[str, int]]) -> None:
    kinds, text = reading.lexicon.kinds, reading.text
    abbreviations = reading.lexicon.words.get("abbreviations", frozenset())
    role_endings = tuple(reading.lexicon.words.get("role_endings", ()))
    elides = reading.lexicon.has("grammar", "elides")
    ended = begin
    for found in _ITEM.finditer(text, begin, stop):
        start, end = found.span()
        if start < ended:
            continue
        word = found.group()
        if found.lastgroup is None:
            low = word
            kind = _PUNCTUATION.get(word) or (Kind.PARENTHESIS if word[0] in "([" and len(word) > 1 else Kind.NONE)
        else:
            if end < stop and text[end] == "." and _is_abbreviation(word, abbreviations):
                end, word = end + 1, word + "."
            low, kind = known.get(word) or known.setdefault(word, _word(kinds, word, role_endings))
        ended = end
        elided = _ELIDED.match(low) if elides and kind & Kind.WORD else None
        if elided:
            cut = elided.end()
            _small_item(reading, start, word[:cut], *_word(kinds, word[:cut], role_endings))
            start, word = start + cut, word[cut:]
            low, kind = known.get(word) or known.setdefault(word, _word(kinds, word, role_endings))
        reading.start.append(start)
        reading.end.append(end)
        reading.word.append(word)
        reading.low.append(low)
        reading.kind.append(kind)
        if kind & Kind.CUE:
            reading.cues.append(len(reading.kind) - 1)


def _small_item(reading: Reading, start: int, word: str, low: str, kind: int) -> None:
    """A word that has lost its vowel, an item of its own before the word it leans on ("qu'il", "l'a")."""
    reading.start.append(start)
    reading.end.append(start + len(word))
    reading.word.append(word)
    reading.low.append(low)
    reading.kind.append(kind)


def _is_abbreviation(word: str, abbreviations: Collection[str]) -> bool:
    """Whether a full stop belongs to a word: "Mr", "then-Sen", an initial."""
    low = word.lower()
    return low.rpartition("-")[2] + "." in abbreviations or (len(low) == 1 and word != low)


def _word(kinds: Mapping[str, int], word: str, role_endings: tuple[str, ...]) -> tuple[str, int]:
    """A word in lower case, and its kinds."""
    low = word.lower().replace("’", "'")
    known = kinds.get(low)
    if known is None and (former := _FORMER.match(low)):  # "then-Minister"
        known = kinds.get(low[former.end() :], 0) & (Kind.ROLE | Kind.TITLE)
    kind = _word_kind(known or 0, word, low)
    if kind & Kind.TIME and not kind & Kind.CAPITAL and low in _SMALL_NO_TIMES:
        kind &= ~Kind.TIME
    if role_endings and kind & Kind.CAPITAL and low.endswith(role_endings):
        kind |= Kind.ROLE
    return low, kind


def _word_kind(kind: int, word: str, low: str) -> int:
    first = word[0]
    if first.isupper():
        kind |= Kind.CAPITAL
    elif first.isdigit():
        kind |= Kind.NUMBER
    if low.endswith(_ENDS_WITH_POSSESSIVE) and not kind & (Kind.BE | Kind.HAVE):
        kind |= Kind.POSSESSIVE
    return kind | Kind.WORD


def _quotation_item(reading: Reading, quotation: Quotation) -> None:
    words = quotation.span.of(reading.text)
    kind = Kind.QUOTE
    if _is_title(reading, words) or _is_addressee(reading, quotation, words):
        pass
    elif _is_speech(reading, quotation, words):
        kind |= Kind.SPEECH
    reading.quotation[len(reading.start)] = quotation
    reading.start.append(quotation.span.start)
    reading.end.append(quotation.span.end)
    reading.word.append(words[:80])
    reading.low.append("“”")
    reading.kind.append(kind)


def _is_speech(reading: Reading, quotation: Quotation, words: str) -> bool:
    """Whether quoted words are more than a scare quote: many, ended like a sentence, or set apart by their marks."""
    if quotation.continues or _ENDED.search(words[-3:]) or len(_WORDS.findall(words[:200])) >= SPEECH_WORDS_MIN:
        return True
    return reading.lexicon.has("grammar", "marks_inside") and _is_set_apart(reading, quotation)


def _is_set_apart(reading: Reading, quotation: Quotation) -> bool:
    """Where commas and full stops stand outside the marks: whether a colon leads to a quotation or a comma from it."""
    led = bool(reading.kind) and reading.kind[-1] & Kind.COLON
    after = reading.text[quotation.span.end : quotation.span.end + 2].lstrip()
    begins = not reading.kind or reading.kind[-1] & (Kind.STOP | Kind.DASH | Kind.COLON | Kind.COMMA)
    begins = begins or "\n" in reading.text[reading.end[-1] : quotation.span.start]
    return bool(led or (begins and after[:1] in (",", "،", ".")))


def _is_title(reading: Reading, words: str) -> bool:
    """A few capitalised words after other words: a title, a nickname, a broadcast; not speech."""
    inside = _WORDS.findall(words[:80])
    if not 2 <= len(inside) <= TITLE_WORDS_MAX or not reading.kind or len(words) > 80:
        return False
    preceded = reading.kind[-1] & Kind.WORD and not reading.kind[-1] & Kind.CUE
    kinds = reading.lexicon.kinds
    return bool(preceded) and all(word[0].isupper() or kinds.get(word.lower(), 0) & _SMALL for word in inside)


def _is_addressee(reading: Reading, quotation: Quotation, words: str) -> bool:
    """ "He tells “Globes,” “We wait.”": a name in quotation marks between a verb of telling and the quotation."""
    if len(words) > 80 or not reading.kind or not reading.kind[-1] & Kind.CUE:
        return False
    tells = "tells" in reading.lexicon.cues[reading.low[-1]].takes
    goes_on = reading.text[quotation.span.end : quotation.span.end + 2].lstrip()[:1]
    return tells and _ANY_MARK.match(goes_on) is not None and all(word[0].isupper() for word in _WORDS.findall(words))


def _frames(reading: Reading, bounds: list[Span]) -> None:
    """Cut the items at sentence starts, at line breaks and after a quotation that ends like a sentence."""
    text, start, end = reading.text, reading.start, reading.end
    starts = iter([*(span.start for span in bounds), len(text) + QUOTE_LEAD + 1])
    next_start = next(starts)
    paragraph = first = 0
    for item, begin in enumerate(start):
        passed = False
        within = begin + QUOTE_LEAD if reading.kind[item] & Kind.QUOTE else begin
        while next_start <= within:
            passed, next_start = True, next(starts)
        if not item:
            continue
        new_line = text.find("\n", end[item - 1], begin) >= 0
        if new_line or item - first >= FRAME_ITEMS_MAX or _begins(reading, item, passed):
            _close_frame(reading, first, item - 1, paragraph)
            first = item
            paragraph += new_line
    if start:
        _close_frame(reading, first, len(start) - 1, paragraph)


def _begins(reading: Reading, item: int, sentence_starts: bool) -> bool:
    before = item - 1
    if not reading.kind[before] & Kind.QUOTE:
        return sentence_starts and not (  # "said Ms. | Gil", "in Velm, Ost. | , citing"
            reading.kind[before] & Kind.TITLE or reading.kind[item] & Kind.COMMA
        )
    tail = reading.text[reading.end[before] - 4 : reading.end[before]]
    return bool(_INNER_STOP.search(tail)) and reading.is_kind(item, Kind.CAPITAL | Kind.QUOTE)


def _bound_cues(reading: Reading) -> None:
    """Forget the reporting words of a frame beyond what a sentence of print can hold."""
    seen: dict[int, int] = {}
    kept: list[int] = []
    for item in reading.cues:
        frame = reading.frame_of[item]
        seen[frame] = seen.get(frame, 0) + 1
        if seen[frame] <= FRAME_CUES_MAX:
            kept.append(item)
        else:
            reading.kind[item] &= ~Kind.CUE
    reading.cues[:] = kept


def _close_frame(reading: Reading, first: int, last: int, paragraph: int) -> None:
    reading.frame_of.extend([len(reading.frames)] * (last - first + 1))
    reading.frames.append(Frame(first, last, paragraph))
