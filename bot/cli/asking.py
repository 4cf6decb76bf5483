"""`ask`: a question answered in the terminal, for eyes or for programs."""

import asyncio
import json as jsons
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

import typer

from bot import answering, corpus, json_forms
from bot.cli import answers
from bot.cli.failing import FAILED, Failure, fail
from bot.cli.opening import configured, finished, opened
from bot.cli.terminal import note, tell
from bot.newsroom.drafts import clean
from bot.settings import Settings
from bot.workers import Workers, sharing_tables
from retrieval.engine import SearchEngine
from retrieval.model import Answer
from retrieval.text.tokens import index_of
from storage import articles
from storage.database import Store

QUESTION_LINE_BYTES_MAX = 100_000
QUESTIONS_AHEAD = 8  # asked at once; their words wait for a worker, not for each other


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of a batch."""

    id: object
    words: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What answering needs, opened once for all the questions of a command."""

    store: Store
    engine: SearchEngine
    workers: Workers
    limit: int
    always: bool
    today: date

    async def answer(self, words: str) -> tuple[Answer, float]:
        """The answer, and the milliseconds it took."""
        began = perf_counter()
        found = await answering.answer(
            words,
            store=self.store,
            engine=self.engine,
            workers=self.workers,
            limit=self.limit,
            always=self.always,
            today=self.today,
        )
        return found, (perf_counter() - began) * 1000


def ask(question: str, *, limit: int, always: bool, explain: bool, json: bool) -> None:
    """Answer one question; “nothing found” is an answer too."""
    finished(_ask(configured(), clean(question), limit, always, explain, json))


def ask_batch(path: Path, *, limit: int, always: bool) -> None:
    """Answer a file of questions in its order, a JSON object a line; ends with 1 where a line could not be read."""
    if refused := finished(_ask_batch(configured(), path, limit, always)):
        fail(f"{refused} lines could not be read; all others are answered")
        raise typer.Exit(FAILED)


async def _ask(chosen: Settings, words: str, limit: int, always: bool, explain: bool, json: bool) -> None:
    async with _desk(chosen, 0, limit, always) as desk:
        found, took_ms = await desk.answer(words)
        if json:
            tell(json_forms.answer(None, words, found, took_ms=took_ms, limit=limit))
            return
        async with desk.store.reading() as session:
            held = await articles.statistics(session)
    answers.show(found, held, chosen)
    if explain:
        asked = found.question
        statistics = desk.engine.statistics(asked.terms, language=index_of(asked.language))
        answers.explain(found, statistics, took_ms=took_ms, limit=limit)


async def _ask_batch(chosen: Settings, path: Path, limit: int, always: bool) -> int:
    refused = 0
    async with _desk(chosen, None, limit, always) as desk:
        ahead: deque[asyncio.Task[json_forms.Form]] = deque()
        for asked in _questions(path):
            if isinstance(asked, str):
                note(asked)
                refused += 1
                continue
            ahead.append(asyncio.create_task(_answered(desk, asked)))
            if len(ahead) >= QUESTIONS_AHEAD:
                tell(await ahead.popleft())
        while ahead:
            tell(await ahead.popleft())
    return refused


async def _answered(desk: Desk, asked: Asked) -> json_forms.Form:
    found, took_ms = await desk.answer(asked.words)
    return json_forms.answer(asked.id, asked.words, found, took_ms=took_ms, limit=desk.limit)


@asynccontextmanager
async def _desk(chosen: Settings, processes: int | None, limit: int, always: bool) -> AsyncIterator[Desk]:
    workers = Workers(processes, begin=sharing_tables(chosen.data_dir))
    async with opened(chosen) as store, workers, corpus.opened(store, chosen.data_dir) as engine:
        today = answers.view_in_terminal(chosen).today
        yield Desk(store, engine, workers, limit, always, today)
        await asyncio.to_thread(engine.tend)


def _questions(path: Path) -> Iterator[Asked | str]:
    """The questions of a file; a line that is none is told with its place. Other fields are for scorers."""
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(QUESTION_LINE_BYTES_MAX + 1):
            number += 1
            if len(line) > QUESTION_LINE_BYTES_MAX:
                raise Failure(f"{path}:{number}: the line has more than {QUESTION_LINE_BYTES_MAX} bytes")
            if line.strip():
                yield _question(line) or f"{path}:{number}: no JSON object with a question"


def _question(line: bytes) -> Asked | None:
    try:
        told = jsons.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not isinstance(told.get("question"), str):
        return None
    return Asked(told.get("id"), clean(told["question"]))
