"""What readers call wrong: a quote's place, and the rules that attributed it. Keeps nobody's name or number."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from retrieval.model import Span
from storage.conflicts import insert
from storage.tables import ObjectionRow
from storage.values import Objection

RULE_MAX = 200
KEY = ("version_id", "start_at", "end_at", "rule")


async def keep(session: AsyncSession, version_id: int, span: Span, rule: str, *, now: datetime) -> None:
    """Keep that a reader calls the attribution of these words wrong, once more where others did."""
    row = {"version_id": version_id, "start_at": span.start, "end_at": span.end, "rule": rule[:RULE_MAX]}
    again = {"times": ObjectionRow.times + 1, "last_at": now}
    new = insert(session, ObjectionRow).values({**row, "times": 1, "first_at": now, "last_at": now})
    await session.execute(new.on_conflict_do_update(index_elements=KEY, set_=again))


async def count(session: AsyncSession) -> int:
    """How many quotes of stored texts are called wrong."""
    return await session.scalar(sa.select(sa.func.count(ObjectionRow.id))) or 0


async def listing(session: AsyncSession, *, limit: int) -> list[Objection]:
    """What was called wrong, the latest first."""
    rows = sa.select(ObjectionRow).order_by(ObjectionRow.last_at.desc(), ObjectionRow.id.desc()).limit(limit)
    return [
        Objection(row.version_id, Span(row.start, row.end), row.rule, row.times, row.first_at, row.last_at)
        for row in await session.scalars(rows)
    ]
