"""One database, opened: its engines, its transactions, its schema brought up to date.

SQLite has two ways in. `reading` begins plainly and may only query; `writing` begins IMMEDIATE on the one
writing connection, one task after the other: a write after a read in one deferred transaction fails at once
when another process has committed meanwhile, whatever the busy timeout. PostgreSQL has the same two names.
Holds no verb: those stand in a module for each noun.
"""

import asyncio
import os
import random
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from storage import migrations, whole_results
from storage.tables import Database

BUSY_SECONDS_MAX = 30.0  # how long a transaction waits for another process's before it gives up
# SQLite's own busy handler sleeps up to 0.1 s between tries and so starves beside a busy writer; ours asks often.
RETRY_SECONDS = (0.001, 0.004)
READERS_MAX = 4  # SQLite connections that read at once
CONNECTIONS_MAX = 10  # to PostgreSQL, in one process
FILE_MODE = 0o600
FOLDER_MODE = 0o700


class DatabaseUnavailable(Exception):
    """The database did not answer, is busy beyond `BUSY_SECONDS_MAX`, is full or cannot be opened: try later."""


class NewerDatabase(Exception):
    """The database was written by a newer version of the program, and is left alone."""


class Store:
    """An open database. Verbs take a session from `reading` or `writing`."""

    def __init__(self, readers: AsyncEngine, writers: AsyncEngine) -> None:
        self.dialect = writers.dialect.name
        self.id = ""
        self._engines = (readers, writers)
        self._read = async_sessionmaker(readers, expire_on_commit=False, autoflush=False)
        self._write = async_sessionmaker(writers, expire_on_commit=False, autoflush=False)
        self._turn = asyncio.Lock()  # first come, first served

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one moment of the database and cannot change it."""
        with _unavailable():
            async with self._read() as session:
                yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A session that commits at the end of the block, or undoes everything where the block raises.

        Keep the block short, and wait for nothing in it but the database: on SQLite all other writers,
        also those of other processes, stand behind it.
        """
        if self.dialect != "sqlite":
            with _unavailable():
                async with self._write() as session, session.begin():
                    yield session
            return
        async with self._turn:
            with _unavailable():
                async with await self._begun() as session:
                    yield session
                    await session.commit()

    async def _begun(self) -> AsyncSession:
        patience = monotonic() + BUSY_SECONDS_MAX
        while True:
            session = self._write()
            try:
                await session.connection()
                return session
            except sa.exc.OperationalError as error:
                await session.close()
                if not _busy(error) or monotonic() > patience:
                    raise
                await asyncio.sleep(random.uniform(*RETRY_SECONDS))  # noqa: S311 -- jitter, not a secret
            except BaseException:
                await session.close()
                raise

    async def close(self) -> None:
        for engine in self._engines:
            await engine.dispose()


async def open_store(url: str) -> Store:
    """The database at this address, its schema up to date: made where there is none (SQLite).

    Takes ``sqlite+aiosqlite:///file`` and ``postgresql+asyncpg://...``. Raises NewerDatabase,
    DatabaseUnavailable.
    """
    address = _address(url)
    with _unavailable(OSError):
        store = await _sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address)
    try:
        with _unavailable(OSError):
            await _upgrade(store._engines[1])
        async with store.reading() as session:
            store.id = (await session.scalars(sa.select(Database.id))).one()
    except BaseException:
        await store.close()
        raise
    return store


async def _upgrade(writers: AsyncEngine) -> None:
    patience = monotonic() + BUSY_SECONDS_MAX
    while True:
        try:
            async with writers.begin() as connection:
                await connection.run_sync(migrations.upgrade)
            return
        except migrations.UnknownRevision as error:
            raise NewerDatabase(
                f"the database has schema {error}, which this version of the program does not know: "
                "install the newer version again, or restore a backup made before"
            ) from None
        except sa.exc.OperationalError as error:
            if not _busy(error) or monotonic() > patience:
                raise
            await asyncio.sleep(random.uniform(*RETRY_SECONDS))  # noqa: S311 -- jitter, not a secret


def _address(url: str) -> sa.URL:
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise DatabaseUnavailable("DATABASE_URL is not a database address") from None
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
    driver = drivers.get(address.drivername.partition("+")[0])
    if driver is None:
        raise DatabaseUnavailable(f"DATABASE_URL names {address.drivername}; known are sqlite and postgresql")
    return address.set(drivername=driver)


# ── SQLite ───────────────────────────────────────────────────────────────────────────────────────


async def _sqlite(address: sa.URL) -> Store:
    if not address.database or address.database == ":memory:" or address.database.startswith("file:"):
        raise DatabaseUnavailable("DATABASE_URL must name a file for SQLite")
    await asyncio.to_thread(_lay, Path(address.database))
    readers = _sqlite_engine(address, begin="BEGIN", pool_size=READERS_MAX, pragmas=("query_only = ON",))
    return Store(readers, _sqlite_engine(address, begin="BEGIN IMMEDIATE", pool_size=1, busy_seconds=0))


def _lay(file: Path) -> None:
    """Make the file and its folder ours alone, and let readers and a writer work side by side (WAL).

    SQLite gives the -wal and -shm files the mode of the database file.
    """
    for folder in reversed([each for each in file.parents if not each.exists()]):
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, FILE_MODE))
    file.chmod(FILE_MODE)
    connection = sqlite3.connect(file, timeout=BUSY_SECONDS_MAX, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _sqlite_engine(
    address: sa.URL,
    *,
    begin: str,
    pool_size: int,
    pragmas: tuple[str, ...] = (),
    busy_seconds: float = BUSY_SECONDS_MAX,
) -> AsyncEngine:
    """An engine whose every transaction opens with `begin`; the driver's own implicit BEGIN is off.

    synchronous FULL: a commit is on the disk before it returns, so that an accepted update survives the
    loss of power as well as SIGKILL (NORMAL survives only the latter).
    """
    connect = partial(
        whole_results.connect,
        str(address.database),
        isolation_level=None,
        timeout=busy_seconds,
        check_same_thread=False,
    )
    engine = create_async_engine(
        address, async_creator=connect, pool_size=pool_size, max_overflow=0, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in ("foreign_keys = ON", "synchronous = FULL", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begins(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _busy(error: sa.exc.OperationalError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF  # the low byte; the rest tells which kind of busy
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


# ── PostgreSQL ───────────────────────────────────────────────────────────────────────────────────


def _postgresql(address: sa.URL) -> Store:
    engine = create_async_engine(
        address, pool_size=CONNECTIONS_MAX, max_overflow=0, pool_pre_ping=True, hide_parameters=True
    )
    readers = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Store(readers, engine)


# ── errors ───────────────────────────────────────────────────────────────────────────────────────

Errors = tuple[type[Exception], ...]
DEFECTS: Errors = (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError, sa.exc.NotSupportedError)
OUTAGES: Errors = (sa.exc.DBAPIError, sa.exc.TimeoutError, sqlite3.Error)
# PostgreSQL's classes of errors that no waiting cures: unsupported, data, constraint, syntax.
DEFECT_CLASSES = ("0A", "22", "23", "42")


@contextmanager
def _unavailable(*also: type[Exception]) -> Iterator[None]:
    """Tell a database that cannot serve from a defect of ours; neither shows a statement's parameters."""
    try:
        yield
    except DEFECTS:
        raise
    except OUTAGES + also as error:
        cause = getattr(error, "orig", error)
        if str(getattr(cause, "sqlstate", None)).startswith(DEFECT_CLASSES):
            raise
        raise DatabaseUnavailable(f"the database does not serve: {cause}") from error
