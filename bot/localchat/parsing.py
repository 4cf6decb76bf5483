"""Telegram's own reading of HTML: not a browser's, and it refuses what it does not know.

Written after TDLib's `parse_html` (MessageEntity.cpp); offsets in the refusals count bytes, as there.
Does not clean or trim the text: see `formatting`.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from bot.localchat.entities import VERBATIM, Entity, Formatted, in_order
from bot.localchat.links import checked
from bot.localchat.refusal import Refused, bad_request

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE_CHARACTERS_MAX = 10
UNIX_TIME_MAX = 2**31 - 1

_SPACES = " \t\r\n\0\v"
_REFERENCE = re.compile(r"&(?:#x(?P<hexadecimal>[0-9a-fA-F]+)|#(?P<decimal>[0-9]+)|(?P<name>[A-Za-z]+));?")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")
_USER_LINK = re.compile(r"tg:(?://)?user\?id=(\d+)", re.IGNORECASE)
_END = "\0"


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end."""

    tag: str
    attributes: dict[str, str]
    start: int


@dataclass(slots=True)
class _Reader:
    html: str
    at: int = 0
    text: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def character(self) -> str:
        return self.html[self.at] if self.at < len(self.html) else _END

    def skip_spaces(self) -> None:
        while self.at < len(self.html) and self.character() in _SPACES:
            self.at += 1

    def until(self, stops: str) -> str:
        """The characters before the next of `stops`, a space or the end."""
        begin = self.at
        while self.at < len(self.html) and self.character() not in stops + _SPACES:
            self.at += 1
        return self.html[begin : self.at]

    def refused(self, words: str, place: int) -> Refused:
        return unparsable(f"{words} at byte offset {len(self.html[:place].encode())}")


def unparsable(words: str) -> Refused:
    """The refusal of a text whose formatting cannot be read."""
    return bad_request(f"can't parse entities: {words}")


def parse_html(html: str) -> Formatted:
    """The plain text of `html` and its entities, or Telegram's own words for why it cannot be read."""
    reader = _Reader(html)
    while reader.at < len(html):
        _read_one(reader)
    if reader.open:
        raise unparsable(f'Can\'t find end tag corresponding to start tag "{reader.open[-1].tag}"')
    text = "".join(reader.text)
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise unparsable(
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate"
            " code units"
        )
    return Formatted(text, tuple(in_order([_without_language(one) for one in reader.entities])))


def _read_one(reader: _Reader) -> None:
    if reader.character() != "<":
        character, reader.at = decoded(reader.html, reader.at)
        reader.text.append(character)
    elif reader.html.startswith("</", reader.at):
        _read_end_tag(reader)
    else:
        _read_start_tag(reader)


def decoded(html: str, at: int) -> tuple[str, int]:
    """The character that begins at `at`, a reference decoded, and where the next one begins."""
    found = _REFERENCE.match(html, at)
    character = _referenced(found) if found else None
    if found is None or character is None:
        return html[at], at + 1
    return character, found.end()


def _referenced(found: re.Match[str]) -> str | None:
    if found["name"]:
        return NAMED.get(found["name"])
    digits, base = (found["hexadecimal"], 16) if found["hexadecimal"] else (found["decimal"], 10)
    length = len(found.group().rstrip(";"))
    code = int(digits, base) if length < REFERENCE_CHARACTERS_MAX else 0
    return chr(code) if 0 < code < 0x10FFFF else None


def _read_start_tag(reader: _Reader) -> None:
    begin = reader.at
    reader.at += 1
    tag = reader.until(">").lower()
    if reader.at >= len(reader.html):
        raise reader.refused("Unclosed start tag", begin)
    if tag not in KINDS:
        raise reader.refused(f'Unsupported start tag "{tag}"', begin)
    attributes: dict[str, str] = {}
    reader.skip_spaces()
    while reader.character() != ">":
        name, value = _read_attribute(reader, tag, begin)
        attributes[name] = value
        reader.skip_spaces()
    reader.at += 1
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise reader.refused('Tag "span" must have class "tg-spoiler"', begin)
    reader.open.append(_Open(tag, attributes, len(reader.text)))


def _read_attribute(reader: _Reader, tag: str, begin: int) -> tuple[str, str]:
    name = reader.until("=>")
    reader.skip_spaces()
    if reader.at >= len(reader.html):
        raise reader.refused(f'Unclosed start tag "{tag}"', begin)
    if not name:
        raise reader.refused(f'Empty attribute name in the tag "{tag}"', begin)
    if reader.character() != "=":
        return name, ""
    reader.at += 1
    reader.skip_spaces()
    if reader.at >= len(reader.html):
        raise reader.refused(f'Unclosed start tag "{tag}"', begin)
    value = _read_string(reader) if reader.character() in "'\"" else _read_name_token(reader)
    if reader.at >= len(reader.html):
        raise reader.refused("Unclosed start tag", begin)
    return name, value


def _read_string(reader: _Reader) -> str:
    quote = reader.character()
    reader.at += 1
    value: list[str] = []
    while reader.at < len(reader.html) and reader.character() != quote:
        character, reader.at = decoded(reader.html, reader.at)
        value.append(character)
    reader.at += 1
    return "".join(value)


def _read_name_token(reader: _Reader) -> str:
    begin = reader.at
    found = _NAME_TOKEN.match(reader.html, begin)
    assert found is not None  # the pattern also matches nothing
    reader.at = found.end()
    if reader.character() not in _SPACES + ">":
        raise reader.refused("Unexpected end of name token", begin)
    return found.group().lower()


def _read_end_tag(reader: _Reader) -> None:
    begin = reader.at
    if not reader.open:
        raise reader.refused("Unexpected end tag", begin)
    reader.at += 2
    tag = reader.until(">").lower()
    reader.skip_spaces()
    if reader.character() != ">":
        raise reader.refused("Unclosed end tag", begin)
    reader.at += 1
    expected = reader.open[-1].tag
    if tag and tag != expected:
        place = len(reader.html[:begin].encode())
        raise unparsable(f'Unmatched end tag at byte offset {place}, expected "</{expected}>", found "</{tag}>"')
    _close(reader, reader.open.pop())


def _close(reader: _Reader, opened: _Open) -> None:
    """Turns a closed tag into an entity, unless it holds nothing or is no link."""
    end = len(reader.text)
    found = _described(opened, "".join(reader.text[opened.start :])) if end > opened.start else None
    if found is None:
        return
    entity = Entity(found[0], opened.start, end, found[1])
    last = reader.entities[-1] if reader.entities else None
    block = _block_of_code(last, entity) if last else None
    if block:
        reader.entities[-1] = block
    else:
        reader.entities.append(entity)


def _block_of_code(inner: Entity, outer: Entity) -> Entity | None:
    """One pre with a language, of code and pre over the same words; None where they are not that."""
    language = inner.more.get("language") or outer.more.get("language")
    one_place = (inner.start, inner.end) == (outer.start, outer.end)
    if {inner.kind, outer.kind} != VERBATIM or not one_place or not language:
        return None
    return Entity("pre", outer.start, outer.end, {"language": language})


def _described(opened: _Open, inner: str) -> tuple[str, dict[str, Any]] | None:
    """The kind of entity a tag makes, and its other fields; None where it makes none."""
    kind, attributes = KINDS[opened.tag], opened.attributes
    match opened.tag:
        case "a":
            return _link(attributes.get("href") or inner)
        case "blockquote" if "expandable" in attributes:
            return "expandable_blockquote", {}
        case "code" if attributes.get("class", "").startswith("language-"):
            return kind, {"language": attributes["class"].removeprefix("language-")}
        case "tg-emoji":
            return kind, {"custom_emoji_id": _emoji_id(attributes.get("emoji-id", ""))}
        case "tg-time":
            return kind, _moment(attributes)
    return kind, {}


def _link(address: str) -> tuple[str, dict[str, Any]] | None:
    mentioned = _USER_LINK.match(address)
    if mentioned:
        return "text_mention", {"user_id": int(mentioned[1])}
    url = checked(address)
    return ("text_link", {"url": url}) if url else None


def _emoji_id(text: str) -> str:
    if not text.isdecimal() or int(text) == 0:
        raise unparsable("Invalid custom emoji identifier specified")
    return text


def _moment(attributes: dict[str, str]) -> dict[str, Any]:
    unix, form = attributes.get("unix", ""), attributes.get("format", "")
    if not unix.removeprefix("-").isdecimal() or abs(int(unix)) > UNIX_TIME_MAX:
        raise unparsable("Invalid Unix time specified")
    if not _TIME_FORMAT.fullmatch(form):
        raise unparsable("Invalid date and time format specified")
    return {"unix_time": int(unix)} | ({"date_time_format": form} if form else {})


def _without_language(entity: Entity) -> Entity:
    return Entity("code", entity.start, entity.end) if entity.kind == "code" else entity
