"""All that the Bot API's methods work on, and the looks-up that several of them share."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.localchat.calls import CallLog
from bot.localchat.entities import Formatted
from bot.localchat.faults import Faults
from bot.localchat.given import Given
from bot.localchat.keyboards import Keyboard
from bot.localchat.pace import Pace
from bot.localchat.refusal import bad_request, forbidden
from bot.localchat.updates import UpdateQueue
from bot.localchat.webhooks import Webhook
from bot.localchat.world import GENERAL_TOPIC, Chat, ChatKind, Message, Standing, User, World

CALLBACK_SECONDS_MAX = 15
QUERIES_MAX = 5_000


@dataclass(eq=False, slots=True)
class Query:
    """A pressed button that waits for its answer."""

    id: str
    user: User
    message: Message
    pressed_at: float
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """One result of an inline query: what the list shows, and the message that choosing it posts."""

    id: str
    title: str
    description: str
    content: Formatted
    keyboard: Keyboard
    preview: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """What the bot offers; `note` is the button above it: its text, and the parameter of /start it leads to."""

    offers: list[Offer]
    next_offset: str
    note: dict[str, Any] | None


@dataclass(eq=False, slots=True)
class InlineQuery:
    """The bot's name and some words, typed by somebody who waits for offers."""

    id: str
    user: User
    words: str
    offset: str
    typed_at: float
    answer: InlineAnswer | None = None


Kept = TypeVar("Kept")


@dataclass(eq=False, slots=True)
class Bench:
    """One bot's server: its world, its queue, its log. `time_scale` is how many of its seconds pass in one of ours."""

    token: str
    world: World
    updates: UpdateQueue = field(init=False)
    calls: CallLog = field(default_factory=CallLog)
    faults: Faults = field(default_factory=Faults)
    webhook: Webhook | None = None
    pace: Pace | None = None
    time_scale: float = 1.0
    privacy: bool = True
    queries: dict[str, Query] = field(default_factory=dict)
    inline: dict[str, InlineQuery] = field(default_factory=dict)
    offered: dict[tuple[int | None, str, str], tuple[float, InlineAnswer]] = field(default_factory=dict)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.updates = UpdateQueue(self.world.changed)

    def now(self) -> float:
        """This server's time, in its own seconds."""
        return self.world.now() * self.time_scale

    def keep_query(self, query: Query | InlineQuery) -> None:
        """Keeps a press or an inline query until it is answered, and lets the oldest go."""
        if isinstance(query, Query):
            _kept(self.queries, query.id, query)
        else:
            _kept(self.inline, query.id, query)

    def close(self) -> None:
        """Lets everything that waits return."""
        self.stopping.set()
        if self.webhook:
            self.webhook.stop()
        self.updates.close()
        self.world.changed(kind="stop")


def _kept(kept: dict[str, Kept], name: str, value: Kept) -> None:
    kept[name] = value
    while len(kept) > QUERIES_MAX:
        del kept[next(iter(kept))]


def chat_of(bench: Bench, given: Given) -> Chat:
    """The chat that `chat_id` names and the bot may read of; raises Refused."""
    name = given.text("chat_id").strip()
    if not name:
        raise bad_request("chat_id is empty")
    if name.startswith("@"):
        named = (one for one in bench.world.chats.values() if one.username and f"@{one.username}" == name)
        chat = next(named, None)
    else:
        chat = bench.world.chats.get(int(name)) if name.lstrip("-").isdecimal() else None
    if chat is None or not chat.started:
        raise bad_request("chat not found")
    return chat


def writable_chat(bench: Bench, given: Given) -> Chat:
    """The chat that `chat_id` names, where the bot may write; raises Refused."""
    chat = chat_of(bench, given)
    if chat.moved_to:
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to)
    if chat.kind is ChatKind.PRIVATE:
        _check_person(chat)
    else:
        _check_standing(bench, chat)
    return chat


def _check_person(chat: Chat) -> None:
    if chat.user and chat.user.deactivated:
        raise forbidden("user is deactivated")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")


def _check_standing(bench: Bench, chat: Chat) -> None:
    kind = chat.kind.value
    match chat.members.get(bench.world.bot.id, Standing.LEFT):
        case Standing.KICKED:
            raise forbidden(f"bot was kicked from the {kind} chat")
        case Standing.LEFT:
            raise forbidden(f"bot is not a member of the {kind} chat")
        case Standing.MEMBER if chat.kind is ChatKind.CHANNEL:
            raise bad_request("need administrator rights in the channel chat")


def thread_of(chat: Chat, given: Given, reply_to: Message | None) -> int | None:
    """The topic to write to; raises Refused where it is closed or there is none."""
    asked = given.integer("message_thread_id")
    thread = asked or (reply_to.thread_id if reply_to else None)
    if thread is None:
        return None
    if asked and (asked == GENERAL_TOPIC or asked not in chat.topics):
        raise bad_request("message thread not found")
    topic = chat.topics.get(thread)
    if topic and topic.closed:
        raise bad_request("TOPIC_CLOSED")
    return thread


def message_of(chat: Chat, given: Given, missing: str) -> Message:
    """The message that `message_id` names; raises Refused with the words `missing`."""
    number = given.integer("message_id")
    if number <= 0:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(number)
    if message is None or message.removed:
        raise bad_request(missing)
    return message


def user_of(bench: Bench, given: Given) -> User:
    user = bench.world.users.get(given.integer("user_id"))
    if user is None:
        raise bad_request("invalid user_id specified")
    return user
