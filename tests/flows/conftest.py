"""A reader, a newsroom and the real bot between them: over HTTP, with real long polling, on a database of its own.

    async def test_a_quote_arrives_with_its_speaker(reader, newsroom):
        await newsroom.publish(an_article(text="“Rates stay,” said Ada Byron."))
        await reader.says("What did Byron say about rates?")
        assert reader.sees("“Rates stay,”", "Ada Byron")

What a reader does returns when the bot has done all that follows from it.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import app
from bot.localchat import Chat, LocalServer, Message, User, serve
from bot.settings import Settings
from bot.telegram.context import Room
from retrieval.model import Draft
from storage import articles, inbox, outbox
from storage.values import Stored
from tests.build import NOON, prepared
from tests.waiting import until


class Clock:
    """The bot's clock: the real one, moved on at will."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def passes(self, **time: float) -> None:
        self.ahead += timedelta(**time)


class Newsroom:
    """Where articles come in, and how long it takes the bot to be done."""

    def __init__(self, room: Room, server: LocalServer) -> None:
        self.room = room
        self.server = server

    async def publish(self, *drafts: Draft, now: datetime = NOON) -> list[Stored]:
        """Store these articles, each as the bot itself would."""
        async with self.room.store.writing() as session:
            return [await articles.put(session, draft, prepared(draft), now=now) for draft in drafts]

    async def done(self) -> None:
        """Returns when no update waits and no message is owed any more."""
        await until(self._owes_nothing)

    async def _owes_nothing(self) -> bool:
        if self.server.bench.updates:
            return False
        async with self.room.store.reading() as session:
            return not (
                await inbox.count_waiting(session, self.room.bot_id)
                or await outbox.oldest_waiting(session, self.room.bot_id, now=self.room.clock())
            )


class Reader:
    """A person in a chat with the bot: the private one, or `chat` in one of its topics."""

    def __init__(self, newsroom: Newsroom, user: User, chat: Chat | None = None, thread_id: int | None = None) -> None:
        self.user = user
        self.chat = chat or newsroom.server.chat(user)
        self.thread_id = thread_id
        self.said: Message | None = None
        self._newsroom = newsroom
        self._server = newsroom.server
        self._before: dict[int, str] = {}

    async def says(self, words: str, **more: Any) -> Message:
        """Write a message; `reply_to` and the local server's other options pass through."""
        return await self._does(lambda: self._server.says(self.chat, self.user, words, self.thread_id, **more))

    async def forwards(self, words: str) -> Message:
        return await self._does(lambda: self._server.forwards(self.chat, self.user, words))

    async def sends(self, content: bytes = b"?", **more: Any) -> Message:
        """Send a file; `kind` is document, photo, voice or sticker."""
        return await self._does(lambda: self._server.sends_file(self.chat, self.user, content, **more))

    async def edits(self, words: str) -> None:
        """Change the latest message."""
        said = self.said
        assert said is not None
        await self._act(lambda: self._server.edits(said, words))

    async def presses(self, button: str | int, message: Message | None = None) -> None:
        """Press a button of the bot's latest message that has it, or of `message`."""
        pressed = message or self._with(button)
        await self._act(lambda: self._server.presses(pressed, button, self.user))

    def sees(self, *words: str) -> bool:
        """Whether all these words stand in what the bot wrote or changed after the latest act."""
        seen = "\n".join(self.seen)
        return all(each in seen for each in words)

    @property
    def seen(self) -> list[str]:
        """The messages that the bot wrote or changed after the latest act."""
        return [message.text for message in self.messages if self._before.get(message.id) != _shown(message)]

    @property
    def messages(self) -> list[Message]:
        """All of the bot's messages in the chat, oldest first."""
        return self._server.from_bot(self.chat)

    @property
    def buttons(self) -> list[str]:
        """The buttons of the bot's latest message."""
        return [button["text"] for button in self.messages[-1].buttons]

    async def _does(self, act: Callable[[], Message]) -> Message:
        self._remember()
        self.said = act()
        await self._newsroom.done()
        return self.said

    async def _act(self, act: Callable[[], object]) -> None:
        self._remember()
        act()
        await self._newsroom.done()

    def _remember(self) -> None:
        self._before = {message.id: _shown(message) for message in self.messages}

    def _with(self, button: str | int) -> Message:
        found = [one for one in self.messages if isinstance(button, int) or button in [b["text"] for b in one.buttons]]
        return found[-1]


def _shown(message: Message) -> str:
    return f"{message.text}\n{message.keyboard}"


def settings_for(server: LocalServer, folder: Path, **more: Any) -> Settings:
    """Settings of a bot that talks to this server and keeps its database in this folder."""
    return Settings(
        **{
            "_env_file": None,
            "telegram_bot_token": server.token,
            "telegram_api_url": server.url,
            "database_url": f"sqlite+aiosqlite:///{folder}/briefing.db",
            "data_dir": folder,
            "messages_per_chat_per_second": 1_000,
            "messages_per_second": 1_000,
            **more,
        }
    )


@asynccontextmanager
async def bot_at(server: LocalServer, folder: Path, clock: Clock, **more: Any) -> AsyncIterator[Newsroom]:
    """The real bot in this process, its database in this folder; `more` are settings."""
    async with app.serving(settings_for(server, folder, **more), clock=clock, processes=0) as room:
        yield Newsroom(room, server)


@pytest.fixture(autouse=True)
def _schema(sqlite_url: str) -> None:
    """The database of `settings_for` is there, with its schema and nothing in it."""


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with serve(pace=None) as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def options() -> dict[str, Any]:
    """Settings that a test wants otherwise: parametrize or override it."""
    return {}


@pytest.fixture
async def newsroom(
    server: LocalServer, tmp_path: Path, clock: Clock, options: dict[str, Any]
) -> AsyncIterator[Newsroom]:
    async with bot_at(server, tmp_path, clock, **options) as newsroom:
        yield newsroom


@pytest.fixture
def reader(newsroom: Newsroom) -> Reader:
    return Reader(newsroom, newsroom.server.add_user("Mira"))


@pytest.fixture
def another_reader(newsroom: Newsroom) -> Reader:
    return Reader(newsroom, newsroom.server.add_user("Lena"))
