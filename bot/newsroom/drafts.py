"""From an article's fields, as a file or a line gives them, to a `Draft`; and the few things that are changed.

NUL and lone surrogates become U+FFFD one for one and a leading byte order mark goes: no database and no
message can carry them. Nothing else changes: no strip, no newline or Unicode normalisation.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from retrieval.model import Draft, Precision, Published

TEXT_CHARACTERS_MAX = 1_000_000
FIELD_CHARACTERS_MAX = {"id": 512, "url": 2_048, "outlet": 200, "headline": 2_000, "byline": 1_000, "dateline": 1_000}
LANGUAGE_CHARACTERS_MAX = 35
YEAR_MIN, YEAR_MAX = 1000, 9998  # a moment at either end of the calendar cannot be shown in every zone
OFFSET_MINUTES_MAX = 24 * 60

FIELDS = ("id", "url", "outlet", "headline", "byline", "dateline", "published_at", "language", "text")
MARK = "opinion"  # true of an article that its outlet calls so
BARE_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}|[0-9]{4}-?W[0-9]{2}-?[1-7]")
BARE_WEEK = re.compile(r"[0-9]{4}-?W[0-9]{2}(?!-?[0-9])")
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
BYTE_ORDER_MARK = "\ufeff"
TEXT_DIRECTIVE = ":~:"  # in a fragment: where a browser scrolls to, no part of what the address names
SAMPLE_OUTLET = "(sample)"


class Unusable(Exception):
    """An article or a file cannot be taken in; the text is the reason in plain words."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the operator says about the articles of one command; it goes before what a page or heading suggests."""

    outlet: str | None = None
    url: str | None = None
    headline: str | None = None
    byline: str | None = None
    published: Published | None = None
    language: str | None = None

    def over(self, draft: Draft) -> Draft:
        """The draft with these fields, for a file that cannot say them for certain."""
        return replace(draft, **self._said())

    def under(self, draft: Draft) -> Draft:
        """The draft with these fields where it has none of its own, for a line of .jsonl."""
        missing = {name: value for name, value in self._said().items() if getattr(draft, name) is None}
        return replace(draft, **missing)

    def _said(self) -> dict[str, Any]:
        fields = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in fields.items() if value is not None}


def clean(text: str) -> str:
    """The text as it can be stored, of equal length but for a leading byte order mark."""
    return UNSTORABLE.sub("\ufffd", text.removeprefix(BYTE_ORDER_MARK))


def is_sample(outlet: str | None) -> bool:
    """Whether an outlet is one of the demo's, which never stand beside real news."""
    return outlet is not None and outlet.rstrip().casefold().endswith(SAMPLE_OUTLET)


def draft_of(fields: Mapping[str, object]) -> Draft:
    """The draft that one object of .jsonl tells of; raises `Unusable`, naming the field."""
    known = (*FIELDS, MARK)
    unknown = [name for name in fields if name not in known]
    if unknown:
        raise Unusable(f"unknown field {clean(unknown[0][:100])!r}; known are {', '.join(known)}")
    if not isinstance(fields.get(MARK), bool | None):
        raise Unusable(f"{MARK} is neither true nor false")
    words = {name: _words(fields, name) for name in FIELDS}
    return Draft(
        text=usable_text(words["text"]),
        external_id=words["id"],
        url=address(words["url"]),
        outlet=words["outlet"],
        headline=words["headline"],
        byline=words["byline"],
        dateline=words["dateline"],
        published=None if words["published_at"] is None else published(words["published_at"]),
        language=None if words["language"] is None else language_tag(words["language"]),
        opinion=fields.get(MARK) is True,
    )


def fields_of(draft: Draft) -> dict[str, str | bool]:
    """The object of .jsonl that tells of a draft: the way back of `draft_of`."""
    fields = {
        "id": draft.external_id,
        "url": draft.url,
        "outlet": draft.outlet,
        "headline": draft.headline,
        "byline": draft.byline,
        "dateline": draft.dateline,
        "published_at": draft.published.isoformat() if draft.published else None,
        "language": draft.language,
        MARK: draft.opinion or None,
        "text": draft.text,
    }
    return {name: value for name, value in fields.items() if value is not None}


def usable_text(text: str | None) -> str:
    """The cleaned text; raises `Unusable` where there is none, or too much."""
    cleaned = clean(text or "")
    if not cleaned.strip():
        raise Unusable("no text")
    if len(cleaned) > TEXT_CHARACTERS_MAX:
        raise Unusable(f"the text has {len(cleaned)} characters, more than {TEXT_CHARACTERS_MAX}")
    return cleaned


def field(name: str, value: str) -> str | None:
    """One short field, cleaned; None where it is blank."""
    cleaned = clean(value)
    most = FIELD_CHARACTERS_MAX.get(name, TEXT_CHARACTERS_MAX)
    if len(cleaned) > most:
        raise Unusable(f"{name} has {len(cleaned)} characters, more than {most}")
    return cleaned if cleaned.strip() else None


def address(value: str | None) -> str | None:
    """The web address an article goes by: with its fragment, which may name the entry, without a text directive."""
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable or re.search(r"\s", value):
        raise Unusable("url is no web address; write it whole, with https:// before it")
    page, _, fragment = value.partition("#")
    entry = fragment.partition(TEXT_DIRECTIVE)[0]
    return f"{page}#{entry}" if entry else page


def language_tag(value: str) -> str:
    """A BCP 47 tag as given; raises `Unusable` for anything else."""
    if len(value) > LANGUAGE_CHARACTERS_MAX or not LANGUAGE_TAG.fullmatch(value):
        raise Unusable("language is no BCP 47 tag, such as en or pt-BR")
    return value


def published(value: str) -> Published:
    """A printed day (``2023-10-08``) or moment (``2023-10-08T09:00:00+03:00``); raises `Unusable` otherwise.

    ISO 8601 writes a day also as ``20231008`` and ``2023-W40-7``; a week is none.

    A moment without an offset is taken as UTC and keeps none.
    """
    if BARE_WEEK.match(value):
        raise Unusable("published_at names a week, not a day")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Unusable("published_at is no ISO 8601 day or moment, such as 2023-10-08T09:00:00+03:00") from None
    if not YEAR_MIN <= moment.year <= YEAR_MAX:
        raise Unusable(f"published_at has the year {moment.year}, which cannot be right")
    if BARE_DAY.fullmatch(value):
        return Published(moment.replace(tzinfo=UTC), Precision.DAY)
    offset = moment.utcoffset()
    if offset is None:
        return Published(moment.replace(tzinfo=UTC), Precision.MOMENT)
    if offset % timedelta(minutes=1) or abs(offset) >= timedelta(minutes=OFFSET_MINUTES_MAX):
        raise Unusable("published_at has an offset that is not of whole minutes")
    return Published(moment.astimezone(UTC), Precision.MOMENT, offset // timedelta(minutes=1))


def _words(fields: Mapping[str, object], name: str) -> str | None:
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Unusable(f"{name} is {type(value).__name__}, not text")
    return value if name == "text" else field(name, value)
