"""Inline queries: what the bot offers while somebody types its name, checked, and kept for as long as it says.

Of the kinds of result only the article is here: the bot offers no other. Who types and who chooses is
`local_server`'s to say.
"""

import re
from typing import Any

from bot.localchat.bench import CALLBACK_SECONDS_MAX, Bench, InlineAnswer, Offer
from bot.localchat.formatting import formatted
from bot.localchat.given import Given
from bot.localchat.keyboards import keyboard_of
from bot.localchat.refusal import bad_request
from bot.localchat.sending import TEXT_MAX, entities_of

RESULTS_MAX = 50
ID_BYTES_MAX = 64
OFFSET_BYTES_MAX = 64
CACHE_SECONDS = 300

_START = re.compile(r"[A-Za-z0-9_-]{1,64}")

JSON = dict[str, Any]


async def answer_inline_query(bench: Bench, given: Given) -> bool:
    results = given.structure("results", "inline query results")
    if not isinstance(results, list):
        raise bad_request("can't parse inline query results JSON object")
    if len(results) > RESULTS_MAX:
        raise bad_request("RESULTS_TOO_MUCH")
    offers = [_offer(one) for one in results]
    if len({one.id for one in offers}) < len(offers):
        raise bad_request("RESULT_ID_DUPLICATE")
    next_offset = given.text("next_offset")
    if len(next_offset.encode()) > OFFSET_BYTES_MAX:
        raise bad_request("NEXT_OFFSET_INVALID")
    answer = InlineAnswer(offers, next_offset, _note(given))
    query = bench.inline.get(given.text("inline_query_id"))
    age = (bench.world.now() - query.typed_at) * bench.time_scale if query else 0
    if query is None or query.answer or age > CALLBACK_SECONDS_MAX:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    query.answer = answer
    seconds = max(0, given.integer("cache_time", CACHE_SECONDS))
    for_whom = query.user.id if given.boolean("is_personal") else None
    bench.offered[for_whom, query.words, query.offset] = (bench.now() + seconds, answer)
    tell(bench, query.id, answer)
    return True


def known(bench: Bench, user: int, words: str, offset: str) -> InlineAnswer | None:
    """An answer that the bot let be kept and that is not too old yet."""
    for for_whom in (user, None):
        until, answer = bench.offered.get((for_whom, words, offset), (0.0, None))
        if answer and bench.now() < until:
            return answer
    return None


def tell(bench: Bench, query: str, answer: InlineAnswer) -> None:
    """Shows the offers on the page."""
    shown = [{"id": one.id, "title": one.title, "description": one.description} for one in answer.offers]
    bench.world.changed(kind="inline", query=query, results=shown, note=answer.note)


def _offer(result: Any) -> Offer:
    if not isinstance(result, dict):
        raise bad_request("can't parse inline query result: expected an Object")
    if result.get("type") != "article":
        raise bad_request("can't parse inline query result: unallowed result type is used")
    name, title = result.get("id"), result.get("title")
    if not isinstance(name, str) or not 0 < len(name.encode()) <= ID_BYTES_MAX:
        raise bad_request("RESULT_ID_INVALID")
    if not isinstance(title, str) or not title.strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    words = Given(result).structure("input_message_content", "input message content")
    if not isinstance(words, dict):
        raise bad_request("can't parse inline query result: Can't find field \"input_message_content\"")
    asked = Given(words)
    content = formatted(asked.text("message_text"), asked.text("parse_mode"), entities_of(asked, "entities"))
    if not content.text:
        raise bad_request("MESSAGE_EMPTY")
    if len(content.text) > TEXT_MAX:
        raise bad_request("MESSAGE_TOO_LONG")
    preview = asked.structure("link_preview_options", "link preview options")
    return Offer(
        name, title, str(result.get("description", "")), content, keyboard_of(result.get("reply_markup")), preview
    )


def _note(given: Given) -> JSON | None:
    """The button above the offers, which leads to the private chat."""
    button = given.structure("button", "inline query results button")
    if button is None:
        return None
    text, start = (button.get("text"), button.get("start_parameter")) if isinstance(button, dict) else (None, None)
    if not isinstance(text, str) or not text.strip():
        raise bad_request("can't parse inline query results button: text must be non-empty")
    if not isinstance(start, str) or not _START.fullmatch(start):
        raise bad_request("START_PARAM_INVALID")
    return {"text": text, "start": start}
