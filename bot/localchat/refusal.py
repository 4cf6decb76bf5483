"""How the Bot API says no: an HTTP status, Telegram's words, and parameters for the program."""

from dataclasses import dataclass, field
from typing import Any

BAD_REQUEST = 400
UNAUTHORIZED = 401
FORBIDDEN = 403
NOT_FOUND = 404
CONFLICT = 409
TOO_LARGE = 413
TOO_MANY_REQUESTS = 429
BAD_GATEWAY = 502

_TITLES = {BAD_REQUEST: "Bad Request", FORBIDDEN: "Forbidden", CONFLICT: "Conflict", NOT_FOUND: "Not Found"}


@dataclass
class Refused(Exception):
    """A call that is not executed. `description` is what Telegram's server would say, title included."""

    status: int
    description: str
    parameters: dict[str, Any] = field(default_factory=dict)

    def as_reply(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        reply: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        return reply | ({"parameters": self.parameters} if self.parameters else {})


def refused(status: int, words: str, **parameters: Any) -> Refused:
    """A refusal whose description begins with the status' own title, as Telegram writes it."""
    return Refused(status, f"{_TITLES[status]}: {words}", parameters)


def bad_request(words: str, **parameters: Any) -> Refused:
    return refused(BAD_REQUEST, words, **parameters)


def forbidden(words: str) -> Refused:
    return refused(FORBIDDEN, words)


def too_many(retry_after: int) -> Refused:
    """A 429; `retry_after` in whole seconds."""
    words = f"Too Many Requests: retry after {retry_after}"
    return Refused(TOO_MANY_REQUESTS, words, {"retry_after": retry_after})
