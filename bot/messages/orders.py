"""What a chat has ordered, as messages: subscriptions, topics, zone; and the questions by button before an order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

from bot.messages import alert, markup, schedules, shown
from bot.messages.message import Button, Keyboard, Message, Press
from bot.messages.view import View
from bot.ordering import EVERY_DAY, WEEKDAYS, WEEKEND
from bot.quiet import QuietHours
from storage.values import FollowedTopic, Subscription

HOURS = tuple(time(hour) for hour in (6, 7, 8, 9, 12, 17, 18, 19, 20, 21))
HOURS_A_ROW = 5
DAYS = (EVERY_DAY, WEEKDAYS, WEEKEND)
BUTTONS_MAX = 12
STORIES_OFFERED = (3, 5, 7, 10)


@dataclass(frozen=True, slots=True)
class Ordered:
    """All that a chat has ordered. `zone` is None where none was chosen; `quiet` wants nothing on empty days.

    `corrections` wants to hear of quoted sentences that were changed; `stories` is how many an edition tells at most.
    """

    zone: ZoneInfo | None
    subscriptions: Sequence[Subscription]
    topics: Sequence[FollowedTopic]
    muted: Sequence[str]
    quiet: bool
    stories: int
    quiet_hours: QuietHours
    corrections: bool = True


# ── asking by button ─────────────────────────────────────────────────────────────────────────────


def ask_hour(view: View) -> Message:
    """Which hour; each button asks for the days next."""
    buttons = [Button(f"{hour:%H:%M}", Press("order", {"hour": f"{hour:%H:%M}"})) for hour in HOURS]
    rows = tuple(tuple(buttons[at : at + HOURS_A_ROW]) for at in range(0, len(buttons), HOURS_A_ROW))
    return Message(markup.words(view.phrases["ask_hour"]), rows)


def ask_days(hour: str, view: View) -> Message:
    """Which days, of an hour that is chosen."""
    named = ((mask, schedules.weekdays(mask, view)) for mask in DAYS)
    rows = tuple(
        (Button(name[0].upper() + name[1:], Press("order", {"hour": hour, "days": mask})),) for mask, name in named
    )
    return Message(markup.fill(view.phrases["ask_days"], hour=hour), rows)


def ask_topics(hour: str, days: int, topics: Sequence[FollowedTopic], view: View) -> Message:
    """Which topics, where the chat follows several: all of them, or one."""
    place = {"hour": hour, "days": days}
    every = Button(view.phrases["all_topics"], Press("order", {**place, "topics": []}))
    rows: Keyboard = tuple(
        (Button(each.name, Press("order", {**place, "topics": [each.id]})),) for each in topics[:BUTTONS_MAX]
    )
    return Message(markup.fill(view.phrases["ask_topics"], hour=hour), ((every,), *rows))


def ask_zone(offered: Sequence[str], view: View, first: str) -> Message:
    """A line of ours, then the zones to choose from, each with the time there now."""
    rows = tuple(
        (Button(_there(ZoneInfo(name), view), Press("zone", {"zone": name})),) for name in offered[:BUTTONS_MAX]
    )
    return Message(markup.words(first), rows)


def _there(zone: ZoneInfo, view: View) -> str:
    local = view.now.astimezone(zone)
    return view.phrases["zone_there"].format(place=schedules.zone_name(zone), time=f"{local:%H:%M}")


# ── what is ordered ──────────────────────────────────────────────────────────────────────────────


def confirmed(zone: ZoneInfo, ordered: Sequence[Subscription], view: View) -> Message:
    """The time in the zone now, to be checked by the reader, and what comes next."""
    time_there = f"{view.now.astimezone(zone):%H:%M}"
    first = view.phrases["zone_set"].format(time=time_there, place=schedules.zone_name(zone))
    return Message(markup.lines(*map(markup.words, [first, *_nexts(ordered, view)])))


def subscribed(subscription: Subscription, zone: ZoneInfo, topics: Sequence[FollowedTopic], view: View) -> Message:
    """What was ordered, the time there now, and when the first one comes."""
    lines = [
        view.phrases["subscribed"].format(order=order_name(subscription, topics, view)),
        view.phrases["zone_right"].format(time=f"{view.now.astimezone(zone):%H:%M}", place=schedules.zone_name(zone)),
        *_nexts([subscription], view),
    ]
    if not topics:
        lines.append(view.phrases["no_topics"])
    other = Button(view.phrases["button_other_zone"], Press("zone", {}))
    return Message(markup.lines(*map(markup.words, lines)), ((other,),))


def resumed(ordered: Sequence[Subscription], view: View) -> Message:
    """That briefings come again, and when."""
    return Message(markup.lines(*map(markup.words, [view.phrases["resumed"], *_nexts(ordered, view)])))


def settings(ordered: Ordered, view: View) -> Message:
    """All of it in one message, with what can be changed by a button."""
    phrases = view.phrases
    lines = [phrases["settings_first"], _zone_line(ordered.zone, view)]
    if not ordered.subscriptions:
        lines.append(phrases["settings_none"])
    for n, each in enumerate(ordered.subscriptions, 1):
        lines.append(f"{n}. {order_name(each, ordered.topics, view)}{_state(each, view)}")
    lines += topic_lines(ordered.topics, view)
    if alerting := [each for each in ordered.topics if each.alerts_an_hour]:
        names = phrases["comma"].join(f"{shown.name(each.name, phrases)} ({each.alerts_an_hour})" for each in alerting)
        lines.append(phrases["settings_alerts"].format(names=names, quiet=alert.hours_line(ordered.quiet_hours, view)))
    if ordered.muted:
        names = phrases["comma"].join(shown.name(name, phrases) for name in ordered.muted)
        lines.append(phrases["settings_muted"].format(names=names))
    lines.append(phrases["settings_stories"].format(stories=phrases.count("stories", ordered.stories)))
    lines.append(phrases["settings_quiet" if ordered.quiet else "settings_empty"])
    lines.append(phrases["settings_corrections" if ordered.corrections else "settings_no_corrections"])
    return Message(markup.lines(*map(markup.words, lines)), _settings_buttons(ordered, view))


def topic_lines(topics: Sequence[FollowedTopic], view: View) -> list[str]:
    """The topics with the words they ask for, a line each."""
    if not topics:
        return [view.phrases["settings_no_topics"]]
    return [
        view.phrases["topics_first"],
        *(
            view.phrases["topic_line"].format(name=shown.name(each.name, view.phrases), words=each.words)
            if each.name != each.words
            else view.phrases["topic_line_alone"].format(name=shown.name(each.name, view.phrases))
            for each in topics
        ),
    ]


def choose(phrase: str, name: str, choices: Sequence[tuple[str, Mapping[str, object]]], view: View) -> Message:
    """A line of ours, and a button for each of what may be meant."""
    rows = tuple((Button(text, Press(name, argument)),) for text, argument in choices[:BUTTONS_MAX])
    return Message(markup.words(view.phrases[phrase]), rows)


def subscription_name(n: int, subscription: Subscription, view: View) -> str:
    """A subscription on a button: its number, hour and days."""
    days = schedules.weekdays(subscription.weekdays, view)
    return f"{n}. {subscription.local_time:%H:%M} {days}"


def _settings_buttons(ordered: Ordered, view: View) -> Keyboard:
    phrases, rows = view.phrases, list[tuple[Button, ...]]()
    if ordered.subscriptions:
        paused = all(each.paused for each in ordered.subscriptions)
        resume, pause = (
            Button(phrases["button_resume"], Press("resume")),
            Button(phrases["button_pause"], Press("pause")),
        )
        rows.append((resume if paused else pause,))
        quiet = "button_send_empty" if ordered.quiet else "button_send_nothing"
        rows.append((Button(phrases[quiet], Press("send_empty" if ordered.quiet else "send_nothing")),))
        others = [n for n in STORIES_OFFERED if n != ordered.stories]
        rows.append(tuple(Button(phrases.count("stories", n), Press("length", {"stories": n})) for n in others))
    rows.append(
        (Button(phrases["button_subscribe"], Press("order", {})), Button(phrases["button_zone"], Press("zone")))
    )
    corrections = ("button_untold", "untold") if ordered.corrections else ("button_told", "told")
    rows.append((Button(phrases[corrections[0]], Press(corrections[1])),))
    for n, each in enumerate(ordered.subscriptions[:BUTTONS_MAX], 1):
        text = phrases["button_unsubscribe"].format(order=subscription_name(n, each, view))
        rows.append((Button(text, Press("unsubscribe", {"id": each.id})),))
    return tuple(rows)


def _zone_line(zone: ZoneInfo | None, view: View) -> str:
    if zone is None:
        return view.phrases["settings_no_zone"]
    time_there = f"{view.now.astimezone(zone):%H:%M}"
    return view.phrases["settings_zone"].format(place=schedules.zone_name(zone), zone=zone.key, time=time_there)


def order_name(subscription: Subscription, topics: Sequence[FollowedTopic], view: View) -> str:
    """Hour, days, and the topics where they are not all of the chat's."""
    named = [each.name for each in topics if each.id in subscription.topics]
    days = schedules.weekdays(subscription.weekdays, view)
    order = view.phrases["order"].format(hour=f"{subscription.local_time:%H:%M}", days=days)
    if not named:
        return order
    names = view.phrases["comma"].join(shown.name(name, view.phrases) for name in named)
    return view.phrases["order_on"].format(order=order, names=names)


def _state(subscription: Subscription, view: View) -> str:
    if subscription.zone is None:
        return view.phrases["order_no_zone"]
    zone = ZoneInfo(subscription.zone)
    if subscription.paused and subscription.paused_until is None:
        return view.phrases["order_paused"]
    if subscription.next_due_at is None:
        return ""
    moment = schedules.in_zone(subscription.next_due_at, view, zone)
    key = "order_paused_until" if subscription.paused else "order_next"
    return view.phrases[key].format(moment=moment)


def _nexts(ordered: Sequence[Subscription], view: View) -> list[str]:
    moments = [
        schedules.in_zone(each.next_due_at, view, ZoneInfo(each.zone))
        for each in sorted(ordered, key=lambda one: (one.next_due_at is None, one.next_due_at))
        if each.next_due_at is not None and each.zone is not None
    ]
    return [view.phrases["briefing_next"].format(moment=moments[0])] if moments else []
