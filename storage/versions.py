"""The versions of an article's text: kept once, never changed. Rows into values; `articles.put` writes them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from retrieval.model import ArticleVersion, Draft, Precision, Prepared, Published, Supplied
from storage.tables import VersionRow


def row_of(article_id: int, number: int, draft: Draft, prepared: Prepared, now: datetime) -> VersionRow:
    """A version's row, as it is first written."""
    return VersionRow(
        article_id=article_id,
        number=number,
        headline=draft.headline,
        byline=draft.byline,
        dateline=draft.dateline,
        language=prepared.language,
        published_moment=draft.published and draft.published.moment,
        published_precision=draft.published and draft.published.precision.value,
        published_offset=draft.published and draft.published.offset,
        supplied=draft.supplied.value,
        fetched_at=now,
        text=draft.text,
        text_sha256=prepared.text_sha256,
        opinion=draft.opinion,
        tokenizer=prepared.tokenizer,
        rules=prepared.rules,
    )


def published(row: Any) -> Published | None:
    """What was printed of the date, from a version's row or one with its three columns."""
    if row.published_moment is None or row.published_precision is None:
        return None
    return Published(row.published_moment, Precision(row.published_precision), row.published_offset)


def version(row: VersionRow) -> ArticleVersion:
    return ArticleVersion(
        id=row.id,
        article_id=row.article_id,
        number=row.number,
        headline=row.headline,
        byline=row.byline,
        dateline=row.dateline,
        language=row.language,
        published=published(row),
        fetched_at=row.fetched_at,
        supplied=Supplied(row.supplied),
        text=row.text,
        text_sha256=row.text_sha256,
        opinion=row.opinion,
    )


def completed(draft: Draft, row: VersionRow) -> Draft:
    """A fetched draft with what the version before it tells and it does not: a page often lacks its feed's date."""
    if draft.supplied is not Supplied.FETCHED:
        return draft
    return replace(
        draft,
        headline=draft.headline or row.headline,
        byline=draft.byline or row.byline,
        dateline=draft.dateline or row.dateline,
        published=draft.published or published(row),
    )


def differs(row: VersionRow, draft: Draft, prepared: Prepared) -> bool:
    """Whether the draft says anything else than this version: its text, or what was printed with it."""
    printed = (row.headline, row.byline, row.dateline, published(row))
    return (
        row.text_sha256 != prepared.text_sha256
        or printed != (draft.headline, draft.byline, draft.dateline, draft.published)
        or (draft.language is not None and row.language != prepared.language)
        or (draft.opinion and not row.opinion)
    )
