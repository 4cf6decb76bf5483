"""The words of a message that ask: after /ask, beside a mention, in a reply to the bot, or all of them in private."""

import re
from dataclasses import dataclass

from telegram import Message, Update
from telegram.constants import ChatType, MessageEntityType

from bot.telegram.context import Room

ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """Words put as a question. `notes` name phrases that stand beside the answer; `revision` is 0 or an edit's."""

    words: str
    notes: tuple[str, ...] = ()
    only_replies: bool = False
    revision: int = 0
    by_command: bool = False

    @property
    def is_chosen(self) -> bool:
        """Whether it was surely meant as a question of its own: by a command, a press, or an edit."""
        return self.by_command or self.revision != 0

    @property
    def is_address(self) -> bool:
        """Whether it is a web address and nothing else."""
        return ADDRESS.fullmatch(self.words) is not None


def read(update: Update, room: Room) -> Asked | None:
    """What a message asks; None where it is not meant for the bot."""
    message = update.effective_message
    if message is None or not message.text:
        return None
    command = command_of(message, room.bot_name)
    if command is not None:
        return Asked(after_command(message), by_command=True) if command == "ask" else None
    mentioned, words = _without_mention(message, room.bot_name)
    notes = ("forwarded",) if message.forward_origin else ()
    if message.chat.type == ChatType.PRIVATE or mentioned:
        return Asked(words.strip(), notes)
    return Asked(words.strip(), notes, only_replies=True) if _replies(message, room) else None


def command_of(message: Message, bot_name: str) -> str | None:
    """The command that a message begins with, in lower case; None for none, or for another bot's."""
    entities = message.entities
    if not message.text or not entities or entities[0].type != MessageEntityType.BOT_COMMAND or entities[0].offset:
        return None
    name, _, addressee = message.text[1 : entities[0].length].partition("@")
    return name.lower() if addressee.lower() in {"", bot_name.lower()} else None


def after_command(message: Message) -> str:
    """All that stands after the command."""
    return (message.text or "")[message.entities[0].length :].strip()


def addressed(message: Message, room: Room) -> bool:
    """Whether a message in a group is meant for the bot: it names the bot or replies to it."""
    return _without_mention(message, room.bot_name)[0] or _replies(message, room)


def _replies(message: Message, room: Room) -> bool:
    answered = message.reply_to_message
    return bool(answered and answered.from_user and answered.from_user.id == room.bot_id)


def _without_mention(message: Message, bot_name: str) -> tuple[bool, str]:
    text = message.text or ""
    for mention in message.parse_entities([MessageEntityType.MENTION]).values():
        if mention.lower() == f"@{bot_name}".lower():
            return True, text.replace(mention, " ", 1)
    return False, text
