"""Quotes, views and what the local server makes of a message, for the tests of rendering. All names are invented."""

import asyncio
from datetime import UTC, datetime, tzinfo

from bot.localchat import LocalServer, Message
from bot.localchat.given import Given, Upload
from bot.localchat.sending import send_document, send_message
from bot.messages.message import Button
from bot.messages.message import Message as Rendered
from bot.messages.phrases import spoken
from bot.messages.view import View
from retrieval.attribution import statements
from retrieval.model import (
    Answer,
    Article,
    ArticleVersion,
    Outlet,
    Published,
    Question,
    Quote,
    Span,
    Statement,
    Supplied,
)
from storage.values import CorpusStatistics
from tests.build import NOON

LATER = datetime(2026, 11, 22, 12, 40, tzinfo=UTC)
CORPUS = CorpusStatistics(
    articles=4210,
    versions=4300,
    passages=20_000,
    statements=9_000,
    outlets=38,
    earliest=datetime(2026, 3, 2, tzinfo=UTC),
    latest=NOON,
    newest_added_at=NOON,
    languages={"en": 4210},
)


def a_view(zone: tzinfo | None = None, *, operator: bool = False) -> View:
    return View(spoken("en"), LATER, "briefing_local_bot", zone, operator)


def a_quote(
    text: str,
    words: str | Span | None = None,
    *,
    found: tuple[Statement, ...] | None = None,
    outlet: str | None = "Velm Post",
    url: str | None = "https://velm-post.example/1",
    headline: str | None = "Bridge closed in Velm",
    published: Published | None = None,
    language: str = "en",
    article: int = 1,
) -> Quote:
    """`words` of a text, all of it by default, attributed by the product's own rules unless `found` says otherwise."""
    span = words if isinstance(words, Span) else _span(text, words or text)
    version = ArticleVersion(
        id=article,
        article_id=article,
        number=1,
        headline=headline,
        byline=None,
        dateline=None,
        language=language,
        published=published,
        fetched_at=NOON,
        supplied=Supplied.BY_OPERATOR,
        text=text,
        text_sha256="0" * 64,
    )
    known = tuple(statements(text, language, headline)) if found is None else found
    meeting = tuple(each for each in known if any(part.meets(span) for part in each.content))
    return Quote(Article(article, None, url, Outlet(outlet) if outlet else None), version, span, meeting)


def an_answer(*quotes: Quote) -> Answer:
    return Answer(Question("What?", "en"), quotes, NOON)


def _span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


class Chat:
    """A private chat on the local server; `receives` gives the message as Telegram shows it, or raises Refused."""

    def __init__(self) -> None:
        server = LocalServer()
        self._bench = server.bench
        self._fields = {"chat_id": str(server.add_user("Mira").id)}

    def receives(self, rendered: Rendered, *, plainly: bool = False) -> Message:
        words = rendered.markup.plain if plainly else rendered.markup.html
        fields = {**self._fields, "reply_markup": _markup(rendered)}
        if not plainly:
            fields["parse_mode"] = "HTML"
        if rendered.document is None:
            sent = asyncio.run(send_message(self._bench, Given({**fields, "text": words})))
        else:
            upload = Upload(rendered.document.name, "text/plain", rendered.document.text.encode())
            given = Given({**fields, "caption": words, "document": "attach://file"}, {"file": upload})
            sent = asyncio.run(send_document(self._bench, given))
        chat = self._bench.world.chats[int(self._fields["chat_id"])]
        return chat.messages[sent["message_id"]]


def _markup(rendered: Rendered) -> dict[str, object]:
    return {"inline_keyboard": [[_button(each) for each in row] for row in rendered.buttons]}


def _button(button: Button) -> dict[str, object]:
    if button.copy is not None:
        return {"text": button.text, "copy_text": {"text": button.copy}}
    if button.url is not None:
        return {"text": button.text, "url": button.url}
    return {"text": button.text, "callback_data": "0123456789ab"}
