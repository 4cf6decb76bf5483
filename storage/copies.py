"""Copies of one text in several outlets: exact ones by their hash, edited ones by what is handed in.

Compares no texts itself: it finds the few worth comparing, and keeps what the comparison said.
"""

from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from retrieval.model import Article
from storage.passages import NEWEST
from storage.tables import ArticleRow, FingerprintRow, OutletRow, VersionRow

HOLDERS_MAX = 50  # a fingerprint of more originals is the boilerplate of a site
CANDIDATES_MAX = 20

FAMILY = sa.func.coalesce(ArticleRow.edited_from, ArticleRow.copy_of, ArticleRow.id)


async def candidates(
    session: AsyncSession, fingerprints: Sequence[int], *, outlet: str | None, url: str | None
) -> list[tuple[int, str]]:
    """The first articles of other outlets (id, newest text) whose texts may be like one with these fingerprints."""
    if not fingerprints:
        return []
    holders = (
        sa.select(FingerprintRow.fingerprint)
        .where(FingerprintRow.fingerprint.in_(fingerprints))
        .group_by(FingerprintRow.fingerprint)
        .having(sa.func.count() <= HOLDERS_MAX)
    )
    shared = sa.func.count().label("shared")
    alike = (
        sa.select(FingerprintRow.article_id, shared)
        .where(FingerprintRow.fingerprint.in_(holders))
        .group_by(FingerprintRow.article_id)
        .subquery()
    )
    rows = (
        sa.select(ArticleRow.id, VersionRow.text)
        .join(alike, alike.c.article_id == ArticleRow.id)
        .join(VersionRow, NEWEST)
        .outerjoin(OutletRow, OutletRow.id == ArticleRow.outlet_id)
        .where(sa.or_(OutletRow.name.is_(None), sa.true() if outlet is None else OutletRow.name != outlet))
        .where(ArticleRow.removed_at.is_(None), sa.or_(ArticleRow.url.is_(None), ArticleRow.url != (url or "")))
        .order_by(alike.c.shared.desc(), ArticleRow.id)
        .limit(CANDIDATES_MAX)
    )
    return [(id_, text) for id_, text in await session.execute(rows)]


async def original(session: AsyncSession, row: ArticleRow, sha256: str) -> ArticleRow | None:
    """The oldest other article with this text, if any. An original is never itself a copy."""
    if await _has_copies(session, row):
        return None
    same = (
        sa.select(ArticleRow)
        .join(VersionRow, VersionRow.article_id == ArticleRow.id)
        .where(VersionRow.text_sha256 == sha256, ArticleRow.id != row.id, ArticleRow.copy_of.is_(None))
        .order_by(ArticleRow.id)
        .limit(1)
    )
    found: ArticleRow | None = await session.scalar(same)
    return found


async def settle(
    session: AsyncSession, row: ArticleRow, sha256: str, fingerprints: Sequence[int], alike: int | None
) -> None:
    """Keep whose copy an article is by its new text; `alike` is the first article of a text that it edits."""
    first = await original(session, row, sha256)
    row.copy_of = first.id if first else None
    edited = first.edited_from if first else await _first(session, row, alike)
    row.edited_from = edited
    await session.execute(sa.delete(FingerprintRow).where(FingerprintRow.article_id == row.id))
    if first is None and edited is None and fingerprints:
        crowded = await _crowded(session, fingerprints)
        new = [{"fingerprint": each, "article_id": row.id} for each in fingerprints if each not in crowded]
        if new:
            await session.execute(sa.insert(FingerprintRow), new)


async def _crowded(session: AsyncSession, fingerprints: Sequence[int]) -> set[int]:
    """Those that lead to nobody any more: nothing is added to them, so that no look-up grows with the corpus."""
    holders = sa.select(FingerprintRow.fingerprint).where(FingerprintRow.fingerprint.in_(fingerprints))
    many = holders.group_by(FingerprintRow.fingerprint).having(sa.func.count() > HOLDERS_MAX)
    return set(await session.scalars(many))


async def forget(session: AsyncSession, article_id: int) -> None:
    """Find no text by this article any more."""
    await session.execute(sa.delete(FingerprintRow).where(FingerprintRow.article_id == article_id))


async def _first(session: AsyncSession, row: ArticleRow, alike: int | None) -> int | None:
    """The article that an edited copy goes back to, where it still stands and this one is nobody's original."""
    found = await session.get(ArticleRow, alike) if alike else None
    if found is None or found.id == row.id or found.removed_at is not None or await _has_copies(session, row):
        return None
    return found.edited_from or found.copy_of or found.id


async def _has_copies(session: AsyncSession, row: ArticleRow) -> bool:
    if not row.newest_version:
        return False
    copied = sa.select(ArticleRow.id).where(sa.or_(ArticleRow.copy_of == row.id, ArticleRow.edited_from == row.id))
    return await session.scalar(copied.limit(1)) is not None


async def carriers(session: AsyncSession, quoted: Iterable[tuple[Article, str]]) -> list[frozenset[str]]:
    """For each quote (its article and words) the other outlets that printed these words in a copy of the article."""
    wanted = list(quoted)
    families = await _families(session, {article.id for article, _ in wanted})
    rows = (
        sa.select(FAMILY, OutletRow.name, VersionRow.text)
        .select_from(ArticleRow)
        .join(VersionRow, NEWEST)
        .join(OutletRow, OutletRow.id == ArticleRow.outlet_id)
        .where(FAMILY_IN, ArticleRow.removed_at.is_(None))
    )
    ids = list(set(families.values()))
    printed: list[tuple[int, str, str]] = [
        (row[0], row[1], row[2]) for row in await session.execute(rows, {"family": ids})
    ]
    return [
        frozenset(
            outlet
            for family, outlet, text in printed
            if family == families.get(article.id) and words in text and outlet != _name(article)
        )
        for article, words in wanted
    ]


FAMILY_IN = sa.or_(
    ArticleRow.id.in_(sa.bindparam("family", expanding=True)),
    ArticleRow.copy_of.in_(sa.bindparam("family", expanding=True)),
    ArticleRow.edited_from.in_(sa.bindparam("family", expanding=True)),
)


async def _families(session: AsyncSession, article_ids: Collection[int]) -> dict[int, int]:
    rows = await session.execute(sa.select(ArticleRow.id, FAMILY).where(ArticleRow.id.in_(article_ids)))
    return {row[0]: row[1] for row in rows}


def _name(article: Article) -> str | None:
    return article.outlet.name if article.outlet else None
