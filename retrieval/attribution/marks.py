"""Where the text stands inside quotation marks, and which quotations go on over several paragraphs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.model import Span

UNCLOSED_CHARACTERS_MAX = 1500
"""A quotation whose closing mark is missing is believed up to its paragraph's end when no longer than this."""

SINGLE_WORDS_MIN = 2
"""Single marks around fewer words than this are apostrophes or scare quotes: left alone."""

_PARAGRAPH = re.compile(r"[^\n]+")
_MARK = re.compile(r"[\"“”„‟«»「」『』]|''|``")
_SINGLE = re.compile(
    r"(?<![\w’'])[‘‚'](?=\w)(?P<words>[^‘’‚'\n]{0,300}+(?:[’'](?=\w)[^‘’‚'\n]{0,300}+){0,8}+)[’‘'](?!\w)"
)
_CLOSES = {
    "“": "”“\"", "„": "“”\"", "‟": "”",
    "«": "»", "»": "«", "「": "」", "『": "』", '"': '"”', "''": "''", "``": "''", "”": "”",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quotation:
    """One paragraph's part of a quotation, marks included. `continues` tells that the paragraph before left it open."""

    span: Span
    closed: bool = True
    continues: bool = False


def quotations(text: str) -> list[Quotation]:
    """The outermost quotations of a text, in order, paragraph by paragraph; linear in the text."""
    found: list[Quotation] = []
    german = "„" in text
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.span()
        inside = _in_paragraph(text, start, end, german)
        if inside:
            inside[0] = _joined(found, inside[0], text, start)
        found.extend(inside)
    return [q for q in found if q.closed or q.span.end - q.span.start <= UNCLOSED_CHARACTERS_MAX]


def _joined(found: list[Quotation], first: Quotation, text: str, start: int) -> Quotation:
    """A paragraph that opens with a mark goes on with a quotation left open at the end of the one before."""
    if not found or found[-1].closed or text[start : first.span.start].strip():
        return first
    between = text[found[-1].span.end : start]
    return Quotation(first.span, first.closed, continues=not between.strip())


def _in_paragraph(text: str, start: int, end: int, german: bool) -> list[Quotation]:
    doubles = list(_doubles(text, start, end, german))
    if doubles:
        return doubles
    singles = (m.span() for m in _SINGLE.finditer(text, start, end) if len(m["words"].split()) >= SINGLE_WORDS_MIN)
    return [Quotation(Span(*span)) for span in singles]


def _doubles(text: str, start: int, end: int, german: bool) -> Iterator[Quotation]:
    opened, mark, depth = -1, "", 0
    for found in _MARK.finditer(text, start, end):
        at, here = found.start(), found.group()
        if opened < 0:
            if _opens(text, at, here, start, end, german):
                opened, mark, depth = at, here, 0
        elif here in _CLOSES[mark] and not (here in ('"', "“") and _reopens(text, at, start, end)):
            if depth and here == "”":
                depth -= 1
                continue
            yield Quotation(Span(opened, found.end()))
            opened = -1
        elif here == mark == "“":
            depth += 1
    if opened >= 0:
        yield Quotation(Span(opened, end), closed=False)


def _opens(text: str, at: int, mark: str, start: int, end: int, german: bool) -> bool:
    before = text[at - 1] if at > start else " "
    after = text[at + len(mark)] if at + len(mark) < end else " "
    if mark in ('"', "''"):
        return not after.isspace() and not before.isalnum()
    if mark == "”":
        return before.isspace() and after.isalnum()
    if mark == "»":
        return before.isspace() and not after.isspace() and text.find("«", at, end) >= 0
    if mark == "“":
        return not (german and before.isalnum())
    return mark in "„‟«「『``"


def _reopens(text: str, at: int, start: int, end: int) -> bool:
    """A mark after a space and before a word opens again: the closing one was lost, or it is nested."""
    before = text[at - 1] if at > start else " "
    return before.isspace() and at + 1 < end and text[at + 1].isalnum()
