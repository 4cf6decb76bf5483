"""SQLite connections that cross into their thread once a statement, not four times.

aiosqlite hops to its thread for the cursor, the execution, the rows and the closing: 220 hops a question, two thirds
of what a question cost the event loop. Here a statement is executed, read whole and closed in one hop, as SQLAlchemy
would have it read anyway.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Self

import aiosqlite
from aiosqlite.core import Connection

ITER_CHUNK_ROWS = 64


class WholeResult:
    """A cursor whose rows are all here once it has executed."""

    arraysize = 1

    def __init__(self, connection: "WholeResults") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self._at = 0
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        return None

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> Self:
        return await self._run(sqlite3.Cursor.execute, sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> Self:
        return await self._run(sqlite3.Cursor.executemany, sql, parameters)

    async def _run(self, method: Any, sql: str, parameters: Iterable[Any]) -> Self:
        answer = await self._connection.in_thread(_executed, self._connection, method, sql, parameters)
        self._rows, self.description, self.rowcount, self.lastrowid = answer
        self._at = 0
        return self

    async def fetchone(self) -> Any:
        rows = await self.fetchmany(1)
        return rows[0] if rows else None

    async def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        start, self._at = self._at, self._at + (size or self.arraysize)
        return self._rows[start : self._at]

    async def fetchall(self) -> Sequence[Any]:
        start, self._at = self._at, len(self._rows)
        return self._rows[start:]

    async def close(self) -> None:
        self._rows = []


class WholeResults(Connection):
    """An aiosqlite connection whose cursors are `WholeResult`."""

    def __init__(self, file: str, **options: Any) -> None:
        super().__init__(lambda: sqlite3.connect(file, **options), ITER_CHUNK_ROWS)
        self._thread.daemon = True  # as SQLAlchemy sets it: a lost connection must not keep the process alive

    def cursor(self) -> WholeResult:  # type: ignore[override]
        return WholeResult(self)

    async def in_thread(self, function: Any, *arguments: Any) -> Any:
        return await self._execute(function, *arguments)  # type: ignore[no-untyped-call]


async def connect(file: str, **options: Any) -> aiosqlite.Connection:
    """An open connection; `options` are those of `sqlite3.connect`."""
    return await WholeResults(file, **options)


def _executed(connection: WholeResults, method: Any, sql: str, parameters: Iterable[Any]) -> tuple[Any, ...]:
    cursor = connection._conn.cursor()
    try:
        method(cursor, sql, parameters)
        rows = cursor.fetchall() if cursor.description else []
        return rows, cursor.description, cursor.rowcount, cursor.lastrowid
    finally:
        cursor.close()
