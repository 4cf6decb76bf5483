"""What the demo needs beside the bot: a folder that is surely its own, and articles to answer from.

Starts no server and no bot; `bot.app` does.
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import structlog

from bot import samples
from bot.newsroom import files
from bot.newsroom.drafts import Given
from bot.newsroom.files import Arrival, Found, Refusal
from bot.newsroom.intake import Fate, take_in
from bot.samples import pages as sample_pages
from bot.telegram.context import Room

MARK = ".briefing-bot-demo"
FOLDER_MODE = 0o700

#: What the chat page says beside the chats.
BANNER = """The whole bot, in a local chat, on sample articles about invented places. Nothing leaves this computer.
To go on in Telegram: ask @BotFather for a token, put it into .env as TELEGRAM_BOT_TOKEN, then: make run"""
HINT = """Ask in plain words what was reported. It answers with the words as printed, and says who said them.
Or drop a file of your own articles here (.txt .md .html .jsonl), and ask about those."""
EXAMPLES = (
    "How many were injured at the bridge in Velm?",
    "What did Mira Dahl say?",
    "What does the Harrow Front want for the mediators?",
)
#: A button beside the chats, and what it writes for the visitor: an order that is due at the next full minute.
SHORTCUTS = {"A briefing in one minute": ("/timezone {zone}", "/subscribe {next minute}")}
WORDS: dict[str, Any] = {"banner": BANNER, "hint": HINT, "examples": EXAMPLES, "shortcuts": SHORTCUTS}

log = structlog.get_logger(__name__)


class NotOurs(Exception):
    """The demo's folder holds what the demo did not put there."""


class InUse(Exception):
    """Another demo runs on the folder."""


@contextmanager
def occupied(folder: Path, *, fresh: bool) -> Iterator[None]:
    """The demo's folder, made, or emptied if the demo made it; ours alone during the block.

    Raises NotOurs for any other that is not empty, and InUse while another demo runs on it.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise NotOurs(f"{folder} was not made by the demo: move it away, or name another DATA_DIR")
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    with (folder / MARK).open("a") as mark:
        _lock(mark, folder)
        if fresh:
            _empty(folder)
        yield


def _lock(mark: IO[str], folder: Path) -> None:
    """Hold the folder until the file is closed, also by a kill."""
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InUse(f"another demo runs on {folder}: end it first, or name another DATA_DIR") from None


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != MARK:
            entry.unlink()


def pages(base: str, today: date) -> dict[str, tuple[str, bytes]]:
    """The sample articles as pages at `base`, today's too: for each path its media type and content."""
    return sample_pages.pages((each.draft for each in _samples(today) if isinstance(each, Arrival)), base)


async def stock(room: Room, articles: Path | None, *, pages_at: str) -> int:
    """Take in the sample articles, whose pages are served at `pages_at`, and those at `articles`.

    Returns how many are new or changed.
    """
    new = 0
    found = _found(articles, pages_at, room.clock().date())
    reports = take_in(found, store=room.store, workers=room.workers, clock=room.clock, samples=True)
    async for report in reports:
        new += report.fate in (Fate.ADDED, Fate.UPDATED, Fate.COPY)
        if report.fate is Fate.REFUSED:
            log.warning("article refused", place=report.place, why=report.reason)
    return new


def _samples(today: date) -> Iterator[Arrival | Refusal]:
    yield from samples.articles()
    yield from samples.of_day(today)


def _found(articles: Path | None, pages_at: str, today: date) -> Iterator[Found]:
    for each in _samples(today):
        yield replace(each, draft=sample_pages.served(each.draft, pages_at)) if isinstance(each, Arrival) else each
    if articles:
        yield from files.read([str(articles)], Given(), BytesIO())
