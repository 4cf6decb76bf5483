"""The corpus: our record of each story in each outlet, and every text it has had.

Takes what a worker prepared; cuts, tokenises and attributes nothing itself.
"""

from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from retrieval.model import Article, ArticleVersion, Draft, Outlet, Prepared, Supplied
from storage import copies, index_changes, looks, outbox, passages, sent_quotes, statements, versions
from storage.tables import ArticleRow, OutletRow, PassageRow, StatementRow, VersionRow, WithdrawnRow
from storage.values import CorpusStatistics, Outcome, Stored

NAME_BYTES_MAX = 2_000  # of an id, an address or an outlet's name: PostgreSQL indexes some 2,700
LANGUAGE_MAX = 35  # characters of a BCP 47 tag
EXPORTED_A_READ = 100  # articles in memory at once

Versioned = tuple[Article, ArticleVersion]
NEWEST = passages.NEWEST


# ── putting and removing ─────────────────────────────────────────────────────────────────────────


async def put(
    session: AsyncSession,
    draft: Draft,
    prepared: Prepared,
    *,
    now: datetime,
    backlog: bool = False,
    alike: int | None = None,
) -> Stored:
    """Store an article, a new version of it, or nothing where nothing changed; say which.

    `backlog` marks a new article that came with a new feed: it is no news of this moment. `alike` is an article of
    another outlet whose text this one edits.

    Its identity is the id given at import, else the address, else the hash of its text. Everything,
    the index's changes too, stands or falls with the caller's transaction.
    """
    if reason := _unfit(draft, prepared):
        return Stored(Outcome.REFUSED, reason=reason)
    await index_changes.in_turn(session)
    row, reason = await _identified(session, draft, prepared)
    if reason:
        return Stored(Outcome.REFUSED, reason=reason)
    if row is None:
        return await _add(session, draft, prepared, now, backlog, alike)
    if row.removed_at is not None and draft.supplied is Supplied.FETCHED:
        return Stored(Outcome.REFUSED, reason=_was_removed(row))
    return await _update(session, row, _under_its_address(row, draft, prepared), prepared, now, alike)


async def remove(
    session: AsyncSession, article_id: int, *, reason: str, instead: str | None = None, now: datetime
) -> bool:
    """Take an article's texts out of the corpus, the index and unsent messages; False where there is none to take.

    The record keeps its identity and the reason, so that a feed does not bring the article back.
    The index is told the tokens it must take away; a chat gets the line `instead` of a message that held its words.
    """
    await index_changes.in_turn(session)
    row = await session.get(ArticleRow, article_id)
    if row is None or row.removed_at is not None:
        return False
    await _unindex(session, row, now)
    theirs = sa.select(VersionRow.id, VersionRow.text).where(VersionRow.article_id == article_id)
    texts = [(id_, text) for id_, text in await session.execute(theirs)]
    await outbox.withdraw(session, [text for _, text in texts], instead=instead, now=now)
    session.add_all(WithdrawnRow(version_id=id_, article_id=article_id, withdrawn_at=now) for id_, _ in texts)
    await session.execute(sa.delete(VersionRow).where(VersionRow.article_id == article_id))
    await copies.forget(session, article_id)
    await looks.forget(session, article_id)
    row.removed_at, row.removed_reason = now, reason
    await session.flush()
    return True


async def is_withdrawn(session: AsyncSession, version_id: int) -> bool:
    """Whether this version's words were taken out by the operator."""
    return await session.get(WithdrawnRow, version_id) is not None


def _unfit(draft: Draft, prepared: Prepared) -> str | None:
    names = {"id": draft.external_id, "address": draft.url, "outlet": draft.outlet}
    for what, name in names.items():
        if name is not None and not 0 < len(name.encode(errors="replace")) <= NAME_BYTES_MAX:
            return f"the {what} must have 1 to {NAME_BYTES_MAX} bytes"
    if len(prepared.language) > LANGUAGE_MAX:
        return "the language is not a BCP 47 tag"
    return None if draft.text.strip() else "the text is empty"


async def _identified(session: AsyncSession, draft: Draft, prepared: Prepared) -> tuple[ArticleRow | None, str | None]:
    """The article a draft is about, or why that cannot be said; neither for a new one."""
    if draft.external_id is None and draft.url is None:
        return await session.scalar(sa.select(ArticleRow).where(ArticleRow.text_key == prepared.text_sha256)), None
    by_id = await _named(session, ArticleRow.external_id, draft.external_id)
    by_url = await _named(session, ArticleRow.url, draft.url)
    if by_url is None:
        by_url = await _under_other_address(session, draft, prepared)
    if by_url is None or by_url is by_id or draft.external_id is None:
        return by_id or by_url, None
    if by_id is None and by_url.external_id is None:
        return by_url, None
    return None, f"the address belongs to another article, {by_url.external_id or by_url.id}"


async def _named(
    session: AsyncSession, column: sa.orm.InstrumentedAttribute[str | None], name: str | None
) -> ArticleRow | None:
    return None if name is None else await session.scalar(sa.select(ArticleRow).where(column == name))


async def _under_other_address(session: AsyncSession, draft: Draft, prepared: Prepared) -> ArticleRow | None:
    """The article that another address of the same page was stored under; none that goes by an id."""
    if draft.external_id is not None:
        return None
    known = sa.select(ArticleRow).where(ArticleRow.address_key == prepared.address_key)
    known = known.where(ArticleRow.external_id.is_(None)).order_by(ArticleRow.id).limit(1)
    return await session.scalar(known) if prepared.address_key else None


def _under_its_address(row: ArticleRow, draft: Draft, prepared: Prepared) -> Draft:
    """The draft under the address that its article already goes by, where theirs are two of one page."""
    same = row.url is not None and row.address_key is not None and row.address_key == prepared.address_key
    return replace(draft, url=row.url) if same else draft


def _was_removed(row: ArticleRow) -> str:
    why = f": {row.removed_reason}" if row.removed_reason else ""
    return f"removed on {row.removed_at:%Y-%m-%d}{why}"


async def _add(
    session: AsyncSession, draft: Draft, prepared: Prepared, now: datetime, backlog: bool, alike: int | None
) -> Stored:
    nameless = draft.external_id is None and draft.url is None
    row = ArticleRow(
        external_id=draft.external_id,
        url=draft.url,
        text_key=prepared.text_sha256 if nameless else None,
        newest_version=0,
        added_at=now,
        backlog=backlog,
    )
    session.add(row)
    await session.flush()
    version_id = await _put_version(session, row, draft, prepared, now, alike)
    outcome = Outcome.ADDED if row.copy_of is None and row.edited_from is None else Outcome.COPY
    return Stored(outcome, await _value(session, row), version_id)


async def _update(
    session: AsyncSession, row: ArticleRow, draft: Draft, prepared: Prepared, now: datetime, alike: int | None
) -> Stored:
    newest = await session.scalar(
        sa.select(VersionRow)
        .options(sa.orm.defer(VersionRow.text, raiseload=True))
        .where(VersionRow.article_id == row.id, VersionRow.number == row.newest_version)
    )
    draft = versions.completed(draft, newest) if newest is not None else draft
    if newest is not None and not versions.differs(newest, draft, prepared) and await _same(session, row, draft):
        return Stored(Outcome.UNCHANGED, await _value(session, row), newest.id)
    await _unindex(session, row, now)
    if newest is not None and _is_changed_by_its_outlet(newest, draft, prepared):
        row.text_changed_at = now
    outcome = Outcome.UPDATED if row.removed_at is None else Outcome.ADDED
    row.removed_at = row.removed_reason = None
    version_id = await _put_version(session, row, draft, prepared, now, alike)
    await sent_quotes.outdate(session, row.id, version_id)
    return Stored(outcome, await _value(session, row), version_id)


def _is_changed_by_its_outlet(newest: VersionRow, draft: Draft, prepared: Prepared) -> bool:
    """Whether both texts were fetched, and are two: what an operator hands in again says nothing of the outlet."""
    fetched = {newest.supplied, draft.supplied.value} == {Supplied.FETCHED.value}
    return fetched and newest.text_sha256 != prepared.text_sha256


async def _same(session: AsyncSession, row: ArticleRow, draft: Draft) -> bool:
    """Whether the draft leaves the record as it is; what it does not name is left."""
    outlet = await session.get(OutletRow, row.outlet_id) if row.outlet_id else None
    known = (row.external_id, row.url, outlet and outlet.name)
    return known == tuple(
        new or old for new, old in zip((draft.external_id, draft.url, draft.outlet), known, strict=True)
    )


async def _put_version(
    session: AsyncSession, row: ArticleRow, draft: Draft, prepared: Prepared, now: datetime, alike: int | None
) -> int:
    row.external_id, row.url = draft.external_id or row.external_id, draft.url or row.url
    if draft.outlet is not None:
        row.outlet_id = await _outlet_id(session, draft.outlet, draft.url)
    await copies.settle(session, row, prepared.text_sha256, prepared.fingerprints, alike)
    row.address_key = prepared.address_key or row.address_key
    row.newest_version += 1
    version = versions.row_of(row.id, row.newest_version, draft, prepared, now)
    session.add(version)
    await session.flush()
    await passages.put(session, version.id, prepared.passages)
    await statements.put(session, version.id, prepared.statements)
    await index_changes.note_added(session, version.id, now=now)
    return version.id


async def _unindex(session: AsyncSession, row: ArticleRow, now: datetime) -> None:
    newest = sa.select(VersionRow.id).where(VersionRow.article_id == row.id, VersionRow.number == row.newest_version)
    version_id = await session.scalar(newest)
    if version_id is not None:
        await index_changes.note_removed(session, version_id, now=now)


async def _outlet_id(session: AsyncSession, name: str, url: str | None) -> int:
    known = await session.scalar(sa.select(OutletRow).where(OutletRow.name == name))
    if known is not None:
        return known.id
    row = OutletRow(name=name, site=_site(url))
    session.add(row)
    await session.flush()
    return row.id


def _site(url: str | None) -> str | None:
    try:
        return urlsplit(url or "").hostname
    except ValueError:
        return None


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


async def find(session: AsyncSession, name: str) -> Article | None:
    """The article of this name: the id given at import, else the address, else the database's own id."""
    names = [ArticleRow.external_id == name, ArticleRow.url == name]
    if name.isascii() and name.isdigit() and len(name) <= 18:
        names.append(ArticleRow.id == int(name))
    for named in names:
        row = await session.scalar(sa.select(ArticleRow).where(named, ArticleRow.removed_at.is_(None)))
        if row is not None:
            return await _value(session, row)
    return None


async def version(session: AsyncSession, article_id: int, number: int | None = None) -> ArticleVersion | None:
    """A version of an article by its number, the newest where none is given."""
    wanted = ArticleRow.newest_version if number is None else number
    row = await session.scalar(
        sa.select(VersionRow)
        .join(ArticleRow, ArticleRow.id == VersionRow.article_id)
        .where(VersionRow.article_id == article_id, VersionRow.number == wanted)
    )
    return versions.version(row) if row else None


async def with_newest(session: AsyncSession, article_id: int) -> Versioned | None:
    """An article with its newest version; None where it is removed or unknown."""
    rows = await session.execute(_versioned(NEWEST).where(ArticleRow.id == article_id, ArticleRow.removed_at.is_(None)))
    return next((_pair(row) for row in rows), None)


async def by_versions(session: AsyncSession, version_ids: Collection[int]) -> dict[int, Versioned]:
    """For each version id its article and text; ids no longer there are left out."""
    rows = await session.execute(BY_VERSIONS, {"ids": list(version_ids)})
    return {row[2].id: _pair(row) for row in rows}


async def listing(session: AsyncSession, *, limit: int, before: int | None = None) -> list[Versioned]:
    """Articles with their newest versions, last added first; `before` is the last id of the page before."""
    page = _versioned(NEWEST).order_by(ArticleRow.id.desc()).limit(limit)
    if before is not None:
        page = page.where(ArticleRow.id < before)
    return [_pair(row) for row in await session.execute(page)]


async def some(session: AsyncSession, which: sa.ColumnElement[bool], *, limit: int) -> list[Versioned]:
    """Articles that a condition on their rows names, by id, with their newest versions."""
    page = _versioned(NEWEST).where(which).order_by(ArticleRow.id).limit(limit)
    return [_pair(row) for row in await session.execute(page)]


async def newest_arrival(session: AsyncSession) -> datetime | None:
    """When the newest text was stored; None of an empty corpus."""
    return await session.scalar(sa.select(VersionRow.fetched_at).order_by(VersionRow.id.desc()).limit(1))


async def latest(session: AsyncSession, limit: int) -> list[Versioned]:
    """The newest articles by their printed date, or by the moment they came where none is printed."""
    moment = sa.func.coalesce(VersionRow.published_moment, VersionRow.fetched_at)
    page = _versioned(NEWEST).order_by(moment.desc(), ArticleRow.id.desc()).limit(limit)
    return [_pair(row) for row in await session.execute(page)]


async def headlines(session: AsyncSession, limit: int) -> list[tuple[int, str]]:
    """The newest headlines with their version's id, each once and none of a copy, without the texts."""
    moment = sa.func.max(sa.func.coalesce(VersionRow.published_moment, VersionRow.fetched_at))
    newest = sa.func.max(VersionRow.id)
    page = (
        sa.select(newest, VersionRow.headline)
        .join(ArticleRow, NEWEST)
        .where(VersionRow.headline.is_not(None), ArticleRow.copy_of.is_(None))
        .group_by(VersionRow.headline)
        .order_by(moment.desc(), newest.desc())
        .limit(limit)
    )
    return [(id_, headline or "") for id_, headline in await session.execute(page)]


async def outlets(session: AsyncSession) -> list[tuple[Outlet, int]]:
    """Every outlet of the corpus with the number of its articles, the one with most first."""
    count = sa.func.count(ArticleRow.id)
    rows = (
        sa.select(OutletRow, count)
        .join(ArticleRow, ArticleRow.outlet_id == OutletRow.id)
        .where(ArticleRow.removed_at.is_(None))
        .group_by(OutletRow.id)
        .order_by(count.desc(), OutletRow.name)
    )
    return [(Outlet(row.name, row.site), number) for row, number in await session.execute(rows)]


async def count_texts(session: AsyncSession, hashes: Collection[str]) -> int:
    """How many stored texts have one of these SHA-256 hashes."""
    return await _count(session, sa.select(VersionRow.id).where(VersionRow.text_sha256.in_(hashes)))


async def export(session: AsyncSession) -> AsyncIterator[Draft]:
    """Every article's newest text as a draft that `put` takes again, in the order of adding; in bounded memory."""
    after = 0
    while True:
        page = _versioned(NEWEST).where(ArticleRow.id > after).order_by(ArticleRow.id).limit(EXPORTED_A_READ)
        pairs = [_pair(row) for row in await session.execute(page)]
        for article, text in pairs:
            yield _draft(article, text)
        if len(pairs) < EXPORTED_A_READ:
            return
        after = pairs[-1][0].id
        session.expunge_all()


async def statistics(session: AsyncSession) -> CorpusStatistics:
    """What the corpus holds. Passages and statements are those of the newest versions."""
    newest = sa.select(VersionRow.id).join(ArticleRow, NEWEST)
    moments = sa.select(
        sa.func.count(),
        sa.func.count(ArticleRow.outlet_id.distinct()),
        sa.func.min(VersionRow.published_moment),
        sa.func.max(VersionRow.published_moment),
        sa.func.max(VersionRow.fetched_at),
    ).join_from(VersionRow, ArticleRow, NEWEST)
    articles, outlets_, earliest, latest_, added = (await session.execute(moments)).one()
    languages = sa.select(VersionRow.language, sa.func.count()).join(ArticleRow, NEWEST).group_by(VersionRow.language)
    return CorpusStatistics(
        articles=articles,
        versions=await _count(session, sa.select(VersionRow.id)),
        passages=await _count(session, sa.select(PassageRow.id).where(PassageRow.version_id.in_(newest))),
        statements=await _count(session, sa.select(StatementRow.id).where(StatementRow.version_id.in_(newest))),
        outlets=outlets_,
        earliest=earliest,
        latest=latest_,
        newest_added_at=added,
        languages={row[0]: row[1] for row in await session.execute(languages)},
    )


async def _count(session: AsyncSession, rows: sa.Select[int]) -> int:
    return await session.scalar(sa.select(sa.func.count()).select_from(rows.subquery())) or 0


# ── rows and values ──────────────────────────────────────────────────────────────────────────────


def _versioned(which: sa.ColumnElement[bool]) -> sa.Select[ArticleRow, OutletRow, VersionRow]:
    return (
        sa.select(ArticleRow, OutletRow, VersionRow)
        .join(VersionRow, which)
        .outerjoin(OutletRow, OutletRow.id == ArticleRow.outlet_id)
    )


BY_VERSIONS = _versioned(VersionRow.article_id == ArticleRow.id).where(
    VersionRow.id.in_(sa.bindparam("ids", expanding=True))
)  # built once: each answer asks it


def _pair(row: sa.Row[ArticleRow, OutletRow, VersionRow]) -> Versioned:
    article, outlet, newest = row
    return _article(article, outlet), versions.version(newest)


def _name(outlet: Outlet | None) -> str | None:
    return outlet.name if outlet else None


def _article(row: ArticleRow, outlet: OutletRow | None) -> Article:
    named = Outlet(outlet.name, outlet.site) if outlet else None
    return Article(row.id, row.external_id, row.url, named, row.copy_of, row.page_gone_at, row.text_changed_at)


async def _value(session: AsyncSession, row: ArticleRow) -> Article:
    return _article(row, await session.get(OutletRow, row.outlet_id) if row.outlet_id else None)


def _draft(article: Article, text: ArticleVersion) -> Draft:
    return Draft(
        text=text.text,
        external_id=article.external_id,
        url=article.url,
        outlet=_name(article.outlet),
        headline=text.headline,
        byline=text.byline,
        dateline=text.dateline,
        published=text.published,
        language=text.language,
        supplied=text.supplied,
        opinion=text.opinion,
    )
