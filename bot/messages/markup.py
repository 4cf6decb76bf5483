"""The only maker of Telegram HTML: `Markup`, a type of its own, and the few elements we use.

Every element carries three faces: the HTML, the text a reader sees after parsing, and the plain text that goes
out where Telegram refuses the HTML. The plain face says all that the HTML says, addresses included.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from bot.messages.limits import (
    ADDRESS_CHARACTERS_MAX,
    CAPTION_CHARACTERS_MAX,
    ENTITIES_MAX,
    RAW_BYTES_MAX,
    TEXT_CHARACTERS_MAX,
)

UNIX_TIME_END = 2**31

_FIELD = re.compile(r"\{(\w+)\}")
_HOST = re.compile(r"[\w-]+(\.[\w-]+)+\.?", re.ASCII)
_UNSAFE = re.compile(r"[\s\x00-\x20\x7f-\x9f\"<>\\^`{|}\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Markup:
    """Words ready for Telegram. `entities` counts the formatted stretches."""

    html: str = ""
    text: str = ""
    plain: str = ""
    entities: int = 0

    def __add__(self, other: "Markup") -> "Markup":
        return Markup(
            self.html + other.html,
            self.text + other.text,
            self.plain + other.plain,
            self.entities + other.entities,
        )

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def fits(self) -> bool:
        """Whether one message can hold it, as HTML and as plain text."""
        return self._within(TEXT_CHARACTERS_MAX)

    @property
    def fits_caption(self) -> bool:
        """Whether the caption of a document can hold it."""
        return self._within(CAPTION_CHARACTERS_MAX)

    def _within(self, characters: int) -> bool:
        return (
            max(len(self.text), len(self.plain)) <= characters
            and self.entities <= ENTITIES_MAX
            and len(self.html.encode()) <= RAW_BYTES_MAX
        )


NEWLINE = Markup("\n", "\n", "\n")


def words(text: str) -> Markup:
    """Any words, shown exactly as they are."""
    return Markup(_escape(text), text, text)


def bold(text: str) -> Markup:
    return _element("b", text)


def code(text: str) -> Markup:
    """Words that a tap copies, within a line."""
    return _element("code", text)


def pre(text: str) -> Markup:
    """Words that a tap copies, line breaks included."""
    return _element("pre", text)


def blockquote(text: str, *, folded: bool = False, marked: tuple[int, int] | None = None) -> Markup:
    """Words of an article and nothing else; `marked` is the stretch of them that is set in bold."""
    start, end = marked or (0, 0)
    inner = words(text[:start]) + (bold(text[start:end]) if end > start else Markup()) + words(text[end:])
    opening = "<blockquote expandable>" if folded else "<blockquote>"
    return Markup(f"{opening}{inner.html}</blockquote>", text, text, inner.entities + 1)


def link(text: str, address: str) -> Markup:
    """Words that open an address; where Telegram would drop the link the address stands in words."""
    if not linkable(address):
        return words(f"{text} ({address})" if len(address) <= ADDRESS_CHARACTERS_MAX else text)
    html = f'<a href="{_escape(address)}">{_escape(text)}</a>'
    return Markup(html, text, f"{text} ({address})", 1)


def linkable(address: str) -> bool:
    """Whether Telegram keeps a link to this address: http or https, a host with a dot, no odd characters."""
    if len(address) > ADDRESS_CHARACTERS_MAX or _UNSAFE.search(address):
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(_HOST.fullmatch(parts.hostname or "")) and parts.port != 0
    except ValueError:
        return False


def moment(when: datetime, shown: str) -> Markup:
    """A moment that each reader sees in the own zone; `shown` stands where a client knows no such element.

    Telegram refuses one outside 1970 to 2038; that is shown in words.
    """
    if not 0 < when.timestamp() < UNIX_TIME_END:
        return words(shown)
    html = f'<tg-time unix="{int(when.timestamp())}" format="Dt">{_escape(shown)}</tg-time>'
    return Markup(html, shown, shown, 1)


def join(separator: str | Markup, parts: Iterable[Markup]) -> Markup:
    """The parts that hold something, with the separator between."""
    between = words(separator) if isinstance(separator, str) else separator
    whole = Markup()
    for part in parts:
        if part:
            whole = whole + between + part if whole else part
    return whole


def lines(*parts: Markup) -> Markup:
    """The parts that hold something, a line each."""
    return join(NEWLINE, parts)


def fill(template: str, **parts: Markup | str | int) -> Markup:
    """A phrase with its ``{fields}`` filled; what is not markup yet is shown exactly as it is."""
    whole = Markup()
    for n, piece in enumerate(_FIELD.split(template)):
        if n % 2 == 0:
            whole += words(piece)
        else:
            part = parts[piece]
            whole += part if isinstance(part, Markup) else words(str(part))
    return whole


def _element(tag: str, text: str) -> Markup:
    return Markup(f"<{tag}>{_escape(text)}</{tag}>", text, text, 1)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
