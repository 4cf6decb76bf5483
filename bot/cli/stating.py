"""`statements`: who said what in a text, without a database; attribution runs in worker processes."""

import asyncio
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import typer

from bot import json_forms
from bot.cli.failing import FAILED, fail
from bot.cli.terminal import note, say, tell
from bot.messages import places
from bot.newsroom import files
from bot.newsroom.drafts import Given, Unusable
from bot.newsroom.files import Found, Ignored, Refusal
from bot.newsroom.preparation import draft_in
from bot.workers import Workers
from retrieval.attribution import statements as stated_in
from retrieval.model import Attribution, Certainty, Statement
from retrieval.text.language import identify

BATCH_ARTICLES = 8
BATCHES_AHEAD = 2
NAMELESS = {
    Certainty.CERTAIN: "speaker not certain",
    Certainty.UNCERTAIN: "speaker not certain",
    Certainty.DESCRIBED: "described, not named",
    Certainty.UNNAMED: "no source named",
}

Told = json_forms.Form | list[str] | Refusal | Ignored


def statements(path: str, *, batch: bool, json: bool) -> None:
    """Print the statements of each article, for eyes or as one JSON object an article.

    Ends with 1 where an article could not be read. A batch goes to workers.
    """
    processes = None if batch else 0
    if refused := asyncio.run(_state(path, processes, json)):
        fail(f"{refused} could not be read; everything else is told")
        raise typer.Exit(FAILED)


async def _state(path: str, processes: int | None, json: bool) -> int:
    refused = 0
    async with Workers(processes) as workers:
        ahead: deque[asyncio.Task[list[Told]]] = deque()
        for batch in _batches(files.read([path], Given(), sys.stdin.buffer)):
            ahead.append(asyncio.create_task(workers.run(state, batch, json)))
            if len(ahead) > workers.processes + BATCHES_AHEAD:
                refused += _tell(await ahead.popleft())
        while ahead:
            refused += _tell(await ahead.popleft())
    return refused


def state(batch: Sequence[Found], json: bool) -> list[Told]:
    """In a worker: the statements of each article."""
    return [_told(found, json) for found in batch]


def _told(found: Found, json: bool) -> Told:
    if isinstance(found, Refusal | Ignored):
        return found
    try:
        draft = draft_in(found)
    except Unusable as error:
        return Refusal(found.place, str(error))
    language = identify(draft.text, draft.language)
    name = draft.external_id or draft.url or found.place
    stated = stated_in(draft.text, language, draft.headline)
    return json_forms.statements(name, draft.text, stated) if json else [*_lines(name, draft.text, stated)]


def _lines(name: str, text: str, stated: Sequence[Statement]) -> Iterator[str]:
    """The statements for eyes, each with why it has this speaker."""
    yield f"{name}: {len(stated)} statement{'s' * (len(stated) != 1)}"
    for number, each in enumerate(stated, 1):
        said = each.attribution
        yield ""
        yield f"{number}. {_who(said)} · {each.form.value}" + (
            f", in {each.within + 1}" if each.within is not None else ""
        )
        yield f"   {' … '.join(' '.join(part.of(text).split()) for part in each.content)}"
        if said is not None:
            yield f"   why: {'; '.join(_reasons(said, text))}"


def _who(said: Attribution | None) -> str:
    if said is None or said.speaker is None:
        return NAMELESS[said.certainty if said else Certainty.UNCERTAIN]
    return f"{said.speaker.name}, “{said.speaker.role}”" if said.speaker.role else said.speaker.name


def _reasons(said: Attribution, text: str) -> Iterator[str]:
    """The rule, the cue, the naming words, and where the name stands that they mean."""
    yield said.rule
    if said.cue:
        yield f"cue “{' … '.join(cue.of(text) for cue in said.cue)}”"
    if said.source:
        yield f"named as “{' '.join(said.source.of(text).split())}”"
    if said.speaker and said.speaker.name_at and not (said.source and said.source.meets(said.speaker.name_at)):
        yield f"which is {said.speaker.name} of paragraph {places.paragraph(text, said.speaker.name_at.start)[0]}"
    if said.via:
        yield f"via {said.via}"


def _tell(told: Iterable[Told]) -> int:
    refused = 0
    for each in told:
        if isinstance(each, Refusal | Ignored):
            note(f"{each.place}: {each.reason}")
            refused += isinstance(each, Refusal)
        elif isinstance(each, list):
            say("\n".join(each) + "\n")
        else:
            tell(each)
    return refused


def _batches(found: Iterator[Found]) -> Iterator[list[Found]]:
    while batch := list(islice(found, BATCH_ARTICLES)):
        yield batch
