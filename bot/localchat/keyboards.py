"""Inline keyboards: what Telegram accepts as one, and what it keeps of it."""

from typing import Any

from bot.localchat.links import checked
from bot.localchat.refusal import bad_request

BUTTONS_MAX = 100
ROW_BUTTONS_MAX = 8
CALLBACK_DATA_BYTES_MAX = 64
COPY_TEXT_MAX = 256
STYLES = frozenset({"danger", "success", "primary"})

_ACTIONS = frozenset(
    {
        "url",
        "callback_data",
        "copy_text",
        "login_url",
        "web_app",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "callback_game",
        "pay",
    }
)
_OTHER_KEYBOARDS = ("keyboard", "remove_keyboard", "force_reply")

Keyboard = list[list[dict[str, Any]]]


def is_reply_keyboard(markup: Any) -> bool:
    """Whether `markup` replaces the reader's keyboard or asks for a reply: such a message is never edited."""
    return isinstance(markup, dict) and any(markup.get(key) for key in _OTHER_KEYBOARDS)


def keyboard_of(markup: Any) -> Keyboard:
    """The inline keyboard in `markup`, checked; empty where there is none. Raises Refused."""
    if markup is None:
        return []
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be of type Array')
    keyboard = [[_button(button) for button in row] for row in rows if row]
    _check_size(keyboard)
    return keyboard


def _check_size(keyboard: Keyboard) -> None:
    if any(len(row) > ROW_BUTTONS_MAX for row in keyboard) or sum(map(len, keyboard)) > BUTTONS_MAX:
        raise bad_request("reply markup is too long")


def _button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: Inline keyboard button must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    actions = _ACTIONS & button.keys()
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if not text.strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: only one action is allowed")
    return {"text": text} | _action(button, next(iter(actions))) | _style(button)


def _action(button: dict[str, Any], action: str) -> dict[str, Any]:
    value = button[action]
    match action:
        case "callback_data":
            if not isinstance(value, str) or not 0 < len(value.encode()) <= CALLBACK_DATA_BYTES_MAX:
                raise bad_request("BUTTON_DATA_INVALID")
        case "url":
            return {"url": _address(value)}
        case "copy_text":
            copied = value.get("text") if isinstance(value, dict) else None
            if not isinstance(copied, str) or not 0 < len(copied) <= COPY_TEXT_MAX:
                raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return {action: value}


def _address(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise bad_request("BUTTON_URL_INVALID")
    url = checked(value)
    if url is None:
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    return url


def _style(button: dict[str, Any]) -> dict[str, Any]:
    style = button.get("style")
    if style is None:
        return {}
    if style not in STYLES:
        raise bad_request("can't parse inline keyboard button: Invalid button style specified")
    return {"style": style}
