"""The little world behind the local server: people, chats, messages, files. It holds state and no manners.

Nothing here knows HTTP. Who changes the world says so with `changed`, so that others can wait for it.
"""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.localchat.entities import Entity

MESSAGES_PER_CHAT_MAX = 5_000
FILES_BYTES_MAX = 200 * 2**20
EVENTS_MAX = 1_000

#: Numbers begin at the moment's tenths of a second, so that a restarted server repeats none.
EPOCH_SECONDS = 1_767_225_600
GENERAL_TOPIC = 1


def fresh_number() -> int:
    """A number above every one that an earlier server on this machine gave out."""
    return int((time.time() - EPOCH_SECONDS) * 10)


Events = asyncio.Queue[dict[str, Any] | None]


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Standing(StrEnum):
    """What somebody is in a chat, in the Bot API's words."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"

    @property
    def is_inside(self) -> bool:
        return self not in (Standing.LEFT, Standing.KICKED)


@dataclass(eq=False, slots=True)
class User:
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    deactivated: bool = False


@dataclass(eq=False, slots=True)
class Topic:
    id: int
    name: str
    closed: bool = False


@dataclass(eq=False, slots=True)
class StoredFile:
    """A file's bytes and names. `kind` is document, photo, voice or sticker."""

    id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    content: bytes
    width: int = 0
    height: int = 0


@dataclass(eq=False, slots=True)
class Message:
    """One message as it stands now. `more` holds the Bot API's other content fields, ready to send."""

    chat: "Chat"
    id: int
    sender: User
    date: int
    text: str = ""
    entities: tuple[Entity, ...] = ()
    file: StoredFile | None = None
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    has_reply_keyboard: bool = False
    thread_id: int | None = None
    reply_to: "Message | None" = None
    quote: str | None = None
    preview: dict[str, Any] | None = None
    more: dict[str, Any] = field(default_factory=dict)
    edited_at: int | None = None
    reactions: dict[int, str] = field(default_factory=dict)
    removed: bool = False

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """All buttons below it, row after row."""
        return [button for row in self.keyboard for button in row]

    def spans(self, kind: str) -> list[str]:
        """The words that entities of this kind cover."""
        return [self.text[one.start : one.end] for one in self.entities if one.kind == kind]


@dataclass(eq=False, slots=True)
class Chat:
    """`members` maps user ids to standings; a private chat has one user and the bot, and may be blocked."""

    id: int
    kind: ChatKind
    title: str = ""
    username: str | None = None
    user: User | None = None
    started: bool = True
    blocked: bool = False
    moved_to: int | None = None
    members: dict[int, Standing] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def is_forum(self) -> bool:
        return bool(self.topics)


class World:
    """Everybody and everything, and a bell that rings at every change."""

    def __init__(self, bot: User, *, now: Callable[[], float] = time.time) -> None:
        self.bot = bot
        self.now = now
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.numbers = itertools.count(fresh_number())
        self._bell = asyncio.Event()
        self._listeners: set[Events] = set()
        self._file_bytes = 0

    def changed(self, **event: Any) -> None:
        """Wakes whoever waits for a change; `event` is what the chat page is told, if anything."""
        self._bell.set()
        self._bell = asyncio.Event()
        if event:
            self._tell(event)

    def _tell(self, event: dict[str, Any]) -> None:
        for queue in list(self._listeners):
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(None)

    async def change(self) -> None:
        """Returns at the next change."""
        await self._bell.wait()

    @property
    def listeners(self) -> int:
        """How many windows listen."""
        return len(self._listeners)

    @contextmanager
    def listening(self) -> Iterator[Events]:
        """A queue of events from now on; None in it means that some were missed."""
        queue: Events = asyncio.Queue(EVENTS_MAX)
        self._listeners.add(queue)
        self.changed()
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    def number(self) -> int:
        return next(self.numbers)

    def add_user(self, user: User) -> User:
        self.users[user.id] = user
        return user

    def add_chat(self, chat: Chat) -> Chat:
        self.chats[chat.id] = chat
        return chat

    def private_chat(self, user: User) -> Chat:
        """The chat between `user` and the bot."""
        known = self.chats.get(user.id)
        return known or self.add_chat(Chat(user.id, ChatKind.PRIVATE, user=user, started=False))

    def store(self, message: Message) -> Message:
        """Keeps a message, and lets the oldest of a long chat go."""
        messages = message.chat.messages
        messages[message.id] = message
        for stale in list(itertools.islice(messages, max(0, len(messages) - MESSAGES_PER_CHAT_MAX))):
            del messages[stale]
        return message

    def store_file(self, file: StoredFile) -> StoredFile:
        """Keeps a file, and lets the oldest go where all together exceed FILES_BYTES_MAX."""
        self.files[file.id] = file
        self._file_bytes += len(file.content)
        while self._file_bytes > FILES_BYTES_MAX and len(self.files) > 1:
            self._file_bytes -= len(self.files.pop(next(iter(self.files))).content)
        return file

    def insiders(self, chat: Chat) -> Iterable[User]:
        """Who reads this chat, the bot apart."""
        ids = [chat.id] if chat.user else [one for one, standing in chat.members.items() if standing.is_inside]
        return [self.users[one] for one in ids if one != self.bot.id]
