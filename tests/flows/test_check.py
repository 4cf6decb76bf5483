"""`check` beside a Telegram that answers: each operator can be written to, and news arrive."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.localchat import LocalServer
from storage import articles, feeds
from storage.database import Store
from tests.build import an_article, prepared


async def checked(server: LocalServer, folder: Path, **settings: str) -> tuple[int | None, list[str]]:
    """The exit code and the lines of the command, run as a process of its own."""
    environment = {
        "HOME": str(folder),
        "TELEGRAM_BOT_TOKEN": server.token,
        "TELEGRAM_API_URL": server.url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/briefing.db",
        "DATA_DIR": str(folder),
        **settings,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "check", stdout=asyncio.subprocess.PIPE, env=environment
    )
    told, _ = await process.communicate()
    return process.returncode, [line for line in told.decode().splitlines() if line]


async def test_check_proves_that_operators_are_reached_and_news_arrive(
    server: LocalServer, sqlite_store: Store, tmp_path: Path
) -> None:
    mira, lena = server.add_user("Mira"), server.add_user("Lena")
    server.says(mira, mira, "/start")
    server.says(lena, lena, "/start")
    before = datetime.now(UTC) - timedelta(hours=50)
    draft = an_article()
    async with sqlite_store.writing() as session:
        await articles.put(session, draft, prepared(draft), now=before)
        await feeds.add(session, "https://velm-post.example/feed", now=before)
    code, lines = await checked(server, tmp_path, ADMIN_IDS=f"{mira.id},{lena.id}")
    assert "ok       operators 2 reached" in lines
    assert "problem  arrivals  No article has arrived here for 2 days." in lines
    assert code == 1
    server.blocks(lena)
    code, lines = await checked(server, tmp_path, ADMIN_IDS=f"{mira.id},{lena.id}")
    (operators,) = [line for line in lines if "operators" in line]
    assert operators.startswith(f"problem  operators not reached: {lena.id}: Forbidden: bot was blocked by the user")
    assert server.token not in "\n".join(lines)
