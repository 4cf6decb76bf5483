"""The HTTP face of the Bot API: ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``."""

import asyncio
import hmac
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.localchat.bench import Bench
from bot.localchat.calls import Call
from bot.localchat.connections import Dropped
from bot.localchat.faults import ANSWERS, Fault, Ordered
from bot.localchat.given import Given, read
from bot.localchat.methods import METHODS, Method
from bot.localchat.refusal import NOT_FOUND, UNAUTHORIZED, Refused, refused

HANG_SECONDS_MAX = 120

_UNAUTHORIZED = Refused(UNAUTHORIZED, "Unauthorized")


def routes(bench: Bench) -> list[Route]:
    """The Bot API's two addresses."""

    async def call(request: Request) -> Response:
        return await _answer(bench, request)

    async def download(request: Request) -> Response:
        return _downloaded(bench, request)

    return [
        Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", download, methods=["GET"]),
    ]


async def _answer(bench: Bench, request: Request) -> Response:
    if not _knows(bench, request):
        return _reply(_UNAUTHORIZED)
    method = METHODS.get(request.path_params["method"].lower())
    if method is None:
        return _reply(refused(NOT_FOUND, "method not found"))
    try:
        given = await read(request)
    except Refused as refusal:
        return _reply(refusal)
    return await _executed(bench, method, given)


def _knows(bench: Bench, request: Request) -> bool:
    return hmac.compare_digest(request.path_params["token"].encode(), bench.token.encode())


def _reply(refusal: Refused) -> JSONResponse:
    return JSONResponse(refusal.as_reply(), refusal.status)


async def _executed(bench: Bench, method: Method, given: Given) -> Response:
    call = Call(method.name, _logged(given), bench.world.now(), method.strange(given))
    started = time.perf_counter()
    fault = bench.faults.next(method.name)
    try:
        response = await _faulty(bench, method, given, call, fault)
    except Refused as refusal:
        call.status, call.description = refusal.status, refusal.description
        response = _reply(refusal)
    call.took = time.perf_counter() - started
    call.answered = not isinstance(response, Dropped)
    bench.calls.add(call)
    bench.world.changed()
    return response


def _logged(given: Given) -> dict[str, Any]:
    files = {name: f"{len(upload.content)} bytes" for name, upload in given.files.items()}
    return dict(given.fields) | files


async def _faulty(bench: Bench, method: Method, given: Given, call: Call, order: Ordered | None) -> Response:
    call.fault = order.fault.value if order else None
    if order and order.fault in ANSWERS:
        raise order.refusal()
    if order and order.fault is Fault.DROP_BEFORE:
        return Dropped()
    if order and order.fault is Fault.HANG:
        await _hang(bench)
        return Dropped()
    call.result = await method.call(bench, given)
    call.status, call.executed = 200, method.changes
    if order and order.fault is Fault.DROP_AFTER:
        return Dropped()
    return JSONResponse({"ok": True, "result": call.result})


async def _hang(bench: Bench) -> None:
    try:
        await asyncio.wait_for(bench.stopping.wait(), HANG_SECONDS_MAX)
    except TimeoutError:
        return


def _downloaded(bench: Bench, request: Request) -> Response:
    if not _knows(bench, request):
        return _reply(_UNAUTHORIZED)
    file = bench.world.files.get(request.path_params["path"].rpartition("/")[2])
    if file is None:
        return _reply(Refused(NOT_FOUND, "Not Found"))
    return Response(file.content, media_type="application/octet-stream")
