"""`statements`: who said what in a text, without a database; attribution runs in worker processes."""

import asyncio
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import typer

from bot import json_forms
from bot.cli.failing import FAILED, fail
from bot.cli.terminal import note, tell
from bot.newsroom import files
from bot.newsroom.drafts import Given, Unusable
from bot.newsroom.files import Found, Ignored, Refusal
from bot.newsroom.preparation import draft_in
from bot.workers import Workers
from retrieval.attribution import statements as stated_in
from retrieval.text.language import identify

BATCH_ARTICLES = 8
BATCHES_AHEAD = 2

Told = json_forms.Form | Refusal | Ignored


def statements(path: str, *, batch: bool) -> None:
    """Print one JSON object an article; ends with 1 where one could not be read. A batch goes to workers."""
    processes = None if batch else 0
    if refused := asyncio.run(_state(path, processes)):
        fail(f"{refused} could not be read; everything else is told")
        raise typer.Exit(FAILED)


async def _state(path: str, processes: int | None) -> int:
    refused = 0
    async with Workers(processes) as workers:
        ahead: deque[asyncio.Task[list[Told]]] = deque()
        for batch in _batches(files.read([path], Given(), sys.stdin.buffer)):
            ahead.append(asyncio.create_task(workers.run(state, batch)))
            if len(ahead) > workers.processes + BATCHES_AHEAD:
                refused += _tell(await ahead.popleft())
        while ahead:
            refused += _tell(await ahead.popleft())
    return refused


def state(batch: Sequence[Found]) -> list[Told]:
    """In a worker: the statements of each article."""
    return [_told(found) for found in batch]


def _told(found: Found) -> Told:
    if isinstance(found, Refusal | Ignored):
        return found
    try:
        draft = draft_in(found)
    except Unusable as error:
        return Refusal(found.place, str(error))
    language = identify(draft.text, draft.language)
    name = draft.external_id or draft.url or found.place
    return json_forms.statements(name, draft.text, stated_in(draft.text, language, draft.headline))


def _tell(told: Iterable[Told]) -> int:
    refused = 0
    for each in told:
        if isinstance(each, Refusal | Ignored):
            note(f"{each.place}: {each.reason}")
            refused += isinstance(each, Refusal)
        else:
            tell(each)
    return refused


def _batches(found: Iterator[Found]) -> Iterator[list[Found]]:
    while batch := list(islice(found, BATCH_ARTICLES)):
        yield batch
