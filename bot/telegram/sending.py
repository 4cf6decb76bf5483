"""One message of the outbox, put into the library's calls; what Telegram refuses goes out plainer.

Every step down follows a refusal, which Telegram did not execute; so no step repeats a message.
"""

from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from telegram import LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.telegram.keyboards import keyboard
from bot.telegram.outcome import MessageGone, Outcome, Sent, TopicGone, Unsendable, of_error
from storage.values import MessageKind, OutboxMessage

CAPTION_MAX = 1024  # code points after parsing
GENERAL_TOPIC = 1  # Telegram knows the general topic only as the absence of a thread
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
PLAIN_FILE = "message.txt"


class Form(IntEnum):
    """How plainly a message goes out; the next is tried where Telegram refuses one."""

    HTML = 0
    PLAIN = 1
    BARE = 2  # plain, without buttons
    FILE = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """A message on its way, after what was left out of it."""

    message: OutboxMessage
    form: Form = Form.HTML
    notes: tuple[str, ...] = ()

    def plainer(self, why: str) -> "Shape":
        return replace(self, form=Form(self.form + 1), notes=(*self.notes, why))

    def without_topic(self, why: str) -> "Shape":
        """In the general topic; a reply would follow its question back into the closed one."""
        return replace(self, message=replace(self.message, thread_id=None, reply_to=None), notes=(*self.notes, why))

    def anew(self, why: str) -> "Shape":
        return replace(self, message=replace(self.message, kind=MessageKind.SEND), notes=(*self.notes, why))


async def send(bot: ExtBot[None], message: OutboxMessage) -> Outcome:
    """Send it, plainer where it is refused, and say what came of it."""
    shape: Shape | None = Shape(message)
    outcome: Outcome = Unsendable("nothing was tried")
    while shape is not None:
        outcome = await _once(bot, shape)
        if isinstance(outcome, Sent):
            left = message.thread_id if shape.message.thread_id is None else None
            return Sent(outcome.message_id or _edited(shape), "; ".join(shape.notes) or None, left)
        shape = _next(shape, outcome)
    return outcome


def _next(shape: Shape, outcome: Outcome) -> Shape | None:
    message = shape.message
    match outcome:
        case Unsendable(why) if message.kind is not MessageKind.REACTION and shape.form is not Form.FILE:
            return shape.plainer(why)
        case TopicGone(why) if message.thread_id is not None or message.reply_to is not None:
            return shape.without_topic(why)
        case MessageGone(why) if message.kind is MessageKind.EDIT:
            return shape.anew(why)
    return None


def _edited(shape: Shape) -> int | None:
    """The message that an edit changed, which Telegram does not name where nothing was left to change."""
    return shape.message.message_id if shape.message.kind is MessageKind.EDIT else None


async def _once(bot: ExtBot[None], shape: Shape) -> Outcome:
    call = _as_file if shape.form is Form.FILE else CALLS[shape.message.kind]
    try:
        sent = await call(bot, shape)
    except TelegramError as error:
        return of_error(error)
    return Sent(sent.message_id if isinstance(sent, Message) else None)


async def _as_text(bot: ExtBot[None], shape: Shape) -> Message:
    return await bot.send_message(
        text=_words(shape), link_preview_options=NO_PREVIEW, parse_mode=_mode(shape), **_place(shape)
    )


async def _as_edit(bot: ExtBot[None], shape: Shape) -> Message | bool:
    return await bot.edit_message_text(
        text=_words(shape),
        chat_id=shape.message.chat_id,
        message_id=shape.message.message_id,
        parse_mode=_mode(shape),
        link_preview_options=NO_PREVIEW,
        reply_markup=_markup(shape),
    )


async def _as_document(bot: ExtBot[None], shape: Shape) -> Message:
    media = shape.message.media or {}
    document = media["file_id"] if "file_id" in media else str(media["text"]).encode()
    return await bot.send_document(
        document=document,
        filename=media.get("name"),
        caption=_words(shape)[:CAPTION_MAX] if shape.form else _words(shape),
        parse_mode=_mode(shape),
        **_place(shape),
    )


async def _as_photo(bot: ExtBot[None], shape: Shape) -> Message:
    media = shape.message.media or {}
    photo = media["file_id"] if "file_id" in media else b64decode(media["base64"])
    return await bot.send_photo(
        photo=photo, filename=media.get("name"), caption=_words(shape), parse_mode=_mode(shape), **_place(shape)
    )


async def _as_reaction(bot: ExtBot[None], shape: Shape) -> bool:
    return await bot.set_message_reaction(shape.message.chat_id, shape.message.message_id or 0, shape.message.plain)


async def _as_file(bot: ExtBot[None], shape: Shape) -> Message:
    return await bot.send_document(document=shape.message.plain.encode(), filename=PLAIN_FILE, **_place(shape))


CALLS: dict[MessageKind, Callable[[ExtBot[None], Shape], Awaitable[Message | bool]]] = {
    MessageKind.SEND: _as_text,
    MessageKind.EDIT: _as_edit,
    MessageKind.DOCUMENT: _as_document,
    MessageKind.PHOTO: _as_photo,
    MessageKind.REACTION: _as_reaction,
}


def _words(shape: Shape) -> str:
    return shape.message.plain if shape.form else shape.message.html


def _mode(shape: Shape) -> str | None:
    return None if shape.form else ParseMode.HTML


def _markup(shape: Shape) -> Any:
    return keyboard(shape.message.buttons) if shape.form < Form.BARE else None


def _place(shape: Shape) -> dict[str, Any]:
    """Where it goes and how, for every call that makes a message."""
    message = shape.message
    in_general = message.thread_id in (None, GENERAL_TOPIC) or message.chat_id > 0
    reply = message.reply_to and ReplyParameters(message.reply_to, allow_sending_without_reply=True)
    return {
        "chat_id": message.chat_id,
        "message_thread_id": None if in_general else message.thread_id,
        "reply_parameters": reply or None,
        "reply_markup": _markup(shape),
        "disable_notification": message.silent,
    }
