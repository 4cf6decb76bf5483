"""The one reader of the environment: defaults, refusals in one line, secrets as asterisks."""

from pathlib import Path

import pytest

from bot import settings
from bot.settings import Access, FullText, WrongSettings

ROOT = Path(__file__).parents[2]
TOKEN = "123456:" + "Ab-9_" * 7


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine, and no .env but the test's own."""
    monkeypatch.chdir(tmp_path)
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_example_lists_every_setting_with_its_default() -> None:
    assert (ROOT / ".env.example").read_text() == settings.example()


def test_the_example_uncommented_is_the_defaults(tmp_path: Path) -> None:
    lines = settings.example().splitlines()
    (tmp_path / ".env").write_text("\n".join(line[1:] for line in lines if line.startswith("#") and line[1] != " "))
    assert settings.load() == settings.Settings(_env_file=None)  # type: ignore[call-arg]


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("ACCESS=allowlist\nALLOWED_IDS=7, -1001234567890\nFULL_TEXT=all\nOTHER=1\n")
    monkeypatch.setenv("FULL_TEXT", "operators")
    chosen = settings.load()
    assert (chosen.access, chosen.allowed_ids) == (Access.ALLOWLIST, (7, -1001234567890))
    assert chosen.full_text is FullText.OPERATORS


def test_an_empty_variable_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "")
    monkeypatch.setenv("LOG_LEVEL", "")
    assert settings.load().telegram_bot_token is None


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("TELEGRAM_BOT_TOKEN", "secret-words", "@BotFather"),
        ("TELEGRAM_API_URL", "telegrm.example", "https://"),
        ("DATABASE_URL", "mysql://u:hunter2@h/x", "sqlite+aiosqlite"),
        ("ADMIN_IDS", "me", "123456789"),
        ("ACCESS", "closed", "allowlist"),
        ("DEFAULT_TIMEZONE", "Kiev/Ukraine", "Europe/Kyiv"),
        ("DEFAULT_LANGUAGE", "?", "uk"),
        ("KEEP_QUESTIONS_DAYS", "-1", "0"),
        ("MESSAGES_PER_SECOND", "0", "0"),
        ("LOG_FORMAT", "xml", "json"),
        ("WEBHOOK_URL", "bot.velm.example", "https://"),
        ("WEBHOOK_URL", "https://news.example.org/hook", "WEBHOOK_SECRET"),
        ("WEBHOOK_LISTEN", "port 443", "127.0.0.1:8443"),
        ("WEBHOOK_LISTEN", "127.0.0.1:70000", "127.0.0.1:8443"),
        ("WEBHOOK_SECRET", "hunter2", "openssl"),
    ],
)
def test_a_bad_value_is_told_in_one_line_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, remedy: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettings) as refused:
        settings.load()
    told = str(refused.value)
    assert told.startswith(name)
    assert remedy in told
    assert "\n" not in told
    assert value not in told or len(value) < 3


def test_telegram_brings_updates_by_https_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_URL", "http://news.example.org/hook")
    monkeypatch.setenv("WEBHOOK_SECRET", "hunter2-hunter2-hunter2")
    with pytest.raises(WrongSettings, match="WEBHOOK_URL must begin with https://"):
        settings.load()
    monkeypatch.setenv("TELEGRAM_API_URL", "http://bot-api.internal:8081")
    assert settings.load().webhook_place == ("127.0.0.1", 8443)
    monkeypatch.setenv("WEBHOOK_LISTEN", "[::1]:80")
    assert settings.load().webhook_place == ("::1", 80)


def test_secrets_print_as_asterisks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("WEBHOOK_SECRET", "hunter2-hunter2-hunter2")
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://velm:hunter2@db.example/news")
    chosen = settings.load()
    for words in (repr(chosen), str(chosen), f"{chosen}", chosen.shown_database):
        assert TOKEN not in words
        assert "hunter2" not in words
        assert "velm:***@db.example" in words
    assert chosen.telegram_bot_token is not None
    assert chosen.telegram_bot_token.get_secret_value() == TOKEN
