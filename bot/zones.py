"""Which time zone a reader means: by a city, a country, an IANA name or an offset. Never by a position.

Names come from the tz database and, in the languages of `SPOKEN`, from CLDR; nothing is guessed: several zones that
may be meant are offered, and of a name that is none the nearest ones.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from rapidfuzz import fuzz, process

from retrieval.text.folding import fold, without_accents

SPOKEN = ("en", "ar", "de", "es", "fr", "he", "it", "ja", "pl", "pt", "ru", "tr", "uk", "zh")
OFFERED_MAX = 8
NEAREST_MAX = 3
NEAR = 60.0  # of 100: how like a known name another one must be to be offered
NAME_CHARACTERS_MAX = 60
WHOLE_HOURS_MAX = 14  # east; 12 to the west
YEAR_AHEAD = 12  # months over which two zones keep one time to be offered as one

_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+\-−–])\s*(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_NO_OFFSET = {"utc", "gmt", "z"}


def find(typed: str) -> list[str]:
    """The IANA names that may be meant: one where it is certain, several to choose from, none for an unknown name."""
    words = typed.strip()
    if not words or len(words) > NAME_CHARACTERS_MAX:
        return []
    exact = _by_name().get(_key(words))
    if exact:
        return [exact]
    if words.lower() in _NO_OFFSET or _OFFSET.fullmatch(words):
        return _of_offset(words)
    for language in SPOKEN:
        places = _places(language)
        if found := places.get(_key(words)):
            return list(found)
    return []


def nearest(typed: str) -> list[str]:
    """The IANA names whose city or country is written most like this, best first."""
    names = {name: zones for language in reversed(SPOKEN) for name, zones in _places(language).items()}
    names |= {name: (zone,) for name, zone in _by_name().items()}
    wanted = _key(typed[:NAME_CHARACTERS_MAX])
    candidates = [wanted, *(part for part in re.split(r"[/,]", wanted) if len(part) > 2)]
    scored = [
        (score, zones[0])
        for each in candidates
        for name, score, _ in process.extract(each, list(names), scorer=fuzz.ratio, limit=NEAREST_MAX)
        if score >= NEAR and (zones := names[name])
    ]
    return list(dict.fromkeys(zone for _, zone in sorted(scored, key=lambda one: -one[0])))[:NEAREST_MAX]


@cache
def _table() -> dict[str, tuple[str, ...]]:
    """The zones of each country, as the tz database lists them; the one of most of a country first."""
    found: dict[str, tuple[str, ...]] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, zone, *comments = line.split("\t")
            first = bool(comments) and comments[0].startswith("most")
            found[country] = (zone, *found.get(country, ())) if first else (*found.get(country, ()), zone)
    return found


@cache
def _older() -> dict[str, list[str]]:
    """The older names of each zone, by which CLDR may still know it."""
    found: dict[str, list[str]] = {}
    for old, new in get_global("zone_aliases").items():
        found.setdefault(new, []).append(old)
    return found


@cache
def _by_name() -> dict[str, str]:
    """Every IANA name, however it is written; one that is an older name of a listed zone leads to that."""
    aliases = get_global("zone_aliases")
    listed = {zone for zones in _table().values() for zone in zones}
    names = {zone: aliases[zone] if aliases.get(zone) in listed else zone for zone in sorted(available_timezones())}
    return {_key(name): zone for name, zone in names.items()} | {_key(zone): zone for zone in listed}


@cache
def _places(language: str) -> dict[str, tuple[str, ...]]:
    """Cities and countries by their names in a language, each with its zones."""
    locale, listed = Locale(language), [zone for zones in _table().values() for zone in zones]
    found: dict[str, tuple[str, ...]] = {}
    codes = {code: [old for old, new in get_global("territory_aliases").items() if new == [code]] for code in _table()}
    for country, zones in _table().items():
        for name in (locale.territories.get(country), *codes[country]):
            found[_key(name or country)] = _unlike(zones)
    for zone in listed:
        cities = (locale.time_zones.get(name, {}).get("city") for name in (zone, *_older().get(zone, ())))
        for city in (zone.rpartition("/")[2], *filter(None, cities)):
            found[_key(city)] = (zone,)
    for zone in sorted(available_timezones()):
        if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/")):
            found.setdefault(_key(zone.rpartition("/")[2]), (_by_name()[_key(zone)],))
    return found


def _unlike(zones: tuple[str, ...]) -> tuple[str, ...]:
    """One zone of each time that is kept, in their order."""
    year = datetime.now(UTC).year
    months = [datetime(year, month, 15, 12, tzinfo=UTC) for month in range(1, YEAR_AHEAD + 1)]
    kept: dict[tuple[timedelta | None, ...], str] = {}
    for zone in zones:
        kept.setdefault(tuple(month.astimezone(ZoneInfo(zone)).utcoffset() for month in months), zone)
    return tuple(kept.values())[:OFFERED_MAX]


def _of_offset(words: str) -> list[str]:
    """The zone of an offset that never changes; of one with minutes the places that keep it."""
    found = _OFFSET.fullmatch(words)
    if found is None:
        return ["UTC"]
    sign, hours, minutes = found.group(1), int(found.group(2)), int(found.group(3) or 0)
    east = sign == "+"
    if hours > WHOLE_HOURS_MAX - (0 if east else 2) or minutes >= 60:
        return []
    if minutes == 0:
        return [f"Etc/GMT{'-' if east else '+'}{hours}" if hours else "UTC"]
    wanted = (1 if east else -1) * timedelta(hours=hours, minutes=minutes)
    now = datetime.now(UTC)
    zones = tuple(
        zone for zones in _table().values() for zone in zones if now.astimezone(ZoneInfo(zone)).utcoffset() == wanted
    )
    return list(_unlike(zones))


def _key(name: str) -> str:
    return " ".join(re.split(r"[\s_]+", without_accents(fold(name, "und")).strip()))
