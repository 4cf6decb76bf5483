"""`check` beside a Telegram that answers: each operator can be written to, and news arrive."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.localchat import LocalServer
from storage import articles, feeds
from storage.database import Store
from tests.build import an_article, prepared


async def checked(server: LocalServer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[str]]:
    """The exit code and the lines of the command, as an operator types it beside the bot's folder."""
    environment = {
        "TELEGRAM_BOT_TOKEN": server.token,
        "TELEGRAM_API_URL": server.url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/briefing.db",
        "DATA_DIR": str(folder),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    result = await asyncio.to_thread(CliRunner().invoke, cli.app, ["check"])
    return result.exit_code, result.stdout.splitlines()


async def test_check_proves_that_operators_are_reached_and_news_arrive(
    server: LocalServer, sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mira, lena = server.add_user("Mira"), server.add_user("Lena")
    server.says(mira, mira, "/start")
    server.says(lena, lena, "/start")
    monkeypatch.setenv("ADMIN_IDS", f"{mira.id},{lena.id}")
    before = datetime.now(UTC) - timedelta(hours=50)
    draft = an_article()
    async with sqlite_store.writing() as session:
        await articles.put(session, draft, prepared(draft), now=before)
        await feeds.add(session, "https://velm-post.example/feed", now=before)
    code, lines = await checked(server, tmp_path, monkeypatch)
    assert "ok       operators 2 reached" in lines
    assert "problem  arrivals  No article has arrived here for 2 days." in lines
    assert code == 1
    server.blocks(lena)
    code, lines = await checked(server, tmp_path, monkeypatch)
    (operators,) = [line for line in lines if "operators" in line]
    assert operators.startswith(f"problem  operators not reached: {lena.id}: Forbidden: bot was blocked by the user")
    assert server.token not in "\n".join(lines)
