"""The one reader of the environment: a table of settings that documents itself.

Each field is an environment variable of the same name in capitals, also read from `.env`. Makes no folder
and opens nothing; `.env.example` is `example()`, held equal by a test.
"""

import re
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

# What settings take for a token and what logs hide is one and the same; only a possessive repeat may follow.
TOKEN_DIGITS, TOKEN_LETTERS = r"[0-9]{1,20}", r"[A-Za-z0-9_-]{20}[A-Za-z0-9_-]*"
TOKEN = re.compile(f"{TOKEN_DIGITS}:{TOKEN_LETTERS}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
DATABASES = ("sqlite+aiosqlite://", "postgresql+asyncpg://")
PASSWORD = re.compile(r"(?<=:)[^:@/]*(?=@)")

TELEGRAM = "https://api.telegram.org"
LISTEN = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):[0-9]{1,5}")
PORT_MAX = 65_535
SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")

CONTACT_CHARACTERS_MAX = 100
KEPT_DAYS_MAX = 3_650
MINUTES_A_DAY = 1_440
NEAR = 0.8  # of 1: how like a setting's name another one must be to be taken for it mistyped
MESSAGES_PER_SECOND_MAX = 1_000


class WrongSettings(Exception):
    """A setting cannot be used; the text names it and says what to do."""


class Access(StrEnum):
    OPEN = "open"
    ALLOWLIST = "allowlist"


class FullText(StrEnum):
    """Who may page through the whole text of an article that has an address."""

    OPERATORS = "operators"
    PRIVATE = "private"
    ALL = "all"


Ids = Annotated[tuple[int, ...], NoDecode]


def _place(written: str) -> tuple[str, int]:
    """Host and port of an address to listen at."""
    host, _, port = written.rpartition(":")
    return host.strip("[]"), int(port)


class Settings(BaseSettings):
    """What the operator decides; secrets print as asterisks."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    telegram_bot_token: SecretStr | None = Field(
        None, description="The bot's token from @BotFather; `run` needs it, nothing else does."
    )
    telegram_api_url: str = Field(TELEGRAM, description="The Bot API server; change it for a self-hosted or local one.")
    database_url: str = Field(
        "sqlite+aiosqlite:///data/briefing.db",
        description="Where everything is kept: a SQLite file, or postgresql+asyncpg://user:password@host/name.",
    )
    data_dir: Path = Field(
        Path("data"), description="The folder for what is not in the database: the search index, the demo."
    )
    admin_ids: Ids = Field((), description="Telegram ids of operators, a comma between; empty: `run` prints a link.")
    access: Access = Field(Access.OPEN, description="Who may ask: open (everyone) or allowlist (ALLOWED_IDS).")
    allowed_ids: Ids = Field((), description="Telegram ids of readers and groups let in where ACCESS is allowlist.")
    full_text: FullText = Field(
        FullText.PRIVATE,
        description="Who may page through an article that has an address: operators, private (chats) or all.",
    )
    operator_contact: str = Field(
        "",
        max_length=CONTACT_CHARACTERS_MAX,
        description="How readers reach whoever chose the articles, as /start prints it: @name, mail; empty: not said.",
    )
    default_timezone: str = Field("UTC", description="The zone moments are shown in until a reader chooses one.")
    default_language: str = Field("en", description="The language of the bot's own words where a reader's is unknown.")
    check_feeds_every: int = Field(
        15,
        ge=1,
        le=MINUTES_A_DAY,
        description="Minutes between two checks of a feed at least; one that publishes seldom is checked less often.",
    )
    keep_questions_days: int = Field(
        30, ge=0, le=KEPT_DAYS_MAX, description="Days after which the words of questions are erased; 0: at once."
    )
    allow_private_addresses: bool = Field(
        False, description="Whether feeds and pages on private networks are fetched; else only the public Internet's."
    )
    messages_per_second: float = Field(
        30, gt=0, le=MESSAGES_PER_SECOND_MAX, description="Pace of the whole bot; Telegram allows about 30 a second."
    )
    messages_per_chat_per_second: float = Field(
        1, gt=0, le=MESSAGES_PER_SECOND_MAX, description="Pace in one chat; Telegram allows about one a second."
    )
    messages_per_group_per_minute: float = Field(
        20, gt=0, le=MESSAGES_PER_SECOND_MAX, description="Pace in one group; Telegram allows 20 a minute."
    )
    webhook_url: str | None = Field(
        None, description="The https address at which Telegram brings updates; empty: the bot fetches them itself."
    )
    webhook_listen: str = Field(
        "127.0.0.1:8443",
        description="Where the bot listens, by plain HTTP, for what a proxy brings from WEBHOOK_URL (the same path).",
    )
    webhook_secret: SecretStr | None = Field(
        None, description="What proves that an update is Telegram's: 16 to 256 letters, digits, _ and -."
    )
    status_listen: str | None = Field(
        None, description="Where GET /health tells programs how the bot is, such as 127.0.0.1:9100; empty: nowhere."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="How much is logged: DEBUG, INFO, WARNING or ERROR; questions never are."
    )
    log_format: Literal["console", "json"] = Field(
        "console", description="How it is logged: console (for eyes) or json (for programs)."
    )

    @field_validator("admin_ids", "allowed_ids", mode="before")
    @classmethod
    def _ids(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        words = [word for word in re.split(r"[\s,;]+", value) if word]
        if not all(re.fullmatch(r"-?[0-9]{1,19}", word) for word in words):
            raise ValueError("write numbers with a comma between, such as 123456789,-1001234567890")
        return tuple(int(word) for word in words)

    @field_validator("telegram_bot_token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("copy the whole token from @BotFather: digits, a colon, then letters and digits")
        return value

    @field_validator("telegram_api_url")
    @classmethod
    def _api_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("write an address such as https://api.telegram.org")
        return value.rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _webhook_url(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        if value is not None and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.fragment):
            raise ValueError("write an address such as https://news.example.org/telegram")
        return value

    @field_validator("webhook_listen", "status_listen")
    @classmethod
    def _listen(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not LISTEN.fullmatch(value) or int(value.rpartition(":")[2]) > PORT_MAX:
            raise ValueError("write host and port, such as 127.0.0.1:8443, 0.0.0.0:8443 or [::1]:8443")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("write 16 to 256 letters, digits, _ and -, such as `openssl rand -hex 32` prints")
        return value

    @model_validator(mode="after")
    def _webhook(self) -> Self:
        if self.webhook_url is None:
            return self
        if self.webhook_secret is None:
            raise ValueError("WEBHOOK_URL needs WEBHOOK_SECRET beside it, such as `openssl rand -hex 32` prints")
        if urlsplit(self.webhook_url).scheme != "https" and self.telegram_api_url == TELEGRAM:
            raise ValueError("WEBHOOK_URL must begin with https://: Telegram brings updates no other way")
        return self

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not value.startswith(DATABASES):
            raise ValueError("start it with sqlite+aiosqlite:/// or postgresql+asyncpg://")
        return value

    @field_validator("default_timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("write a zone of the tz database, such as Europe/Kyiv or UTC") from error

    @field_validator("default_language")
    @classmethod
    def _language(cls, value: str) -> str:
        if not LANGUAGE.fullmatch(value):
            raise ValueError("write a language tag, such as en or uk")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _level(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @property
    def demo_dir(self) -> Path:
        """Where `demo` keeps its data, whatever the other settings say."""
        return self.data_dir / "demo"

    @property
    def webhook_place(self) -> tuple[str, int]:
        """Host and port of WEBHOOK_LISTEN."""
        return _place(self.webhook_listen)

    @property
    def status_place(self) -> tuple[str, int] | None:
        """Host and port of STATUS_LISTEN."""
        return _place(self.status_listen) if self.status_listen else None

    @property
    def shown_database(self) -> str:
        """The database's address with its password as asterisks."""
        return PASSWORD.sub("***", self.database_url)

    def __repr_args__(self) -> Any:
        for name, value in super().__repr_args__():
            yield name, self.shown_database if name == "database_url" else value

    def __str__(self) -> str:
        return repr(self)


def load(**overrides: Any) -> Settings:
    """The settings of this environment; raises `WrongSettings` with one line naming setting and remedy."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise WrongSettings(_one_line(error)) from None
    except UnicodeDecodeError as error:
        raise WrongSettings(f".env cannot be read: it is not UTF-8 (byte {error.start})") from None


def mistyped() -> dict[str, str]:
    """Names in `.env` that no setting has, each with the setting that it is surely meant for."""
    known = {name.upper() for name, _ in _fields()}
    written = [name.upper() for name in dotenv_values(".env")] if Path(".env").is_file() else []
    near = {name: get_close_matches(name, known, n=1, cutoff=NEAR) for name in written if name not in known}
    return {name: found[0] for name, found in near.items() if found}


def example() -> str:
    """The words of `.env.example`: every setting with its default and one line why."""
    blocks = [
        "# Every setting of briefing-bot with its default: copy this file to .env and uncomment what you change.",
        *(f"# {field.description}\n#{name.upper()}={_written(field.default)}" for name, field in _fields()),
    ]
    return "\n\n".join(blocks) + "\n"


def _fields() -> list[tuple[str, Any]]:
    return list(Settings.model_fields.items())


def _written(value: Any) -> str:
    if value is None:
        return ""
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _one_line(error: ValidationError) -> str:
    problems = []
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        words = problem["msg"].removeprefix("Value error, ").replace("Input", "it")
        problems.append(f"{str(problem['loc'][0]).upper()} cannot be used: {words}" if problem["loc"] else words)
    return "; ".join(problems)
