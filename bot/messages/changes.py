"""Sentences that were quoted to a chat and changed since: before and after, each with the moment it was seen.

Who speaks stands before the words on both sides. Says that the words changed, never why, and never which are right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.messages import digest, markup, moments, shown, sources, voices
from bot.messages.limits import FOLD_CHARACTERS
from bot.messages.markup import Markup
from bot.messages.message import Message
from bot.messages.split import Block, pack
from bot.messages.view import View
from retrieval.model import Quote

__all__ = ["Changed", "Message", "listed", "told"]


@dataclass(frozen=True, slots=True)
class Changed:
    """A quote shown at a moment, and what became of its sentences in a version seen at another.

    Of each sentence the words before, and the sentence most like it after; None where there is none.
    """

    shown_at: datetime
    seen_at: datetime
    sentences: tuple[tuple[Quote, Quote | None], ...]


def told(change: Changed, more: int, view: View) -> Message:
    """The message to a chat that got the quote; `more` counts its other quotes that were changed."""
    further = view.phrases["changes_more"].format(sentences=view.phrases.count("sentences", more)) if more else ""
    head, blocks = _head(change, view), _blocks(change, view)
    whole = markup.lines(head, *blocks, markup.words(further))
    if not whole.fits:
        whole = markup.lines(head, _link(change, view), markup.words(view.phrases["changes_long"]))
    return Message(whole)


def listed(changes: Sequence[Changed], view: View) -> list[Message]:
    """All of a chat's, the last changed first, in as many messages as they need."""
    if not changes:
        return [Message(markup.words(view.phrases["changes_none"]))]
    first = view.phrases["changes_first"].format(sentences=view.phrases.count("sentences", len(changes)))
    blocks = [Block(markup.lines(_head(each, view), *_blocks(each, view))) for each in changes]
    fitting = [
        each if each.fits else Block(markup.lines(_head(one, view), _link(one, view)))
        for each, one in zip(blocks, changes, strict=True)
    ]
    return [Message(part.markup) for part in pack(fitting, lambda part, parts, quotes: first)]


def _head(change: Changed, view: View) -> Markup:
    before, after = change.sentences[0]
    outlet = shown.outlet(before.article, view.phrases)
    key = "change_first" if after else "change_gone_first"
    named = view.phrases[key if outlet else f"{key}_unknown"]
    return markup.words(named.format(outlet=outlet, day=moments.day(change.shown_at, view)))


def _blocks(change: Changed, view: View) -> list[Markup]:
    parts = []
    for before, after in change.sentences:
        stored = moments.moment(before.version.fetched_at, view)
        seen = moments.moment(change.seen_at, view)
        parts += [markup.fill(view.phrases["change_before"], moment=stored), _words(before, view)]
        if after is None:
            parts.append(markup.fill(view.phrases["change_gone"], moment=seen))
        else:
            parts += [markup.fill(view.phrases["change_after"], moment=seen), _words(after, view)]
    return [*parts, _link(change, view)]


def _words(quote: Quote, view: View) -> Markup:
    """Who speaks and in which form, then the words; or that a message cannot show them unchanged."""
    quoted = voices.quoted(quote)
    fit = digest.is_fit(quote)
    words = markup.blockquote(quote.text, folded=len(quote.text) > FOLD_CHARACTERS)
    return markup.lines(
        markup.bold(voices.heading(quote, quoted, view)),
        *map(markup.words, voices.labels(quote, quoted, view)),
        words if fit else markup.words(view.phrases["change_unfit"]),
        *map(markup.words, voices.namings(quote, quoted, view)),
    )


def _link(change: Changed, view: View) -> Markup:
    before, after = change.sentences[0]
    return sources.line(after or before, view, before.version.language)
