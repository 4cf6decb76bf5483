"""Logs for eyes or for programs, on standard error: no token, and no words of a question.

Our own modules log at the chosen level by ``structlog.get_logger(__name__)``; libraries only warn, because
at a lower level several of them log addresses that hold the token, updates, or the parameters of SQL.
"""

import asyncio
import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from bot.settings import TOKEN_DIGITS, TOKEN_LETTERS

OURS = ("bot", "storage", "retrieval")
TOKEN_LIKE = re.compile(rf"(?<![0-9]){TOKEN_DIGITS}(?::|%3[Aa]){TOKEN_LETTERS}+")
REDACTED = "***"

Event = MutableMapping[str, Any]


def configure(level: str = "INFO", layout: str = "console") -> None:
    """Send all logs to standard error; `layout` is console or json."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _first_line_of_foreign,
        _frames_alone,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    to_stderr = logging.StreamHandler(sys.stderr)
    to_stderr.addFilter(_tells_something)
    to_stderr.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(layout)],
        )
    )
    logging.root.handlers[:] = [to_stderr]
    logging.root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level)


def _tells_something(record: logging.LogRecord) -> bool:
    """False where the pool calls it an error that a task was cancelled amid a transaction, which is undone then."""
    error = record.exc_info[1] if record.exc_info else None
    return not (record.name.startswith("sqlalchemy.pool") and isinstance(error, asyncio.CancelledError))


def _renderer(layout: str) -> structlog.typing.Processor:
    render: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if layout == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )

    def redacted(logger: Any, method: str, event: Event) -> str:
        return TOKEN_LIKE.sub(REDACTED, str(render(logger, method, event)))

    return redacted


def _first_line_of_foreign(logger: Any, method: str, event: Event) -> Event:
    """asyncio adds the failed task's exception, words and all, below its first line."""
    if str(event.get("logger", "")).startswith("asyncio"):
        event["event"] = str(event["event"]).split("\n", 1)[0]
    return event


def _frames_alone(logger: Any, method: str, event: Event) -> Mapping[str, Any]:
    """A traceback without the exception's message: `KeyError('words')` would put a question into the log."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = frames(error)
    return event


def frames(error: BaseException) -> str:
    """The frames and the type of an error and of its causes, oldest first, without their messages."""
    chain: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(chain) < 10:
        place = "".join(traceback.format_tb(seen.__traceback__))
        chain.append(f"{place}{type(seen).__module__}.{type(seen).__qualname__}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\n".join(reversed(chain))
