"""The parser's own test collection, some thousands of strange feeds, served over HTTP: none crashes, none hangs.

The collection comes with feedparser's source distribution, fetched by pip and pinned by its hash; where pip cannot
reach it, the test says so.
"""

import asyncio
import json
import re
import subprocess
import sys
import tarfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.newsroom import entries, feeds
from bot.newsroom.entries import NoFeed
from bot.newsroom.fetch import Web
from bot.workers import Workers
from tests.conftest import IN_CI
from tests.web import StubWeb, stub_web

RELEASE = "feedparser==6.0.14"
SHA256 = "088679b0c4b543ee211a820dd544698c76a402122eae7473c04a43425f283d06"
AT_ONCE = 8
FEED_SECONDS_MAX = 10.0
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("collection")
    pinned = folder / "pinned.txt"
    pinned.write_text(f"{RELEASE} --hash=sha256:{SHA256}\n")
    words = ["download", "--quiet", "--no-deps", "--no-build-isolation", "--no-binary", ":all:", "--require-hashes"]
    fetched = subprocess.run(
        [sys.executable, "-m", "pip", *words, "-r", pinned, "-d", folder], capture_output=True, text=True, check=False
    )
    archives = list(folder.glob("*.tar.gz"))
    if not archives:
        missing = f"pip cannot fetch the source of {RELEASE}: {fetched.stderr.strip()[-200:]}"
        if IN_CI:
            pytest.fail(missing)
        pytest.skip(missing)
    with tarfile.open(archives[0]) as archive:
        archive.extractall(folder, filter="data")
    return sorted(path for path in folder.glob("*/tests/**/*") if path.suffix in (".xml", ".json"))


def served(web: StubWeb, files: list[Path]) -> list[str]:
    """The address of each file. A server says of a feed only what it is by its name."""
    for number, path in enumerate(files):
        kind = "application/feed+json" if path.suffix == ".json" else "application/xml"
        web.serves(f"/{number}", path.read_bytes(), kind=kind)
    return [f"{web.url}/{number}" for number in range(len(files))]


def texts_in(path: Path) -> int:
    """How many entries of a file hold text, by the parser's own word."""
    import feedparser

    found = feedparser.parse(path.read_bytes())
    bodies = (
        " ".join([each.get("summary") or "", *(one.value for one in each.get("content", ()))]) for each in found.entries
    )
    return sum(bool(re.sub(r"<[^>]*>|&\w+;", "", body).strip()) for body in bodies)


@pytest.mark.prove
async def test_every_feed_of_the_collection_is_read_or_refused_in_words(collection: list[Path]) -> None:
    assert len(collection) > 1_000
    outcomes, crashed = Counter[str](), list[str]()
    limit = asyncio.Semaphore(AT_ONCE)
    async with stub_web() as site, Web(private=True) as web, Workers(2, seconds=FEED_SECONDS_MAX) as workers:

        async def read(path: Path, url: str) -> None:
            async with limit:
                fetched = await web.get(url)
                try:
                    content = await feeds.read(workers, fetched, NOON)
                except NoFeed as error:
                    outcomes["no feed"] += 1
                    if "defect" in str(error) or "takes too long" in str(error) or "ends the worker" in str(error):
                        crashed.append(f"{path.name}: {error}")
                    return
                outcomes["entries"] += len(content.entries)
                outcomes["with text"] += sum(bool(entry.body) for entry in content.entries)
                outcomes["feeds"] += 1

        await asyncio.gather(*(read(path, url) for path, url in zip(collection, served(site, collection), strict=True)))
    print(json.dumps({**outcomes, "files": len(collection)}))
    assert crashed == []
    assert outcomes["feeds"] > outcomes["no feed"]


@pytest.mark.prove
def test_entries_are_kept_where_they_hold_text(collection: list[Path]) -> None:
    """Every tenth feed, in this process: what the parser finds words in, we keep words of."""
    lost = []
    for path in collection[::10]:
        try:
            content = entries.read(path.read_bytes(), "http://velm.example/feed", "application/xml", NOON)
        except NoFeed:
            continue
        if texts_in(path) > sum(bool(entry.body) for entry in content.entries):
            lost.append(path.name)
    assert len(lost) <= len(collection) // 500, lost
