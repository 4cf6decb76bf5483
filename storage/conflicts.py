"""An INSERT that may meet a row already there, in the words of either database."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Table


def dialect_of(session: AsyncSession) -> str:
    return session.get_bind().dialect.name


def insert(session: AsyncSession, row: type[Table]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return postgresql.insert(row) if dialect_of(session) == "postgresql" else sqlite.insert(row)


async def keep_new(session: AsyncSession, row: type[Table], values: Mapping[str, Any], key: str) -> int | None:
    """Keep a row where none has its key yet, and return its new id; None where one has.

    `key` names the columns of a unique constraint, a comma between.
    """
    connection = await session.connection()
    return (await connection.execute(_insert_new(dialect_of(session), row, key), dict(values))).scalar()


async def keep_all_new(
    session: AsyncSession, row: type[Table], values: Sequence[Mapping[str, Any]], key: str
) -> set[tuple[Any, ...]]:
    """Keep those rows that have no namesake yet, all in one statement; returns their keys, the columns in order."""
    if not values:
        return set()
    connection = await session.connection()
    kept = await connection.execute(_insert_all_new(dialect_of(session), row, key), [dict(each) for each in values])
    return {tuple(each) for each in kept}


@cache
def _insert_all_new(dialect: str, row: type[Table], key: str) -> sa.Insert:
    table, columns = cast(sa.Table, row.__table__), key.split(",")
    new = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return new.on_conflict_do_nothing(index_elements=columns).returning(*(table.c[each] for each in columns))


@cache
def _insert_new(dialect: str, row: type[Table], key: str) -> sa.Insert:
    """Built once: an INSERT that is handed its values costs four times as much, most of it for its cache key."""
    table = cast(sa.Table, row.__table__)
    new = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return new.on_conflict_do_nothing(index_elements=key.split(",")).returning(table.c.id)


async def take_turn(session: AsyncSession, number: int, part: int = 0) -> None:
    """Stand behind other transactions that take the same turn, until they have ended.

    On SQLite every writing transaction already has the whole database to itself.
    """
    if dialect_of(session) == "postgresql":
        await session.execute(sa.select(sa.func.pg_advisory_xact_lock(number ^ part)))
