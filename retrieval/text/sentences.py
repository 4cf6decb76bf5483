"""Where sentences begin and end: sentencex's boundaries, trimmed and never joined, and cuts inside quotations.

A sentence never crosses a line break. Every character that is not white space belongs to exactly one sentence.
"""

import re
from itertools import pairwise

from sentencex import get_sentence_boundaries  # type: ignore[attr-defined]  # compiled, without stubs

from retrieval.model import Span

# A line is read in windows of this many code points: sentencex is quadratic in the quotation marks of one call.
WINDOW = 4_000

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_MARKS = "\"“”„‟«»‹›「」『』〝〞‘’‚‛'"
_CLOSING = re.compile(rf"[{_MARKS})\]}}）］】〉》]+\s*")
_ANY_MARK = re.compile(f"[{_MARKS}]")
# An apostrophe between letters is no quotation mark: it stays.
_QUOTING = re.compile(r"[\"“”„‟«»‹›「」『』〝〞]|(?<!\w)[‘’‚‛']|[‘’‚‛'](?!\w)")


def sentences(text: str, language: str) -> list[Span]:
    """The sentences of a text as trimmed spans, in order; `language` is a BCP 47 tag or "und"."""
    code = language.partition("-")[0]
    spans = []
    for line in _LINE.finditer(text):
        ends = _ends(line.group(), code)
        for start, end in pairwise([0, *ends]):
            span = _trimmed(text, line.start() + start, line.start() + end)
            if span.start < span.end:
                spans.append(span)
    return spans


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    end -= len(piece) - len(piece.rstrip())
    start += len(piece) - len(piece.lstrip())
    return Span(min(start, end), end)


def _ends(line: str, language: str) -> list[int]:
    """Where each sentence of a line ends, white space included; the last is the end of the line."""
    if len(line) <= WINDOW:
        return _window_ends(line, language)
    ends = []
    start = 0
    while start < len(line):
        window = line[start : start + WINDOW]
        found = _window_ends(window, language)
        if start + WINDOW < len(line):  # the last sentence may go on in the next window
            found = found[:-1] or [window.rfind(" ") + 1 or WINDOW]
        ends += [start + end for end in found]
        start = ends[-1]
    return ends


def _window_ends(line: str, language: str) -> list[int]:
    ends = _boundaries(line, language)
    if _ANY_MARK.search(line):
        unquoted = _boundaries(_QUOTING.sub(" ", line), language)
        ends = sorted({*ends, *(end for end in unquoted if line[:end].rstrip()[-1:] not in _MARKS)})
    return [_behind_closing(line, end) for end in ends]


def _behind_closing(line: str, end: int) -> int:
    """An end moved behind the closing marks that stand right at it: they belong to the sentence before."""
    closing = None if line[end - 1].isspace() else _CLOSING.match(line, end)
    return closing.end() if closing else end


def _boundaries(line: str, language: str) -> list[int]:
    return [boundary["end_index"] for boundary in get_sentence_boundaries(language, line)]
