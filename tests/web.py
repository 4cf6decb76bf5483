"""A stub web: a real HTTP server on loopback that answers by script, for any number of host names.

    async with stub_web() as web:
        web.serves("/feed", body=b"<rss/>", etag='"1"')
        ...
        assert web.asked == ["GET /feed"]

What it cannot script by fields it takes as a function of the request.
"""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

REASONS = {200: "OK", 301: "Moved", 302: "Found", 304: "Not Modified", 404: "Not Found", 410: "Gone"}
NEVER_SECONDS = 3_600.0


@dataclass(frozen=True)
class Request:
    host: str
    path: str
    headers: dict[str, str]


@dataclass
class Reply:
    """An answer: `pieces` go out one by one; `hangs` keeps the connection open after them."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pieces: Iterable[bytes] = ()
    hangs: bool = False
    seconds: float = 0.0


Answering = Callable[[Request], Reply | Awaitable[Reply]]


class StubWeb:
    """Hosts and what they answer; `requests` are all that were made, in order."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.requests: list[Request] = []
        self.open_at_once: dict[str, int] = {}
        self.open_at_once_max: dict[str, int] = {}
        self._answers: dict[tuple[str | None, str], Answering] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def at(self, host: str, path: str = "/") -> str:
        """The address of a path on a host; the host's name is resolved by `resolve`."""
        return f"http://{host}:{self.port}{path}"

    @property
    def asked(self) -> list[str]:
        return [f"GET {request.path}" for request in self.requests]

    async def resolve(self, host: str, port: int) -> list[str]:
        """Every host of this web stands on loopback."""
        return ["127.0.0.1"]

    def serves(
        self,
        path: str,
        body: bytes | str = b"",
        *,
        host: str | None = None,
        status: int = 200,
        kind: str = "text/html; charset=utf-8",
        seconds: float = 0.0,
        **headers: str,
    ) -> None:
        """Answer a path with a body; an etag or last_modified given here is honoured with 304."""
        content = body.encode() if isinstance(body, str) else body
        told = {"content-type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}

        def answer(request: Request) -> Reply:
            known = (request.headers.get("if-none-match"), request.headers.get("if-modified-since"))
            if any(one is not None and one in told.values() for one in known):
                return Reply(304, told, seconds=seconds)
            return Reply(status, {**told, "content-length": str(len(content))}, [content], seconds=seconds)

        self.answers(path, answer, host=host)

    def moves(self, path: str, to: str, *, status: int = 301, host: str | None = None) -> None:
        self.answers(path, lambda _: Reply(status, {"location": to, "content-length": "0"}), host=host)

    def answers(self, path: str, answer: Answering, *, host: str | None = None) -> None:
        """Answer a path by a function of the request."""
        self._answers[host, path] = answer

    def forgets(self) -> None:
        self.requests.clear()

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, to its end."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while request := await self._request(reader):
                self.requests.append(request)
                here = self.open_at_once[request.host] = self.open_at_once.get(request.host, 0) + 1
                self.open_at_once_max[request.host] = max(here, self.open_at_once_max.get(request.host, 0))
                try:
                    if not await self._answer(request, writer):
                        break
                finally:
                    self.open_at_once[request.host] -= 1
        writer.close()

    async def _request(self, reader: asyncio.StreamReader) -> Request | None:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        return Request(headers.get("host", "").partition(":")[0], first.split(" ")[1], headers)

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        answering = self._answers.get((request.host, request.path)) or self._answers.get((None, request.path))
        found = answering(request) if answering else Reply(404, {"content-length": "0"})
        reply = found if isinstance(found, Reply) else await found
        await asyncio.sleep(reply.seconds)
        lines = [f"HTTP/1.1 {reply.status} {REASONS.get(reply.status, 'Answer')}"]
        lines += [f"{name}: {value}" for name, value in reply.headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        for piece in () if reply.status == 304 else reply.pieces:
            writer.write(piece)
            await writer.drain()
        await writer.drain()
        if reply.hangs:
            await asyncio.sleep(NEVER_SECONDS)
        return reply.status == 304 or "content-length" in reply.headers


@asynccontextmanager
async def stub_web() -> AsyncIterator[StubWeb]:
    """A stub web at work."""
    connections: set[asyncio.Task[None]] = set()
    web = StubWeb(0)

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(web.meet(reader, writer))
        connections.add(task)
        task.add_done_callback(connections.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    web.port = server.sockets[0].getsockname()[1]
    try:
        yield web
    finally:
        server.close()
        for task in list(connections):
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


@contextlib.contextmanager
def stub_web_beside() -> Iterator[StubWeb]:
    """A stub web in a thread of its own, for a test that is itself no coroutine."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    context = stub_web()
    try:
        yield asyncio.run_coroutine_threadsafe(context.__aenter__(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(context.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
