"""`evaluate`: figures over folders of marked questions and files of marked articles, in tables or as JSON."""

import asyncio
import json as jsons
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from bot import answering, corpus
from bot.cli.failing import Failure
from bot.cli.terminal import note, tell
from bot.evaluation import answers, attribution
from bot.newsroom import files, intake
from bot.newsroom.drafts import Given
from bot.newsroom.intake import Fate
from bot.workers import Workers
from retrieval.engine.embedded import Embedded
from storage.database import Store, open_store

LINE_BYTES_MAX = 4_000_000
ARTICLES_A_BATCH = 8
INLINE_BYTES_MAX = 100_000
AHEAD = 8  # questions asked at once
ALL = "all"

Marked = dict[str, Any]


def of_attribution(path: Path, *, json: bool) -> None:
    """Print how right the product's attribution is over a file of marked articles."""
    found = asyncio.run(_attribution(path))
    if json:
        tell(found)
        return
    parts = {name: value for name, value in found.items() if isinstance(value, dict)}
    _print({name: value for name, value in found.items() if name not in parts}, "articles")
    for name, rows in parts.items():
        _print_rows(name, rows)


def of_answers(folder: Path, *, split: str, always: bool, json: bool) -> None:
    """Print how right the product's answers are over a folder of articles and questions, in a database of its own."""
    found = asyncio.run(_answers(folder, split, always))
    if json:
        tell(found)
    else:
        _print(found, "answers")


# ── attribution ──────────────────────────────────────────────────────────────────────────────────


async def _attribution(path: Path) -> dict[str, Any]:
    counts: attribution.Tally = attribution.Tally()
    articles = _rows(path, ("text", "attributions"))
    async with Workers(_processes(path)) as workers:
        with _bar("articles", _size(path)) as bar:
            ahead: deque[asyncio.Task[attribution.Tally]] = deque()
            while batch := list(islice(articles, ARTICLES_A_BATCH)):
                ahead.append(asyncio.create_task(workers.run(_measured, [row for row, _ in batch])))
                if len(ahead) > workers.processes:
                    counts.update(await ahead.popleft())
                bar.advance(bar.task_ids[0], sum(length for _, length in batch))
            while ahead:
                counts.update(await ahead.popleft())
    return {"file": path.stem, **attribution.figures(counts)}


def _measured(articles: Iterable[Marked]) -> attribution.Tally:
    """In a worker: the counts of some articles."""
    counts = attribution.Tally()
    for article in articles:
        counts.update(attribution.measured(article))
    return counts


# ── answers ──────────────────────────────────────────────────────────────────────────────────────


async def _answers(folder: Path, split: str, always: bool) -> dict[str, Any]:
    questions = [row for row, _ in _rows(folder / "questions.jsonl", ("question", "answerable"))]
    chosen = [each for each in questions if split in (ALL, each.get("split"))]
    if not chosen:
        raise Failure(f"{folder}: no question of the part {split}")
    with TemporaryDirectory(prefix="briefing-bot-evaluate-") as place:
        store = await open_store(f"sqlite+aiosqlite:///{place}/briefing.db")
        try:
            async with Workers(_processes(folder / "articles.jsonl")) as workers:
                await _load(folder / "articles.jsonl", store, workers)
                gathered = await _ask(chosen, store, workers, always)
        finally:
            await store.close()
    answerable = sum(bool(each["answerable"]) for each in chosen)
    counted = {"questions": len(chosen), "answerable": answerable, "unanswerable": len(chosen) - answerable}
    return {"folder": folder.name, "split": split, **counted, **answers.figures(gathered)}


async def _load(path: Path, store: Store, workers: Workers) -> None:
    with _bar("articles", _size(path)) as bar:
        found = files.read([str(path)], Given(), sys.stdin.buffer)
        async for report in intake.take_in(found, store=store, workers=workers, clock=lambda: datetime.now(UTC)):
            bar.advance(bar.task_ids[0], report.length)
            if report.fate is Fate.REFUSED:
                note(f"{report.place}: {report.reason}")


async def _ask(questions: Iterable[Marked], store: Store, workers: Workers, always: bool) -> answers.Measured:
    gathered, engine = answers.gathered(), Embedded()
    await corpus.fill(store, engine)
    turn = asyncio.Semaphore(AHEAD)

    async def measure(question: Marked) -> None:
        async with turn:
            found = await answering.answer(
                question["question"], store=store, engine=engine, workers=workers, always=always
            )
        for name, value in answers.measured(question, found):
            gathered[name].append(value)
        bar.advance(bar.task_ids[0])

    asked = list(questions)
    with _bar("questions", len(asked)) as bar:
        await asyncio.gather(*map(measure, asked))
    return gathered


# ── reading and printing ─────────────────────────────────────────────────────────────────────────


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[Marked, int]]:
    """The objects of a .jsonl file, each with its length in bytes."""
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(LINE_BYTES_MAX + 1):
            number += 1
            if len(line) > LINE_BYTES_MAX:
                raise Failure(f"{path}:{number}: the line has more than {LINE_BYTES_MAX} bytes")
            if line.strip():
                yield _row(line, needed, f"{path}:{number}"), len(line)


def _row(line: bytes, needed: tuple[str, ...], place: str) -> Marked:
    try:
        row = jsons.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or any(name not in row for name in needed):
        raise Failure(f"{place}: no JSON object with {' and '.join(needed)}")
    return row


def _processes(path: Path) -> int | None:
    """None, as many as there are processors, but for what is done before a worker has started."""
    return 0 if _size(path) < INLINE_BYTES_MAX else None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise Failure(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None


@contextmanager
def _bar(what: str, total: int) -> Iterator[Progress]:
    """A bar on standard error, only where somebody looks."""
    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    times = (TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, *times, console=console, disable=not console.is_terminal, transient=True) as bar:
        bar.add_task(what, total=total)
        yield bar


def _print(figures: dict[str, Any], title: str) -> None:
    table = Table(title, "", box=None, pad_edge=False)
    for name, value in figures.items():
        table.add_row(name, _shown(value))
    Console(highlight=False).print(table)


def _print_rows(title: str, rows: dict[str, Any]) -> None:
    """Rows of figures under one head; a head too long for its column goes on below."""
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    table = Table(title, box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for name, row in rows.items():
        table.add_row(name, *(_shown(row.get(column)) for column in columns))
    console = Console(highlight=False)
    console.print()
    console.print(table)


def _shown(value: object) -> str:
    return "–" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
