"""Articles that may be new to a briefing: printed with a date within a window; with the words that topics match.

An article without a date on record is never among them.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from retrieval.model import Article, Certainty, Outlet
from storage.passages import NEWEST
from storage.tables import ArticleRow, FeedRow, OutletRow, PassageRow, StatementRow, VersionRow
from storage.values import RecentArticle
from storage.versions import published

BARE_DAY = timedelta(days=1)  # an article of a bare day may have been printed at any hour of it
IDS_A_READ = 500


async def between(session: AsyncSession, since: datetime, until: datetime) -> list[int]:
    """The newest versions of articles printed after `since` and not after `until`, oldest first.

    Those of a bare day are among them where any hour of it is: callers decide by what they know of the arrival.
    """
    rows = (
        sa.select(VersionRow.id)
        .join(ArticleRow, NEWEST)
        .where(VersionRow.published_moment > since - BARE_DAY, VersionRow.published_moment <= until)
        .order_by(VersionRow.published_moment, VersionRow.id)
    )
    return list(await session.scalars(rows))


async def arrived(session: AsyncSession, since: datetime, printed_since: datetime) -> list[int]:
    """The newest versions of articles stored for the first time after `since`; without what a new feed brought.

    By the moment that intake gave them: a transaction may commit them some seconds later. Those without a date, and
    those printed before `printed_since`, are left out: an archive added at once is a hundred thousand of them.
    """
    rows = sa.select(VersionRow.id).join(ArticleRow, NEWEST)
    new = rows.where(ArticleRow.added_at > since, ~ArticleRow.backlog, VersionRow.published_moment > printed_since)
    return list(await session.scalars(new.order_by(VersionRow.id)))


async def of_articles(session: AsyncSession, article_ids: Collection[int]) -> list[int]:
    """The newest versions of these articles."""
    found: list[int] = []
    for some in _chunks(article_ids):
        rows = sa.select(VersionRow.id).join(ArticleRow, NEWEST).where(ArticleRow.id.in_(some))
        found += await session.scalars(rows)
    return found


async def read(session: AsyncSession, version_ids: Collection[int]) -> list[RecentArticle]:
    """These versions with their index tokens and certain speakers, without their texts."""
    found: list[RecentArticle] = []
    for some in _chunks(version_ids):
        words, speakers = await _words(session, some), await _speakers(session, some)
        for row in await session.execute(RECENT, {"ids": some}):
            printed = published(row)
            if printed is None:
                continue
            outlet = Outlet(row.outlet, row.site) if row.outlet else None
            found.append(
                RecentArticle(
                    article=Article(row.article_id, row.external_id, row.url, outlet, row.copy_of),
                    version_id=row.id,
                    headline=row.headline,
                    language=row.language,
                    published=printed,
                    added_at=row.added_at,
                    index=words[row.id][0] if words[row.id] else row.language,
                    passages=tuple(words[row.id][1:]),
                    speakers=tuple(speakers[row.id]),
                )
            )
    return found


async def silent_feeds(session: AsyncSession, before: datetime) -> tuple[int, list[tuple[str, datetime | None]]]:
    """How many feeds there are, and those without an entry since this moment: by name, with their last one's."""
    rows = sa.select(FeedRow.title, FeedRow.url, FeedRow.last_entry_at, FeedRow.added_at).order_by(FeedRow.id)
    feeds = (await session.execute(rows)).all()
    silent = [(title or url, last) for title, url, last, added in feeds if max(last or added, added) < before]
    return len(feeds), silent


async def _words(session: AsyncSession, version_ids: Collection[int]) -> dict[int, list[str]]:
    """Of each version the index that holds it, then the tokens of its passages in order."""
    rows = (
        sa.select(PassageRow.version_id, PassageRow.language, PassageRow.tokens)
        .where(PassageRow.version_id.in_(version_ids))
        .order_by(PassageRow.version_id, PassageRow.ordinal)
    )
    found = defaultdict[int, list[str]](list)
    for version_id, index, tokens in await session.execute(rows):
        if not found[version_id]:
            found[version_id].append(index)
        found[version_id].append(tokens)
    return found


async def _speakers(session: AsyncSession, version_ids: Collection[int]) -> dict[int, list[str]]:
    rows = sa.select(StatementRow.version_id, StatementRow.speaker_key).distinct()
    rows = rows.where(
        StatementRow.version_id.in_(version_ids),
        StatementRow.certainty == Certainty.CERTAIN.value,
        StatementRow.speaker_key.is_not(None),
    )
    found = defaultdict[int, list[str]](list)
    for version_id, key in await session.execute(rows.order_by(StatementRow.version_id, StatementRow.speaker_key)):
        found[version_id].append(key or "")
    return found


def _chunks(ids: Collection[int]) -> list[list[int]]:
    listed = list(ids)
    return [listed[at : at + IDS_A_READ] for at in range(0, len(listed), IDS_A_READ)]


RECENT = (
    sa.select(
        VersionRow.id,
        VersionRow.headline,
        VersionRow.language,
        VersionRow.published_moment,
        VersionRow.published_precision,
        VersionRow.published_offset,
        ArticleRow.id.label("article_id"),
        ArticleRow.external_id,
        ArticleRow.url,
        ArticleRow.copy_of,
        ArticleRow.added_at,
        OutletRow.name.label("outlet"),
        OutletRow.site,
    )
    .join(ArticleRow, ArticleRow.id == VersionRow.article_id)
    .outerjoin(OutletRow, OutletRow.id == ArticleRow.outlet_id)
    .where(VersionRow.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(VersionRow.id)
)
