"""Whose statements the corpus holds: the names it prints, and the statements of a name.

Only newest versions and certain speakers. Tells no two people of one name apart.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from retrieval.model import Certainty, Span
from storage.passages import IDS_A_READ, NEWEST
from storage.statements import CONTENT, key_of
from storage.tables import ArticleRow, OutletRow, PassageRow, StatementRow, StatementSpanRow, VersionRow
from storage.values import PrintedName, Said, Spoken
from storage.versions import published

CERTAIN = StatementRow.certainty == Certainty.CERTAIN.value
OUTER = aliased(StatementRow)
# Words told apart within a statement of the same speaker ("sagte, der Damm sei „gut“") are no further statement.
WHOLE = ~sa.exists().where(OUTER.id == StatementRow.within_id, OUTER.speaker_key == StatementRow.speaker_key)
# Built once and of few columns: some hundred rows a question are read on the event loop.
SAID = (
    sa.select(PassageRow.id, StatementRow.speaker["name"].as_string(), StatementSpanRow.start, StatementSpanRow.end)
    .join(StatementRow, StatementRow.version_id == PassageRow.version_id)
    .join(StatementSpanRow, StatementSpanRow.statement_id == StatementRow.id)
    .where(PassageRow.id.in_(sa.bindparam("ids", expanding=True)), CERTAIN, StatementRow.speaker_key.is_not(None))
    .where(StatementSpanRow.part == CONTENT)
    .where(StatementSpanRow.start < PassageRow.end, StatementSpanRow.end > PassageRow.start)
    .order_by(StatementRow.id, StatementSpanRow.ordinal)
)
FAMILY = sa.func.coalesce(ArticleRow.copy_of, ArticleRow.id)


async def keys(session: AsyncSession) -> list[str]:
    """The key of every speaker's name, also of those whom only older versions name."""
    rows = sa.select(StatementRow.speaker_key).where(StatementRow.speaker_key.is_not(None)).distinct()
    return [key for key in await session.scalars(rows) if key is not None]


async def printed(session: AsyncSession, keys: Collection[str]) -> list[PrintedName]:
    """The names of these keys as most often printed, the one with most statements first."""
    rows = await session.execute(
        sa.select(
            StatementRow.speaker_key, StatementRow.speaker, ArticleRow.id.label("article_id"), FAMILY.label("family")
        )
        .join(VersionRow, VersionRow.id == StatementRow.version_id)
        .join(ArticleRow, NEWEST)
        .where(StatementRow.speaker_key.in_(keys), CERTAIN, WHOLE)
    )
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for row in _printed_first(rows.all()):
        forms[row.speaker_key][_name(row.speaker)] += 1
    names = [PrintedName(key, max(found, key=lambda n: (found[n], n)), found.total()) for key, found in forms.items()]
    return sorted(names, key=lambda each: (-each.statements, each.name))


async def count(session: AsyncSession, name: str, *, at_most: int) -> int:
    """How many statements a name has in newest texts that are no copies, counted no further than `at_most`."""
    some = (
        sa.select(StatementRow.id)
        .join(VersionRow, VersionRow.id == StatementRow.version_id)
        .join(ArticleRow, NEWEST)
        .where(StatementRow.speaker_key == key_of(name), CERTAIN, WHOLE, ArticleRow.copy_of.is_(None))
        .limit(at_most)
    )
    return await session.scalar(sa.select(sa.func.count()).select_from(some.subquery())) or 0


async def of_names(session: AsyncSession, keys: Collection[str], *, limit: int) -> list[Spoken]:
    """The statements under these keys, oldest first by the article's date, those without a date last.

    Of several articles with one text only the first one's.
    """
    rows = await session.execute(
        _spoken(StatementRow.speaker_key.in_(keys))
        .order_by(VersionRow.published_moment.nulls_last(), ArticleRow.id, sa.text("hull_start"), StatementRow.id)
        .limit(limit)
    )
    return [_value(row) for row in _printed_first(rows.all())]


async def in_passages(session: AsyncSession, passage_ids: Collection[int]) -> list[tuple[int, Spoken]]:
    """The statements that share a character with these passages, each with its passage's id."""
    words = sa.select(StatementSpanRow.statement_id, PassageRow.id.label("passage_id")).join(
        StatementRow, StatementRow.id == StatementSpanRow.statement_id
    )
    met = (
        words.join(PassageRow, PassageRow.version_id == StatementRow.version_id)
        .where(PassageRow.id.in_(passage_ids), CERTAIN, StatementRow.speaker_key.is_not(None))
        .where(StatementSpanRow.part == CONTENT)
        .where(StatementSpanRow.start < PassageRow.end, StatementSpanRow.end > PassageRow.start)
        .distinct()
        .subquery()
    )
    chosen = _spoken(StatementRow.speaker_key.is_not(None)).join(met, met.c.statement_id == StatementRow.id)
    rows = await session.execute(chosen.add_columns(met.c.passage_id).order_by(StatementRow.id))
    return [(row.passage_id, _value(row)) for row in rows]


async def said_in(session: AsyncSession, passage_ids: Collection[int]) -> list[Said]:
    """Whose words stand in these passages, stretch by stretch, in the order of the statements."""
    rows = await session.execute(SAID, {"ids": list(passage_ids)})
    return [Said(row[0], row[1], Span(row[2], row[3])) for row in rows]


async def tokens(session: AsyncSession, spoken: Sequence[Spoken]) -> dict[int, list[tuple[str, str]]]:
    """For each statement's id the passages it stands in: (the index they belong to, their index tokens)."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for at in range(0, len(spoken), IDS_A_READ):
        rows = sa.select(StatementSpanRow.statement_id, PassageRow.language, PassageRow.tokens)
        rows = rows.join(StatementRow, StatementRow.id == StatementSpanRow.statement_id)
        rows = rows.join(PassageRow, PassageRow.version_id == StatementRow.version_id).where(
            StatementSpanRow.statement_id.in_([each.statement_id for each in spoken[at : at + IDS_A_READ]]),
            StatementSpanRow.part == CONTENT,
            StatementSpanRow.start < PassageRow.end,
            StatementSpanRow.end > PassageRow.start,
        )
        for id_, language, words in await session.execute(rows):
            found[id_].append((language, words))
    return found


# ── rows and values ──────────────────────────────────────────────────────────────────────────────


def _printed_first(rows: Sequence[Any]) -> list[Any]:
    """The rows without those of an article whose text another one before it has."""
    first: dict[int, int] = {}
    for row in rows:
        first[row.family] = min(first.get(row.family, row.article_id), row.article_id)
    return [row for row in rows if row.article_id == first[row.family]]


def _spoken(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(
            StatementRow.id,
            StatementRow.version_id,
            StatementRow.speaker,
            ArticleRow.id.label("article_id"),
            FAMILY.label("family"),
            VersionRow.headline,
            VersionRow.published_moment,
            VersionRow.published_precision,
            VersionRow.published_offset,
            OutletRow.name.label("outlet"),
            _end_of(sa.func.min(StatementSpanRow.start)).label("hull_start"),
            _end_of(sa.func.max(StatementSpanRow.end)).label("hull_end"),
        )
        .join(VersionRow, VersionRow.id == StatementRow.version_id)
        .join(ArticleRow, NEWEST)
        .outerjoin(OutletRow, OutletRow.id == ArticleRow.outlet_id)
        .where(which, CERTAIN, WHOLE)
    )


def _end_of(outermost: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    words = sa.select(outermost).where(StatementSpanRow.statement_id == StatementRow.id)
    return words.where(StatementSpanRow.part == CONTENT).correlate(StatementRow).scalar_subquery()


def _value(row: Any) -> Spoken:
    return Spoken(
        statement_id=row.id,
        version_id=row.version_id,
        article_id=row.article_id,
        name=_name(row.speaker),
        role=row.speaker["role"],
        hull=Span(row.hull_start, row.hull_end),
        published=published(row),
        headline=row.headline,
        outlet=row.outlet,
    )


def _name(speaker: dict[str, Any] | None) -> str:
    return str(speaker["name"]) if speaker else ""
