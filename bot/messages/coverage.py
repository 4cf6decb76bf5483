"""The week of a topic as a table of words, alone or as the caption of its picture. Pure."""

import unicodedata
from collections.abc import Sequence

from bot.coverage import Coverage, Row
from bot.messages import markup, schedules, shown
from bot.messages.message import Message, Photo
from bot.messages.view import View

NAME_CELLS = 10  # columns of a phone's fixed-width letters: 10 and 7 times 3 and 4 are 35; 40 did not fit
DAY_CELLS = 3
TOTAL_CELLS = 4
PICTURE = "week.png"


def week(coverage: Coverage, view: View, picture: bytes | None = None) -> Message:
    """The figures by outlet and day; with a picture they are its caption."""
    phrases = view.phrases
    lines = [heading(coverage, view)]
    if not coverage.total:
        return Message(markup.words("\n".join([*lines, phrases["week_nothing"]])))
    text = markup.lines(
        markup.words(lines[0]),
        markup.pre("\n".join(table(coverage, view))),
        markup.words(phrases["week_note"]),
    )
    return Message(text, photo=Photo(PICTURE, picture) if picture and text.fits_caption else None)


def heading(coverage: Coverage, view: View) -> str:
    """The topic, the days, and how much there is."""
    phrases, zone = view.phrases, schedules.zone_of(view)
    key = "week_first" if coverage.topic else "week_first_all"
    return phrases[key].format(
        topic=shown.name(coverage.topic or "", phrases),
        first=phrases.day(coverage.days[0]),
        last=phrases.day(coverage.days[-1]),
        zone=schedules.zone_name(zone),
        articles=phrases.count("articles", coverage.total),
        outlets=phrases.count("outlets", coverage.outlets),
    )


def day_names(coverage: Coverage, view: View) -> list[str]:
    """The days by weekday, each with its number."""
    return [f"{view.phrases[f'weekday.{day.weekday()}']} {day.day}" for day in coverage.days]


def name_of(row: Row, coverage: Coverage, view: View) -> str:
    """An outlet's name, or what stands for it."""
    if row is coverage.others:
        return view.phrases["week_others"].format(n=coverage.others_outlets)
    return shown.name(row.outlet, view.phrases) if row.outlet else view.phrases["outlets_unknown"]


def table(coverage: Coverage, view: View) -> list[str]:
    """A line for the days, one for each outlet, and one for all of them."""
    phrases = view.phrases
    numbers = [str(day.day) for day in coverage.days]
    lines = [_line(phrases["week_outlet"], numbers, phrases["week_sum"])]  # Telegram drops blanks in front
    lines += [_line(name_of(row, coverage, view), _cells(row.counts), str(row.total)) for row in coverage.every]
    return [*lines, _line(phrases["week_all"], _cells(coverage.totals), str(coverage.total))]


def _line(name: str, cells: Sequence[str], total: str) -> str:
    return "".join([_padded(name), *(cell.rjust(DAY_CELLS) for cell in cells), total.rjust(TOTAL_CELLS)])


def _cells(counts: Sequence[int]) -> list[str]:
    return [str(count) if count else "·" for count in counts]


def _padded(name: str) -> str:
    """A name in its column, cut with a mark where it is wider; wide letters take two cells."""
    taken, width = "", 0
    for character in name:
        wide = 2 if unicodedata.east_asian_width(character) in "WF" else 0 if unicodedata.combining(character) else 1
        if width + wide > NAME_CELLS:
            return f"{taken[:-1].rstrip()}…".ljust(len(taken))
        taken, width = taken + character, width + wide
    return taken + " " * (NAME_CELLS - width)
