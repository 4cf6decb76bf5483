"""The bot as a process of its own, to be killed; and a program that keeps its database busy."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.localchat import LocalServer

BUSY = """
import random, sqlite3, sys, time
draw = random.Random(7)
connection = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
while True:
    connection.execute("BEGIN IMMEDIATE")
    time.sleep(draw.uniform(0.01, 0.3))
    connection.execute("COMMIT")
    time.sleep(draw.uniform(0.01, 0.2))
"""


class Living:
    """One bot on one database, which can be started, killed and asked to stop; its log is one file."""

    def __init__(self, server: LocalServer, folder: Path, **settings: str) -> None:
        self.log = folder / "bot.log"
        self.database = folder / "briefing.db"
        self._process: Process | None = None
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TELEGRAM_BOT_TOKEN": server.token,
            "TELEGRAM_API_URL": server.url,
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.database}",
            "DATA_DIR": str(folder),
            "MESSAGES_PER_SECOND": "1000",
            "ADMIN_IDS": "1",
            **settings,
        }

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", stdout=log, stderr=log, env=self._environment, cwd=Path.cwd()
            )

    async def kill(self) -> None:
        """SIGKILL: no more than what stands on the disk is left."""
        await self._ended(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        return await self._ended(signal.SIGTERM)

    async def _ended(self, number: signal.Signals) -> int:
        process, self._process = self._process, None
        assert process is not None
        process.send_signal(number)
        return await process.wait()

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def process(self) -> Process:
        assert self._process is not None
        return self._process


@asynccontextmanager
async def living(server: LocalServer, folder: Path, **settings: str) -> AsyncIterator[Living]:
    """A bot that does not outlive its test."""
    bot = Living(server, folder, **settings)
    try:
        yield bot
    finally:
        if bot.alive:
            await bot.kill()


@asynccontextmanager
async def busy(database: Path) -> AsyncIterator[None]:
    """Another process holds the database's write lock again and again, for up to 0.3 seconds."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", BUSY, str(database))
    try:
        yield
    finally:
        process.kill()
        await process.wait()
