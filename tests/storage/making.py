"""What storage's tests put in, prepared by hand, so that they hold whatever attribution and passages do."""

import asyncio
import hashlib
from collections.abc import Awaitable
from datetime import timedelta
from itertools import pairwise
from typing import TypeVar

from retrieval.model import Draft, Prepared, PreparedPassage, Span, Statement
from storage.values import OutboxDraft, Priority

LEASE = timedelta(seconds=60)
PATIENCE_SECONDS = 30
BOT, CHAT, READER = 100, 200, 300

T = TypeVar("T")


async def until(result: Awaitable[T]) -> T:
    """The result, if it comes in time."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await result


def made_ready(draft: Draft, *statements: Statement, passages: int = 2) -> Prepared:
    """A draft cut into passages of equal length, with its words as tokens."""
    length = len(draft.text)
    ends = [length * number // passages for number in range(passages + 1)]
    spans = [Span(start, end) for start, end in pairwise(ends) if start < end]
    return Prepared(
        language=draft.language or "en",
        text_sha256=hashlib.sha256(draft.text.encode()).hexdigest(),
        passages=tuple(PreparedPassage(span, "en", tuple(span.of(draft.text).lower().split())) for span in spans),
        statements=statements,
    )


def a_message(
    key: str, *, chat_id: int = CHAT, bot_id: int = BOT, priority: int = Priority.ANSWER, **more: object
) -> OutboxDraft:
    return OutboxDraft(key, bot_id, chat_id, f"<b>{key}</b>", key, priority=priority, **more)  # type: ignore[arg-type]
