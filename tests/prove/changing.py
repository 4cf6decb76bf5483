"""Two processes to be killed: one adds, updates and removes articles, the other searches and keeps the index.

python -m tests.prove.changing write|search DATABASE FOLDER SEED
"""

import asyncio
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot import corpus
from retrieval.engine import embedded
from retrieval.model import Draft, Prepared, PreparedPassage, Span, Supplied
from storage import articles
from storage.database import open_store
from storage.tables import ArticleRow
from tests.build import NOON

WORDS = tuple(f"w{number}" for number in range(400))
WEIGHTS = tuple(1 / (rank + 3) for rank in range(len(WORDS)))
LANGUAGES = ("en", "en", "es")
ARTICLES = 200  # in the corpus, more or less
PASSAGES = 20  # an article
PASSAGE_WORDS = (3, 16)
OPERATIONS_A_TRANSACTION = 6
SAVE_CHANGES = 150  # fewer than in the product, so that more kills meet a save
SEARCHES_A_TEND = 10
BETWEEN_SECONDS = 0.01  # of searches, so that most of the time is the writer's
K = 50


def url(database: str) -> str:
    return f"sqlite+aiosqlite:///{database}"


def asked(chance: Random) -> list[str]:
    return chance.choices(WORDS, WEIGHTS, k=chance.randint(1, 6))


async def write(database: str, seed: int) -> None:
    """Change the corpus until the end."""
    chance, store = Random(seed), await open_store(url(database))
    while True:
        async with store.writing() as session:
            rows = await session.execute(
                sa.select(ArticleRow.id, ArticleRow.external_id).where(ArticleRow.removed_at.is_(None))
            )
            alive = [(row.id, row.external_id) for row in rows]
            for _ in range(OPERATIONS_A_TRANSACTION):
                what = chance.random()
                if len(alive) < ARTICLES / 2 or (what < 0.4 and len(alive) < ARTICLES):
                    await _put(session, f"s-{seed}-{chance.getrandbits(60)}", chance)
                elif what < 0.8:
                    await _put(session, chance.choice(alive)[1] or "", chance)
                else:
                    at = chance.randrange(len(alive))
                    await articles.remove(session, alive.pop(at)[0], reason="the soak", now=NOON)


async def _put(session: AsyncSession, name: str, chance: Random) -> None:
    lines = [chance.choices(WORDS, WEIGHTS, k=chance.randint(*PASSAGE_WORDS)) for _ in range(PASSAGES)]
    text = "\n".join(map(" ".join, lines))
    language = LANGUAGES[hashlib.sha256(name.encode()).digest()[0] % len(LANGUAGES)]
    draft = Draft(text=text, external_id=name, language=language, supplied=Supplied.BY_OPERATOR)
    digest = hashlib.sha256(text.encode()).hexdigest()
    await articles.put(session, draft, Prepared(language, digest, _passages(lines, language), ()), now=NOON)


def _passages(lines: Sequence[Sequence[str]], language: str) -> tuple[PreparedPassage, ...]:
    found, at = [], 0
    for words in lines:
        end = at + len(" ".join(words))
        found.append(PreparedPassage(Span(at, end), language, tuple(words)))
        at = end + 1
    return tuple(found)


async def search(database: str, folder: Path, seed: int) -> None:
    """Search what is stored until the end, and keep the index meanwhile."""
    embedded.SAVE_CHANGES = SAVE_CHANGES
    chance, store = Random(seed), await open_store(url(database))
    async with corpus.opened(store, folder) as engine:
        while True:
            for _ in range(SEARCHES_A_TEND):
                await corpus.catch_up(store, engine)
                for language in set(LANGUAGES):
                    engine.search(asked(chance), K, language=language)
                await asyncio.sleep(BETWEEN_SECONDS)
            await asyncio.to_thread(engine.tend)


if __name__ == "__main__":
    what, given_database, given_folder, given_seed = sys.argv[1:]
    if what == "write":
        asyncio.run(write(given_database, int(given_seed)))
    asyncio.run(search(given_database, Path(given_folder), int(given_seed)))
