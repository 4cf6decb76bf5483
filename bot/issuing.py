"""The editions that are due: composed, and owed in one transaction with the moment of the next one.

Whoever holds the role of the timetable does this, in batches, so that the first are on their way while the next are
composed. Sends nothing: delivery does.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot import drafting
from bot.composing import Composer, Digest, Order, followed, window
from bot.drafting import Addressed, Sender
from bot.messages import digest as digests
from bot.messages.digest import Issue, Rendered
from bot.messages.message import Message
from bot.messages.phrases import spoken
from bot.messages.view import View
from bot.timetable import end_of, next_due
from storage import alerts, chats, editions, outbox, sent_quotes, subscriptions, topics
from storage.database import Store
from storage.values import Edition, EditionState, FollowedTopic, Priority, Subscription

BATCH = 50  # composed together and owed in one transaction
LATE_AFTER = timedelta(minutes=10)
ABSENCE_MAX = timedelta(days=40)  # editions missed before that are not named one by one
EMPTY_DAYS, STORIES = "empty_days", "stories"  # the choices of a chat that an edition asks for

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done for a due subscription: the edition to send now, if its day is not over, and the next moment.

    `skipped` are the days whose editions are past sending; `missed_before` those that were, and were never told of.
    """

    subscription: Subscription
    zone: ZoneInfo
    due: datetime
    day: date
    expires_at: datetime
    next_due_at: datetime | None
    skipped: tuple[date, ...]
    expired: bool
    missed_before: tuple[date, ...] = ()

    @property
    def missed(self) -> tuple[date, ...]:
        """All days without an edition."""
        return (*self.skipped, self.day) if self.expired else self.skipped


def planned(subscription: Subscription, now: datetime) -> Plan:
    """The newest edition that is due, those before it skipped; expired where its local day is over."""
    assert subscription.next_due_at is not None
    assert subscription.zone is not None
    zone, at, days = ZoneInfo(subscription.zone), subscription.local_time, subscription.weekdays
    due = max(subscription.next_due_at, now - ABSENCE_MAX)
    day, skipped = due.astimezone(zone).date(), list[date]()
    following = next_due(at, zone, days, due, told=day)
    while following is not None and following.moment <= now:
        skipped.append(day)
        due, day = following
        following = next_due(at, zone, days, due, told=day)
    end = end_of(day, zone)
    next_due_at = following.moment if following else None
    return Plan(subscription, zone, due, day, end, next_due_at, tuple(skipped), expired=now >= end)


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is to be owed for a due subscription; no messages where its day is over, or nothing is to be said."""

    plan: Plan
    digest: Digest
    messages: Sequence[Message]

    @property
    def since(self) -> datetime:
        return self.digest.order.since

    def edition(self, now: datetime) -> Edition:
        state, order = EditionState.TOLD if self.messages else EditionState.SILENT, self.digest.order
        return Edition(
            self.plan.subscription.id, self.plan.day, order.since, order.until, state, now, self.digest.articles
        )


class Issuing:
    """The timetable at work."""

    def __init__(self, store: Store, composer: Composer, sender: Sender) -> None:
        self._store = store
        self._composer = composer
        self._sender = sender
        self._shown = Rendered()

    async def step(self) -> None:
        """Issue every edition that is due by now."""
        now = self._sender.clock()
        while True:
            async with self._store.reading() as session:
                due = await subscriptions.due(session, self._sender.bot_id, now=now, limit=BATCH)
            if not due:
                return
            await self._issue(due, now)
            self._sender.wake()

    async def _issue(self, due: Sequence[Subscription], now: datetime) -> None:
        async with self._store.reading() as session:
            before = await editions.latest(session, [each.id for each in due])
        plans = [replace(planned(each, now), missed_before=_missed(before[each.id])) for each in due]
        orders, views, silent = await self._ordered(plans, before, now)
        digests_ = await self._composer.compose(orders)
        ready = [
            _Ready(plan, digest, await self._rendered(plan, digest, view) if _is_sent(plan, digest, quiet) else [])
            for plan, digest, view, quiet in zip(plans, digests_, views, silent, strict=True)
        ]
        async with self._store.writing() as session:
            ids = [each.id for each in due]
            held = await subscriptions.claim_due(session, self._sender.bot_id, now=now, limit=len(ids), among=ids)
            still = {each.id: each for each in held}
            wanted = [each for each in ready if still.get(each.plan.subscription.id) == each.plan.subscription]
            await self._owe(session, wanted, now)  # the others were changed meanwhile

    async def _ordered(
        self, plans: Sequence[Plan], before: Mapping[int, Sequence[Edition]], now: datetime
    ) -> tuple[list[Order], list[View], list[bool]]:
        """What each edition is wanted of, how its chat sees, and whether the chat wants nothing on empty days."""
        chat_ids = {each.subscription.chat_id for each in plans}
        async with self._store.reading() as session:
            theirs = await topics.of_chats(session, self._sender.bot_id, chat_ids)
            muted = await topics.muted(session, self._sender.bot_id, chat_ids)
            alerted = await alerts.told(session, self._sender.bot_id, chat_ids, now=now)
            known = await chats.several(session, self._sender.bot_id, chat_ids)
        orders, views, silent = [], [], []
        for plan in plans:
            subscription = plan.subscription
            chat, choices = known[subscription.chat_id]
            order = order_of(subscription, before[subscription.id], theirs[chat.id], muted[chat.id], choices, now)
            orders.append(order.after(alerted[chat.id]))
            phrases = spoken(chat.language or self._sender.language)
            views.append(View(phrases, now, self._sender.name, plan.zone))
            silent.append(choices.get(EMPTY_DAYS) is False)
        return orders, views, silent

    async def _rendered(self, plan: Plan, digest: Digest, view: View) -> list[Message]:
        await asyncio.sleep(0)  # a turn for answers: a batch is rendered in a tenth of a second
        skipped = (*plan.missed_before, *plan.skipped)
        late = digest.order.until - plan.due > LATE_AFTER
        issue = Issue(plan.zone, plan.due, plan.next_due_at, late, skipped)
        return digests.render(digest, issue, view, self._shown)

    async def _owe(self, session: AsyncSession, ready: Sequence[_Ready], now: datetime) -> None:
        """The editions, their messages and the next moments: all or nothing."""
        missed = [
            Edition(each.plan.subscription.id, day, each.since, each.since, EditionState.SKIPPED, now)
            for each in ready
            for day in each.plan.missed
        ]
        told = [each.edition(now) for each in ready if not each.plan.expired]
        new = await editions.put_all(session, [*missed, *told])
        owed = [each for each in ready if not each.plan.expired and (each.plan.subscription.id, each.plan.day) in new]
        await self._owe_messages(session, owed, now)
        await subscriptions.reschedule_all(
            session, {each.plan.subscription.id: each.plan.next_due_at for each in ready}
        )

    async def _owe_messages(self, session: AsyncSession, ready: Sequence[_Ready], now: datetime) -> None:
        parts = [(each, part, message) for each in ready for part, message in enumerate(each.messages, 1)]
        addressed = [
            Addressed(
                message,
                editions.key_of(each.plan.subscription.id, each.plan.day, part),
                each.plan.subscription.chat_id,
                each.plan.subscription.thread_id,
            )
            for each, part, message in parts
        ]
        drafted = await drafting.drafts(session, addressed, bot_id=self._sender.bot_id, now=now)
        owed = [
            replace(draft, priority=Priority.BRIEFING, silent=part > 1, expires_at=each.plan.expires_at)
            for draft, (each, part, _) in zip(drafted, parts, strict=True)
        ]
        await outbox.put(session, *owed, now=now)
        shown = [
            quote
            for sent, (each, _, _) in zip(addressed, parts, strict=True)
            for quote in sent.shown(each.digest.quotes)
        ]
        await sent_quotes.keep_many(session, self._sender.bot_id, shown, now=now)


def _is_sent(plan: Plan, digest: Digest, quiet: bool) -> bool:
    return not plan.expired and (bool(digest.stories) or not quiet)


def _missed(before: Sequence[Edition]) -> tuple[date, ...]:
    """The days without an edition since the last one that was told or had nothing to tell, oldest first."""
    return tuple(each.day for each in takewhile(lambda one: one.state is EditionState.SKIPPED, before))[::-1]


def order_of(
    subscription: Subscription | None,
    before: Sequence[Edition],
    theirs: Sequence[FollowedTopic],
    muted: frozenset[str],
    choices: dict[str, object],
    now: datetime,
) -> Order:
    """What an edition is wanted of, from what a chat has ordered and was told in `before`, newest first."""
    told = [each for each in before if each.state is not EditionState.SKIPPED]
    wanted = subscription.topics if subscription else ()
    chosen = [each for each in theirs if not wanted or each.id in wanted]
    most = choices.get(STORIES)
    order = Order(
        followed((each.name, each.words) for each in chosen),
        window(told[0].until if told else None, now),
        now,
        frozenset(id_ for each in told for id_ in each.articles),
        muted,
    )
    return replace(order, stories_max=most) if isinstance(most, int) else order
