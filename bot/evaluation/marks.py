"""Which characters of a text stand inside double quotation marks, marks included. Single marks are left out.

Simpler than attribution's own reading, and apart from it: what is measured must not be its own measure.
"""

from collections.abc import Iterator

from retrieval.model import Span

CLOSING = {"“": "”", "„": "“”", "«": "»", "»": "«", "「": "」", '"': '"'}
CLOSING_GERMAN = {**CLOSING, "“": "”“"}
LOW = "„"


def inside(text: str) -> bytearray:
    """For each character 1 where it stands in a quotation; one left open runs to the end of its line."""
    mask = bytearray(len(text))
    german, start = LOW in text, 0
    for line in text.split("\n"):
        for span in _quotations(line, german):
            mask[start + span.start : start + span.end] = b"\x01" * (span.end - span.start)
        start += len(line) + 1
    return mask


def _quotations(line: str, german: bool) -> Iterator[Span]:
    opened, closing = None, ""
    for at, mark in enumerate(line):
        if opened is None:
            if _opens(line, at, german):
                opened, closing = at, (CLOSING_GERMAN if german else CLOSING)[mark]
        elif mark in closing and not _opens_again(line, at):
            yield Span(opened, at + 1)
            opened = None
    if opened is not None:
        yield Span(opened, len(line))


def _opens(line: str, at: int, german: bool) -> bool:
    mark = line[at]
    if mark == "“":
        return not german or at == 0 or not line[at - 1].isalnum()
    if mark == "»":
        return "«" in line[at:]
    return mark in CLOSING


def _opens_again(line: str, at: int) -> bool:
    """A straight mark after a space and before a word: the closing one before it was left out."""
    if line[at] != '"' or at == 0:
        return False
    return line[at - 1].isspace() and line[at + 1 : at + 2].isalnum()
