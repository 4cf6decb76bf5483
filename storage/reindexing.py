"""What is computed from texts, made anew while they stay as they are: as after an upgrade that computes it otherwise.

Takes what a worker prepared; the old passages go and the new ones come with ids of their own, so that every
index follows by the same changes as for any other article.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from retrieval.model import Article, ArticleVersion, PreparedPassage, Statement
from storage import articles, copies, index_changes, passages, statements, versions
from storage.passages import NEWEST
from storage.tables import ArticleRow, FingerprintRow, PassageRow, StatementRow, VersionRow


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


async def count_attributed_otherwise(session: AsyncSession, rules: str) -> int:
    """How many texts, older versions too, have statements that other rules found."""
    return await session.scalar(sa.select(sa.func.count()).select_from(_attributed_otherwise(rules).subquery())) or 0


async def attributed_otherwise(session: AsyncSession, rules: str, *, after: int, limit: int) -> list[ArticleVersion]:
    """Texts, older versions too, whose statements other rules found, by id from `after` on."""
    page = _attributed_otherwise(rules).where(VersionRow.id > after).order_by(VersionRow.id).limit(limit)
    return [versions.version(row) for row in await session.scalars(page)]


async def attribute(session: AsyncSession, version_id: int, found: Sequence[Statement], rules: str) -> None:
    """Give a text the statements that these rules find, instead of those it had; nothing where it is gone."""
    row = await session.get(VersionRow, version_id)
    if row is None:
        return
    await session.execute(sa.delete(StatementRow).where(StatementRow.version_id == version_id))
    await statements.put(session, version_id, found)
    row.rules = rules
    await session.flush()


async def unidentified(session: AsyncSession, *, after: int, limit: int) -> list[tuple[Article, ArticleVersion]]:
    """Articles by id from `after` on that lack what they are told apart or found by, with their newest texts.

    A text too short for fingerprints is always among them.
    """
    found = sa.exists().where(FingerprintRow.article_id == ArticleRow.id)
    first = sa.and_(ArticleRow.copy_of.is_(None), ArticleRow.edited_from.is_(None), ~found)
    nameless = sa.and_(ArticleRow.url.is_not(None), ArticleRow.address_key.is_(None))
    wanted = sa.and_(ArticleRow.id > after, ArticleRow.removed_at.is_(None), sa.or_(first, nameless))
    return await articles.some(session, wanted, limit=limit)


async def identify(
    session: AsyncSession, article_id: int, address_key: str | None, fingerprints: Sequence[int], alike: int | None
) -> bool:
    """Give an article what it is told apart and found by; whether there was anything to give."""
    row = await session.get(ArticleRow, article_id)
    version = await session.scalar(sa.select(VersionRow).join(ArticleRow, NEWEST).where(ArticleRow.id == article_id))
    if row is None or version is None or row.removed_at is not None:
        return False
    given = bool(fingerprints) or (address_key is not None and row.address_key is None)
    row.address_key = address_key or row.address_key
    await copies.settle(session, row, version.text_sha256, fingerprints, alike)
    await session.flush()
    return given


def _outdated(tokenizer: str) -> sa.Select[VersionRow]:
    newest = sa.select(VersionRow).join(ArticleRow, NEWEST)
    return newest.where(VersionRow.tokenizer != tokenizer, ArticleRow.removed_at.is_(None))


def _attributed_otherwise(rules: str) -> sa.Select[VersionRow]:
    return sa.select(VersionRow).where(VersionRow.rules.is_distinct_from(rules))
