"""The articles that ship with the product, about invented places and people; for demo, docs and tests."""

import hashlib
from collections.abc import Iterator
from datetime import date
from importlib.resources import files as resources
from io import BytesIO

from bot.newsroom.files import Arrival, Refusal, lines

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def hashes() -> frozenset[str]:
    """The SHA-256 of each sample's text, as storage keeps it."""
    texts = (each.draft.text for each in articles() if isinstance(each, Arrival))
    return frozenset(hashlib.sha256(text.encode()).hexdigest() for text in texts)


def articles() -> Iterator[Arrival | Refusal]:
    """The sample articles, read as `add` reads any .jsonl."""
    with resources(__name__).joinpath("articles.jsonl").open("rb") as stream:
        yield from lines(stream, "samples")


def of_day(day: date) -> Iterator[Arrival | Refusal]:
    """The articles of a day, other ones each day: what a briefing ordered in the demo has to tell."""
    words = {"{date}": day.isoformat(), "{day}": f"{day.day} {MONTHS[day.month - 1]}"}
    told = resources(__name__).joinpath("today.jsonl").read_text("utf-8")
    for name, value in words.items():
        told = told.replace(name, value)
    yield from lines(BytesIO(told.encode()), "samples of the day")
