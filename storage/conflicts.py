"""An INSERT that may meet a row already there, in the words of either database."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Table


def dialect_of(session: AsyncSession) -> str:
    return session.get_bind().dialect.name


def insert(session: AsyncSession, row: type[Table]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return postgresql.insert(row) if dialect_of(session) == "postgresql" else sqlite.insert(row)


async def take_turn(session: AsyncSession, number: int, part: int = 0) -> None:
    """Stand behind other transactions that take the same turn, until they have ended.

    On SQLite every writing transaction already has the whole database to itself.
    """
    if dialect_of(session) == "postgresql":
        await session.execute(sa.select(sa.func.pg_advisory_xact_lock(number ^ part)))
