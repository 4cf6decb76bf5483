"""Moments of briefings as a reader says them: by weekday and clock, in the reader's own zone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.messages.view import View

DAY = timedelta(days=1)
WEEK_DAYS = 6  # ahead or back, within which a weekday alone says which day it is
EVERY_DAY, WEEKDAYS, WEEKEND = 0b1111111, 0b0011111, 0b1100000


def on_day(when: datetime, view: View, zone: ZoneInfo) -> str:
    """Such as ``Sun 22 Nov, 07:00``; of another year with the year."""
    local = when.astimezone(zone)
    if local.year != view.now.astimezone(zone).year:
        return f"{view.phrases.day(local.date())}, {local:%H:%M}"
    month = view.phrases.months[local.month - 1]
    weekday = view.phrases[f"weekday.{local.weekday()}"]
    return view.phrases["at_day"].format(weekday=weekday, day=local.day, month=month, time=f"{local:%H:%M}")


def in_zone(when: datetime, view: View, zone: ZoneInfo) -> str:
    """Such as ``Sun 22 Nov, 07:00 Kyiv``."""
    return view.phrases["at_zone"].format(moment=on_day(when, view, zone), zone=zone_name(zone))


def near(when: datetime, now: datetime, view: View, zone: ZoneInfo) -> str:
    """As short as it stays clear at `now`: ``yesterday 07:00``, ``Sat 07:00``, ``Sat 14 Nov, 07:00``."""
    local, days = when.astimezone(zone), (when.astimezone(zone).date() - now.astimezone(zone).date()).days
    clock = f"{local:%H:%M}"
    if days == 0:
        return view.phrases["at_today"].format(time=clock)
    if days == -1:
        return view.phrases["at_yesterday"].format(time=clock)
    if abs(days) <= WEEK_DAYS:
        return view.phrases["at_weekday"].format(weekday=view.phrases[f"weekday.{local.weekday()}"], time=clock)
    return on_day(when, view, zone)


def zone_name(zone: ZoneInfo) -> str:
    """The zone by its place: ``Kyiv`` of ``Europe/Kyiv``, ``UTC+2`` of ``Etc/GMT-2``."""
    place = zone.key.rpartition("/")[2].replace("_", " ")
    if zone.key.startswith("Etc/GMT") and len(place) > len("GMT"):
        return f"UTC{'-' if place[3] == '+' else '+'}{place[4:]}"
    return place


def zone_of(view: View) -> ZoneInfo:
    """The zone of a view; UTC where it names none of the database."""
    return view.zone if isinstance(view.zone, ZoneInfo) else ZoneInfo("UTC")


def clock(hour: time) -> str:
    return f"{hour:%H:%M}"


def weekdays(mask: int, view: View) -> str:
    """The weekdays of a bit mask, Monday the lowest: ``every day``, ``weekdays``, ``Mon, Thu``."""
    known = {EVERY_DAY: "every_day", WEEKDAYS: "on_weekdays", WEEKEND: "on_weekends"}
    if mask in known:
        return view.phrases[known[mask]]
    return view.phrases["comma"].join(view.phrases[f"weekday.{n}"] for n in range(7) if mask >> n & 1)
