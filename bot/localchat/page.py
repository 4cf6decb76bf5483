"""The chat page: its files, its state, its live events, and what the visitor does on it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.localchat import views
from bot.localchat.given import BODY_BYTES_MAX, UPLOAD_BYTES_MAX, Given, body
from bot.localchat.local_server import LocalServer
from bot.localchat.refusal import NOT_FOUND, Refused, bad_request
from bot.localchat.sending import TEXT_MAX
from bot.localchat.world import Chat, Message

LISTENERS_MAX = 32
HEARTBEAT_SECONDS = 15
PIECES_MAX = 20
TYPED_MAX = 256

_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

JSON = dict[str, Any]
Act = Callable[[LocalServer, Given], JSON]


def routes(local: LocalServer) -> list[Route]:
    """The page's addresses; what changes the world takes JSON by POST only."""
    assets = {f"/assets/{name}": (content, kind) for name, content, kind in _assets()}

    async def page(request: Request) -> Response:
        return Response(assets["/assets/index.html"][0], media_type="text/html")

    async def asset(request: Request) -> Response:
        found = assets.get(request.url.path)
        return Response(found[0], media_type=found[1]) if found else Response(status_code=NOT_FOUND)

    async def other_page(request: Request) -> Response:
        found = local.pages.get(request.url.path)
        return Response(found[1], media_type=found[0]) if found else Response("No such page\n", NOT_FOUND)

    async def state(request: Request) -> Response:
        return JSONResponse(views.state(local))

    async def events(request: Request) -> Response:
        return _stream(local)

    return [
        Route("/", page),
        Route("/assets/{name}", asset),
        Route("/news/{path:path}", other_page),
        Route("/chat/state", state),
        Route("/chat/events", events),
        Route("/chat/history", _reading(local, _history)),
        Route("/chat/file/{id}", _file_route(local)),
        Route("/chat/upload", _upload_route(local), methods=["POST"]),
        *(Route(f"/chat/{name}", _acting(local, act), methods=["POST"]) for name, act in _ACTS.items()),
    ]


def _assets() -> list[tuple[str, bytes, str]]:
    folder = files("bot.localchat") / "web"
    kinds = ((item, _TYPES.get("." + item.name.rpartition(".")[2])) for item in folder.iterdir())
    return [(item.name, item.read_bytes(), kind) for item, kind in kinds if kind]


def _reading(local: LocalServer, read: Act) -> Callable[[Request], Awaitable[Response]]:
    async def route(request: Request) -> Response:
        return _answered(lambda: read(local, Given(dict(request.query_params))))

    return route


def _acting(local: LocalServer, act: Act) -> Callable[[Request], Awaitable[Response]]:
    async def route(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return _no(bad_request("JSON expected"))
        try:
            fields = json.loads(await body(request, BODY_BYTES_MAX))
        except (ValueError, Refused) as error:
            return _no(error if isinstance(error, Refused) else bad_request("JSON expected"))
        if not isinstance(fields, dict):
            return _no(bad_request("object expected"))
        return _answered(lambda: act(local, Given(fields)))

    return route


def _answered(act: Callable[[], JSON]) -> Response:
    try:
        return JSONResponse(act())
    except Refused as refusal:
        return _no(refusal)


def _no(refusal: Refused) -> Response:
    return JSONResponse(refusal.as_reply(), refusal.status)


# ── live ─────────────────────────────────────────────────────────────────────────────────────────


def _stream(local: LocalServer) -> Response:
    if local.world.listeners >= LISTENERS_MAX:
        return Response("Too many windows\n", 503)
    return StreamingResponse(_events(local), media_type="text/event-stream")


async def _events(local: LocalServer) -> AsyncIterator[str]:
    """Server-sent events until the server stops; after a gap the page is told to read its state again."""
    with local.world.listening() as queue:
        yield "retry: 500\n\n"
        while not local.bench.stopping.is_set():
            try:
                event = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            yield f"data: {json.dumps(_told(local, event), ensure_ascii=False)}\n\n"


def _told(local: LocalServer, event: JSON | None) -> JSON:
    if event is None:
        return {"kind": "chats"}
    if event["kind"] in ("message", "edit"):
        message = local.world.chats[event["chat"]].messages.get(event["message"])
        return event | {"message": views.message_view(local, message)} if message else {"kind": "chats"}
    return event


# ── what a visitor does ──────────────────────────────────────────────────────────────────────────


def _chat(local: LocalServer, given: Given) -> Chat:
    chat = local.world.chats.get(given.integer("chat"))
    if chat is None:
        raise Refused(NOT_FOUND, "no such chat")
    return chat


def _message(local: LocalServer, given: Given, field: str = "message") -> Message:
    message = _chat(local, given).messages.get(given.integer(field))
    if message is None or message.removed:
        raise Refused(NOT_FOUND, "no such message")
    return message


def _insider(local: LocalServer, given: Given) -> int:
    user = given.integer("user")
    if all(user != one.id for one in local.world.insiders(_chat(local, given))):
        raise Refused(NOT_FOUND, "no such person in this chat")
    return user


def _history(local: LocalServer, given: Given) -> JSON:
    thread = given.integer("thread") or None
    return {"messages": views.history(local, _chat(local, given), given.integer("before"), thread)}


def _send(local: LocalServer, given: Given) -> JSON:
    """A text, split as Telegram's own clients split a long paste."""
    chat, user = _chat(local, given), _insider(local, given)
    reply_to = _message(local, given, "reply") if given.integer("reply") else None
    pieces = split(given.text("text"))[:PIECES_MAX]
    if not pieces:
        raise bad_request("message text is empty")
    thread = given.integer("thread") or None
    for piece in pieces:
        local.says(chat, user, piece, thread, reply_to, quote=given.text("quote") or None)
    return {"sent": len(pieces)}


def split(text: str) -> list[str]:
    """Pieces of at most TEXT_MAX characters, cut at a line's or a word's end where there is one."""
    pieces: list[str] = []
    rest = text.strip()
    while len(rest) > TEXT_MAX:
        cut = max(rest.rfind("\n", 1, TEXT_MAX), rest.rfind(" ", TEXT_MAX // 2, TEXT_MAX))
        pieces.append(rest[: cut if cut > 0 else TEXT_MAX])
        rest = rest[len(pieces[-1]) :].strip()
    return [*pieces, rest] if rest else pieces


def _edit(local: LocalServer, given: Given) -> JSON:
    message = _message(local, given)
    if message.sender is local.bot or message.file or not given.text("text").strip():
        raise bad_request("message can't be edited")
    local.edits(message, given.text("text")[:TEXT_MAX])
    return {}


def _press(local: LocalServer, given: Given) -> JSON:
    message, number = _message(local, given), given.integer("button")
    if not 0 <= number < len(message.buttons) or "callback_data" not in message.buttons[number]:
        raise Refused(NOT_FOUND, "no such button")
    return {"query": local.presses(message, number, _insider(local, given))}


def _react(local: LocalServer, given: Given) -> JSON:
    local.reacts(_message(local, given), _insider(local, given), given.text("emoji")[:8] or None)
    return {}


def _block(local: LocalServer, given: Given) -> JSON:
    change = local.blocks if given.boolean("blocked") else local.unblocks
    change(_insider(local, given))
    return {}


def _type(local: LocalServer, given: Given) -> JSON:
    """The bot's name and some words, still being typed; what the bot offers is told as an event."""
    words = given.text("words")[:TYPED_MAX]
    return {"query": local.types(_insider(local, given), words, _chat(local, given))}


def _choose(local: LocalServer, given: Given) -> JSON:
    user, query = _insider(local, given), given.text("query")
    typed = local.bench.inline.get(query)
    if typed is None or typed.user.id != user:
        raise Refused(NOT_FOUND, "no such offers")
    try:
        local.chooses(query, given.text("offer"), _chat(local, given), given.integer("thread") or None)
    except LookupError:
        raise Refused(NOT_FOUND, "no such offer") from None
    return {}


_ACTS: dict[str, Act] = {
    "send": _send,
    "edit": _edit,
    "press": _press,
    "react": _react,
    "block": _block,
    "type": _type,
    "choose": _choose,
}


# ── files ────────────────────────────────────────────────────────────────────────────────────────


def _file_route(local: LocalServer) -> Callable[[Request], Awaitable[Response]]:
    async def route(request: Request) -> Response:
        file = local.world.files.get(request.path_params["id"])
        if file is None:
            return Response(status_code=NOT_FOUND)
        inline = file.mime in _SHOWN_INLINE
        headers = {} if inline else {"content-disposition": "attachment"}
        return Response(file.content, media_type=file.mime if inline else "application/octet-stream", headers=headers)

    return route


def _upload_route(local: LocalServer) -> Callable[[Request], Awaitable[Response]]:
    """A file as the request's body; its name, chat and writer in the query."""

    async def route(request: Request) -> Response:
        given = Given(dict(request.query_params))
        if request.headers.get("content-type") != "application/octet-stream":
            return _no(bad_request("application/octet-stream expected"))
        try:
            content = await body(request, UPLOAD_BYTES_MAX)
        except Refused as refusal:
            return _no(refusal)
        return _answered(lambda: _uploaded(local, given, content))

    return route


def _uploaded(local: LocalServer, given: Given, content: bytes) -> JSON:
    if not content:
        raise bad_request("file must be non-empty")
    mime = given.text("mime") or "application/octet-stream"
    local.sends_file(
        _chat(local, given),
        _insider(local, given),
        content,
        kind="photo" if mime in ("image/png", "image/jpeg") else "document",
        name=given.text("name")[:255] or "file",
        mime=mime[:100],
        thread_id=given.integer("thread") or None,
    )
    return {}
