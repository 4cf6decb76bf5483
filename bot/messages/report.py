"""The daily report to operators, and what is told them at once: what is wrong, a line each, and where to look."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.messages import markup, moments, shown
from bot.messages.markup import Markup
from bot.messages.view import View

NAMES_SHOWN = 5
MEGABYTE = 1_000_000


class Urgent(StrEnum):
    """STOPPED: feeds are due and nobody checks them. LATE: messages wait longer than they should."""

    STOPPED = "stopped"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Report:
    """What a day found wrong. `days` is for how long the feeds named fail or are silent; None and 0 say nothing."""

    gone: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    feeds: int = 0
    days: int = 7
    full_in_days: int | None = None
    free_bytes: int | None = None
    refused: int = 0
    plainer: int = 0

    @property
    def things(self) -> int:
        """How many there are."""
        full = self.full_in_days is not None or self.free_bytes is not None
        return sum(map(bool, (self.gone, self.failing, self.silent, full, self.refused, self.plainer)))


def daily(report: Report, view: View) -> Markup:
    """One message: how many things, then a line each."""
    first = view.phrases["report_first"].format(things=view.phrases.count("things", report.things))
    return markup.lines(*map(markup.words, [first, *_feeds(report, view), *_disk(report, view), *_sent(report, view)]))


def urgent(kind: Urgent, since: datetime, view: View) -> Markup:
    """What cannot wait until tomorrow's report, and since when it is so."""
    return markup.fill(view.phrases[f"urgent_{kind}"], moment=moments.moment(since, view))


def _feeds(report: Report, view: View) -> list[str]:
    found = {"report_gone": report.gone, "report_failing": report.failing, "report_silent": report.silent}
    return [
        view.phrases[key].format(
            n=view.phrases.number(len(names)),
            feeds=view.phrases.count("feeds", report.feeds),
            days=view.phrases.count("days", report.days),
            names=_named(names, view),
        )
        for key, names in found.items()
        if names
    ]


def _named(names: tuple[str, ...], view: View) -> str:
    listed = view.phrases["comma"].join(shown.name(name, view.phrases) for name in names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    return view.phrases["carried_more"].format(names=listed, n=view.phrases.number(more)) if more > 0 else listed


def _disk(report: Report, view: View) -> list[str]:
    if report.free_bytes is not None:
        return [view.phrases["report_space"].format(megabytes=view.phrases.number(report.free_bytes // MEGABYTE))]
    if report.full_in_days is not None:
        return [view.phrases["report_full"].format(days=view.phrases.count("days", report.full_in_days))]
    return []


def _sent(report: Report, view: View) -> list[str]:
    found = {"report_refused": report.refused, "report_plainer": report.plainer}
    return [view.phrases[key].format(messages=view.phrases.count("messages", n)) for key, n in found.items() if n]
