"""Files that operators send: kept in a folder until they are taken in, and what became of them owed to the chat.

A file is complete once the note beside it is, and both go after the result is owed: a process that dies between
begins it again at the next start, and ends the same. Which articles a file holds is for `newsroom.uploads`.
"""

import asyncio
import fcntl
import json
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot import drafting
from bot.drafting import Sender
from bot.loops import Bell, every
from bot.messages import uploads as messages
from bot.messages.message import Message
from bot.messages.phrases import spoken
from bot.messages.uploads import Taken, Upload
from bot.messages.view import View
from bot.newsroom import uploads
from bot.newsroom.feeds import Newsroom
from storage import chats, outbox
from storage.values import MessageKind

LOOK_SECONDS = 10.0  # between looks for what another start left, or what the database kept waiting
PROGRESS_SECONDS = 5.0
ATTEMPTS_MAX = 3  # a file that ends the process that reads it is given up
FOLDER_MODE = 0o700
WARMED = ("bot.newsroom.uploads", "bot.newsroom.preparation")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the folder, its note, and how often it was begun."""

    path: Path
    upload: Upload
    attempts: int

    @property
    def note(self) -> Path:
        return self.path.with_suffix(".json")


class Uploads:
    """The folder, and the loop that empties it."""

    def __init__(self, folder: Path, newsroom: Newsroom, sender: Sender) -> None:
        self._folder = folder
        self._newsroom = newsroom
        self._sender = sender
        self._bell = Bell()

    def unusable(self, name: str) -> bool:
        """Whether a file of this name is neither articles nor a list of feeds."""
        return Path(name).suffix.lower() not in uploads.TAKEN

    async def keep(self, upload: Upload, content: bytes) -> None:
        """Have the file taken in; kept when this returns."""
        kept = Kept(self._folder / f"{self._sender.bot_id}-{upload.update_id}.file", upload, 0)
        await asyncio.to_thread(_write, kept, content)
        self._bell.ring()

    async def warm(self) -> None:
        """Start the worker that reads files; it takes seconds on a busy machine."""
        await self._newsroom.workers.warm(*WARMED)

    async def run(self) -> None:
        """Take in what is kept, one file after the other, until cancelled."""
        await every(LOOK_SECONDS, self._step, bell=self._bell)

    async def _step(self) -> None:
        if not self._folder.is_dir():
            return
        with _alone(self._folder) as alone:
            while alone and (kept := await asyncio.to_thread(_oldest, self._folder, self._sender.bot_id)):
                await self._take_in(kept)

    async def _take_in(self, kept: Kept) -> None:
        if kept.attempts >= ATTEMPTS_MAX:
            log.error("file given up", update_id=kept.upload.update_id, attempts=kept.attempts)
            await self._end(kept, Taken(reason="it could not be read to its end"))
            return
        begun, parts = replace(kept, attempts=kept.attempts + 1), 0
        await asyncio.to_thread(_write_note, begun)
        await self._tell_progress(begun, parts)
        taken, told = Taken(), time.monotonic()
        async with aclosing(uploads.take_in(self._newsroom, kept.path, kept.upload.name)) as portions:
            async for so_far, percent in portions:
                taken = so_far
                if time.monotonic() - told >= PROGRESS_SECONDS:
                    parts, told = parts + 1, time.monotonic()
                    await self._tell_progress(begun, parts, percent)
        await self._end(begun, taken)

    async def _tell_progress(self, kept: Kept, part: int, percent: int | None = None) -> None:
        """A message that the file is being read, and later how far, in the same message."""
        first = self._key(kept.upload, "part:1:0")
        key = f"part:{kept.attempts}:{part}"
        async with self._newsroom.store.writing() as session:
            message = messages.reading(await self._view(session, kept.upload), kept.upload, percent)
            await self._owe(session, kept.upload, key, message, edits=None if percent is None else first)
        self._sender.wake()

    async def _end(self, kept: Kept, taken: Taken) -> None:
        async with self._newsroom.store.writing() as session:
            told = messages.result(await self._view(session, kept.upload), kept.upload, taken)
            for number, message in enumerate(told, start=1):
                await self._owe(session, kept.upload, f"result:{number}", message)
        self._sender.wake()
        await asyncio.to_thread(_remove, kept)

    async def _view(self, session: AsyncSession, upload: Upload) -> View:
        chat = await chats.find(session, self._sender.bot_id, upload.chat_id)
        language = (chat and chat.language) or upload.language or self._sender.language
        return View(spoken(language), self._sender.clock(), self._sender.name, operator=True)

    async def _owe(
        self, session: AsyncSession, upload: Upload, what: str, message: Message, *, edits: str | None = None
    ) -> None:
        now, key = self._sender.clock(), self._key(upload, what)
        draft = await drafting.draft(session, message, key, bot_id=self._sender.bot_id, chat_id=upload.chat_id, now=now)
        reply_to = None if edits else upload.message_id
        kind = MessageKind.EDIT if edits else draft.kind
        await outbox.put(session, replace(draft, kind=kind, edits=edits, reply_to=reply_to), now=now)

    def _key(self, upload: Upload, what: str) -> str:
        return f"upload:{self._sender.bot_id}:{upload.update_id}:{what}"


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether no other process empties the folder; none does during the block where it is so."""
    with (folder / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _write(kept: Kept, content: bytes) -> None:
    kept.path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    aside = kept.path.with_suffix(".part")
    aside.write_bytes(content)
    aside.replace(kept.path)
    _write_note(kept)


def _write_note(kept: Kept) -> None:
    """The note at once or not at all: a file without one was never kept."""
    aside = kept.note.with_suffix(".aside")
    aside.write_text(json.dumps({"upload": asdict(kept.upload), "attempts": kept.attempts}), encoding="utf-8")
    aside.replace(kept.note)


def _oldest(folder: Path, bot_id: int) -> Kept | None:
    notes = sorted(folder.glob(f"{bot_id}-*.json"), key=lambda note: int(note.stem.rpartition("-")[2]))
    if not notes:
        return None
    told = json.loads(notes[0].read_text(encoding="utf-8"))
    return Kept(notes[0].with_suffix(".file"), Upload(**told["upload"]), told["attempts"])


def _remove(kept: Kept) -> None:
    kept.note.unlink(missing_ok=True)
    kept.path.unlink(missing_ok=True)
