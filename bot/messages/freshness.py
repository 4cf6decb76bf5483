"""How fresh what is told is: that nothing arrives any more, and that the best quote is old. A line each, or none."""

from datetime import datetime, timedelta

from bot.messages import moments
from bot.messages.view import View
from retrieval.model import Answer

STALE_AFTER = timedelta(hours=24)
OLD_AFTER = timedelta(days=30)


def notes(answer: Answer, view: View) -> list[str]:
    """What is to be said of an answer that holds quotes; where it holds none, what was searched tells it."""
    return [*stale(answer.arrived_at, view.now, view), *_old(answer, view)] if answer.quotes else []


def stale(arrived_at: datetime | None, now: datetime, view: View) -> list[str]:
    """That nothing has arrived for a day or longer."""
    if arrived_at is None or now - arrived_at < STALE_AFTER:
        return []
    return [view.phrases["stale"].format(days=view.phrases.count("days", (now - arrived_at) // moments.DAY))]


def _old(answer: Answer, view: View) -> list[str]:
    """That the best quote is old, where the question names no time."""
    asked, published = answer.question, answer.quotes[0].version.published
    if asked.since or asked.until or asked.dated or published is None:
        return []
    if view.now - published.moment <= OLD_AFTER:
        return []
    return [view.phrases["old"].format(days=OLD_AFTER.days, day=view.phrases.day(published.day))]
