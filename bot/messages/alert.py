"""An alert as a message: one story at the moment it comes, with who else has it; and what a chat has chosen of alerts.

Pure: takes plain values and gives plain values.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.composing import Versioned
from bot.messages import digest, markup, moments, schedules, shown
from bot.messages.digest import Rendered
from bot.messages.markup import Markup
from bot.messages.message import Button, Message, Press
from bot.messages.split import Block
from bot.messages.view import View
from bot.quiet import QuietHours
from retrieval.model import Quote
from storage.values import FollowedTopic

OTHERS_SHOWN = 5
AN_HOUR = 3  # alerts of a topic, unless another number is typed
BUTTONS_MAX = 12


@dataclass(frozen=True, slots=True)
class Alerted:
    """A story as an alert tells it: by one article and its quotes, on a topic.

    `outlets` have it in words of their own, `carriers` print the article's own text; `others` are the other texts.
    """

    topic_id: int
    topic: str
    lead: Versioned
    quotes: tuple[Quote, ...]
    outlets: int
    carriers: int
    others: tuple[Versioned, ...] = ()


def alert(told: Alerted, view: View, rendered: Rendered) -> Message:
    """What came, who says what in it, how many outlets have it so far, and a button that ends such alerts."""
    phrases = view.phrases
    when = schedules.in_zone(view.now, view, schedules.zone_of(view))
    first = phrases["alert_first"].format(moment=when, topic=shown.name(told.topic, phrases))
    article, version = told.lead
    title = shown.title(shown.outlet(article, phrases), version.headline, phrases) or phrases["briefing_no_headline"]
    heading = [markup.words(first), markup.words(" · ".join([title, *_coverage(told, view)]))]
    quotes = [rendered.quote(quote, view) for quote in told.quotes[:1] if digest.is_fit(quote)]
    place = digest.place(told.lead, view)
    others = [_other(each, view) for each in told.others[:OTHERS_SHOWN]]
    whole = markup.lines(*heading, *(quotes or [place]), *others)
    end = Button(phrases["button_alerts_end"], Press("alerts", {"id": told.topic_id, "an_hour": 0}))
    return Message(whole if Block(whole).fits else markup.lines(*heading, place), ((end,),))


def _coverage(told: Alerted, view: View) -> list[str]:
    """How many outlets have it, each in words of its own; and how many print this text."""
    phrases = view.phrases
    key = "alert_alone" if told.outlets < 2 else "alert_confirmed"
    coverage = [phrases[key].format(outlets=phrases.count("outlets", max(told.outlets, 1)))]
    if told.carriers > 1:
        coverage.append(phrases["alert_carried"].format(outlets=phrases.count("outlets", told.carriers)))
    return coverage


def _other(other: Versioned, view: View) -> Markup:
    line = view.phrases["alert_other"]
    return markup.fill(line, headline=digest.linked(other, view), date=moments.printed(other[1].published, view))


# ── what is chosen ───────────────────────────────────────────────────────────────────────────────


def chosen(topics: Sequence[FollowedTopic], hours: QuietHours, view: View, *, zone: bool) -> Message:
    """Which topics bring alerts, how many an hour, and when none; a button for each topic and for the quiet hours.

    Without a zone it says that none comes yet.
    """
    phrases = view.phrases
    lines = [] if zone else [phrases["alerts_no_zone"]]
    if not topics:
        return Message(markup.lines(*map(markup.words, [*lines, phrases["alerts_no_topics"]])))
    for each in topics:
        key = "alerts_on" if each.alerts_an_hour else "alerts_off"
        lines.append(phrases[key].format(topic=shown.name(each.name, phrases), n=each.alerts_an_hour))
    lines.append(hours_line(hours, view))
    lines.append(phrases["alerts_usage"])
    rows = [(_switch(each, view),) for each in topics[:BUTTONS_MAX]]
    other = phrases["button_quiet_never" if hours.any else "button_quiet_usual"]
    hours_button = Button(other, Press("quiet", {"never": hours.any}))
    return Message(markup.lines(*map(markup.words, [phrases["alerts_first"], *lines])), (*rows, (hours_button,)))


def hours_line(hours: QuietHours, view: View) -> str:
    """When no alert comes."""
    if not hours.any:
        return view.phrases["quiet_never"]
    return view.phrases["quiet_hours"].format(since=schedules.clock(hours.since), until=schedules.clock(hours.until))


def switched(topic: FollowedTopic, an_hour: int, hours: QuietHours, view: View) -> list[str]:
    """That a topic brings alerts from now on, or no more."""
    name = shown.name(topic.name, view.phrases)
    if not an_hour:
        return [view.phrases["alerts_ended"].format(topic=name)]
    return [view.phrases["alerts_begun"].format(topic=name, n=an_hour), hours_line(hours, view)]


def _switch(topic: FollowedTopic, view: View) -> Button:
    on = topic.alerts_an_hour > 0
    text = view.phrases["button_alerts_off" if on else "button_alerts_on"].format(topic=topic.name)
    return Button(text, Press("alerts", {"id": topic.id, "an_hour": 0 if on else AN_HOUR}))
