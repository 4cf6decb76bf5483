"""`briefing`: the briefing a chat would get now, in the terminal, from the same composing."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from bot import zones
from bot.cli import answers
from bot.cli.opening import configured, finished, opened
from bot.composing import Composer, Digest, Order, followed, window
from bot.messages import digest as digests
from bot.messages.digest import Issue
from bot.messages.view import View
from bot.newsdesk import KEPT, Newsdesk
from bot.newsroom.drafts import clean
from bot.settings import Settings
from bot.workers import Workers
from retrieval.topics import NotATopic, parse


def show(topics: Sequence[str], *, since: str | None, zone: str | None) -> None:
    """Print the briefing; wrong usage where a topic, a moment or a zone is none."""
    chosen = configured()
    finished(_show(chosen, [clean(each) for each in topics], since, _zone(zone or chosen.default_timezone)))


async def _show(chosen: Settings, topics: Sequence[str], since: str | None, zone: ZoneInfo) -> None:
    view, now = answers.view_in_terminal(chosen), datetime.now(UTC)
    wanted = followed((_topic(each), each) for each in topics)
    order = Order(wanted, _moment(since, zone) if since else window(None, now), now)
    async with opened(chosen) as store, Workers(0) as workers:
        desk = Newsdesk(store, max(KEPT, now - order.since))
        [digest] = await Composer(store, workers, desk).compose([order])
    _print(answers.plain_console(), digest, Issue(zone), view)


def _print(console: Console, digest: Digest, issue: Issue, view: View) -> None:
    answers.show_line(console, digests.first_line(digest, issue, view), style="bold")
    if not digest.stories:
        for line in digests.empty_lines(digest, issue, view):
            answers.show_line(console, line)
        return
    for line in digests.opening_lines(digest, issue, view):
        answers.show_line(console, line)
    before = None
    for n, told in enumerate(digest.stories, 1):
        topic, heading = digests.heading_of(n, told, view, first=before is None or before.topic != told.topic)
        console.print()
        if topic:
            answers.show_line(console, topic, style="bold")
        answers.show_line(console, heading)
        for quote in told.quotes:
            answers.show_quote(console, "·", quote, view)
        before = told
    console.print()
    for line in digests.closing_lines(digest, issue, view):
        answers.show_line(console, line)


def _topic(words: str) -> str:
    try:
        return parse(words).name
    except NotATopic as refused:
        raise typer.BadParameter(f"“{words}” is no topic ({refused.fault.value})", param_hint="--topic") from None


def _moment(since: str, zone: ZoneInfo) -> datetime:
    """The moment meant: of a bare day its beginning in the zone."""
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        raise typer.BadParameter("write a day or a moment, such as 2026-11-21T07:00", param_hint="--since") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    found = zones.find(name)
    if len(found) != 1:
        near = ", ".join(found or zones.nearest(name))
        raise typer.BadParameter(f"I know no zone “{name}”; did you mean {near}?", param_hint="--zone")
    return ZoneInfo(found[0])
