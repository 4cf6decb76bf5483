"""What the rooms of the bot hand to each other: a message with its buttons, as plain values.

Knows neither Telegram's library nor the database; ids of buttons are given when they are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.messages.limits import BUTTON_CHARACTERS_MAX
from bot.messages.markup import Markup


@dataclass(frozen=True, slots=True)
class Press:
    """What a button means: a name of `bot/commands/buttons.py` and what it needs, small and storable as JSON."""

    name: str
    argument: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Button:
    """One button: it presses, opens an address, or copies words; exactly one of the three."""

    text: str
    press: Press | None = None
    url: str | None = None
    copy: str | None = None

    def __post_init__(self) -> None:
        if sum(part is not None for part in (self.press, self.url, self.copy)) != 1:
            raise ValueError("a button does exactly one thing")


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A file to send: UTF-8 text under a name."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture to send: a PNG under a name."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One message; with a document or a photo, `markup` is its caption."""

    markup: Markup
    buttons: Keyboard = ()
    document: Document | None = None
    photo: Photo | None = None


def label(text: str) -> str:
    """A button's text, cut where clients would cut it."""
    return text if len(text) <= BUTTON_CHARACTERS_MAX else text[: BUTTON_CHARACTERS_MAX - 1].rstrip() + "…"
