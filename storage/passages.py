"""Passages: the places of a text that the index knows, and the words that stand there."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from retrieval.model import Candidate, Hit, Passage, PreparedPassage, Span
from storage.tables import ArticleRow, OutletRow, PassageRow, VersionRow
from storage.versions import published

IDS_A_READ = 50  # rows read without letting other tasks run: about a millisecond
VERSIONS_A_READ = 200
# A printed day may begin this much before or after the same day in UTC.
OFFSET_MAX = timedelta(days=1)


async def put(session: AsyncSession, version_id: int, passages: Sequence[PreparedPassage]) -> None:
    """Keep a version's passages with their index tokens."""
    rows = [
        {
            "version_id": version_id,
            "ordinal": ordinal,
            "start_at": passage.span.start,
            "end_at": passage.span.end,
            "language": passage.language,
            "tokens": " ".join(passage.tokens),
        }
        for ordinal, passage in enumerate(passages)
    ]
    if rows:
        await (await session.connection()).execute(sa.insert(PassageRow), rows)


async def of_hits(session: AsyncSession, hits: Sequence[Hit]) -> list[Candidate]:
    """The passages that search found, in its order with its scores; those no longer there are left out."""
    found: dict[int, Candidate] = {}
    for at in range(0, len(hits), IDS_A_READ):
        scores = dict(hits[at : at + IDS_A_READ])
        rows = await session.execute(CANDIDATES, {"ids": list(scores)})
        found |= {row[0]: _candidate(row, scores[row[0]]) for row in rows}
    return [found[hit.passage_id] for hit in hits if hit.passage_id in found]


async def around(session: AsyncSession, version_id: int, span: Span) -> list[Passage]:
    """The passages of a version that meet the span, with the one before and the one after, in order."""
    rows = sa.select(PassageRow).where(PassageRow.version_id == version_id).order_by(PassageRow.ordinal)
    passages = [_passage(row) for row in await session.scalars(rows)]
    met = [each.ordinal for each in passages if each.span.meets(span)]
    return passages[max(0, met[0] - 1) : met[-1] + 2] if met else []


async def within(
    session: AsyncSession, *, since: date | None = None, until: date | None = None, outlet: str | None = None
) -> set[int]:
    """Ids of the indexed passages whose article was printed on a day from `since` to `until`, both included.

    `outlet` is a publisher's name, whatever its case. An article without a date is on no day. Other tasks run
    between the reads, however much of the corpus is meant.
    """
    chosen = sa.select(VersionRow.id, VersionRow.published_moment, VersionRow.published_offset).join(ArticleRow, NEWEST)
    if since is not None:
        chosen = chosen.where(VersionRow.published_moment >= _midnight(since) - OFFSET_MAX)
    if until is not None:
        chosen = chosen.where(VersionRow.published_moment < _midnight(until) + 2 * OFFSET_MAX)
    if outlet is not None:
        chosen = chosen.where(ArticleRow.outlet_id.in_(await _outlet_ids(session, outlet)))
    page, after, ids = chosen.order_by(VersionRow.id).limit(VERSIONS_A_READ), 0, set[int]()
    while rows := (await session.execute(page.where(VersionRow.id > after))).all():
        after = rows[-1][0]
        printed = [id_ for id_, moment, offset in rows if _printed_between(moment, offset, since, until)]
        ids.update(await session.scalars(OF_VERSIONS, {"ids": printed}))
    return ids


NEWEST = sa.and_(ArticleRow.id == VersionRow.article_id, ArticleRow.newest_version == VersionRow.number)
OF_VERSIONS = sa.select(PassageRow.id).where(PassageRow.version_id.in_(sa.bindparam("ids", expanding=True)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _printed_between(moment: datetime | None, offset: int | None, since: date | None, until: date | None) -> bool:
    if moment is None:
        return since is None and until is None
    day = (moment + timedelta(minutes=offset or 0)).date()
    return (since is None or since <= day) and (until is None or day <= until)


async def _outlet_ids(session: AsyncSession, name: str) -> Collection[int]:
    rows = await session.execute(sa.select(OutletRow.id, OutletRow.name))
    return [id_ for id_, each in rows if each.casefold() == name.casefold()]


# Columns alone, and one statement built once: two hundred candidates a question are read on the event loop.
CANDIDATES = (
    sa.select(
        PassageRow.id,
        PassageRow.version_id,
        PassageRow.ordinal,
        PassageRow.start.label("start"),
        PassageRow.end.label("end"),
        VersionRow.number,
        VersionRow.headline,
        VersionRow.language,
        ArticleRow.id.label("article_id"),
        ArticleRow.copy_of,
        OutletRow.name.label("outlet"),
        sa.func.substr(VersionRow.text, PassageRow.start + 1, PassageRow.end - PassageRow.start).label("words"),
        VersionRow.published_moment,
        VersionRow.published_precision,
        VersionRow.published_offset,
    )
    .join(VersionRow, VersionRow.id == PassageRow.version_id)
    .join(ArticleRow, ArticleRow.id == VersionRow.article_id)
    .outerjoin(OutletRow, OutletRow.id == ArticleRow.outlet_id)
    .where(PassageRow.id.in_(sa.bindparam("ids", expanding=True)))
)


def _candidate(row: Any, score: float) -> Candidate:
    """By position: names cost as much again, two hundred times a question."""
    id_, version_id, ordinal, start, end, number, headline, language, article_id, copy_of, outlet, words = row[:12]
    passage = Passage(id_, version_id, ordinal, Span(start, end))
    return Candidate(passage, score, words, article_id, headline, outlet, language, published(row), copy_of, number)


def _passage(row: PassageRow) -> Passage:
    return Passage(row.id, row.version_id, row.ordinal, Span(row.start, row.end))
