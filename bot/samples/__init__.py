"""The articles that ship with the product, about invented places and people; for demo, docs and tests."""

import hashlib
from collections.abc import Iterator
from importlib.resources import files as resources

from bot.newsroom.files import Arrival, Refusal, lines


def hashes() -> frozenset[str]:
    """The SHA-256 of each sample's text, as storage keeps it."""
    texts = (each.draft.text for each in articles() if isinstance(each, Arrival))
    return frozenset(hashlib.sha256(text.encode()).hexdigest() for text in texts)


def articles() -> Iterator[Arrival | Refusal]:
    """The sample articles, read as `add` reads any .jsonl."""
    with resources(__name__).joinpath("articles.jsonl").open("rb") as stream:
        yield from lines(stream, "samples")
