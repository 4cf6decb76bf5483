"""The articles that ship with the product, about invented places and people; for demo, docs and tests."""

from collections.abc import Iterator
from importlib.resources import files as resources

from bot.newsroom.files import Arrival, Refusal, lines


def articles() -> Iterator[Arrival | Refusal]:
    """The sample articles, read as `add` reads any .jsonl."""
    with resources(__name__).joinpath("articles.jsonl").open("rb") as stream:
        yield from lines(stream, "samples")
