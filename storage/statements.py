"""Who said what, as attribution found it in each version."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from retrieval.model import Attribution, Certainty, Form, Sense, Span, Speaker, Statement
from storage.tables import StatementRow, StatementSpanRow

SPEAKER_KEY_MAX = 200  # characters; an index entry of PostgreSQL holds some 2,700 bytes
CONTENT, CUE = "content", "cue"
PLACES_A_READ = 8
NO_VERSION = -1

Place = tuple[int, Span]


async def put(session: AsyncSession, version_id: int, statements: Sequence[Statement]) -> None:
    """Keep a version's statements; their ordinals become lasting ids."""
    if not statements:
        return
    connection = await session.connection()
    rows = [_row(version_id, ordinal, statement) for ordinal, statement in enumerate(statements)]
    inserted = await connection.execute(sa.insert(StatementRow).returning(StatementRow.id, StatementRow.ordinal), rows)
    ids = {ordinal: id_ for id_, ordinal in inserted}
    spans = [row for ordinal, statement in enumerate(statements) for row in _span_rows(ids[ordinal], statement)]
    await connection.execute(sa.insert(StatementSpanRow), spans)
    lasting = {statement.id: ids[ordinal] for ordinal, statement in enumerate(statements)}
    within = [
        {"inner": lasting[each.id], "outer": lasting[each.within]} for each in statements if each.within in lasting
    ]
    if within:
        chain = sa.update(StatementRow).where(StatementRow.id == sa.bindparam("inner"))
        await connection.execute(chain.values(within_id=sa.bindparam("outer")), within)


def key_of(name: str) -> str:
    """What the statements of a name are found by."""
    return name.casefold()[:SPEAKER_KEY_MAX]


async def of_version(session: AsyncSession, version_id: int) -> list[Statement]:
    """A version's statements, in the order of the text."""
    return (await _read(session, OF_VERSION, {"version": version_id}))[version_id]


async def meeting(session: AsyncSession, places: Iterable[Place]) -> dict[Place, tuple[Statement, ...]]:
    """For each (version id, span) the statements whose words share at least one character with it."""
    places = list(places)
    known: dict[int, dict[int, Statement]] = defaultdict(dict)
    for at in range(0, len(places), PLACES_A_READ):
        for version_id, found in (await _read(session, MEETING, _wanted(places[at : at + PLACES_A_READ]))).items():
            known[version_id] |= {each.id: each for each in found}
    return {
        (version_id, span): tuple(
            each for each in known[version_id].values() if any(span.meets(content) for content in each.content)
        )
        for version_id, span in places
    }


async def _read(session: AsyncSession, those: "Those", wanted: dict[str, Any]) -> dict[int, list[Statement]]:
    spans: dict[tuple[int, str], tuple[Span, ...]] = defaultdict(tuple)
    for statement_id, part, start, end in await session.execute(those.spans, wanted):
        spans[statement_id, part] += (Span(start, end),)
    known: dict[int, list[Statement]] = defaultdict(list)
    for row in await session.scalars(those.rows, wanted):
        known[row.version_id].append(_statement(row, spans[row.id, CONTENT], spans[row.id, CUE]))
    return known


# ── the two reads of statements, built once: each answer asks them ───────────────────────────────


class Those:
    """The rows of some statements, in the order of the text, and the rows of their spans."""

    def __init__(self, which: sa.ColumnElement[bool]) -> None:
        self.rows = sa.select(StatementRow).where(which).order_by(StatementRow.ordinal)
        self.spans = (
            sa.select(
                StatementSpanRow.statement_id, StatementSpanRow.part, StatementSpanRow.start, StatementSpanRow.end
            )
            .join(StatementRow, StatementRow.id == StatementSpanRow.statement_id)
            .where(which)
            .order_by(StatementSpanRow.statement_id, StatementSpanRow.part, StatementSpanRow.ordinal)
        )


def _in_places() -> sa.ColumnElement[bool]:
    """Whether a statement has words in one of the places: a version has a hundred, a quote a few."""
    words = aliased(StatementSpanRow)
    versions = [sa.bindparam(f"version_{n}", type_=sa.BigInteger) for n in range(PLACES_A_READ)]
    inside = [
        sa.and_(
            StatementRow.version_id == version,
            words.start < sa.bindparam(f"end_{n}", type_=sa.Integer),
            words.end > sa.bindparam(f"start_{n}", type_=sa.Integer),
        )
        for n, version in enumerate(versions)
    ]
    shared = sa.exists().where(words.statement_id == StatementRow.id, words.part == CONTENT, sa.or_(*inside))
    return sa.and_(StatementRow.version_id.in_(versions), shared)


def _wanted(places: Sequence[Place]) -> dict[str, int]:
    """These places as what `MEETING` is asked with; in what is left over of it stands no statement."""
    nowhere = [(NO_VERSION, Span(0, 0))] * (PLACES_A_READ - len(places))
    asked = enumerate([*places, *nowhere])
    return {
        name: value
        for n, (version_id, span) in asked
        for name, value in ((f"version_{n}", version_id), (f"start_{n}", span.start), (f"end_{n}", span.end))
    }


OF_VERSION = Those(StatementRow.version_id == sa.bindparam("version", type_=sa.BigInteger))
MEETING = Those(_in_places())


# ── rows and values ──────────────────────────────────────────────────────────────────────────────


def _row(version_id: int, ordinal: int, statement: Statement) -> dict[str, Any]:
    who = statement.attribution
    said = who or Attribution()
    speaker_key = key_of(said.speaker.name) if said.speaker else None
    return {
        "version_id": version_id,
        "ordinal": ordinal,
        "form": statement.form.value,
        "attributed": who is not None,
        "sense": said.sense.value,
        "certainty": said.certainty.value,
        "speaker_key": speaker_key,
        "speaker": _printed(said.speaker),
        "likely_speaker": _printed(said.likely_speaker),
        "source_start": said.source and said.source.start,
        "source_end": said.source and said.source.end,
        "addressee_start": said.addressee and said.addressee.start,
        "addressee_end": said.addressee and said.addressee.end,
        "via": said.via,
        "rule": said.rule,
    }


def _span_rows(statement_id: int, statement: Statement) -> list[dict[str, Any]]:
    cue = statement.attribution.cue if statement.attribution else ()
    return [
        {"statement_id": statement_id, "part": part, "ordinal": ordinal, "start_at": span.start, "end_at": span.end}
        for part, spans in ((CONTENT, statement.content), (CUE, cue))
        for ordinal, span in enumerate(spans)
    ]


def _printed(speaker: Speaker | None) -> dict[str, Any] | None:
    if speaker is None:
        return None
    return {"name": speaker.name, "role": speaker.role, "name_at": speaker.name_at, "role_at": speaker.role_at}


def _speaker(printed: dict[str, Any] | None) -> Speaker | None:
    if printed is None:
        return None
    return Speaker(printed["name"], printed["role"], _span(printed["name_at"]), _span(printed["role_at"]))


def _span(ends: Sequence[int | None] | None) -> Span | None:
    start, end = ends or (None, None)
    return None if start is None or end is None else Span(start, end)


def _statement(row: StatementRow, content: tuple[Span, ...], cue: tuple[Span, ...]) -> Statement:
    attribution = Attribution(
        speaker=_speaker(row.speaker),
        likely_speaker=_speaker(row.likely_speaker),
        cue=cue,
        source=_span((row.source_start, row.source_end)),
        addressee=_span((row.addressee_start, row.addressee_end)),
        via=row.via,
        sense=Sense(row.sense or Sense.SPEECH),
        certainty=Certainty(row.certainty or Certainty.UNCERTAIN),
        rule=row.rule or "",
    )
    form = Form(row.form)
    return Statement(row.id, row.version_id, content, form, attribution if row.attributed else None, row.within_id)
