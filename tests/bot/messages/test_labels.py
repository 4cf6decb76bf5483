"""No name stands by reported speech without the label that it is the article's wording, wherever it leaves the bot."""

import csv
import io
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from rich.console import Console

from bot import json_forms
from bot.cli import answers as terminal
from bot.messages import answer, check, citation, digest, exports, reading, said
from bot.speakers import Entry, Said
from retrieval.model import Quote
from storage.values import Spoken
from tests.bot.messages.making import a_quote, a_view, an_answer

LABEL = "article's wording"
NAME = "Ada Byron"
BYRON = "Ada Byron, the mayor of Velm,"
REPORTED = {
    "indirect": f"{BYRON} said that the bridge would stay shut.",
    "hedged": f"{BYRON} denied that the bridge was unsafe.",
    "thought": f"{BYRON} believes that the bridge will hold.",
    "according to": f"The bridge will stay shut, according to {NAME}, the mayor of Velm.",
    "mixed": f"{BYRON} said that the bridge would stay “shut for good” this year.",
    "two voices": f"{BYRON} said that the bridge would stay shut, but Lena Orlo said that it would open.",
    "two forms": f"“Shut it,” said {NAME}, the mayor of Velm. She added that the quay would stay open.",
    "a chain": f"{BYRON} said that Lena Orlo had promised that the bridge would open.",
    "with narration": f"{BYRON} said that the bridge would stay shut. Gulls circled above the quay all night.",
}
Renderer = Callable[[Quote], Iterator[str]]


@cache
def reported(kind: str) -> Quote:
    return a_quote(REPORTED[kind])


def entry(quote: Quote) -> Entry:
    own = [each for each in quote.statements if each.attribution and each.attribution.speaker]
    return Entry(1, 1, quote, tuple(each for each in own if each.attribution.speaker.name == NAME))  # type: ignore[union-attr]


def a_page(quote: Quote) -> Iterator[str]:
    spoken = Spoken(0, quote.version.id, quote.article.id, NAME, None, quote.span, None, None, None)
    found = Said(NAME, None, NAME, ((spoken,),), held=1)
    yield said.page(found, [entry(quote)], a_view()).markup.text


def rows(quote: Quote) -> Iterator[str]:
    table = exports.as_csv([entry(quote)], a_view())
    yield from ("\n".join(row) for row in list(csv.reader(io.StringIO(table, newline="")))[1:])


def in_terminal(quote: Quote) -> Iterator[str]:
    console = Console(file=io.StringIO(), width=10_000)
    terminal.show_quote(console, "1.", quote, a_view())
    assert isinstance(console.file, io.StringIO)
    yield console.file.getvalue()


RENDERERS: dict[str, Renderer] = {
    "answer": lambda quote: (message.markup.text for message in answer.render(an_answer(quote), a_view())),
    "plain answer": lambda quote: (message.markup.plain for message in answer.render(an_answer(quote), a_view())),
    "citation": lambda quote: iter([citation.words(quote, a_view())]),
    "context": lambda quote: iter([reading.in_context(quote, a_view(), whole_text=True).markup.text]),
    "check": lambda quote: iter([check.render(quote, "", quote.version, a_view()).markup.text]),
    "said": a_page,
    "others": lambda quote: iter([said.others([entry(quote)], a_view()).markup.text]),
    "csv": rows,
    "bibtex": lambda quote: iter([exports.as_bibtex([entry(quote)], a_view())]),
    "ris": lambda quote: iter([exports.as_ris([entry(quote)], a_view())]),
    "json": lambda quote: iter(
        [str(json_forms.stated(entry(quote), "; ".join(said.labels(entry(quote), a_view())), "indirect"))]
    ),
    "terminal": in_terminal,
    "briefing": lambda quote: iter([digest.Rendered().quote(quote, a_view()).text]),
}


@pytest.mark.parametrize("renderer", sorted(RENDERERS))
@pytest.mark.parametrize("kind", sorted(REPORTED))
def test_no_name_stands_by_reported_speech_without_its_label(kind: str, renderer: str) -> None:
    quote = reported(kind)
    assert entry(quote).statements, "the speaker of the sentence is not found, so that nothing is tested"
    for shown in RENDERERS[renderer](quote):
        if NAME in shown.replace(quote.text, ""):
            assert LABEL in shown.replace(quote.text, ""), shown


@pytest.mark.parametrize("renderer", sorted({*RENDERERS} - {"csv", "json", "bibtex", "ris"}))
def test_the_label_stands_before_the_words(renderer: str) -> None:
    quote = reported("indirect")
    for shown in RENDERERS[renderer](quote):
        if quote.text in shown:
            assert shown.index(NAME) < shown.index(LABEL) < shown.index(quote.text)


@pytest.mark.parametrize("renderer", sorted({*RENDERERS} - {"check", "json"}))
def test_each_of_them_names_the_speaker(renderer: str) -> None:
    """Else the tests above would hold of a message that says nothing."""
    quote = reported("indirect")
    assert any(NAME in shown.replace(quote.text, "") for shown in RENDERERS[renderer](quote))
