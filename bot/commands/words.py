"""The words of a message that ask: after /ask, beside a mention, in a reply to the bot, or all of them in private."""

import re
from dataclasses import dataclass

from telegram import Message, Update
from telegram.constants import ChatType, MessageEntityType

from bot.telegram.context import Room
from retrieval.model import Named

ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Asked:
    """Words put as a question. `notes` name phrases that stand beside the answer; `revision` is 0 or an edit's.

    `addresses` are what Telegram takes for web addresses in it, also without http. `disregarded` is what they name and
    the reader has taken away.
    """

    words: str
    notes: tuple[str, ...] = ()
    only_replies: bool = False
    revision: int = 0
    by_command: bool = False
    addresses: tuple[str, ...] = ()
    disregarded: frozenset[Named] = frozenset()

    @property
    def is_chosen(self) -> bool:
        """Whether it was surely meant as a question of its own: by a command, a press, or an edit."""
        return self.by_command or self.revision != 0

    @property
    def is_address(self) -> bool:
        """Whether it is web addresses and nothing else."""
        rest = ADDRESS.sub(" ", self.words)
        for address in self.addresses:
            rest = rest.replace(address, " ", 1)
        return rest != self.words and WORD.search(rest) is None


def read(update: Update, room: Room) -> Asked | None:
    """What a message asks; None where it is not meant for the bot."""
    message = update.effective_message
    if message is None or not message.text or _is_offer(message, room):
        return None
    command = command_of(message, room.bot_name)
    if command is not None:
        asks = command == "ask"
        return Asked(after_command(message), by_command=True, addresses=_addresses(message)) if asks else None
    mentioned, words = _without_mention(message, room.bot_name)
    notes = ("forwarded",) if message.forward_origin else ()
    if not (message.chat.type == ChatType.PRIVATE or mentioned or _replies(message, room)):
        return None
    only_replies = message.chat.type != ChatType.PRIVATE and not mentioned
    return Asked(words.strip(), notes, only_replies=only_replies, addresses=_addresses(message))


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


def _addresses(message: Message) -> tuple[str, ...]:
    """What Telegram marks as addresses, the longest first: one may stand within another."""
    return tuple(sorted(message.parse_entities([MessageEntityType.URL]).values(), key=len, reverse=True))


def _is_offer(message: Message, room: Room) -> bool:
    """Whether it is the bot's own words, chosen from its offers: they ask nothing."""
    return message.via_bot is not None and message.via_bot.id == room.bot_id


def _replies(message: Message, room: Room) -> bool:
    answered = message.reply_to_message
    return bool(answered and answered.from_user and answered.from_user.id == room.bot_id)


def _without_mention(message: Message, bot_name: str) -> tuple[bool, str]:
    text = message.text or ""
    for mention in message.parse_entities([MessageEntityType.MENTION]).values():
        if mention.lower() == f"@{bot_name}".lower():
            return True, text.replace(mention, " ", 1)
    return False, text
