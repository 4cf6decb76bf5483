"""A feed that was saved as a file: its whole entries as articles, and where the feed itself stands. Fetches nothing."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.newsroom import entries
from bot.newsroom.drafts import Unusable
from bot.newsroom.entries import Entry, NoFeed
from bot.newsroom.files import FILE_BYTES_MAX, Arrival, Found, Refusal
from retrieval.model import Supplied

TYPES = (".xml", ".rss", ".atom", ".rdf", ".json")
SNIFFED_BYTES = 2_048


@dataclass(frozen=True, slots=True)
class SavedFeed:
    """The entries of a file, the newest last; `address` is the feed's own, where it names it."""

    found: list[Found]
    address: str | None


def is_list(path: Path) -> bool:
    """Whether a file of a general name is a list of feeds, as OPML, and no feed."""
    with path.open("rb") as stream:
        return b"<opml" in stream.read(SNIFFED_BYTES).replace(b"\0", b"").lower()


def read(path: Path, name: str, now: datetime) -> SavedFeed:
    """In a worker: the articles of a file of this name; raises `NoFeed`."""
    with path.open("rb") as stream:
        content = stream.read(FILE_BYTES_MAX + 1)
    if len(content) > FILE_BYTES_MAX:
        raise NoFeed(f"it has more than {FILE_BYTES_MAX} bytes")
    feed = entries.read(content, "", "", now)
    return SavedFeed([_article(each, name, feed.title) for each in reversed(feed.entries)], feed.address)


def _article(entry: Entry, name: str, title: str | None) -> Found:
    place = f"{name}: {entry.headline or entry.url or entry.key[:12]}"
    try:
        draft = entries.article(entry, title, Supplied.BY_OPERATOR)
    except Unusable as error:
        whole = f"; the whole one is at {entry.url}" if entry.url else ""
        return Refusal(place, f"{error}{whole}")
    return Arrival(place, draft, len(entry.body))
