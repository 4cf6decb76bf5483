"""The history of the index: which passages came and went, in the order of their commits."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from retrieval.model import IndexChange, Kind
from storage.conflicts import take_turn
from storage.tables import IndexChangeRow, PassageRow, UtcMoment

CHANGES_A_READ = 1_000
TURN = 0x6272_6965_6602  # PostgreSQL's number for "the index's history is being written"


async def in_turn(session: AsyncSession) -> None:
    """Write changes alone until this transaction ends, so that the order of `seq` is the order of commits."""
    await take_turn(session, TURN)


async def note_added(session: AsyncSession, version_id: int, *, now: datetime) -> None:
    """Tell the index of every passage of this version. Call `in_turn` first."""
    await _note(session, version_id, Kind.ADD, sa.null(), now)


async def note_removed(session: AsyncSession, version_id: int, *, now: datetime) -> None:
    """Tell the index that this version's passages go, with the tokens it must take away."""
    await _note(session, version_id, Kind.REMOVE, PassageRow.tokens.expression, now)


async def _note(
    session: AsyncSession, version_id: int, kind: Kind, tokens: sa.ColumnElement[Any], now: datetime
) -> None:
    passages = (
        sa.select(PassageRow.id, sa.literal(kind.value), PassageRow.language, tokens, sa.literal(now, UtcMoment()))
        .where(PassageRow.version_id == version_id)
        .order_by(PassageRow.ordinal)
    )
    into = ["passage_id", "kind", "language", "tokens", "changed_at"]
    await session.execute(sa.insert(IndexChangeRow).from_select(into, passages, include_defaults=False))


async def newest(session: AsyncSession) -> tuple[int, datetime | None]:
    """The newest change's seq and the moment of its commit; 0 and None where there is none yet."""
    row = (await session.execute(NEWEST)).first()
    return (row.seq, row.changed_at) if row else (0, None)


async def since(session: AsyncSession, seq: int, *, limit: int = CHANGES_A_READ) -> list[IndexChange]:
    """The changes after `seq`, oldest first, at most `limit`; each carries its passage's tokens.

    An added passage that is gone by now has its tokens from its removal, which follows.
    """
    return [_change(row) for row in await session.execute(SINCE, {"known": seq, "limit": limit})]


def _since() -> sa.Select[int, int, str, str, str]:
    removal = sa.orm.aliased(IndexChangeRow)
    removed = (
        sa.select(removal.tokens)
        .where(removal.passage_id == IndexChangeRow.passage_id, removal.kind == Kind.REMOVE)
        .scalar_subquery()
    )
    tokens = sa.func.coalesce(IndexChangeRow.tokens, PassageRow.tokens, removed, "")
    return (
        sa.select(IndexChangeRow.seq, IndexChangeRow.passage_id, IndexChangeRow.kind, IndexChangeRow.language, tokens)
        .outerjoin(PassageRow, PassageRow.id == IndexChangeRow.passage_id)
        .where(IndexChangeRow.seq > sa.bindparam("known", type_=sa.BigInteger))
        .order_by(IndexChangeRow.seq)
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )


# Built once: every question asks them.
SINCE = _since()
NEWEST = sa.select(IndexChangeRow.seq, IndexChangeRow.changed_at).order_by(IndexChangeRow.seq.desc()).limit(1)


def _change(row: sa.Row[int, int, str, str, str]) -> IndexChange:
    seq, passage_id, kind, language, tokens = row
    return IndexChange(seq, passage_id, Kind(kind), language, tuple(tokens.split(" ")) if tokens else ())
