"""What a topic would have brought, and outlets that are none: the answers to /follow and /mute."""

from collections.abc import Mapping, Sequence

from bot.messages import digest, markup, moments, shown
from bot.messages.markup import Markup
from bot.messages.message import Message
from bot.messages.view import View
from retrieval.model import Article, ArticleVersion

SHOWN = 5


def followed(
    name: str,
    found: int,
    languages: Mapping[str, int],
    newest: Sequence[tuple[Article, ArticleVersion]],
    view: View,
) -> Message:
    """That a topic is followed, and what it would have brought this week: how many, by language, and the newest."""
    phrases = view.phrases
    first = phrases["followed"].format(topic=name)
    if not found:
        return Message(lines([first, phrases["followed_nothing"]]))
    counted = phrases["comma"].join(f"{phrases.named(each)} {phrases.number(n)}" for each, n in languages.items())
    preview = phrases["followed_preview"].format(articles=phrases.count("articles", found), languages=counted)
    listed = [
        markup.fill(
            phrases["briefing_more_line"],
            headline=digest.linked(each, view),
            date=moments.printed(each[1].published, view),
        )
        for each in newest[:SHOWN]
    ]
    return Message(markup.lines(lines([first, preview]), *listed))


def outlet_unknown(near: Sequence[str], view: View) -> Message:
    """That no outlet has the name typed, and which come near."""
    if not near:
        return Message(markup.words(view.phrases["mute_unknown_none"]))
    names = view.phrases["comma"].join(shown.name(each, view.phrases) for each in near)
    return Message(markup.words(view.phrases["mute_unknown"].format(names=names)))


def lines(words: Sequence[str]) -> Markup:
    return markup.lines(*map(markup.words, words))
