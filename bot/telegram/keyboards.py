"""Buttons as the outbox keeps them, put into the library's own."""

from collections.abc import Sequence

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

Row = Sequence[dict[str, str]]


def keyboard(rows: Sequence[Row]) -> InlineKeyboardMarkup | None:
    """The inline keyboard of an outbox message, or None where it has no buttons.

    A button is ``{"text", "action" | "url" | "copy"}``; an action's short id is its callback data.
    """
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(each) for each in row] for row in rows])


def _button(button: dict[str, str]) -> InlineKeyboardButton:
    if "action" in button:
        return InlineKeyboardButton(button["text"], callback_data=button["action"])
    if "url" in button:
        return InlineKeyboardButton(button["text"], url=button["url"])
    return InlineKeyboardButton(button["text"], copy_text=CopyTextButton(button["copy"]))
