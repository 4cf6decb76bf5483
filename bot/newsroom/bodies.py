"""The text of an HTML fragment, as a feed's entry carries one: its paragraphs, a line each, words untouched.

Knows no page: what surrounds an article is for `pages`. Makes no markup and keeps no link.
"""

import re
from collections.abc import Iterator

import lxml.html
from lxml import etree

FRAGMENT_CHARACTERS_MAX = 3_000_000
LEFT_OUT = frozenset(
    ("script", "style", "noscript", "template", "iframe", "object", "svg", "form", "button", "figure", "figcaption")
)
TABLES = ("table", "tr", "td", "th", "thead", "tbody", "ul", "ol", "li", "dl", "dt", "dd")
TEXTS = ("p", "blockquote", "pre", "hr", "br", "h1", "h2", "h3", "h4", "h5", "h6", "address", "details", "summary")
BLOCKS = frozenset(("div", "section", "article", "header", "footer", "main", "aside", "nav", *TABLES, *TEXTS))
MARKED_UP = re.compile(r"<[a-zA-Z/!]|&(?:[a-zA-Z]{1,31}|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")
DEEP = lxml.html.HTMLParser(
    huge_tree=True
)  # without it the words below 256 elements are dropped, with it those below 2,048
SPACE = re.compile(r"[ \t\r\n\f]+")


def text(fragment: str) -> str:
    """The fragment's words, a newline between blocks; plain text comes back with its space tidied alone."""
    if not MARKED_UP.search(fragment):
        return _joined(fragment.splitlines())
    try:
        root = lxml.html.fragment_fromstring(fragment[:FRAGMENT_CHARACTERS_MAX], create_parent="div", parser=DEEP)
    except (etree.LxmlError, ValueError):
        return ""
    return _joined("".join(_pieces(root)).split("\n"))


def _joined(lines: list[str]) -> str:
    return "\n".join(tidy for line in lines if (tidy := SPACE.sub(" ", line).strip()))


def _pieces(root: lxml.html.HtmlElement) -> Iterator[str]:
    """Text in document order; walked without recursion, since pages nest as deep as they like."""
    skipped = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            if skipped is None:
                yield _space(element.tail)
            continue
        name = element.tag if isinstance(element.tag, str) else ""
        block = "\n" if name in BLOCKS else ""
        if event == "start" and skipped is None:
            if name in LEFT_OUT:
                skipped = element
            else:
                yield block + _space(element.text)
        elif event == "end" and (skipped is None or skipped is element):
            skipped = None
            yield block + (_space(element.tail) if element is not root else "")


def _space(words: str | None) -> str:
    """Words whose newlines are only space, as in HTML."""
    return SPACE.sub(" ", words) if words else ""
