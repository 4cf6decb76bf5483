"""An answer as it stands in a terminal: who speaks before the words, as in a chat, in the bot's own phrases."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.cli.terminal import shown
from bot.messages import answer, freshness, named, nothing, phrases, sources, voices
from bot.messages.view import View
from bot.settings import Settings
from retrieval import evidence
from retrieval.model import Answer, Quote, Statistics
from storage.values import CorpusStatistics

BAR = "▎"
INDENT = 3
WIDTH_MIN = 20
SHOWN_OF_PASSAGE = 100  # characters, in the table of --explain


def show(found: Answer, held: CorpusStatistics, chosen: Settings) -> None:
    """Print the quotes, best first, or the reason for none and what the corpus spans."""
    console = plain_console()
    view = view_in_terminal(chosen)
    notes = [
        *nothing.dated(found.question, view),
        *named.notes(found, view),
        *nothing.nearly(found.question, view),
        *freshness.notes(found, view),
    ]
    if not found.quotes:
        for message in nothing.render(found, view, held, notes):
            show_line(console, message.markup.text)
        return
    told = answer.arranged(found, view)
    for line in [told.head(1, 1, len(told.voiced)), *notes]:
        show_line(console, line)
    for voiced in told.voiced:
        show_quote(console, f"{voiced.number}.", voiced.quote, view)
    if told.closing:
        console.print()
        show_line(console, told.closing.text)


def view_in_terminal(chosen: Settings) -> View:
    """How whoever sits at the terminal sees."""
    zone = ZoneInfo(chosen.default_timezone)
    return View(phrases.spoken(chosen.default_language), datetime.now(UTC), "", zone, operator=True)


def explain(found: Answer, statistics: Statistics, *, took_ms: float, limit: int) -> None:
    """Print what was searched for and, in final order, what each ingredient gave a passage and its best sentence."""
    console = plain_console()
    asked = found.question
    show_line(console, f"language {asked.language} · terms {', '.join(asked.terms) or '—'} · {took_ms:.1f} ms")
    for rank, (candidate, name) in enumerate(found.passages[:limit], start=1):
        words = " ".join(candidate.text.split())[:SHOWN_OF_PASSAGE]
        given = evidence.explain(asked, candidate, statistics)
        show_line(console, f"{rank:>3}. {candidate.score:.3f}  {name}  {words}")
        for told, parts in (("order", candidate.given), ("sentence", tuple(given.items()))):
            line = "  ".join(f"{what} {worth:.2f}" for what, worth in parts)
            show_line(console, f"{told}: {line}", indent=INDENT + 2, style="dim")


def plain_console() -> Console:
    """A console that prints words as they are."""
    return Console(highlight=False, markup=False, emoji=False)


def show_quote(console: Console, number: str, quote: Quote, view: View, told_by: Sequence[str] = ()) -> None:
    """Print one quote under its number: who speaks and in which form, the words, where they stand."""
    quoted = voices.quoted(quote)
    console.print()
    show_line(console, f"{number} {voices.heading(quote, quoted, view)}", style="bold")
    for label in [*voices.labels(quote, quoted, view), *told_by]:
        show_line(console, label, indent=INDENT)
    console.print(Padding(_barred(console, quote.text), (0, 0, 0, INDENT), expand=False))
    for naming in voices.namings(quote, quoted, view):
        show_line(console, naming, indent=INDENT)
    place = [] if quote.article.url else [f"briefing-bot articles show {quote.article.name}"]
    for line in [*sources.plain(quote, view), *place]:  # whole on its line, so that an address stays one
        console.print(" " * INDENT, Text(shown(line), style="dim"), sep="", soft_wrap=True)


def _barred(console: Console, words: str) -> Text:
    """The quote's words wrapped, a bar before each line, nothing added within."""
    lines = Text(shown(words)).wrap(console, max(WIDTH_MIN, console.width - INDENT - 2))
    return Text("\n").join(Text(f"{BAR} ", style="cyan") + line for line in lines)


def show_line(console: Console, words: str, *, indent: int = 0, style: str = "") -> None:
    """Print one line of ours."""
    console.print(Padding(Text(shown(words), style=style), (0, 0, 0, indent), expand=False))
