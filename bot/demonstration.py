"""What the demo needs beside the bot: a folder that is surely its own, and articles to answer from.

Starts no server and no bot; `bot.app` does.
"""

import itertools
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import structlog

from bot import samples
from bot.newsroom import files
from bot.newsroom.drafts import Given
from bot.newsroom.files import Found
from bot.newsroom.intake import Fate, take_in
from bot.telegram.context import Room

MARK = ".briefing-bot-demo"
FOLDER_MODE = 0o700

#: What the chat page says beside the chats.
BANNER = """The whole bot, in a local chat, on sample articles about invented places. Nothing leaves this computer.
To go on in Telegram: ask @BotFather for a token, put it into .env as TELEGRAM_BOT_TOKEN, then: make run"""
HINT = "Ask in plain words what was reported, for example: How many were injured at the bridge in Velm?"

log = structlog.get_logger(__name__)


class NotOurs(Exception):
    """The demo's folder holds what the demo did not put there."""


def settle_in(folder: Path, *, fresh: bool) -> None:
    """Make the demo's folder, or empty the one it made; raises NotOurs for any other that is not empty."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise NotOurs(f"{folder} was not made by the demo: move it away, or name another DATA_DIR")
    if fresh and folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    (folder / MARK).touch(mode=0o600)


async def stock(room: Room, articles: Path | None) -> int:
    """Take in the sample articles, and those at `articles`; return how many are new or changed."""
    new = 0
    reports = take_in(_found(articles), store=room.store, workers=room.workers, clock=room.clock, samples=True)
    async for report in reports:
        new += report.fate in (Fate.ADDED, Fate.UPDATED, Fate.COPY)
        if report.fate is Fate.REFUSED:
            log.warning("article refused", place=report.place, why=report.reason)
    return new


def _found(articles: Path | None) -> Iterator[Found]:
    return itertools.chain(samples.articles(), files.read([str(articles)], Given(), BytesIO()) if articles else ())
