"""What operators are told unasked, of what only they can mend; owed like any message."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import markup, places
from bot.messages.phrases import spoken
from storage import chats, outbox
from storage.values import OutboxDraft, OutboxMessage, Priority


@dataclass(frozen=True, slots=True)
class Operators:
    """Who is told, beside those whom a link made operators, and in which language."""

    admin_ids: tuple[int, ...] = ()
    language: str = "en"


NOBODY = Operators()


async def topic_closed(
    session: AsyncSession, message: OutboxMessage, topic: int, operators: Operators, *, now: datetime
) -> None:
    """Tell each operator, once a day for each topic, that what was meant for it went to the general topic."""
    phrases = spoken(operators.language)
    named = phrases["topic_named"].format(topic=topic, group=message.chat_id)
    told = markup.fill(phrases["topic_closed"], topic=markup.link(named, places.topic_address(message.chat_id, topic)))
    for operator in {*operators.admin_ids, *await chats.operators(session, message.bot_id)}:
        draft = OutboxDraft(
            key=f"topic_closed:{message.bot_id}:{message.chat_id}:{topic}:{now:%Y%m%d}:{operator}",
            bot_id=message.bot_id,
            chat_id=operator,
            html=told.html,
            plain=told.plain,
            priority=Priority.NOTICE,
        )
        await outbox.put(session, draft, now=now)
