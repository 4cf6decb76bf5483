"""The table of methods and their fields, after the Bot API specification 10.1.

A field that is not listed is reported in the call log as strange, and so is a value of the wrong type.
A field that is listed but changes nothing here (protect_content, say) is accepted in silence.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.localchat import asking, editing, inline, receiving, sending
from bot.localchat.bench import Bench
from bot.localchat.given import Given


class Kind(StrEnum):
    INTEGER = "integer"
    TEXT = "text"
    BOOLEAN = "boolean"
    OBJECT = "object"
    LIST = "list"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Method:
    """A method's name as the specification writes it, what it does, and its fields."""

    name: str
    call: Callable[[Bench, Given], Awaitable[Any]]
    fields: dict[str, Kind]
    changes: bool = True

    def strange(self, given: Given) -> tuple[str, ...]:
        """The fields that the specification does not know, and those whose value is of another type."""
        names = [
            name for name in (*given.fields, *given.files) if name not in self.fields and not _is_part(given, name)
        ]
        wrong = [
            f"{name}: no {kind}"
            for name, kind in self.fields.items()
            if name in given.fields and not _fits(given.fields[name], kind)
        ]
        return (*names, *wrong)


def _is_part(given: Given, name: str) -> bool:
    return f"attach://{name}" in given.fields.values()


def _fits(value: Any, kind: Kind) -> bool:
    match kind:
        case Kind.INTEGER:
            return not isinstance(value, bool) and str(value).strip().removeprefix("-").isdecimal()
        case Kind.BOOLEAN:
            return str(value).lower() in ("true", "false", "0", "1", "yes", "no")
        case Kind.TEXT | Kind.FILE:
            return isinstance(value, str | int | float)
    return isinstance(_parsed(value), dict if kind is not Kind.LIST else list)


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None


def _fields(*, integer: str = "", text: str = "", boolean: str = "", **others: str) -> dict[str, Kind]:
    named = {Kind.INTEGER: integer, Kind.TEXT: text, Kind.BOOLEAN: boolean}
    named |= {Kind(kind): names for kind, names in others.items()}
    return {name: kind for kind, names in named.items() for name in names.split()}


_PLACE = _fields(integer="message_thread_id direct_messages_topic_id", text="business_connection_id chat_id")
_SENT = _PLACE | _fields(
    integer="reply_to_message_id",
    text="parse_mode message_effect_id",
    boolean="disable_notification protect_content allow_paid_broadcast allow_sending_without_reply",
    object="suggested_post_parameters reply_parameters reply_markup",
)
_CAPTIONED = _fields(text="caption", list="caption_entities")
_PREVIEWED = _fields(object="link_preview_options", boolean="disable_web_page_preview")
_EDITED = _fields(integer="message_id", text="business_connection_id chat_id inline_message_id", object="reply_markup")
_COMMANDS = _fields(object="scope", text="language_code")

_ALL = (
    Method(
        "getUpdates",
        receiving.get_updates,
        _fields(integer="offset limit timeout", list="allowed_updates"),
        changes=False,
    ),
    Method(
        "setWebhook",
        receiving.set_webhook,
        _fields(
            integer="max_connections",
            text="url ip_address secret_token",
            boolean="drop_pending_updates",
            list="allowed_updates",
            file="certificate",
        ),
    ),
    Method("deleteWebhook", receiving.delete_webhook, _fields(boolean="drop_pending_updates")),
    Method("getWebhookInfo", receiving.get_webhook_info, {}, changes=False),
    Method("getMe", asking.get_me, {}, changes=False),
    Method("getChat", asking.get_chat, _fields(text="chat_id"), changes=False),
    Method("getChatMember", asking.get_chat_member, _fields(text="chat_id", integer="user_id"), changes=False),
    Method(
        "getChatAdministrators",
        asking.get_chat_administrators,
        _fields(text="chat_id", boolean="return_bots"),
        changes=False,
    ),
    Method("getFile", asking.get_file, _fields(text="file_id"), changes=False),
    Method("setMyCommands", asking.set_my_commands, _COMMANDS | _fields(list="commands")),
    Method("getMyCommands", asking.get_my_commands, _COMMANDS, changes=False),
    Method("sendMessage", sending.send_message, _SENT | _PREVIEWED | _fields(text="text", list="entities")),
    Method(
        "sendDocument",
        sending.send_document,
        _SENT | _CAPTIONED | _fields(file="document thumbnail", boolean="disable_content_type_detection"),
    ),
    Method(
        "sendPhoto",
        sending.send_photo,
        _SENT | _CAPTIONED | _fields(file="photo", boolean="has_spoiler show_caption_above_media"),
    ),
    Method(
        "sendChatAction",
        sending.send_chat_action,
        _fields(integer="message_thread_id", text="business_connection_id chat_id action"),
    ),
    Method(
        "editMessageText",
        editing.edit_message_text,
        _EDITED | _PREVIEWED | _fields(text="text parse_mode", list="entities"),
    ),
    Method("editMessageReplyMarkup", editing.edit_message_reply_markup, _EDITED),
    Method("deleteMessage", editing.delete_message, _fields(text="chat_id", integer="message_id")),
    Method(
        "answerCallbackQuery",
        editing.answer_callback_query,
        _fields(text="callback_query_id text url", boolean="show_alert", integer="cache_time"),
    ),
    Method(
        "answerInlineQuery",
        inline.answer_inline_query,
        _fields(
            integer="cache_time",
            text="inline_query_id next_offset",
            boolean="is_personal",
            list="results",
            object="button",
        ),
    ),
    Method(
        "setMessageReaction",
        editing.set_message_reaction,
        _fields(text="chat_id", integer="message_id", list="reaction", boolean="is_big"),
    ),
)

#: Telegram reads method names without regard to case.
METHODS = {method.name.lower(): method for method in _ALL}
