"""The control over HTTP, for a test whose server runs in another process. Off unless asked for; loopback only.

``POST /control/<verb>`` with JSON fields, ``GET /control/messages?chat=`` and ``GET /control/calls?since=&seconds=``.
Not part of the Bot API: Telegram has nothing like it.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.localchat import views
from bot.localchat.faults import Fault
from bot.localchat.given import Given, read
from bot.localchat.local_server import LocalServer
from bot.localchat.refusal import NOT_FOUND, Refused

WAIT_SECONDS_MAX = 60

JSON = dict[str, Any]


def routes(local: LocalServer) -> list[Route]:
    async def control(request: Request) -> Response:
        verb = _VERBS.get(request.path_params["verb"])
        try:
            if verb is None:
                raise Refused(NOT_FOUND, "no such verb")
            return JSONResponse(verb(local, await read(request)))
        except Refused as refusal:
            return JSONResponse(refusal.as_reply(), refusal.status)
        except (KeyError, ValueError, LookupError) as error:
            return JSONResponse({"ok": False, "description": repr(error)}, 400)

    async def messages(request: Request) -> Response:
        chat = local.chat(int(request.query_params["chat"]))
        return JSONResponse([views.message_view(local, one) for one in local.messages(chat)])

    async def calls(request: Request) -> Response:
        return await _calls(local, Given(dict(request.query_params)))

    return [
        Route("/control/messages", messages),
        Route("/control/calls", calls),
        Route("/control/{verb}", control, methods=["POST"]),
    ]


async def _calls(local: LocalServer, given: Given) -> Response:
    """The calls after the first `since`, waiting up to `seconds` for one."""
    since = given.integer("since")
    try:
        await local.until(lambda: len(local.calls) > since, min(given.integer("seconds"), WAIT_SECONDS_MAX))
    except TimeoutError:
        return JSONResponse([])
    return JSONResponse([asdict(call) for call in list(local.calls)[since:]])


def _user(local: LocalServer, given: Given) -> JSON:
    name = given.text("first_name") or "Reader"
    return {"id": local.add_user(name, started=not given.has("started") or given.boolean("started")).id}


def _group(local: LocalServer, given: Given) -> JSON:
    members = [local.user(int(one)) for one in given.structure("members", "members") or []]
    group = local.add_group(given.text("title"), *members, topics=given.structure("topics", "topics") or ())
    return {"id": group.id, "topics": list(group.topics)}


def _says(local: LocalServer, given: Given) -> JSON:
    message = local.says(
        given.integer("chat"),
        given.integer("user") or given.integer("chat"),
        given.text("text"),
        given.integer("thread_id") or None,
        given.integer("reply_to") or None,
    )
    return {"id": message.id}


def _edits(local: LocalServer, given: Given) -> JSON:
    local.edits(local.chat(given.integer("chat")).messages[given.integer("message")], given.text("text"))
    return {}


def _presses(local: LocalServer, given: Given) -> JSON:
    message = local.chat(given.integer("chat")).messages[given.integer("message")]
    return {"query": local.presses(message, given.text("button"), given.integer("user") or None)}


def _blocks(local: LocalServer, given: Given) -> JSON:
    local.blocks(given.integer("user"))
    return {}


def _unblocks(local: LocalServer, given: Given) -> JSON:
    local.unblocks(given.integer("user"))
    return {}


def _faults(local: LocalServer, given: Given) -> JSON:
    local.faults.order(
        Fault(given.text("fault")),
        given.text("method") or None,
        times=given.integer("times", 1),
        retry_after=given.integer("retry_after", 1),
        description=given.text("description") or None,
    )
    return {}


def _mix(local: LocalServer, given: Given) -> JSON:
    probabilities = given.structure("probabilities", "probabilities") or {}
    local.faults.mix(
        {Fault(fault): float(probability) for fault, probability in probabilities.items()},
        seed=given.integer("seed"),
        methods=given.structure("methods", "methods") or (),
        retry_after=given.integer("retry_after", 1),
    )
    return {}


def _clear(local: LocalServer, given: Given) -> JSON:
    local.faults.clear()
    return {}


_VERBS: dict[str, Callable[[LocalServer, Given], JSON]] = {
    "user": _user,
    "group": _group,
    "says": _says,
    "edits": _edits,
    "presses": _presses,
    "blocks": _blocks,
    "unblocks": _unblocks,
    "fault": _faults,
    "mix": _mix,
    "clear": _clear,
}
