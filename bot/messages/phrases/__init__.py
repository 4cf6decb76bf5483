"""The bot's own words, by language: what it says is chosen here and written nowhere else.

A language is a module beside this one with `PHRASES`, `MONTHS` and `category`; English is complete, and another
language falls back to it phrase by phrase.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.messages.phrases import en

RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "ps", "yi"}


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's words. `category` names the plural form of a number (CLDR: one, few, many, other ...)."""

    language: str
    templates: Mapping[str, str]
    months: tuple[str, ...]
    category: Callable[[int], str]

    def __getitem__(self, key: str) -> str:
        return self.templates[key]

    def count(self, key: str, number: int) -> str:
        """A number with its noun, such as ``2 quotes`` or ``4,210 articles``."""
        form = f"{key}.{self.category(number)}"
        return self.templates.get(form, self.templates[f"{key}.other"]).format(n=self.number(number))

    def number(self, number: int) -> str:
        return f"{number:,}"

    def day(self, day: date) -> str:
        """A calendar day, such as ``17 Nov 2026``."""
        return self.templates["day"].format(day=day.day, month=self.months[day.month - 1], year=day.year)

    def named(self, language: str) -> str:
        """The name of a language, such as ``Spanish``; its tag where it has none here."""
        return self.templates.get(f"language.{language}", f"“{language}”")

    @property
    def right_to_left(self) -> bool:
        return self.language in RIGHT_TO_LEFT


_LANGUAGES = {"en": Phrases("en", en.PHRASES, en.MONTHS, en.category)}


def spoken(language: str | None) -> Phrases:
    """The bot's words in a reader's language, or in English."""
    return _LANGUAGES.get((language or "en").split("-")[0].lower(), _LANGUAGES["en"])
