"""Passages made anew for texts that stay as they are, as after an upgrade that cuts or tokenises differently.

Takes what a worker prepared; the old passages go and the new ones come with ids of their own, so that every
index follows by the same changes as for any other article.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from retrieval.model import ArticleVersion, PreparedPassage
from storage import index_changes, passages, versions
from storage.passages import NEWEST
from storage.tables import ArticleRow, PassageRow, VersionRow


async def count_outdated(session: AsyncSession, tokenizer: str) -> int:
    """How many articles have passages that another tokenizer made."""
    return await session.scalar(sa.select(sa.func.count()).select_from(_outdated(tokenizer).subquery())) or 0


async def outdated(session: AsyncSession, tokenizer: str, *, after: int, limit: int) -> list[ArticleVersion]:
    """Newest versions whose passages another tokenizer made, by id from `after` on."""
    page = _outdated(tokenizer).where(VersionRow.id > after).order_by(VersionRow.id).limit(limit)
    return [versions.version(row) for row in await session.scalars(page)]


async def replace(
    session: AsyncSession, version_id: int, prepared: Sequence[PreparedPassage], tokenizer: str, *, now: datetime
) -> bool:
    """Give a version new passages and tell the index; False where it is no longer the newest."""
    await index_changes.in_turn(session)
    row = await session.scalar(sa.select(VersionRow).join(ArticleRow, NEWEST).where(VersionRow.id == version_id))
    if row is None:
        return False
    await index_changes.note_removed(session, version_id, now=now)
    await session.execute(sa.delete(PassageRow).where(PassageRow.version_id == version_id))
    await passages.put(session, version_id, prepared)
    await index_changes.note_added(session, version_id, now=now)
    row.tokenizer = tokenizer
    await session.flush()
    return True


def _outdated(tokenizer: str) -> sa.Select[VersionRow]:
    newest = sa.select(VersionRow).join(ArticleRow, NEWEST)
    return newest.where(VersionRow.tokenizer != tokenizer, ArticleRow.removed_at.is_(None))
