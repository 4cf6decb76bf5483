"""What may reach a log: no token, no words of a question, one line of JSON where programs read."""

import asyncio
import json
import logging
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import structlog

from bot import logs, settings
from storage.database import Store

TOKEN = "123456:" + "Ab-9_" * 7
WORDS = "what did the mayor say about my illness"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:] = root
    logging.root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("digits", [1, 5, 20])
def test_whatever_settings_take_for_a_token_is_taken_out(digits: int) -> None:
    token = "7" * digits + ":" + "b" * 30
    assert settings.TOKEN.fullmatch(token)
    assert logs.TOKEN_LIKE.sub(logs.REDACTED, f"bot{token}/getMe") == "bot***/getMe"


@pytest.mark.parametrize("layout", ["console", "json"])
def test_a_token_is_taken_out_wherever_it_stands(layout: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO", layout)
    log = structlog.get_logger("bot.telegram")
    log.warning(f"no answer from https://api.telegram.org/bot{TOKEN}/getMe", tried=[{"url": f"x{TOKEN}"}])
    logging.getLogger("telegram.ext").error("Exception for %s", TOKEN.replace(":", "%3A"))
    written = capsys.readouterr()
    assert written.out == ""
    assert "getMe" in written.err
    assert "telegram.ext" in written.err
    assert "Ab-9_" not in written.err


@pytest.mark.parametrize("layout", ["console", "json"])
def test_an_exception_is_told_by_type_and_place_without_its_words(
    layout: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("INFO", layout)
    try:
        try:
            dict[str, str]()[WORDS]
        except KeyError as error:
            raise ValueError(WORDS) from error
    except ValueError:
        structlog.get_logger("bot.loops").exception("step failed")
        logging.getLogger("telegram.ext").exception("No error handlers are registered")
    written = capsys.readouterr().err
    assert "ValueError" in written
    assert "KeyError" in written
    assert "test_logs.py" in written
    assert WORDS not in written


def test_a_task_that_nobody_awaited_logs_none_of_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("DEBUG", "json")

    async def fail() -> None:
        raise ValueError(WORDS)

    async def forget() -> None:
        task = asyncio.create_task(fail())
        await asyncio.wait([task])

    asyncio.run(forget())
    written = capsys.readouterr().err
    assert "never retrieved" in written
    assert WORDS not in written


def test_libraries_only_warn_whatever_the_level(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("DEBUG", "console")
    for name in ("httpx", "httpcore.http11", "telegram.ext.Application", "aiosqlite", "sqlalchemy.engine"):
        logging.getLogger(name).info("parameters: %s", WORDS)
    structlog.get_logger("bot.app").debug("ready")
    written = capsys.readouterr().err
    assert "ready" in written
    assert WORDS not in written


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO", "json")
    structlog.get_logger("storage.database").info("opened", dialect="sqlite")
    structlog.get_logger("bot.app").debug("not at this level")
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["level"], told["logger"]) == ("opened", "info", "storage.database")
    assert told["dialect"] == "sqlite"
    assert told["timestamp"].endswith("Z")


async def test_a_task_cancelled_amid_a_transaction_is_no_error(
    sqlite_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("DEBUG", "console")

    async def write() -> None:
        async with sqlite_store.writing() as session:
            await session.execute(sa.text("SELECT 1"))

    def cancel(*_: object) -> None:
        task.cancel()

    task = asyncio.create_task(write())
    sa.event.listen(sa.Pool, "reset", cancel)  # the connection is about to be rolled back and given back
    try:
        await asyncio.gather(task, return_exceptions=True)
    finally:
        sa.event.remove(sa.Pool, "reset", cancel)
    logging.getLogger("sqlalchemy.pool.impl").error("the pool is worn out")
    assert capsys.readouterr().err.count("sqlalchemy.pool") == 1
