"""LocalServer: what people do in the local chat, and what can be seen of it. The control in Python.

Every act makes the update that Telegram would send, if the bot may see it at all.
"""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from bot.localchat import inline
from bot.localchat.bench import Bench, InlineAnswer, InlineQuery, Query
from bot.localchat.calls import CallLog
from bot.localchat.entities import Formatted, rendered
from bot.localchat.faults import Faults
from bot.localchat.formatting import finished
from bot.localchat.keyboards import Keyboard
from bot.localchat.pace import Pace
from bot.localchat.rendering import chat_object, member_object, message_object, user_object
from bot.localchat.sending import picture_sides, stored
from bot.localchat.world import GENERAL_TOPIC, Chat, ChatKind, Message, Standing, StoredFile, Topic, User, World

WAIT_SECONDS = 30.0
TOKEN = "7700000001:LOCAL-loopback-only-0123456789abcdef"  # noqa: S105  opens nothing but this server
HINT = "Ask in plain words what was reported, for example: What is reported about the bridge?"
SUPERGROUP_BASE = -1_000_000_000_000

Seen = TypeVar("Seen")


class LocalServer:
    """One bot's local Telegram. `url` is what TELEGRAM_API_URL wants, once the server is up."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        name: str = "Briefing",
        username: str = "briefing_local_bot",
        pace: Pace | None = None,
        time_scale: float = 1.0,
        privacy: bool = True,
        banner: str = "",
        hint: str = HINT,
        examples: Sequence[str] = (),
        shortcuts: Mapping[str, Sequence[str]] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        bot = User(int(token.partition(":")[0]), name, username=username, is_bot=True)
        self.bench = Bench(token, World(bot, now=now), pace=pace, time_scale=time_scale, privacy=privacy)
        self.url = ""
        self.banner, self.hint, self.examples = banner, hint, list(examples)  # what the page's first screen says
        self.shortcuts = shortcuts or {}  # buttons of the page, and what each writes, one message after the other
        self.pages: dict[str, tuple[str, bytes]] = {}  # by path: media type and content of what else is served
        self._user_ids = itertools.count(501)

    @property
    def token(self) -> str:
        return self.bench.token

    @property
    def bot(self) -> User:
        return self.bench.world.bot

    @property
    def world(self) -> World:
        return self.bench.world

    @property
    def calls(self) -> CallLog:
        return self.bench.calls

    @property
    def faults(self) -> Faults:
        return self.bench.faults

    # ── who is there ─────────────────────────────────────────────────────────────────────────────

    def add_user(
        self,
        first_name: str = "Reader",
        *,
        user_id: int | None = None,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "en",
        started: bool = True,
    ) -> User:
        """A person with a private chat of the same id; not `started` means the bot may not write first."""
        number = user_id or next(one for one in self._user_ids if one not in self.world.users)
        user = self.world.add_user(User(number, first_name, last_name, username, language_code))
        self.world.private_chat(user).started = started
        return user

    def add_group(
        self,
        title: str,
        *members: User,
        topics: Sequence[str] = (),
        supergroup: bool = True,
        bot: Standing = Standing.MEMBER,
        chat_id: int | None = None,
    ) -> Chat:
        """A group; the first member made it. Named topics make it a forum, with a General topic beside them."""
        number = self.world.number()
        kind = ChatKind.SUPERGROUP if supergroup or topics else ChatKind.GROUP
        fresh = SUPERGROUP_BASE - number if kind is ChatKind.SUPERGROUP else -number
        chat = Chat(chat_id or fresh, kind, title)
        chat.members = {user.id: Standing.MEMBER for user in members} | {self.bot.id: bot}
        if members:
            chat.members[members[0].id] = Standing.CREATOR
        if topics:
            chat.topics[GENERAL_TOPIC] = Topic(GENERAL_TOPIC, "General")
            chat.topics |= {topic.id: topic for topic in (Topic(self.world.number(), name) for name in topics)}
        self.world.changed(kind="chats")
        return self.world.add_chat(chat)

    def add_channel(
        self, title: str, *admins: User, username: str | None = None, bot: Standing = Standing.ADMINISTRATOR
    ) -> Chat:
        """A channel; the first of its admins made it. `username` is without the @."""
        channel = Chat(SUPERGROUP_BASE - self.world.number(), ChatKind.CHANNEL, title, username)
        channel.members = {user.id: Standing.ADMINISTRATOR for user in admins} | {self.bot.id: bot}
        if admins:
            channel.members[admins[0].id] = Standing.CREATOR
        self.world.changed(kind="chats")
        return self.world.add_chat(channel)

    def chat(self, chat: "Chat | User | int") -> Chat:
        """The chat of this id, or the private chat with this person."""
        return chat if isinstance(chat, Chat) else self.world.chats[chat.id if isinstance(chat, User) else chat]

    def user(self, user: User | int) -> User:
        return user if isinstance(user, User) else self.world.users[user]

    # ── what people do ───────────────────────────────────────────────────────────────────────────

    def says(
        self,
        chat: Chat | User | int,
        user: User | int,
        text: str,
        thread_id: int | None = None,
        reply_to: Message | int | None = None,
        *,
        quote: str | None = None,
        more: dict[str, Any] | None = None,
    ) -> Message:
        """`user` writes in `chat`; `more` adds Bot API fields, such as forward_origin."""
        content = finished(Formatted(text))
        return self._posted(self.chat(chat), self.user(user), content, thread_id, reply_to, quote=quote, more=more)

    def sends_file(
        self,
        chat: Chat | User | int,
        user: User | int,
        content: bytes,
        *,
        kind: str = "document",
        name: str = "file.txt",
        mime: str = "text/plain",
        caption: str = "",
        thread_id: int | None = None,
        reply_to: Message | int | None = None,
    ) -> Message:
        """`user` sends a file; `kind` is document, photo, voice or sticker."""
        width, height = (picture_sides(content) or (1, 1)) if kind == "photo" else (0, 0)
        file = self.world.store_file(stored(self.bench, kind, name, mime, content, width, height))
        words = finished(Formatted(caption))
        return self._posted(self.chat(chat), self.user(user), words, thread_id, reply_to, file=file)

    def forwards(self, chat: Chat | User | int, user: User | int, text: str, *, origin: str = "Somebody") -> Message:
        """`user` forwards a text of somebody who hides behind a name."""
        hidden = {"type": "hidden_user", "sender_user_name": origin, "date": int(self.world.now())}
        return self.says(chat, user, text, more={"forward_origin": hidden})

    def _posted(
        self,
        chat: Chat,
        user: User,
        content: Formatted,
        thread_id: int | None,
        reply_to: Message | int | None,
        *,
        file: StoredFile | None = None,
        quote: str | None = None,
        more: dict[str, Any] | None = None,
        keyboard: Keyboard | None = None,
    ) -> Message:
        answered = chat.messages[reply_to] if isinstance(reply_to, int) else reply_to
        thread = thread_id if thread_id != GENERAL_TOPIC else None
        message = Message(
            chat,
            self.world.number(),
            user,
            int(self.world.now()),
            content.text,
            content.entities,
            file=file,
            thread_id=thread,
            reply_to=answered,
            quote=quote,
            keyboard=keyboard or [],
            more=more or {},
        )
        if chat.user:
            chat.started = True
            self._unblocked(chat)
        self.world.store(message)
        if self._reaches_bot(message):
            self.bench.updates.put("message", message_object(message, self.world))
        self.world.changed(kind="message", chat=chat.id, message=message.id)
        return message

    def _reaches_bot(self, message: Message) -> bool:
        """Whether the bot sees it: in groups with privacy mode on, only commands, mentions, replies and its offers."""
        chat = message.chat
        if chat.user:
            return True
        if not chat.members.get(self.bot.id, Standing.LEFT).is_inside:
            return False
        if not self.bench.privacy or chat.members[self.bot.id] is Standing.ADMINISTRATOR:
            return True
        mine = f"@{self.bot.username}".lower()
        if "via_bot" in message.more:
            return True
        for_me = any(word.lower() == mine for word in message.spans("mention"))
        commands = [word.partition("@")[2].lower() for word in message.spans("bot_command")]
        for_me = for_me or any(not name or f"@{name}" == mine for name in commands)
        return for_me or bool(message.reply_to and message.reply_to.sender is self.bot)

    def edits(self, message: Message, text: str) -> None:
        """The writer changes the message's words."""
        content = finished(Formatted(text))
        message.text, message.entities, message.edited_at = content.text, content.entities, int(self.world.now())
        if self._reaches_bot(message):
            self.bench.updates.put("edited_message", message_object(message, self.world))
        self.world.changed(kind="edit", chat=message.chat.id, message=message.id)

    def removes(self, message: Message) -> None:
        """The message is deleted; the bot is not told, as on Telegram."""
        message.removed = True
        self.world.changed(kind="removal", chat=message.chat.id, message=message.id)

    def presses(self, message: Message, button: str | int, user: User | int | None = None) -> str:
        """`user` presses the button of this text (or number, counted from 0); returns the query's id."""
        found = _button(message, button)
        person = self.user(user) if user is not None else message.chat.user
        if person is None:
            raise ValueError("say who presses a button in a group")
        query = Query(str(self.world.number()), person, message, self.world.now())
        self.bench.keep_query(query)
        pressed = {
            "id": query.id,
            "from": user_object(person),
            "message": message_object(message, self.world),
            "chat_instance": str(message.chat.id),
            "data": found["callback_data"],
        }
        self.bench.updates.put("callback_query", pressed)
        self.world.changed()
        return query.id

    def types(self, user: User | int, words: str, chat: Chat | User | int | None = None, offset: str = "") -> str:
        """`user` types the bot's name and `words` in `chat`, and waits for offers; returns the inline query's id."""
        person, place = self.user(user), self.chat(chat) if chat is not None else None
        query = InlineQuery(str(self.world.number()), person, words.strip(), offset, self.world.now())
        self.bench.keep_query(query)
        query.answer = inline.known(self.bench, person.id, query.words, offset)
        if query.answer:
            inline.tell(self.bench, query.id, query.answer)
            return query.id
        typed = {"id": query.id, "from": user_object(person), "query": query.words, "offset": offset}
        kind = "sender" if place and place.user else place.kind.value if place else None
        self.bench.updates.put("inline_query", typed | ({"chat_type": kind} if kind else {}))
        self.world.changed()
        return query.id

    async def offers(self, query: str, seconds: float = WAIT_SECONDS) -> InlineAnswer:
        """What the bot offers for an inline query, once it does."""
        answer = await self.until(lambda: self.bench.inline[query].answer, seconds)
        assert answer is not None  # until() returns only truthy values
        return answer

    def chooses(self, query: str, offer: str, chat: Chat | User | int, thread_id: int | None = None) -> Message:
        """Whoever typed the inline query posts an offer of it in a chat; raises LookupError where there is none."""
        asked = self.bench.inline[query]
        found = next((one for one in asked.answer.offers if one.id == offer), None) if asked.answer else None
        if found is None:
            raise LookupError(f"no offer {offer!r}")
        more = {"via_bot": user_object(self.bot)}
        place = self.chat(chat)
        return self._posted(place, asked.user, found.content, thread_id, None, more=more, keyboard=found.keyboard)

    def reacts(self, message: Message, user: User | int, emoji: str | None) -> None:
        """`user` puts one reaction on a message, or takes it back."""
        person = self.user(user)
        before = message.reactions.pop(person.id, None)
        if emoji:
            message.reactions[person.id] = emoji
        update = {
            "chat": chat_object(message.chat),
            "message_id": message.id,
            "user": user_object(person),
            "date": int(self.world.now()),
            "old_reaction": [{"type": "emoji", "emoji": before}] if before else [],
            "new_reaction": [{"type": "emoji", "emoji": emoji}] if emoji else [],
        }
        self.bench.updates.put("message_reaction", update)
        self.world.changed(kind="edit", chat=message.chat.id, message=message.id)

    # ── blocked, kicked, upgraded ────────────────────────────────────────────────────────────────

    def blocks(self, user: User | int) -> None:
        """The person blocks the bot: every send is refused with 403 until `unblocks`."""
        chat = self.chat(user)
        if not chat.blocked:
            chat.blocked = True
            self._standing_changed(chat, self.user(user), Standing.MEMBER, Standing.KICKED)

    def unblocks(self, user: User | int) -> None:
        self._unblocked(self.chat(user))

    def _unblocked(self, chat: Chat) -> None:
        if chat.blocked and chat.user:
            chat.blocked = False
            self._standing_changed(chat, chat.user, Standing.KICKED, Standing.MEMBER)

    def sets_bot(self, chat: Chat | int, standing: Standing, by: User | int) -> None:
        """Somebody adds the bot to a group, makes it administrator, or throws it out."""
        group = self.chat(chat)
        before = group.members.get(self.bot.id, Standing.LEFT)
        group.members[self.bot.id] = standing
        self._standing_changed(group, self.user(by), before, standing)
        if standing.is_inside and not before.is_inside:
            joined = {"new_chat_members": [user_object(self.bot)]}
            self._service(group, self.user(by), joined)

    def _standing_changed(self, chat: Chat, by: User, before: Standing, after: Standing) -> None:
        update = {
            "chat": chat_object(chat),
            "from": user_object(by),
            "date": int(self.world.now()),
            "old_chat_member": member_object(self.bot, before.value),
            "new_chat_member": member_object(self.bot, after.value),
        }
        self.bench.updates.put("my_chat_member", update)
        self.world.changed(kind="chats")

    def joins(self, chat: Chat | int, user: User) -> Message:
        """A person joins a group."""
        group = self.chat(chat)
        group.members[user.id] = Standing.MEMBER
        return self._service(group, user, {"new_chat_members": [user_object(user)]})

    def leaves(self, chat: Chat | int, user: User) -> Message:
        """A person leaves a group."""
        group = self.chat(chat)
        group.members[user.id] = Standing.LEFT
        return self._service(group, user, {"left_chat_member": user_object(user)})

    def _service(self, chat: Chat, user: User, more: dict[str, Any]) -> Message:
        message = Message(chat, self.world.number(), user, int(self.world.now()), more=more)
        self.world.store(message)
        if chat.members.get(self.bot.id, Standing.LEFT).is_inside:
            self.bench.updates.put("message", message_object(message, self.world))
        self.world.changed(kind="message", chat=chat.id, message=message.id)
        return message

    def upgrades(self, chat: Chat | int, *, tell: bool = True) -> Chat:
        """A group becomes a supergroup: the old id is refused with the new one, and (if `tell`) updates say so."""
        old = self.chat(chat)
        new = Chat(SUPERGROUP_BASE - self.world.number(), ChatKind.SUPERGROUP, old.title, members=dict(old.members))
        self.world.add_chat(new)
        old.moved_to = new.id
        creator = next(one for one, standing in old.members.items() if standing is Standing.CREATOR)
        if tell:
            self._service(old, self.user(creator), {"migrate_to_chat_id": new.id})
            self._service(new, self.user(creator), {"migrate_from_chat_id": old.id})
        self.world.changed(kind="chats")
        return new

    def closes_topic(self, chat: Chat | int, thread_id: int, *, closed: bool = True) -> None:
        """Nobody but administrators may write in a closed topic; the bot is none."""
        self.chat(chat).topics[thread_id].closed = closed
        self.world.changed(kind="chats")

    def expires_queries(self) -> None:
        """Lets every pressed button be too old to answer."""
        for query in self.bench.queries.values():
            query.pressed_at = float("-inf")

    # ── what can be seen ─────────────────────────────────────────────────────────────────────────

    def messages(self, chat: Chat | User | int, thread_id: int | None = None) -> list[Message]:
        """What a reader of the chat (or of one of its topics) sees now, oldest first."""
        wanted = thread_id if thread_id != GENERAL_TOPIC else None
        everything = (message for message in self.chat(chat).messages.values() if not message.removed)
        return [message for message in everything if thread_id is None or message.thread_id == wanted]

    def from_bot(self, chat: Chat | User | int) -> list[Message]:
        """The bot's messages in a chat, oldest first."""
        return [message for message in self.messages(chat) if message.sender is self.bot]

    def entity_objects(self, message: Message) -> list[dict[str, Any]]:
        """The message's entities as a client sees them, in UTF-16 units."""
        return rendered(message.text, message.entities)

    async def until(self, condition: Callable[[], Seen], seconds: float = WAIT_SECONDS) -> Seen:
        """Waits, without polling the clock, until `condition` is truthy, and returns its value; TimeoutError else."""
        async with asyncio.timeout(seconds):
            while not (seen := condition()):
                await self.world.change()
        return seen

    async def answer_to(self, chat: Chat | User | int, after: Message, seconds: float = WAIT_SECONDS) -> Message:
        """The bot's first message in `chat` after this one."""

        def newer() -> Message | None:
            return next((one for one in self.from_bot(chat) if one.id > after.id), None)

        message = await self.until(newer, seconds)
        assert message is not None  # until() returns only truthy values
        return message


def _button(message: Message, button: str | int) -> dict[str, Any]:
    buttons: Iterable[dict[str, Any]] = message.buttons
    if isinstance(button, int):
        return message.buttons[button]
    found = next((one for one in buttons if one["text"] == button), None)
    if found is None:
        raise LookupError(f"no button {button!r}; there are {[one['text'] for one in message.buttons]}")
    return found
