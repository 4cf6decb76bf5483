"""Alerts: an article that matches a followed topic is owed to its chats as soon as it is stored.

Whoever holds the role of the timetable does this. What is not told at once, in quiet hours or beyond a topic's number
an hour, is left to the next briefing. Sends nothing: delivery does.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot import drafting, quiet
from bot.composing import Composer, Followed, Versioned, followed
from bot.drafting import Addressed, Sender
from bot.messages import alert as messages
from bot.messages.alert import Alerted
from bot.messages.digest import Rendered
from bot.messages.message import Message
from bot.messages.phrases import spoken
from bot.messages.view import View
from bot.newsdesk import Reported
from retrieval.model import Precision, Quote
from retrieval.topics import PASSING
from storage import alerts, chats, outbox, recent, sent_quotes, topics
from storage.database import Store
from storage.values import Alert, AlertingTopic, Chat, MessageKind, Priority

LOOKED_BACK = timedelta(minutes=10)  # for what was stored while this process was away, or is committed late
FRESH = timedelta(hours=12)  # printed no longer than this before it came; what is older is an archive
DAY = timedelta(days=1)
AHEAD = timedelta(minutes=10)  # how far a printed moment may lie in the future: clocks differ
STORIES_SINCE = timedelta(days=3)  # for so long articles are told to be of one story
EXPIRES_AFTER = timedelta(hours=1)  # what Telegram does not take by then is for the next briefing
HOUR = timedelta(hours=1)
CHATS_AT_ONCE = 50  # owed in one transaction

Chats = Mapping[int, tuple[Chat, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An article that a chat may be alerted to, by the topics that it matches, the chat's first one first."""

    report: Reported
    by: tuple[AlertingTopic, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """An alert as its chat sees it, and what it may quote."""

    message: Message
    quotes: tuple[Quote, ...]


class Alerting:
    """The alerts of one bot."""

    def __init__(self, store: Store, composer: Composer, sender: Sender) -> None:
        self._store = store
        self._composer = composer
        self._sender = sender
        self._seen: dict[int, datetime] = {}  # versions looked at, and when
        self._shown = Rendered()

    async def step(self) -> None:
        """Owe what follows from the articles that came since the last step."""
        now = self._sender.clock()
        async with self._store.reading() as session:
            arrived = await recent.arrived(session, now - LOOKED_BACK, now - LOOKED_BACK - FRESH - DAY)
            new = [each for each in arrived if each not in self._seen]
            asked = await alerts.topics(session, self._sender.bot_id) if new else []
        if asked:
            await self._alert(new, asked, now)
        self._seen = {each: self._seen.get(each, now) for each in arrived}

    async def _alert(self, new: Sequence[int], asked: Sequence[AlertingTopic], now: datetime) -> None:
        under = {each.topic.id: followed([(each.topic.name, each.topic.words)])[0] for each in asked}
        desk = self._composer.desk
        await desk.read(
            now - STORIES_SINCE, now + AHEAD, {each.words: each.topic for each in under.values() if each.topic}
        )
        reports = [each for each in desk.of(new) if _is_fresh(each, now)]
        await self._confirm(reports, asked, under, now)
        wanted = _wanted(reports, asked, under)
        for at in range(0, len(wanted), CHATS_AT_ONCE):
            await self._tell(dict(list(wanted.items())[at : at + CHATS_AT_ONCE]), under, now)
            self._sender.wake()

    # ── a story that is new to a chat ────────────────────────────────────────────────────────────

    async def _tell(
        self, wanted: Mapping[int, Sequence[_Wanted]], under: Mapping[int, Followed], now: datetime
    ) -> None:
        """Owe these chats what they may be told now, and keep what is left to their briefings."""
        by = {each.topic.id for several in wanted.values() for one in several for each in one.by}
        async with self._store.reading() as session:
            known = await chats.several(session, self._sender.bot_id, wanted)
            muted = await topics.muted(session, self._sender.bot_id, wanted)
            before = await alerts.told(session, self._sender.bot_id, wanted, now=now)
            used = Counter(await alerts.counted(session, by, now - HOUR))
        decided: list[tuple[Alert, AlertingTopic, _Said | None]] = []
        for chat_id, several in wanted.items():
            told = set(before[chat_id])
            for each in several:
                if each.report.outlet in muted[chat_id] or not told.isdisjoint(each.report.story.keys):
                    continue
                topic = _with_room(each.by, used, known[chat_id], now)
                kept = topic or each.by[0]
                said = await self._said(each.report, under[kept.topic.id], kept, known, now) if topic else None
                decided.append((self._decided(chat_id, each.report, kept, said, now), kept, said))
                if said:
                    used[kept.topic.id] += 1
                    told.add(each.report.recent.article.id)
        async with self._store.writing() as session:
            for alert, kept, said in decided:
                if await alerts.put(session, alert) and said:
                    await self._owe(session, alert, kept, said.message, now)
                    sent = Addressed(said.message, alerts.key_of(kept.topic.id, alert.article_id), alert.chat_id)
                    await sent_quotes.keep_many(session, self._sender.bot_id, sent.shown(said.quotes), now=now)

    def _decided(self, chat_id: int, report: Reported, by: AlertingTopic, said: _Said | None, now: datetime) -> Alert:
        return Alert(
            self._sender.bot_id,
            chat_id,
            report.recent.article.id,
            by.topic.id,
            report.recent.version_id,
            len(self._independent(report)),
            said is not None,
            now,
        )

    async def _owe(
        self,
        session: AsyncSession,
        alert: Alert,
        by: AlertingTopic,
        message: Message,
        now: datetime,
        outlets: int | None = None,
    ) -> None:
        """The alert, or the change of one that says how many outlets have its story now."""
        first = alerts.key_of(by.topic.id, alert.article_id)
        drafted = await drafting.draft(
            session,
            message,
            alerts.key_of(by.topic.id, alert.article_id, outlets),
            bot_id=self._sender.bot_id,
            chat_id=alert.chat_id,
            thread_id=by.thread_id,
            now=now,
        )
        owed = replace(drafted, priority=Priority.ALERT, expires_at=now + EXPIRES_AFTER)
        if outlets is not None:
            owed = replace(owed, kind=MessageKind.EDIT, edits=first)
        await outbox.put(session, owed, now=now)

    # ── a story that others carry now ────────────────────────────────────────────────────────────

    async def _confirm(
        self,
        reports: Sequence[Reported],
        asked: Sequence[AlertingTopic],
        under: Mapping[int, Followed],
        now: datetime,
    ) -> None:
        """Say in the alerts of these articles' stories how many outlets have them in their own words now."""
        by = {each.topic.id: each for each in asked}
        articles = {key for each in reports for key in each.story.keys}
        async with self._store.reading() as session:
            sent = [each for each in await alerts.of_articles(session, self._sender.bot_id, articles) if each.told]
            known = await chats.several(session, self._sender.bot_id, {each.chat_id for each in sent})
        held = {each.recent.version_id: each for each in self._composer.desk.of([each.version_id for each in sent])}
        for alert in sent:
            report, topic = held.get(alert.version_id), by.get(alert.topic_id or 0)
            outlets = len(self._independent(report)) if report else 0
            if report is None or topic is None or outlets <= alert.outlets:
                continue
            said = await self._said(report, under[topic.topic.id], topic, known, now)
            async with self._store.writing() as session:
                if said and await alerts.confirmed(session, alert, outlets):
                    await self._owe(session, alert, topic, said.message, now, outlets)
            self._sender.wake()

    # ── what is said ─────────────────────────────────────────────────────────────────────────────

    async def _said(
        self, report: Reported, under: Followed, by: AlertingTopic, known: Chats, now: datetime
    ) -> _Said | None:
        """The alert as its chat sees it; None where the article was removed meanwhile."""
        await asyncio.sleep(0)  # a turn for answers
        told = await self._composer.tell(report.recent.version_id, under)
        if told is None:
            return None
        chat, _ = known[by.topic.chat_id]
        view = View(spoken(chat.language or self._sender.language), now, self._sender.name, ZoneInfo(by.zone))
        return _Said(messages.alert(await self._alerted(report, told, by), view, self._shown), told[1])

    async def _alerted(self, report: Reported, told: tuple[Versioned, tuple[Quote, ...]], by: AlertingTopic) -> Alerted:
        others = [each for each in self._independent(report) if each.outlet != report.outlet]
        stored = await self._composer.stored([each.recent.version_id for each in others])
        same = next(text for text in report.story.texts if report.recent.article.id in text)
        return Alerted(
            by.topic.id,
            by.topic.name,
            told[0],
            told[1],
            len(self._independent(report)),
            len({each.outlet for each in self._composer.desk.by_article(same)}),
            tuple(stored[each.recent.version_id] for each in others if each.recent.version_id in stored),
        )

    def _independent(self, report: Reported) -> list[Reported]:
        """Of a story the first article of each outlet that has it in a text which no other had first."""
        found: dict[str | None, Reported] = {}
        for text in report.story.texts:
            for first in self._composer.desk.by_article(text)[:1]:
                found.setdefault(first.outlet, first)
        return list(found.values()) or [report]


def _is_fresh(each: Reported, now: datetime) -> bool:
    """Whether it is news of this moment: printed shortly before it came, or on that day where only a day is printed."""
    published, came = each.recent.published, each.recent.added_at
    lasts = DAY if published.precision is Precision.DAY else timedelta()
    return came - FRESH <= published.moment + lasts and published.moment <= now + AHEAD


def _wanted(
    reports: Iterable[Reported], asked: Sequence[AlertingTopic], under: Mapping[int, Followed]
) -> dict[int, list[_Wanted]]:
    """What each chat may be alerted to: what came since its topic brings alerts, and is not named in passing."""
    by_words = defaultdict[str, list[AlertingTopic]](list)
    for topic in asked:
        by_words[under[topic.topic.id].words].append(topic)
    found = defaultdict[int, list[_Wanted]](list)
    for report in reports:
        of_chat = defaultdict[int, list[AlertingTopic]](list)
        for words, strength in report.matches.items():
            for topic in by_words.get(words, ()) if strength > PASSING else ():
                if report.recent.added_at > topic.since:
                    of_chat[topic.topic.chat_id].append(topic)
        for chat_id, several in of_chat.items():
            found[chat_id].append(_Wanted(report, tuple(sorted(several, key=lambda each: each.topic.id))))
    return found


def _with_room(
    several: Sequence[AlertingTopic], used: Counter[int], chat: tuple[Chat, dict[str, Any]], now: datetime
) -> AlertingTopic | None:
    """The first topic that may still tell something at this moment by its chat's clock."""
    local: time = now.astimezone(ZoneInfo(several[0].zone)).time()
    if quiet.hours_of(chat[1]).hold(local):
        return None
    return next((each for each in several if used[each.topic.id] < each.topic.alerts_an_hour), None)
