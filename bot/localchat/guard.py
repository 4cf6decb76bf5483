"""Who may talk to this server: programs and pages of this machine, never a page from elsewhere.

The Host check ends DNS rebinding, the Origin and Sec-Fetch-Site checks end cross-site requests. No CORS header is sent.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """ASGI middleware: refuses what does not come from here with 403, and adds the security headers."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        reason = refusal(Headers(scope=scope), scope["method"], scope["path"])
        application = PlainTextResponse(f"Refused: {reason}\n", 403) if reason else self._application

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await application(scope, receive, send_guarded)


def refusal(headers: Headers, method: str, path: str) -> str | None:
    """Why a request is refused; None where it may pass."""
    host = headers.get("host", "")
    if _name(f"//{host}") not in LOOPBACK:
        return "this server answers only under a loopback name"
    origin = headers.get("origin")
    if origin is not None and (not origin.startswith("http://") or urlsplit(origin).netloc != host):
        return "foreign origin"
    opens_the_page = method == "GET" and path == "/"
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and not opens_the_page:
        return "cross-site request"
    return None


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
