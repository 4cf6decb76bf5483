"""Messages as rows of the outbox, their buttons as actions, in the transaction of whoever decides them.

Sends nothing: delivery does, after the commit.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages.message import Button, Document, Message, label
from storage import actions
from storage.values import MessageKind, OutboxDraft


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
    presses = [button.press for row in message.buttons for button in row if button.press]
    ids = await actions.keep_all(
        session,
        bot_id,
        chat_id,
        [(press.name, press.argument) for press in presses],
        question_id=question_id,
        now=now,
    )
    left = iter(ids)
    return OutboxDraft(
        key=key,
        bot_id=bot_id,
        chat_id=chat_id,
        thread_id=thread_id,
        html=message.markup.html,
        plain=message.markup.plain,
        kind=MessageKind.DOCUMENT if message.document else MessageKind.SEND,
        buttons=tuple(tuple(_kept(button, left) for button in row) for row in message.buttons),
        media=_media(message.document),
        question_id=question_id,
    )


def _kept(button: Button, ids: Iterator[str]) -> dict[str, str]:
    """A button as the outbox keeps it; a press takes the next of `ids`."""
    text = label(button.text)
    if button.url is not None:
        return {"text": text, "url": button.url}
    if button.copy is not None:
        return {"text": text, "copy": button.copy}
    return {"text": text, "action": next(ids)}


def _media(document: Document | None) -> dict[str, Any] | None:
    return {"name": document.name, "text": document.text} if document else None
