"""Names, headlines and addresses as they may stand in our own lines: one line, bounded, safe in either direction.

Never applied to the words of a quote.
"""

import unicodedata

from bot.messages import markup
from bot.messages.cleaning import cleaned
from bot.messages.limits import (
    ADDRESS_CHARACTERS_MAX,
    CUE_CHARACTERS_MAX,
    HEADLINE_CHARACTERS_MAX,
    NAME_CHARACTERS_MAX,
    ROLE_CHARACTERS_MAX,
)
from bot.messages.markup import Markup
from bot.messages.phrases import Phrases
from bot.messages.view import View
from retrieval.links import to_words
from retrieval.model import Article, Quote

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_ISOLATES = {"\u2066", "\u2067", _FIRST_STRONG_ISOLATE}
_RIGHT_TO_LEFT = {"R", "AL"}
_DIRECTED = {"L", *_RIGHT_TO_LEFT}


def line(text: str, characters: int) -> str:
    """The text on one line, as Telegram keeps it; the end of a longer one gives way to an ellipsis."""
    flat = " ".join(cleaned(text).split())
    return _closed(flat if len(flat) <= characters else flat[: characters - 1].rstrip() + "…")


def _closed(text: str) -> str:
    """The text with every isolate closed that it opens, and none closed that it does not: what follows is ours."""
    kept, depth = [], 0
    for each in text:
        if each == _POP_ISOLATE and depth == 0:
            continue
        depth += (each in _ISOLATES) - (each == _POP_ISOLATE)
        kept.append(each)
    return "".join(kept) + _POP_ISOLATE * depth


def name(text: str, phrases: Phrases, characters: int = NAME_CHARACTERS_MAX) -> str:
    """A name as printed, isolated where it runs against the direction of the bot's own words."""
    shown = line(text, characters)
    return f"{_FIRST_STRONG_ISOLATE}{shown}{_POP_ISOLATE}" if _runs_against(shown, phrases) else shown


def role(text: str, phrases: Phrases) -> str:
    return name(text, phrases, ROLE_CHARACTERS_MAX)


def cue(text: str, phrases: Phrases) -> str:
    return name(text, phrases, CUE_CHARACTERS_MAX)


def headline(text: str, phrases: Phrases) -> str:
    return name(text, phrases, HEADLINE_CHARACTERS_MAX)


def outlet(article: Article, phrases: Phrases) -> str | None:
    return name(article.outlet.name, phrases) if article.outlet and article.outlet.name.strip() else None


def has_marks(text: str) -> bool:
    """Whether it holds quotation marks such as ours: then ours give way to single ones, and its own stay."""
    return not set(text).isdisjoint("“”")


def title(outlet_name: str | None, headline_text: str | None, phrases: Phrases) -> str | None:
    """What names an article: outlet and headline, or the one that is on record."""
    printed = headline(headline_text, phrases) if headline_text and headline_text.strip() else None
    nested = has_marks(printed or "")
    if outlet_name and printed:
        key = "outlet_headline_nested" if nested else "outlet_headline"
        return phrases[key].format(outlet=outlet_name, headline=printed)
    key = "headline_nested" if nested else "headline"
    return outlet_name or (phrases[key].format(headline=printed) if printed else None)


def page_address(quote: Quote) -> str | None:
    """The address that opens the page at the quote; None where there is none that a message can carry."""
    url = quote.article.url
    if url is None:
        return None
    to_sentence = to_words(url, quote.version.text, quote.span, quote.version.headline)
    return next((each for each in (to_sentence, url) if len(each) <= ADDRESS_CHARACTERS_MAX), None)


def link(text: str, address: str | None, view: View) -> Markup:
    """A link that says whose page it opens."""
    if address is None:
        return markup.words(view.phrases["address_too_long"].format(name=text))
    return markup.link(text, address)


def _runs_against(text: str, phrases: Phrases) -> bool:
    wanted = _RIGHT_TO_LEFT if phrases.right_to_left else {"L"}
    return any(unicodedata.bidirectional(each) in _DIRECTED - wanted for each in text)
