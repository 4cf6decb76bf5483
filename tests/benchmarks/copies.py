"""How long one article takes to be told from copies as the corpus grows: its look-up, and what it leaves behind.

A corpus of so many articles, each found by as many fingerprints as a text has; then articles are looked up among
them and stored. Figures, never a pass or a failure.

    python -m tests.benchmarks.copies [ARTICLES ...]
"""

import asyncio
import random
import sys
import tempfile
from datetime import UTC, datetime
from itertools import islice
from time import perf_counter, process_time

import sqlalchemy as sa

from bot.newsroom.preparation import prepared
from retrieval.model import Draft
from storage import articles, copies
from storage.database import Store, open_store
from tests.benchmarks.answering import PASSAGES_AN_ARTICLE, Words
from tests.benchmarks.answering import articles as generated

SIZES = (10_000, 100_000, 1_000_000)
LOOKED_UP = 200
FINGERPRINTS = 16
FILLING = (
    "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last) "
    "INSERT INTO articles (id, external_id, newest_version, added_at, backlog) "
    "SELECT i, 'a-' || i, 1, :now, 0 FROM n",
    "INSERT INTO versions (article_id, number, language, supplied, fetched_at, text, text_sha256, tokenizer) "
    "SELECT id, 1, 'en', 'fetched', :now, 'Words of ' || id, hex(randomblob(32)), '1' FROM articles WHERE id >= :first",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :fingerprints) "
    "INSERT INTO fingerprints (fingerprint, article_id) "
    "SELECT random(), id FROM articles, n WHERE id >= :first ORDER BY 1",
)


async def fill(store: Store, first: int, last: int) -> None:
    given = {"first": first, "last": last, "now": datetime.now(UTC).isoformat(" "), "fingerprints": FINGERPRINTS}
    async with store.writing() as session:
        for statement in FILLING:
            words = sa.text(statement)
            await session.execute(words, {each: given[each] for each in words.compile().params})


async def measure(sizes: list[int]) -> None:
    words = Words(random.Random(3))
    texts = generated(words, len(sizes) * LOOKED_UP * PASSAGES_AN_ARTICLE)
    print("| articles | looked up and stored, ms by the clock | processor ms |\n|--:|--:|--:|", flush=True)
    with tempfile.TemporaryDirectory(prefix="briefing-bot-copies-") as folder:
        store, before = await open_store(f"sqlite+aiosqlite:///{folder}/briefing.db"), 0
        for size in sizes:
            print(f"making {size:,} articles ...", file=sys.stderr)
            await fill(store, before + 1, size)
            took = used = 0.0
            for each in islice(texts, LOOKED_UP):
                draft = Draft(each["text"], external_id=f"{size}-{each['id']}", outlet=f"Outlet {size}")
                ready = prepared(draft)
                began, processor = perf_counter(), process_time()
                async with store.reading() as session:
                    await copies.candidates(session, ready.fingerprints, outlet=draft.outlet, url=None)
                async with store.writing() as session:
                    await articles.put(session, draft, ready, now=datetime.now(UTC))
                took, used = took + perf_counter() - began, used + process_time() - processor
            before = size + LOOKED_UP
            print(f"| {size:,} | {1000 * took / LOOKED_UP:.1f} | {1000 * used / LOOKED_UP:.1f} |", flush=True)
        await store.close()


if __name__ == "__main__":
    asyncio.run(measure([int(each) for each in sys.argv[1:]] or list(SIZES)))
