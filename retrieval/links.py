"""Links that open a page at a quote: text directives, https://wicg.github.io/scroll-to-text-fragment/.

A part of a directive matches within one block of the page, between word boundaries, whatever the case and the
width of spaces; a line of the stored text is taken for a block. Does not fetch the page: where its words
differ, browsers open it at the top.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from retrieval.model import Span
from retrieval.text.characters import MARKS, SPACELESS

# Of "#:~:text=..." with its parts encoded; the address itself comes on top.
DIRECTIVE_CHARACTERS_MAX = 300

_DIRECTIVE = ":~:text="
# A quote up to this many code points is named whole, a longer one by its first and last words.
_WHOLE_MAX = 80
# How many words at either end are tried, in this order; clauses, then characters, where a script has no spaces.
_WORDS_TRIED = (4, 5, 6, 8, 3, 2, 1)
_CLAUSES_TRIED = (1, 2, 3)
_CHARACTERS_TRIED = (8, 10, 12, 6, 4, 2, 1)
# Words of context on a side, and code points searched for them.
_CONTEXT_WORDS = 3
_CONTEXT_REACH = 200

_BREAK = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNIT = re.compile(rf"[{SPACELESS}]|[^\s{SPACELESS}]+")
_WORD = rf"[\w{MARKS}]"
_RUN = re.compile(rf"{_WORD}+")
_CORE = re.compile(rf"{_WORD}(?:.*{_WORD})?", re.DOTALL)
_ONE = re.compile(_WORD)
_BOUNDED = re.compile(rf"(?![{SPACELESS}]){_WORD}")


class _Parts(NamedTuple):
    """A directive by the places of its parts in the text."""

    start: Span
    end: Span | None = None
    prefix: Span | None = None
    suffix: Span | None = None


def to_words(url: str, text: str, span: Span, headline: str | None = None) -> str:
    """The address with a directive that opens the page at the span's words, as far as the text can tell.

    Quotation marks and stops at the span's edges stay outside; a fragment the address has is kept. A page prints
    the headline above the text, so words that it shares with the quote need their context.
    """
    tried = [(parts, _directive(text, parts)) for parts in _ways(text, span)]
    fitting = [(parts, directive) for parts, directive in tried if len(directive) < DIRECTIVE_CHARACTERS_MAX]
    if not fitting:
        return url
    above = f"{headline}\n" if headline else ""
    best = next((directive for parts, directive in fitting if _found_first(above, text, parts)), fitting[0][1])
    page, _, fragment = url.partition("#")
    return f"{page}#{fragment.partition(':~:')[0]}{best}"


def _ways(text: str, span: Span) -> Iterator[_Parts]:
    """Directives for a span, the plainest first, then longer ones, then with context."""
    core = _core(text, span)
    if core is None:
        return
    plain = list(_plain(text, core))
    yield from plain
    before, after = _before(text, core), _after(text, core)
    for prefix, suffix in ((before, None), (None, after), (before, after)):
        if prefix or suffix:
            yield from (parts._replace(prefix=prefix, suffix=suffix) for parts in plain)


def _plain(text: str, core: Span) -> Iterator[_Parts]:
    head, tail = _first_line(text, core), _last_line(text, core)
    if head == core and len(core.of(text)) <= _WHOLE_MAX:
        yield _Parts(core)
    firsts = [unit.span() for unit in _UNIT.finditer(text, *head)]
    lasts = [unit.span() for unit in _UNIT.finditer(text, *tail)]
    spaceless = len(firsts) > 1 and firsts[0][1] == firsts[1][0]
    if spaceless:
        yield from _clauses(text, core, head, tail)
    for count in _CHARACTERS_TRIED if spaceless else _WORDS_TRIED:
        start = _core(text, Span(core.start, firsts[:count][-1][1]))
        end = _core(text, Span(lasts[-count:][0][0], core.end))
        if start and end and start.end < end.start:
            yield _Parts(start, end)
    if head == core and len(core.of(text)) > _WHOLE_MAX:
        yield _Parts(core)


def _clauses(text: str, core: Span, head: Span, tail: Span) -> Iterator[_Parts]:
    """Parts that end where a mark or a space does: browsers match whole words, and only these tell one from the next
    where a script has no spaces.
    """
    firsts = [run.span() for run in _RUN.finditer(text, *head)]
    lasts = [run.span() for run in _RUN.finditer(text, *tail)]
    for count in _CLAUSES_TRIED:
        start, end = Span(core.start, firsts[:count][-1][1]), Span(lasts[-count:][0][0], core.end)
        if start.end < end.start:
            yield _Parts(start, end)
    yield from (_Parts(Span(core.start, firsts[:count][-1][1])) for count in _CLAUSES_TRIED)


def _core(text: str, span: Span) -> Span | None:
    """The span from its first word character to its last; None where it has none."""
    found = _CORE.search(text, *span)
    return Span(*found.span()) if found else None


def _first_line(text: str, span: Span) -> Span:
    cut = _BREAK.search(text, *span)
    return Span(span.start, cut.start() if cut else span.end)


def _last_line(text: str, span: Span) -> Span:
    words = span.of(text)
    cut = max((found.end() for found in _BREAK.finditer(words)), default=0)
    return Span(span.start + cut, span.end)


def _before(text: str, core: Span) -> Span | None:
    """The words before, up to the core itself: nothing but white space may stand between prefix and start."""
    reach = Span(max(0, core.start - _CONTEXT_REACH), core.start)
    units = [unit.span() for unit in _UNIT.finditer(text, *reach) if _core(text, Span(*unit.span()))]
    if not units:
        return None
    return _last_line(text, _trimmed(text, Span(units[-_CONTEXT_WORDS:][0][0], core.start)))


def _after(text: str, core: Span) -> Span | None:
    reach = Span(core.end, min(len(text), core.end + _CONTEXT_REACH))
    units = [unit.span() for unit in _UNIT.finditer(text, *reach) if _core(text, Span(*unit.span()))]
    if not units:
        return None
    return _first_line(text, _trimmed(text, Span(core.end, units[:_CONTEXT_WORDS][-1][1])))


def _trimmed(text: str, span: Span) -> Span:
    words = span.of(text)
    return Span(span.start + len(words) - len(words.lstrip()), span.end - len(words) + len(words.rstrip()))


def _directive(text: str, parts: _Parts) -> str:
    named = [f"{_encoded(text, parts.prefix)}-"] if parts.prefix else []
    named.append(_encoded(text, parts.start))
    named += [_encoded(text, parts.end)] if parts.end else []
    named += [f"-{_encoded(text, parts.suffix)}"] if parts.suffix else []
    return _DIRECTIVE + ",".join(named)


def _encoded(text: str, span: Span) -> str:
    """The words with single spaces, all but unreserved characters percent-encoded, and the dash too."""
    return quote(" ".join(span.of(text).split()), safe="").replace("-", "%2D")


def _found_first(above: str, text: str, parts: _Parts) -> bool:
    """Whether a browser that reads the text, and what stands above it, comes upon the parts themselves first."""
    prefix, start, suffix = parts.prefix, parts.start, None if parts.end else parts.suffix
    if _first(above, text, prefix, start, suffix) or _first(text, text, prefix, start, suffix) != start:
        return False
    return parts.end is None or _first(text, text, None, parts.end, parts.suffix, since=start.end) == parts.end


def _first(page: str, text: str, before: Span | None, words: Span, after: Span | None, since: int = 0) -> Span | None:
    """Where these words of the text first stand in the page as whole words, right behind and before the others."""
    named = [span for span in (before, words, after) if span]
    pattern = re.compile(r"\s*".join(f"({_spaced(text, span)})" for span in named), re.IGNORECASE)
    while found := pattern.search(page, since):
        places = [Span(*found.span(group)) for group in range(1, len(named) + 1)]
        if all(_is_whole(page, place) for place in places):
            return places[1 if before else 0]
        since = found.start() + 1
    return None


def _spaced(text: str, span: Span) -> str:
    return r"\s+".join(map(re.escape, span.of(text).split()))


def _is_whole(page: str, words: Span) -> bool:
    """Whether no word of the page is cut at either end; asked apart, as a pattern with all marks compiles for 3 ms."""
    left = words.start > 0 and _BOUNDED.match(page, words.start) and _ONE.match(page, words.start - 1)
    right = words.end < len(page) and _BOUNDED.match(page, words.end - 1) and _ONE.match(page, words.end)
    return not (left or right)
