"""`run` as a process of its own: one at a time, finished in good order, and silent about token and questions."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import pytest

from bot import demonstration
from bot.demonstration import InUse, NotOurs
from bot.localchat import LocalServer, serve
from tests.prove.living import Living, living

QUESTION = "Which zebra crossed the bridge in Velm?"
START_SECONDS = 60.0
STOP_SECONDS_MAX = 10.0
LINK = re.compile(r"https://t\.me/\S+\?start=(\S+)")


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with serve(pace=None) as server:
        yield server


async def test_one_process_runs_is_asked_and_ends(server: LocalServer, tmp_path: Path) -> None:
    async with living(server, tmp_path, ADMIN_IDS="", LOG_LEVEL="DEBUG") as bot:
        await bot.start()
        reader = server.add_user("Mira")
        said = server.says(reader, reader, QUESTION)
        await server.answer_to(reader, said, START_SECONDS)
        await _a_second_one_says_who_runs(server, tmp_path, bot)
        await _the_printed_link_makes_an_operator(server, bot)
        began = monotonic()
        assert await bot.stop() == 0
        assert monotonic() - began < STOP_SECONDS_MAX
        log = bot.log.read_text()
        assert server.token.partition(":")[2] not in log
        assert "zebra" not in log
        assert "Mira" not in log


async def _a_second_one_says_who_runs(server: LocalServer, folder: Path, first: Living) -> None:
    second = Living(server, folder)
    second.log = folder / "second.log"
    await second.start()
    assert await asyncio.wait_for(second.process.wait(), START_SECONDS) == 1
    assert f"process {first.process.pid} " in second.log.read_text()


async def _the_printed_link_makes_an_operator(server: LocalServer, bot: Living) -> None:
    link = LINK.search(bot.log.read_text())
    assert link is not None
    founder = server.add_user("Ines")
    said = server.says(founder, founder, f"/start {link[1]}")
    answer = await server.answer_to(founder, said)
    assert "operator" in answer.text.lower()


async def test_a_token_telegram_does_not_know_is_said_in_one_line(server: LocalServer, tmp_path: Path) -> None:
    token = "7700000001:" + "x" * 35
    async with living(server, tmp_path, TELEGRAM_BOT_TOKEN=token) as bot:
        await bot.start()
        assert await asyncio.wait_for(bot.process.wait(), START_SECONDS) == 1
        log = bot.log.read_text()
        assert "TELEGRAM_BOT_TOKEN" in log
        assert token not in log


def test_the_demo_erases_only_a_folder_it_made(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "demo", tmp_path / "thesis"
    with demonstration.occupied(ours, fresh=False):
        (ours / "briefing.db").write_text("old")
        with pytest.raises(InUse, match="another demo"), demonstration.occupied(ours, fresh=True):
            pass
        assert (ours / "briefing.db").exists()
    with demonstration.occupied(ours, fresh=True):
        assert not (ours / "briefing.db").exists()
    theirs.mkdir()
    (theirs / "chapter.txt").write_text("years of work")
    with pytest.raises(NotOurs), demonstration.occupied(theirs, fresh=True):
        pass
    assert (theirs / "chapter.txt").exists()


async def test_the_demo_takes_the_next_free_port_and_prints_it(server: LocalServer, tmp_path: Path) -> None:
    taken = int(server.url.rpartition(":")[2])
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--port", str(taken)),
        env={"DATA_DIR": str(tmp_path), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), START_SECONDS)).decode()
        port = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        assert port is not None
        assert int(port[1]) > taken
    finally:
        process.terminate()
        assert await process.wait() == 0
