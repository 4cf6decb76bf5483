"""Who says something, where, and how that reader sees: read from an update and from what is kept of the chat."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Message, Update
from telegram.constants import ChatType

from bot.messages.phrases import spoken
from bot.messages.view import View
from bot.settings import Access
from bot.telegram.context import Context, Room
from storage import chats
from storage.values import ChatState, Grant

CHANNEL = "channel"  # in a button's argument: the channel that it orders for


@dataclass(frozen=True, slots=True)
class Reader:
    """A person (or a chat that writes as itself) at one place. `message_id` is what a reply answers.

    `channel_id` is the channel that is ordered for from the private chat.
    """

    user_id: int
    chat_id: int
    private: bool
    message_id: int | None
    thread_id: int | None
    update_id: int
    language: str | None
    at: datetime
    channel_id: int | None = None

    @property
    def ordered_chat(self) -> int:
        """The chat that is ordered for: a channel that the reader leads, else the one at hand."""
        return self.channel_id or self.chat_id

    @property
    def is_person(self) -> bool:
        """Whether it is a person: an anonymous group admin and a channel write as a chat, whose number is negative."""
        return self.user_id > 0

    @property
    def number(self) -> int:
        """What an operator lets in: the person in private, the group elsewhere."""
        return self.user_id if self.private else self.chat_id


def reader_of(update: Update, context: Context) -> Reader:
    """The reader behind a message, an edit or a press."""
    chat, message, person = update.effective_chat, update.effective_message, update.effective_user
    assert chat is not None
    writes_as = message.sender_chat if message and not update.callback_query else None
    return Reader(
        user_id=writes_as.id if writes_as else person.id if person else chat.id,
        chat_id=chat.id,
        private=chat.type == ChatType.PRIVATE,
        message_id=message.message_id if message else None,
        thread_id=_thread(message),
        update_id=update.update_id,
        language=person.language_code if person else None,
        at=context.stored.received_at if context.stored else context.now(),
    )


async def view_of(session: AsyncSession, reader: Reader, context: Context) -> View:
    """How this reader sees: words, zone, and whether as an operator."""
    return await view_for(session, reader, context.room)


async def view_for(session: AsyncSession, reader: Reader, room: Room) -> View:
    """The same where there is no update at hand."""
    chat = await chats.find(session, room.bot_id, reader.chat_id)
    language = (chat and chat.language) or reader.language or room.settings.default_language
    place = await chats.find(session, room.bot_id, reader.ordered_chat) if reader.channel_id else chat
    zone = (place and place.zone) or room.settings.default_timezone
    operator = await is_operator(session, reader.user_id, room)
    return View(spoken(language), room.clock(), room.bot_name, ZoneInfo(zone), operator)


async def alone(session: AsyncSession, reader: Reader, room: Room) -> Reader | None:
    """The same reader in the private chat with the bot; None where there is none yet."""
    if reader.private:
        return reader
    chat = await chats.find(session, room.bot_id, reader.user_id)
    if chat is None or chat.state is not ChatState.ACTIVE:
        return None
    return replace(reader, chat_id=reader.user_id, private=True, message_id=None, thread_id=None)


async def is_operator(session: AsyncSession, user_id: int, room: Room) -> bool:
    """Whether this person runs the bot."""
    return user_id in await operators_of(session, room)


async def operators_of(session: AsyncSession, room: Room) -> set[int]:
    """Everybody who runs the bot: by ADMIN_IDS, or by the one-use link."""
    return {*room.settings.admin_ids, *await chats.operators(session, room.bot_id)}


async def may_ask(session: AsyncSession, reader: Reader, room: Room) -> bool:
    """Whether this reader is let in: everybody, or those of ALLOWED_IDS, of /allow, and operators."""
    if room.settings.access is Access.OPEN:
        return True
    let_in = {*room.settings.allowed_ids, *await chats.holders(session, room.bot_id, Grant.READER)}
    return bool({reader.user_id, reader.chat_id} & let_in) or await is_operator(session, reader.user_id, room)


def _thread(message: Message | None) -> int | None:
    return message.message_thread_id if message and message.is_topic_message else None
