"""Messages as rows of the outbox, their buttons as actions, in the transaction of whoever decides them.

Sends nothing: delivery does, after the commit.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages.message import Button, Message, label
from retrieval.model import Quote
from storage import actions
from storage.values import MessageKind, OutboxDraft, Shown


@dataclass(frozen=True, slots=True)
class Sender:
    """Which bot writes unasked: its number, its name without the @, the language of chats that have chosen none.

    `wake` tells delivery that the outbox holds something new.
    """

    bot_id: int
    name: str
    language: str
    clock: Callable[[], datetime]
    wake: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Addressed:
    """A message on its way into the outbox: its key there, and where it goes."""

    message: Message
    key: str
    chat_id: int
    thread_id: int | None = None

    def shown(self, quotes: Iterable[Quote]) -> list[Shown]:
        """Those of these quotes whose words stand in the message, to be kept as shown by it."""
        words = self.message.markup.plain
        return [Shown(self.chat_id, each.version.id, each.span, self.key) for each in quotes if each.text in words]


async def drafts(
    session: AsyncSession, several: Sequence[Addressed], *, bot_id: int, now: datetime
) -> list[OutboxDraft]:
    """Rows of the outbox for messages to many chats, all their buttons kept in one statement."""
    meant = [
        (each.chat_id, button.press.name, button.press.argument)
        for each in several
        for button in _presses(each.message)
        if button.press
    ]
    left = iter(await actions.keep_many(session, bot_id, meant, now=now))
    return [
        _draft(each.message, each.key, left, bot_id=bot_id, chat_id=each.chat_id, thread_id=each.thread_id)
        for each in several
    ]


async def draft(
    session: AsyncSession,
    message: Message,
    key: str,
    *,
    bot_id: int,
    chat_id: int,
    now: datetime,
    thread_id: int | None = None,
    question_id: int | None = None,
) -> OutboxDraft:
    """A row of the outbox for a message to a chat, its buttons kept under their ids."""
    presses = [button.press for button in _presses(message) if button.press]
    ids = await actions.keep_all(
        session,
        bot_id,
        chat_id,
        [(press.name, press.argument) for press in presses],
        question_id=question_id,
        now=now,
    )
    row = _draft(message, key, iter(ids), bot_id=bot_id, chat_id=chat_id, thread_id=thread_id)
    return replace(row, question_id=question_id)


def _presses(message: Message) -> list[Button]:
    return [button for row in message.buttons for button in row if button.press]


def _draft(
    message: Message, key: str, left: Iterator[str], *, bot_id: int, chat_id: int, thread_id: int | None
) -> OutboxDraft:
    """The row; each button that is pressed takes the next id of `left`."""
    return OutboxDraft(
        key=key,
        bot_id=bot_id,
        chat_id=chat_id,
        thread_id=thread_id,
        html=message.markup.html,
        plain=message.markup.plain,
        kind=_kind(message),
        buttons=tuple(tuple(_kept(button, left) for button in row) for row in message.buttons),
        media=_media(message),
    )


def _kept(button: Button, ids: Iterator[str]) -> dict[str, str]:
    """A button as the outbox keeps it; a press takes the next of `ids`."""
    text = label(button.text)
    if button.url is not None:
        return {"text": text, "url": button.url}
    if button.copy is not None:
        return {"text": text, "copy": button.copy}
    return {"text": text, "action": next(ids)}


def _kind(message: Message) -> MessageKind:
    if message.photo:
        return MessageKind.PHOTO
    return MessageKind.DOCUMENT if message.document else MessageKind.SEND


def _media(message: Message) -> dict[str, Any] | None:
    """What the outbox keeps beside the words until it is sent; a picture in base64, as JSON has no bytes."""
    if message.photo:
        return {"name": message.photo.name, "base64": b64encode(message.photo.content).decode()}
    return {"name": message.document.name, "text": message.document.text} if message.document else None
