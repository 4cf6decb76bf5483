"""Dates and moments as a reader sees them: a bare day is never shifted and never given an hour."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo

from bot.messages import markup
from bot.messages.markup import Markup
from bot.messages.view import View
from retrieval.model import Precision, Published

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def printed(published: Published | None, view: View) -> Markup:
    """The publication date: a day as printed, a moment in the reader's zone, or the word that there is none."""
    if published is None:
        return markup.words(view.phrases["no_date"])
    if published.precision is Precision.DAY:
        return markup.words(view.phrases.day(published.day))
    return markup.moment(published.moment, printed_words(published, view))


def printed_words(published: Published | None, view: View) -> str:
    """The same in words alone, a moment with its zone: the reader's, else the one printed."""
    if published is None:
        return view.phrases["no_date"]
    if published.precision is Precision.DAY:
        return view.phrases.day(published.day)
    return _shown(published.moment, view.zone or timezone(timedelta(minutes=published.offset or 0)), view)


def moment(when: datetime, view: View) -> Markup:
    """A moment of ours, such as that of storing."""
    return markup.moment(when, moment_words(when, view))


def moment_words(when: datetime, view: View) -> str:
    return _shown(when, view.clock, view)


def day(when: datetime, view: View) -> str:
    """The reader's calendar day of a moment of ours."""
    return view.phrases.day(_local(when, view.clock).date())


def ago(when: datetime, view: View) -> str:
    """How long ago, in one unit, rounded down."""
    passed = view.now - when
    for unit, name in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if passed >= unit:
            return view.phrases["ago"].format(time=view.phrases.count(name, passed // unit))
    return view.phrases["just_now"]


def _shown(when: datetime, zone: tzinfo, view: View) -> str:
    local = _local(when, zone)
    return view.phrases["moment"].format(day=view.phrases.day(local.date()), time=f"{local:%H:%M}", zone=_offset(local))


def _local(when: datetime, zone: tzinfo) -> datetime:
    try:
        return when.astimezone(zone)
    except OverflowError:  # a printed date at either end of the calendar, which no zone can shift
        return when


def _offset(local: datetime) -> str:
    """The offset in words that every reader knows: ``UTC``, ``UTC+2``, ``UTC+5:30``."""
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    if minutes == 0:
        return UTC.tzname(None)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")
