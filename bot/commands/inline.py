"""Quotes offered while a reader types the bot's name and a question in any chat. Keeps nothing of what is typed."""

from datetime import timedelta
from typing import Any

from bot import answering
from bot.commands.reader import Reader, may_ask, view_for
from bot.commands.words import ADDRESS
from bot.messages import inline
from bot.messages.inline import Offered
from bot.telegram.context import Room, Turns
from retrieval.quotes import QUOTES_MAX

QUESTION_CHARACTERS_MIN = 3
A_MINUTE_MAX = 60
READERS_COUNTED_MAX = 10_000

PRIVATE = "ask"  # what /start is handed by the line above the offers


class Offers:
    """What each reader who types is offered, so often a minute and no oftener."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._turns = Turns(A_MINUTE_MAX, timedelta(minutes=1), READERS_COUNTED_MAX)

    async def of(self, typed: dict[str, Any]) -> Offered | None:
        """Quotes for a trimmed inline query, or why there are none; None where a reader types too much."""
        room, words = self._room, typed["query"].strip()
        reader = _reader(typed, room)
        if self._turns.take(reader.user_id, reader.at):
            return None
        async with room.store.reading() as session:
            view = await view_for(session, reader, room)
            if not await may_ask(session, reader, room):
                return inline.only("inline_invited", view)
        if len(words) < QUESTION_CHARACTERS_MIN or ADDRESS.fullmatch(words):
            return inline.only("inline_empty", view)
        answer = await answering.answer(
            words, store=room.store, engine=room.engine, workers=room.workers, limit=0, quotes=QUOTES_MAX
        )
        return inline.render(answer, view)


def _reader(typed: dict[str, Any], room: Room) -> Reader:
    """Who types: where, Telegram does not say, so it is the reader of the private chat."""
    person = typed["from"]
    return Reader(
        user_id=person["id"],
        chat_id=person["id"],
        private=True,
        message_id=None,
        thread_id=None,
        update_id=0,
        language=person.get("language_code"),
        at=room.clock(),
    )
