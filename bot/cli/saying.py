"""`said`: the statements of one speaker, for eyes, or as JSON, CSV, BibTeX or RIS."""

from collections.abc import AsyncIterator, Sequence

import typer

from bot import json_forms, speakers
from bot.cli import answers
from bot.cli.opening import configured, finished, opened
from bot.cli.terminal import note, say, tell
from bot.messages import exports
from bot.messages import said as messages
from bot.messages.view import View
from bot.newsroom.drafts import clean
from bot.settings import Settings
from bot.speakers import Entry, Said
from bot.workers import Workers
from storage.database import Store

ENTRIES_A_READ = 50


def said(name: str, *, about: str | None, form: str | None) -> None:
    """Print the statements, oldest first; `form` is json, csv, bibtex or ris, None for eyes."""
    finished(_said(configured(), clean(name), clean(about) if about else None, form))


async def _said(chosen: Settings, name: str, about: str | None, form: str | None) -> None:
    view = answers.view_in_terminal(chosen)
    async with opened(chosen) as store, Workers(0) as workers:
        found = await speakers.said(name, about, store=store, workers=workers)
        if not found.all:
            for line in messages.nothing(found, view):
                (note if form else say)(line)
        elif form is None:
            await _show(found, view, store, workers)
        else:
            await _export(found, form, view, store, workers)


async def _show(found: Said, view: View, store: Store, workers: Workers) -> None:
    console = answers.plain_console()
    for line in messages.heading(found, view):
        say(line)
    before = None
    async for entry in _entries(found, store, workers):
        person = messages.person_of(found, entry, view)
        if person is not None and person != before:
            say()
            say(person)
        before = person
        answers.show_quote(console, messages.number(entry), entry.quote, view, messages.told_by(entry, view))


async def _export(found: Said, form: str, view: View, store: Store, workers: Workers) -> None:
    for line in messages.heading(found, view)[1:]:
        note(line)
    entries = [entry async for entry in _entries(found, store, workers)]
    if form == "json":
        _tell(entries, view)
    else:
        typer.echo(exports.EXPORTS[form](entries, view), nl=False)


def _tell(entries: Sequence[Entry], view: View) -> None:
    for entry in entries:
        tell(json_forms.stated(entry, "; ".join(messages.labels(entry, view)), exports.form(entry)))


async def _entries(found: Said, store: Store, workers: Workers) -> AsyncIterator[Entry]:
    for at in range(0, len(found.all), ENTRIES_A_READ):
        for entry in await speakers.told(found, at, ENTRIES_A_READ, store=store, workers=workers):
            yield entry
