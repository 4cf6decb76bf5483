"""The feeds, and what came of an address that an operator added, as messages to operators."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages import markup, moments, shown
from bot.messages.markup import Markup
from bot.messages.message import Message
from bot.messages.split import lines_in_pages
from bot.messages.view import View
from storage.values import Feed, FeedState, Outcome

FEEDS_MAX = 60
REASON_CHARACTERS_MAX = 300


@dataclass(frozen=True, slots=True)
class Added:
    """What came of an address: a feed that is read from now on, an article with its outcome, or the reason for none."""

    feed: Feed | None = None
    new: bool = False
    entries: int = 0
    outcome: Outcome | None = None
    headline: str | None = None
    reason: str | None = None


def feeds(view: View, listed: Sequence[tuple[Feed, int]]) -> list[Message]:
    """Every feed with its articles and its last success, those that fail first."""
    if not listed:
        return [Message(markup.words(view.phrases["feeds_none"]))]
    failing = sum(bool(feed.failures) for feed, _ in listed)
    first = view.phrases["feeds_failing" if failing else "feeds_first"]
    heading = markup.fill(first, feeds=view.phrases.count("feeds", len(listed)), failing=view.phrases.number(failing))
    ordered = sorted(listed, key=lambda each: (-each[0].failures, each[0].id))
    lines = [_line(feed, articles, view) for feed, articles in ordered[:FEEDS_MAX]]
    if len(listed) > FEEDS_MAX:
        lines.append(
            markup.fill(view.phrases["feeds_more"], feeds=view.phrases.count("feeds", len(listed) - FEEDS_MAX))
        )
    lines.append(markup.words(view.phrases["feeds_add"]))
    return [Message(page) for page in lines_in_pages(lines, heading)]


def added(view: View, came: Added) -> Message:
    """What came of an address, in words."""
    if came.feed is not None:
        name = "feed_added" if came.new else "feed_known"
        entries = view.phrases.count("entries", came.entries)
        return Message(markup.fill(view.phrases[name], feed=_title(came.feed, view), entries=entries))
    if came.outcome is not None and came.outcome is not Outcome.REFUSED:
        headline = shown.headline(came.headline, view.phrases) if came.headline else view.phrases["no_headline"]
        return Message(markup.fill(view.phrases[f"article_{came.outcome.value}"], headline=headline))
    reason = shown.line(came.reason or "", REASON_CHARACTERS_MAX)
    return Message(markup.fill(view.phrases["nothing_added"], reason=reason))


def _line(feed: Feed, articles: int, view: View) -> Markup:
    parts = {"feed": _title(feed, view), "articles": view.phrases.count("articles", articles)}
    error = shown.line(feed.last_error or "", REASON_CHARACTERS_MAX)
    if feed.state is FeedState.GONE:
        return markup.fill(view.phrases["feed_gone"], **parts)
    if feed.failures:
        times = view.phrases.count("times", feed.failures)
        return markup.fill(view.phrases["feed_fails"], **parts, times=times, error=error)
    if feed.last_success_at is None:
        return markup.fill(view.phrases["feed_unread"], **parts)
    return markup.fill(view.phrases["feed_read"], **parts, moment=moments.moment(feed.last_success_at, view))


def _title(feed: Feed, view: View) -> str:
    return shown.name(feed.title or feed.url, view.phrases)
