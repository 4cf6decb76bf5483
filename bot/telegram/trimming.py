"""What is kept of an update: ids, thread, the words, and which kind of thing was sent.

Everything else goes before it is stored or seen by the library: names, usernames, photos, file names, places.
Whatever arrives, the result is small, has the shape the library expects, and fits a 64-bit database column.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

WORDS_MAX = 4096  # code points; Telegram's own bound on a message
ENTITIES_MAX = 100
TYPED_MAX = 256  # code points of an inline query, Telegram's own bound
CALLBACK_DATA_MAX = 64  # Telegram counts bytes, so code points are fewer
TOKEN_MAX = 256  # code points of an opaque id: callback query, file
FILE_NAME_MAX = 255  # code points
MOMENT_MAX = 2**33  # seconds since 1970: the year 2242
ID_MAX = 2**63 - 1

# Asked for by name: the default leaves some out, and what we do not read need not come.
KINDS_READ = ("message", "edited_message", "callback_query", "my_chat_member", "inline_query")

JSON = dict[str, Any]

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")
ENTITIES_KEPT = frozenset({"bot_command", "mention", "url"})
CHAT_KINDS = frozenset({"private", "group", "supergroup", "channel"})

FILE: JSON = {"file_id": "", "file_unique_id": ""}
PICTURE: JSON = {**FILE, "width": 0, "height": 0}
# The least the library takes for each: only that one was sent is kept.
ATTACHMENTS: dict[str, Any] = {
    "voice": {**FILE, "duration": 0},
    "audio": {**FILE, "duration": 0},
    "video": {**PICTURE, "duration": 0},
    "video_note": {**FILE, "length": 0, "duration": 0},
    "animation": {**PICTURE, "duration": 0},
    "photo": [PICTURE],
    "sticker": {**PICTURE, "type": "regular", "is_animated": False, "is_video": False},
    "location": {"longitude": 0, "latitude": 0},
    "contact": {"phone_number": "", "first_name": ""},
    "dice": {"value": 1, "emoji": "🎲"},
}


class Shapeless(Exception):
    """A part lacks what the library needs to read it."""


def trimmed(update: Mapping[str, Any]) -> JSON:
    """The update with its ids, thread and words alone; ``{"update_id": n}`` where it is none we read."""
    kept: JSON = {"update_id": number(update.get("update_id")) or 0}
    for name in KINDS_READ:
        part = update.get(name)
        if isinstance(part, Mapping):
            try:
                kept[name] = PARTS[name](part)
            except Shapeless:
                continue
    return kept


def chat_of(payload: Mapping[str, Any]) -> int | None:
    """The chat a trimmed update belongs to."""
    for name in KINDS_READ:
        part = payload.get(name, {})
        chat = part.get("chat") or part.get("message", {}).get("chat")
        if chat:
            return int(chat["id"])
    return None


def number(value: object, largest: int = ID_MAX) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= largest else None


def words(value: object, largest: int = WORDS_MAX) -> str | None:
    return UNSTORABLE.sub("\ufffd", value[:largest]) if isinstance(value, str) else None


def _id(part: Mapping[str, Any], name: str) -> int:
    value = number(part.get(name))
    if value is None:
        raise Shapeless(name)
    return value


def _moment(part: Mapping[str, Any], name: str = "date") -> int:
    value = number(part.get(name), MOMENT_MAX)
    return max(value or 0, 0)


def _part(part: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = part.get(name)
    if not isinstance(value, Mapping):
        raise Shapeless(name)
    return value


def _chat(part: Mapping[str, Any]) -> JSON:
    chat = _part(part, "chat")
    if not isinstance(chat.get("type"), str) or chat["type"] not in CHAT_KINDS:
        raise Shapeless("type")
    kept = {"id": _id(chat, "id"), "type": chat["type"]}
    return {**kept, "is_forum": True} if chat.get("is_forum") is True else kept


def _person(person: Mapping[str, Any]) -> JSON:
    kept: JSON = {"id": _id(person, "id"), "is_bot": person.get("is_bot") is True, "first_name": ""}
    language = person.get("language_code")
    if isinstance(language, str) and LANGUAGE.fullmatch(language):
        kept["language_code"] = language
    return kept


def _place(part: Mapping[str, Any]) -> JSON:
    """Which message it is, and where."""
    kept = {"message_id": _id(part, "message_id"), "date": _moment(part), "chat": _chat(part)}
    thread = number(part.get("message_thread_id"))
    if thread is not None:
        kept["message_thread_id"] = thread
    return {**kept, "is_topic_message": True} if part.get("is_topic_message") is True else kept


def _message(part: Mapping[str, Any]) -> JSON:
    kept = _place(part)
    if isinstance(part.get("from"), Mapping):
        kept["from"] = _person(part["from"])
    if isinstance(part.get("sender_chat"), Mapping):
        kept["sender_chat"] = _chat({"chat": part["sender_chat"]})
    if isinstance(part.get("via_bot"), Mapping):
        kept["via_bot"] = _person(part["via_bot"])
    for name in ("migrate_to_chat_id", "migrate_from_chat_id"):
        if number(part.get(name)) is not None:
            kept[name] = part[name]
    if part.get("edit_date") is not None:
        kept["edit_date"] = _moment(part, "edit_date")
    kept.update(_what_was_said(part))
    kept.update(_what_was_sent(part))
    if isinstance(part.get("reply_to_message"), Mapping):
        kept["reply_to_message"] = _answered(part["reply_to_message"])
    return kept


def _what_was_said(part: Mapping[str, Any]) -> JSON:
    kept: JSON = {}
    for name, entities in (("text", "entities"), ("caption", "caption_entities")):
        said = words(part.get(name))
        if said is not None:
            kept[name] = said
            kept[entities] = _entities(part.get(entities))
    return kept


def _entities(marks: object) -> list[JSON]:
    listed = marks[:ENTITIES_MAX] if isinstance(marks, list | tuple) else []
    return [kept for mark in listed if isinstance(mark, Mapping) and (kept := _entity(mark))]


def _entity(mark: Mapping[str, Any]) -> JSON | None:
    kind, offset, length = mark.get("type"), number(mark.get("offset")), number(mark.get("length"))
    if not isinstance(kind, str) or kind not in ENTITIES_KEPT or offset is None or length is None:
        return None
    return {"type": kind, "offset": offset, "length": length} if offset >= 0 and length > 0 else None


def _document(document: Mapping[str, Any], *, private: bool) -> JSON:
    """A file by its id; its name and size stay until the update is settled, and only where it may be an operator's."""
    kept = {**FILE, "file_id": words(document.get("file_id"), TOKEN_MAX) or ""}
    name, size = words(document.get("file_name"), FILE_NAME_MAX), number(document.get("file_size"))
    return {**kept, "file_name": name, "file_size": size} if private and name and size is not None else kept


def _what_was_sent(part: Mapping[str, Any]) -> JSON:
    kept = {name: shape for name, shape in ATTACHMENTS.items() if part.get(name)}
    document = part.get("document")
    if isinstance(document, Mapping):
        kept["document"] = _document(document, private=_chat(part)["type"] == "private")
    if part.get("forward_origin"):
        kept["forward_origin"] = {"type": "hidden_user", "date": 0, "sender_user_name": ""}
    album = words(part.get("media_group_id"), TOKEN_MAX)
    return {**kept, "media_group_id": album} if album else kept


def _answered(part: Mapping[str, Any]) -> JSON:
    kept = _place(part)
    if isinstance(part.get("from"), Mapping):
        kept["from"] = _person(part["from"])
    return kept


def _pressed(part: Mapping[str, Any]) -> JSON:
    kept: JSON = {
        "id": words(part.get("id"), TOKEN_MAX) or "",
        "from": _person(_part(part, "from")),
        "chat_instance": words(part.get("chat_instance"), TOKEN_MAX) or "",
        "data": words(part.get("data"), CALLBACK_DATA_MAX) or "",
    }
    if isinstance(part.get("message"), Mapping):
        kept["message"] = _place(part["message"])
    return kept


def _typed(part: Mapping[str, Any]) -> JSON:
    return {
        "id": words(part.get("id"), TOKEN_MAX) or "",
        "from": _person(_part(part, "from")),
        "query": words(part.get("query"), TYPED_MAX) or "",
        "offset": "",
    }


def _membership(part: Mapping[str, Any]) -> JSON:
    return {
        "chat": _chat(part),
        "from": _person(_part(part, "from")),
        "date": _moment(part),
        "old_chat_member": _member(_part(part, "old_chat_member")),
        "new_chat_member": _member(_part(part, "new_chat_member")),
    }


def _member(part: Mapping[str, Any]) -> JSON:
    """Inside, outside or thrown out; the library wants dozens of rights for every finer word."""
    person = {"user": _person(_part(part, "user"))}
    if part.get("status") == "kicked":
        return {**person, "status": "kicked", "until_date": 0}
    outside = part.get("status") == "left" or (part.get("status") == "restricted" and not part.get("is_member"))
    return {**person, "status": "left" if outside else "member"}


PARTS: dict[str, Callable[[Mapping[str, Any]], JSON]] = {
    "message": _message,
    "edited_message": _message,
    "callback_query": _pressed,
    "my_chat_member": _membership,
    "inline_query": _typed,
}
