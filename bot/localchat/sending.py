"""sendMessage, sendDocument, sendPhoto, sendChatAction."""

import hashlib
import struct
from typing import Any

from bot.localchat.bench import Bench, thread_of, writable_chat
from bot.localchat.entities import Formatted
from bot.localchat.formatting import formatted
from bot.localchat.given import Given, Upload
from bot.localchat.keyboards import is_reply_keyboard, keyboard_of
from bot.localchat.refusal import bad_request
from bot.localchat.rendering import message_object
from bot.localchat.world import Chat, Message, StoredFile
from bot.messages.cleaning import cleaned

TEXT_MAX = 4096
CAPTION_MAX = 1024
QUOTE_MAX = 1024
PHOTO_BYTES_MAX = 10 * 2**20
PHOTO_SIDES_MAX = 10_000

_ACTIONS = """
typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker find_location
record_video_note upload_video_note
"""
ACTIONS = frozenset(_ACTIONS.split())

JSON = dict[str, Any]


async def send_message(bench: Bench, given: Given) -> JSON:
    content = text_of(given)
    if len(content.text) > TEXT_MAX:
        raise bad_request("message is too long")
    return _sent(bench, given, content, None)


def text_of(given: Given) -> Formatted:
    """The text of a call, formatted; raises Refused where there is none."""
    if not given.text("text"):
        raise bad_request("message text is empty")
    content = formatted(given.text("text"), given.text("parse_mode"), entities_of(given, "entities"))
    if not content.text:
        raise bad_request("message must be non-empty")
    return content


def entities_of(given: Given, name: str) -> list[JSON]:
    entities = given.structure(name, "entities")
    return [one for one in entities if isinstance(one, dict)] if isinstance(entities, list) else []


async def send_document(bench: Bench, given: Given) -> JSON:
    return _sent(bench, given, _caption(given), _file(bench, given, "document"))


async def send_photo(bench: Bench, given: Given) -> JSON:
    return _sent(bench, given, _caption(given), _file(bench, given, "photo"))


def _caption(given: Given) -> Formatted:
    content = formatted(given.text("caption"), given.text("parse_mode"), entities_of(given, "caption_entities"))
    if len(content.text) > CAPTION_MAX:
        raise bad_request("message caption is too long")
    return content


def _sent(bench: Bench, given: Given, content: Formatted, file: StoredFile | None) -> JSON:
    markup = given.structure("reply_markup", "reply keyboard markup")
    keyboard = keyboard_of(markup)
    chat = writable_chat(bench, given)
    reply_to, quote = _answered(chat, given)
    thread = thread_of(chat, given, reply_to)
    if bench.pace:
        bench.pace.check(chat, bench.now())
    message = Message(
        chat,
        bench.world.number(),
        bench.world.bot,
        int(bench.world.now()),
        content.text,
        content.entities,
        file=file,
        keyboard=keyboard,
        has_reply_keyboard=is_reply_keyboard(markup),
        thread_id=thread,
        reply_to=reply_to,
        quote=quote,
        preview=given.structure("link_preview_options", "link preview options"),
    )
    if file:
        bench.world.store_file(file)
    bench.world.store(message)
    bench.world.changed(kind="message", chat=chat.id, message=message.id)
    return message_object(message, bench.world)


def _answered(chat: Chat, given: Given) -> tuple[Message | None, str | None]:
    """The message that is answered, and the words quoted from it."""
    parameters = given.structure("reply_parameters", "reply parameters") or {}
    if not isinstance(parameters, dict):
        raise bad_request("object expected as reply parameters")
    asked = Given(parameters)
    number = asked.integer("message_id") or given.integer("reply_to_message_id")
    if not number:
        return None, None
    message = chat.messages.get(number)
    if message is None or message.removed:
        if asked.boolean("allow_sending_without_reply") or given.boolean("allow_sending_without_reply"):
            return None, None
        raise bad_request("message to be replied not found")
    return message, _quoted(message, asked)


def _quoted(message: Message, asked: Given) -> str | None:
    """The quoted words; Telegram refuses them where the message does not hold them exactly, `allow_…` or not."""
    if not asked.text("quote"):
        return None
    quote = formatted(asked.text("quote"), asked.text("quote_parse_mode"), entities_of(asked, "quote_entities")).text
    if not quote or len(quote) > QUOTE_MAX or quote not in message.text:
        raise bad_request("QUOTE_TEXT_INVALID")
    return quote


def _file(bench: Bench, given: Given, kind: str) -> StoredFile:
    upload = given.upload(kind)
    if upload is None:
        return _known_file(bench, given.text(kind), kind)
    if not upload.content:
        raise bad_request("file must be non-empty")
    width, height = _photo_sides(upload) if kind == "photo" else (0, 0)
    name = cleaned(upload.name) or kind
    return stored(bench, kind, name, upload.mime, upload.content, width, height)


def _known_file(bench: Bench, name: str, kind: str) -> StoredFile:
    if not name:
        raise bad_request(f"there is no {kind} in the request")
    file = bench.world.files.get(name)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return file


def stored(
    bench: Bench, kind: str, name: str, mime: str, content: bytes, width: int = 0, height: int = 0
) -> StoredFile:
    """A file under a fresh id, not yet kept."""
    unique = hashlib.sha256(content).hexdigest()[:16]
    return StoredFile(f"{kind}-{bench.world.number()}-{unique}", unique, kind, name, mime, content, width, height)


def _photo_sides(upload: Upload) -> tuple[int, int]:
    if len(upload.content) > PHOTO_BYTES_MAX:
        raise bad_request("file is too big")
    sides = picture_sides(upload.content)
    if sides is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(sides) > PHOTO_SIDES_MAX or 0 in sides or max(sides) > 20 * min(sides):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return sides


def picture_sides(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    return _jpeg_sides(content) if content.startswith(b"\xff\xd8") else None


def _jpeg_sides(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


async def send_chat_action(bench: Bench, given: Given) -> bool:
    action = given.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = writable_chat(bench, given)
    thread = thread_of(chat, given, None) or 0
    bench.world.changed(kind="action", chat=chat.id, thread=thread, action=action)
    return True
