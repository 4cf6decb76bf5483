"""What a feed says: RSS, RDF, Atom by feedparser, and JSON Feed. Runs in a worker, which bounds its time.

Fetches nothing and opens no file: the feed is given as bytes. What an entry says is text; nothing of it is trusted.
"""

import hashlib
import json
import re
from calendar import timegm
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from bot.newsroom import bodies, charsets, drafts
from retrieval.model import Draft, Precision, Published, Supplied

ENTRIES_MAX = 500  # of one feed; the rest is left for when the feed has moved on
WHOLE_CHARACTERS_MIN = 500  # a shorter body is a summary; the page has more
BRIEF_CHARACTERS_MIN = 120  # shorter words of an entry are a teaser, no article of their own
AHEAD_MAX = timedelta(days=2)  # a date further in the future is a mistake
TTL_MAX = timedelta(days=1)
PERIODS = {"hourly": 60, "daily": 1_440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}  # minutes
CUT = re.compile(r"(…|\.\.\.|\[…\]|\[\.\.\.\]|(read|continue reading|weiter|leer|lire|читати|читать)\W*\w*\W*)$", re.I)
JSON_FEED = re.compile(r"https?://(www\.)?jsonfeed\.org/version/1", re.I)


class NoFeed(Exception):
    """These bytes are no feed; the text says what they seem to be."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed. `key` tells it apart in its feed, `digest` one state of it from another.

    `body` is its own text, `whole` whether that is the article and not a teaser of it.
    """

    key: str
    digest: str
    url: str | None
    headline: str | None
    byline: str | None
    published: Published | None
    language: str | None
    body: str
    whole: bool


@dataclass(frozen=True, slots=True)
class FeedContent:
    """A feed as it stands: entries as it lists them; `rest` is how long it asks not to be read again.

    `address` is the feed's own, where it names it.
    """

    form: str
    title: str | None
    site: str | None
    rest: timedelta | None
    entries: tuple[Entry, ...]
    address: str | None = None


def article(entry: Entry, outlet: str | None, supplied: Supplied) -> Draft:
    """The entry's own words as an article; raises `Unusable` where they are a teaser or none."""
    if not entry.whole and (len(entry.body) < BRIEF_CHARACTERS_MIN or CUT.search(entry.body[-60:])):
        raise drafts.Unusable("the entry holds no article" if entry.body.strip() else "the entry holds no text")
    return Draft(
        text=entry.body,
        url=entry.url,
        outlet=outlet,
        headline=entry.headline,
        byline=entry.byline,
        published=entry.published,
        language=entry.language,
        supplied=supplied,
    )


def read(content: bytes, url: str, content_type: str, now: datetime) -> FeedContent:
    """The feed in these bytes; raises `NoFeed`. `url` is where they were fetched: links may be relative to it."""
    if content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json_feed(content, url, now)
    import feedparser  # a tenth of a second that only feeds need

    headers = {"content-type": content_type, "content-location": url}
    found: Any = feedparser.parse(
        BytesIO(content), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if not found.get("version") and not found.entries:
        raise NoFeed("it is a web page, not a feed" if b"<html" in content[:2_048].lower() else "it is no feed")
    feed = found.feed
    language = _usable(drafts.language_tag, _words(feed.get("language")))
    return FeedContent(
        form=found.get("version") or "unknown",
        title=_field("outlet", feed.get("title")),
        site=_address(feed.get("link"), url),
        rest=_rest(feed),
        entries=_told_apart([_entry(each, url, language, now) for each in found.entries[:ENTRIES_MAX]]),
        address=next(
            (_address(each.get("href"), url) for each in feed.get("links", ()) if each.get("rel") == "self"), None
        ),
    )


def _entry(entry: Mapping[str, Any], base: str, language: str | None, now: datetime) -> Entry:
    contents = [bodies.text(_words(each.get("value"))) for each in entry.get("content", ())[:5]]
    summary = bodies.text(_words(entry.get("summary")))
    longest = max(contents, key=len, default="")
    body = longest if len(longest) >= len(summary) else summary
    link = entry.get("feedburner_origlink") or entry.get("link")
    return _made(
        name=_words(entry.get("id")) or _words(link),
        url=_address(link, base),
        headline=bodies.text(_words(entry.get("title"))),
        byline=entry.get("author"),
        published=_published(entry, now),
        language=_usable(drafts.language_tag, _words(entry.get("language"))) or language,
        body=body,
        whole=body == longest and _is_whole(longest),
    )


def _made(*, name: str, headline: str, byline: Any, body: str, whole: bool, **more: Any) -> Entry:
    headline, body = drafts.clean(headline), drafts.clean(body)
    return Entry(
        key=_hash(name or f"{headline}\n{body}"),
        digest=_hash(f"{headline}\n{body}"),
        headline=_field("headline", " ".join(headline.split())),
        byline=_field("byline", byline),
        body=body,
        whole=whole,
        **more,
    )


def _is_whole(body: str) -> bool:
    """Whether a body is the article: long enough, and it does not end as teasers do."""
    return len(body) >= WHOLE_CHARACTERS_MIN and not CUT.search(body[-60:])


def _told_apart(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Entries by keys of their own: some feeds give all of them one id, and then the link or the words count."""
    seen: dict[str, Entry] = {}
    for entry in entries:
        known = seen.get(entry.key)
        if known is None or known.digest == entry.digest:
            seen.setdefault(entry.key, entry)
        else:
            other = replace(entry, key=_hash(entry.url if entry.url and entry.url != known.url else entry.digest))
            seen.setdefault(other.key, other)
    return tuple(seen.values())


def _json_feed(content: bytes, url: str, now: datetime) -> FeedContent:
    """A JSON Feed, version 1 or 1.1 (jsonfeed.org)."""
    try:
        feed = json.loads(charsets.decoded(content))
    except (ValueError, RecursionError):
        raise NoFeed("it is JSON that cannot be read") from None
    if not isinstance(feed, dict) or not JSON_FEED.match(_words(feed.get("version"))):
        raise NoFeed("it is JSON, not a JSON Feed")
    items = feed.get("items")
    language = _usable(drafts.language_tag, _words(feed.get("language")))
    listed = [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []
    return FeedContent(
        form="json",
        title=_field("outlet", feed.get("title")),
        site=_address(feed.get("home_page_url"), url),
        rest=None,
        entries=_told_apart([_item(each, url, language, now) for each in listed[:ENTRIES_MAX]]),
        address=_address(feed.get("feed_url"), url),
    )


def _item(item: Mapping[str, Any], base: str, language: str | None, now: datetime) -> Entry:
    content = bodies.text(_words(item.get("content_html"))) or _words(item.get("content_text"))
    body = content or bodies.text(_words(item.get("summary")))
    authors = item.get("authors")
    if not isinstance(authors, list):
        authors = [item.get("author")]
    names = [_words(each.get("name")) for each in authors if isinstance(each, dict)]
    return _made(
        name=_words(item.get("id")) or str(item.get("id") or "") or _words(item.get("url")),
        url=_address(item.get("url") or item.get("external_url"), base),
        headline=bodies.text(_words(item.get("title"))),
        byline=", ".join(name for name in names if name),
        published=_sensible(_usable(drafts.published, _words(item.get("date_published"))), now),
        language=_usable(drafts.language_tag, _words(item.get("language"))) or language,
        body=body,
        whole=bool(content) and _is_whole(content),
    )


def _published(entry: Mapping[str, Any], now: datetime) -> Published | None:
    """The date as printed, with its own offset; else as the parser understands it, without one."""
    return next((moment for moment in _dates(entry) if _sensible(moment, now)), None)


def _dates(entry: Mapping[str, Any]) -> Iterator[Published | None]:
    said = dict(entry)  # the parser's own look-up takes one date for another, and warns that it does
    for name in ("published", "updated", "created"):
        words = _words(said.get(name)).strip()
        yield _usable(drafts.published, words)
        with suppress(ValueError, TypeError, OverflowError):
            yield _usable(drafts.published, parsedate_to_datetime(words).isoformat())
        if parsed := said.get(f"{name}_parsed"):
            with suppress(ValueError, TypeError, OverflowError):
                yield Published(datetime.fromtimestamp(timegm(parsed), UTC), Precision.MOMENT)


def _sensible(moment: Published | None, now: datetime) -> Published | None:
    usable = moment is not None and moment.moment.year >= drafts.YEAR_MIN and moment.moment <= now + AHEAD_MAX
    return moment if usable else None


def _rest(feed: Mapping[str, Any]) -> timedelta | None:
    """What `ttl` (minutes) or the syndication module say, at most a day."""
    ttl = _words(feed.get("ttl")).strip()
    if re.fullmatch(r"[0-9]{1,6}", ttl):
        return min(timedelta(minutes=int(ttl)), TTL_MAX)
    minutes = PERIODS.get(_words(feed.get("sy_updateperiod")).strip().lower())
    times = _words(feed.get("sy_updatefrequency")).strip() or "1"
    if minutes is None or not re.fullmatch(r"[1-9][0-9]{0,5}", times):
        return None
    return min(timedelta(minutes=minutes / int(times)), TTL_MAX)


def _address(link: Any, base: str) -> str | None:
    try:
        return drafts.address(urljoin(base, _words(link).strip())) if link else None
    except (ValueError, drafts.Unusable):
        return None


def _field(name: str, value: Any) -> str | None:
    words = " ".join(_words(value).split())
    try:
        return drafts.field(name, words) if words else None
    except drafts.Unusable:
        return None


def _usable(read_as: Any, value: str) -> Any:
    try:
        return read_as(value) if value else None
    except drafts.Unusable:
        return None


def _words(value: Any) -> str:
    """A feed's word as text; what is none (a number, a list) is nothing."""
    return value if isinstance(value, str) else ""


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode(errors="replace")).hexdigest()
