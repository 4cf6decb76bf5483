"""From what a program sent to what Telegram keeps: cleaned, trimmed, its entities put in order and found."""

import re
from typing import Any

from bot.localchat.entities import (
    ENTITIES_MAX,
    QUOTES,
    SPLITTABLE,
    VERBATIM,
    Entity,
    Formatted,
    from_utf16,
    in_order,
)
from bot.localchat.links import checked
from bot.localchat.parsing import parse_html, unparsable
from bot.localchat.refusal import bad_request
from bot.messages.cleaning import CLEANED, is_blank, without_runs_of_marks

RAW_BYTES_MAX = 32_768

_TRIMMED = " \n"
_BARE_DOMAINS = "com|org|net|info|news|io|dev|edu|gov|int|eu|uk|de|fr|es|it|ru|ua|se|no|dk|fi|pl|ch|at|me|co|example"
_FOUND = (
    ("url", re.compile(r"(?<!\w)https?://[^\s<>«»“”]+[^\s<>«»“”.,:;!?'\")\]]", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?!\w)")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)")),
    ("bot_command", re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}(?!\w)")),
    ("url", re.compile(rf"(?<![\w@.:/-])(?:[\w-]+\.)+(?:{_BARE_DOMAINS})(?:/[^\s<>«»“”]*)?(?![\w-])", re.IGNORECASE)),
)


def formatted(text: str, parse_mode: str, entities: list[dict[str, Any]] | None = None) -> Formatted:
    """What Telegram makes of a text a program sends; raises Refused with Telegram's words.

    `parse_mode` is "" or "HTML" (the Markdown modes are not offered here); `entities` are Bot API objects.
    """
    if len(text.encode("utf-8", "surrogatepass")) > RAW_BYTES_MAX:
        raise bad_request("text is too long")
    if parse_mode.lower() == "html":
        return finished(parse_html(text))
    if parse_mode:
        raise bad_request("unsupported parse_mode")
    return finished(Formatted(text, tuple(_given(text, entities or []))))


def _given(text: str, entities: list[dict[str, Any]]) -> list[Entity]:
    own = ("type", "offset", "length")
    found: list[Entity] = []
    for one in entities:
        try:
            kind, offset, length = str(one["type"]), int(one["offset"]), int(one["length"])
        except (KeyError, TypeError, ValueError) as error:
            raise unparsable("Can't parse message entity") from error
        entity = from_utf16(text, kind, offset, length, {key: value for key, value in one.items() if key not in own})
        if entity is None and length > 0:
            raise unparsable(f"Entity begins in a middle of a UTF-16 symbol at UTF-16 offset {offset}")
        if entity and not (kind == "text_link" and not checked(str(one.get("url", "")))):
            found.append(entity)
    return in_order(found)


def finished(draft: Formatted) -> Formatted:
    """Cleaned and trimmed; entities nested as Telegram allows, at most 100, links and commands found.

    The text is empty where nothing visible is left.
    """
    whole = _trimmed(_tidied(_cleaned(draft)))
    if is_blank(whole.text):
        return Formatted("")
    kept = _limited(list(whole.entities))
    return Formatted(whole.text, tuple(in_order([*kept, *_found(whole.text, kept)])))


def _cleaned(draft: Formatted) -> Formatted:
    kept_before = [0]
    for character in draft.text:
        kept_before.append(kept_before[-1] + (CLEANED.get(ord(character), character) is not None))
    text = without_runs_of_marks(draft.text.translate(CLEANED))
    moved = [one.moved(kept_before[one.start], kept_before[one.end]) for one in draft.entities]
    return Formatted(text, tuple(moved))


def _tidied(draft: Formatted) -> Formatted:
    """Entities that hold only spaces go; the others begin at a character that is seen."""
    kept: list[Entity] = []
    for one in draft.entities:
        start = one.start
        while start < one.end and draft.text[start] in _TRIMMED:
            start += 1
        if start < one.end:
            kept.append(one.moved(start, one.end))
    return Formatted(draft.text, tuple(_nested(in_order(kept))))


def _nested(entities: list[Entity]) -> list[Entity]:
    """Code, links and dates hold no other such; quotes hold no quotes; nothing stands within code."""
    quotes = _apart([one for one in entities if one.kind in QUOTES])
    solid = [
        one
        for one in _apart([one for one in entities if one.kind not in QUOTES | SPLITTABLE])
        if all(not one.meets(quote) or quote.holds(one) for quote in quotes)
    ]
    verbatim = [one for one in solid if one.kind in VERBATIM]
    soft = _merged([one for one in entities if one.kind in SPLITTABLE])
    return in_order([*quotes, *solid, *(piece for one in soft for piece in _cut_out(one, verbatim))])


def _apart(entities: list[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    for one in entities:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _merged(entities: list[Entity]) -> list[Entity]:
    """Touching entities of one kind become one."""
    kept: list[Entity] = []
    for one in sorted(entities, key=lambda entity: (entity.kind, entity.start)):
        if kept and kept[-1].kind == one.kind and one.start <= kept[-1].end:
            kept[-1] = kept[-1].moved(kept[-1].start, max(one.end, kept[-1].end))
        else:
            kept.append(one)
    return kept


def _cut_out(entity: Entity, holes: list[Entity]) -> list[Entity]:
    pieces, start = [], entity.start
    for hole in holes:
        if hole.meets(entity):
            pieces.append(entity.moved(start, hole.start))
            start = max(start, hole.end)
    pieces.append(entity.moved(start, entity.end))
    return [piece for piece in pieces if piece.start < piece.end]


def _trimmed(draft: Formatted) -> Formatted:
    """Spaces and line breaks at both ends go; no entity begins in them, see `_tidied`."""
    end = len(draft.text.rstrip(_TRIMMED))
    start = end - len(draft.text[:end].lstrip(_TRIMMED))
    moved = [one.moved(one.start - start, min(one.end, end) - start) for one in draft.entities]
    return Formatted(draft.text[start:end], tuple(moved))


def _limited(entities: list[Entity]) -> list[Entity]:
    """The server keeps 100: links, code and quotes first, the rest dropped without a word."""
    solid = [one for one in entities if one.kind not in SPLITTABLE]
    soft = [one for one in entities if one.kind in SPLITTABLE]
    return [*solid, *soft][:ENTITIES_MAX]


def _found(text: str, given: list[Entity]) -> list[Entity]:
    """Addresses, mentions, commands and hashtags that no given entity but bold and its like touches."""
    taken = [one for one in given if one.kind not in SPLITTABLE | QUOTES]
    found: list[Entity] = []
    for kind, pattern in _FOUND:
        for place in pattern.finditer(text):
            one = Entity(kind, place.start(), place.end())
            if not any(one.meets(other) for other in [*taken, *found]) and (kind != "url" or checked(place.group())):
                found.append(one)
    return found
