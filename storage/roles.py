"""Roles that one process holds at a time, by lease."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from storage.conflicts import insert
from storage.tables import RoleRow


async def take(session: AsyncSession, name: str, holder: str, *, now: datetime, lease: timedelta) -> bool:
    """Hold a role until `now + lease`: one that is free, whose lease has ended, or that is held already."""
    until = now + lease
    row = insert(session, RoleRow).values(name=name, holder=holder, lease_until=until, taken_at=now)
    taken_at = sa.case((RoleRow.holder == holder, RoleRow.taken_at), else_=row.excluded.taken_at)
    taken = row.on_conflict_do_update(
        index_elements=[RoleRow.name],
        set_={"holder": holder, "lease_until": until, "taken_at": taken_at},
        where=sa.or_(RoleRow.holder == holder, RoleRow.lease_until <= now),
    )
    return (await session.execute(taken.returning(RoleRow.name))).first() is not None


async def keep(session: AsyncSession, name: str, holder: str, *, now: datetime, lease: timedelta) -> bool:
    """Hold a role for longer; False where it is held by another by now, or by nobody."""
    kept = sa.update(RoleRow).where(RoleRow.name == name, RoleRow.holder == holder).values(lease_until=now + lease)
    return (await session.execute(kept.returning(RoleRow.name))).first() is not None


async def release(session: AsyncSession, name: str, holder: str) -> None:
    """Give a role back before its lease ends."""
    await session.execute(sa.delete(RoleRow).where(RoleRow.name == name, RoleRow.holder == holder))


async def holder(session: AsyncSession, name: str, *, now: datetime) -> str | None:
    """Who holds a role at this moment."""
    return await session.scalar(sa.select(RoleRow.holder).where(RoleRow.name == name, RoleRow.lease_until > now))
