"""Briefings from the reader's door: ordered, due, told, left out, late, skipped."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot import charts
from bot.localchat import LocalServer
from bot.localchat.world import Standing
from retrieval.model import Draft
from storage import editions, outbox, subscriptions
from storage.values import EditionState
from tests.build import a_day, a_moment, an_article
from tests.flows.conftest import Clock, Newsroom, Reader
from tests.waiting import until

HOUR = timedelta(hours=1)
BRIDGE = (
    "The Kestrel Bridge in Velm gave way. “Nine people were treated,” said Mira Dahl, the fire brigade spokeswoman."
)
FERRY = "The ferry Marigold sails again. “Tickets are sold at the pier,” said Tomas Reyle, the captain."
ARCHIVED, BATCH = 10_000, 250
MORNING = datetime(2027, 3, 1, 6, 0, tzinfo=UTC)  # a Monday: 08:00 in Kyiv


@pytest.fixture
def clock() -> Clock:
    """The bot's clock, set to a Monday morning."""
    clock = Clock()
    clock.ahead = MORNING - datetime.now(UTC)
    return clock


@pytest.fixture
async def printed(newsroom: Newsroom, clock: Clock) -> list[Draft]:
    """Two articles of the hour before."""
    drafts = [fresh(clock, BRIDGE, "Bridge gives way"), fresh(clock, FERRY, "Ferry sails again")]
    await newsroom.publish(*drafts)
    return drafts


def fresh(clock: Clock, text: str, headline: str, hours_ago: float = 1) -> Draft:
    published = a_moment(clock().replace(microsecond=0) - hours_ago * HOUR)
    return an_article(text, headline=headline, published=published)


async def arrives(newsroom: Newsroom, reader: Reader, words: str) -> str:
    """The first of the bot's messages that holds these words, once it is there."""
    found: list[str] = []

    def there() -> bool:
        found[:] = [message.text for message in reader.messages if words in message.text]
        return bool(found)

    await until(there)
    await newsroom.done()
    return found[0]


async def due_at(newsroom: Newsroom, reader: Reader) -> list[datetime | None]:
    async with newsroom.room.store.reading() as session:
        ordered = await subscriptions.of_chat(session, newsroom.room.bot_id, reader.chat.id)
    return [each.next_due_at for each in ordered]


# ── ordering ─────────────────────────────────────────────────────────────────────────────────────


async def test_nothing_is_due_before_the_reader_chose_a_zone(reader: Reader, newsroom: Newsroom) -> None:
    await reader.says("/subscribe 07:30 weekdays")
    assert reader.sees("Nothing comes before I know")
    assert reader.buttons == ["UTC, it is 06:00 there"]
    assert await due_at(newsroom, reader) == [None]
    await reader.says("/timezone Kyiv")
    assert reader.sees("It is 08:00 in Kyiv, right?", "Next: Tue 2 Mar, 07:30 Kyiv.")
    assert await due_at(newsroom, reader) == [datetime(2027, 3, 2, 5, 30, tzinfo=UTC)]


async def test_an_order_is_typed_in_many_ways(reader: Reader) -> None:
    await reader.says("/timezone Europe/Kyiv")
    await reader.says("/subscribe 7.30pm mon,thu")
    assert reader.sees("Subscribed: 19:30, Mon, Thu.", "Next: Mon 1 Mar, 19:30 Kyiv.", "You follow no topic yet")
    await reader.says("/subscribe 25:00")
    assert reader.sees("I do not read an hour and days in “25:00”")


async def test_an_order_is_pressed_by_buttons(reader: Reader) -> None:
    await reader.says("/timezone Kyiv")
    await reader.says("/follow bridge")
    await reader.says("/follow ferry")
    await reader.says("/subscribe")
    await reader.presses("09:00")
    assert reader.sees("09:00. On which days?")
    await reader.presses("Weekdays")
    await reader.presses("ferry")
    assert reader.sees("Subscribed: 09:00, weekdays: ferry.", "Next: Mon 1 Mar, 09:00 Kyiv.")


async def test_a_zone_is_a_city_a_country_a_name_or_an_offset(reader: Reader) -> None:
    await reader.says("/timezone UTC-5")
    assert reader.sees("It is 01:00 in UTC-5, right?")
    await reader.says("/timezone USA")
    assert "New York, it is 01:00 there" in reader.buttons
    await reader.presses("New York, it is 01:00 there")
    assert reader.sees("It is 01:00 in New York, right?")
    await reader.says("/timezone Kiev/Ukraine")
    assert reader.sees("I know no zone “Kiev/Ukraine”. Did you mean one of these?")
    await reader.presses("Kyiv, it is 08:00 there")
    assert reader.sees("It is 08:00 in Kyiv, right?")
    await reader.says("/timezone")
    assert reader.sees("Is this your time?")


async def test_settings_show_all_of_it_and_change_it(reader: Reader, newsroom: Newsroom) -> None:
    await reader.says("/settings")
    assert reader.sees("Time zone: not chosen", "No subscription")
    await reader.says("/timezone Kyiv")
    await reader.says("/subscribe 07:30")
    await reader.says("/subscribe 19:00 weekends")
    await reader.says("/follow Toll: bridge toll")
    await reader.says("/settings")
    assert reader.sees(
        "Time zone: Kyiv (Europe/Kyiv), it is 08:00 there", "1. 07:30, every day · next Tue 2 Mar, 07:30"
    )
    assert reader.sees("2. 19:00, weekends", "• Toll: bridge toll", "On days with nothing new: one line.")
    assert not reader.sees("Alerts")
    await reader.says("/alerts Toll 4")
    await reader.says("/settings")
    assert reader.sees("Alerts, so many an hour: Toll (4). None between 22:00 and 07:00.")
    await reader.presses("Send nothing on such days")
    await reader.presses("Pause")
    assert reader.sees("Paused. Nothing comes until you say /resume.")
    assert await due_at(newsroom, reader) == [None, None]
    await reader.presses("End 2. 19:00 weekends")
    await reader.says("/settings")
    assert reader.sees("1. 07:30, every day · paused", "On days with nothing new: nothing.")
    await reader.presses("Resume")
    assert reader.sees("Resumed.", "Next: Tue 2 Mar, 07:30 Kyiv.")


@pytest.mark.usefixtures("printed")
async def test_how_many_stories_an_edition_tells_is_chosen_by_typing_and_by_buttons(reader: Reader) -> None:
    await reader.says("/subscribe 07:30")
    await reader.says("/settings")
    assert reader.sees("An edition tells at most 7 stories.")
    await reader.presses("3 stories")
    assert reader.sees("From now on an edition tells at most 3 stories.")
    await reader.says("/settings stories 1")
    await reader.says("/settings stories 0")
    assert reader.sees("1 to 20")
    await reader.says("/settings")
    assert reader.sees("An edition tells at most 1 story.")
    await reader.says("/briefing")
    assert reader.sees("1 story", "Left out: 1 story")


async def test_an_anonymous_admin_orders_for_its_group(
    newsroom: Newsroom, server: LocalServer, reader: Reader, another_reader: Reader, clock: Clock
) -> None:
    group = server.add_group("Velm readers", reader.user, another_reader.user)
    admin = Reader(newsroom, reader.user, group)
    anonymous = {"sender_chat": {"id": group.id, "type": "supergroup", "title": "Velm readers"}}
    await admin.says("/timezone Kyiv", more=anonymous)
    await admin.says("/subscribe 09:00", more=anonymous)
    assert admin.sees("Subscribed: 09:00, every day.")


async def test_a_pause_of_days_ends_by_itself(reader: Reader, newsroom: Newsroom) -> None:
    await reader.says("/timezone Kyiv")
    await reader.says("/subscribe 07:30")
    await reader.says("/pause 7")
    assert reader.sees("Paused for 7 days.")
    assert await due_at(newsroom, reader) == [datetime(2027, 3, 9, 5, 30, tzinfo=UTC)]
    await reader.says("/resume")
    assert await due_at(newsroom, reader) == [datetime(2027, 3, 2, 5, 30, tzinfo=UTC)]
    await reader.says("/pause forever")
    assert reader.sees("Write for how many days")


async def test_unsubscribing_ends_the_one_that_is_meant(reader: Reader, newsroom: Newsroom) -> None:
    await reader.says("/unsubscribe")
    assert reader.sees("This chat has no subscription.")
    await reader.says("/timezone Kyiv")
    await reader.says("/subscribe 07:30")
    await reader.says("/subscribe 19:00")
    await reader.says("/unsubscribe")
    await reader.presses("1. 07:30 every day")
    assert reader.sees("Ended: 07:30, every day.")
    await reader.says("/unsubscribe")
    assert reader.sees("Ended: 19:00, every day.")
    assert await due_at(newsroom, reader) == []


# ── topics ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("printed")
async def test_a_topic_shows_at_once_what_it_would_have_brought(reader: Reader) -> None:
    await reader.says("/follow Bridge: bridge | міст")
    assert reader.sees("Following “Bridge”.", "1 article (English 1)", "Velm Post: “Bridge gives way”")
    await reader.says("/follow harbour strike")
    assert reader.sees("This week it would have brought nothing.")
    await reader.says("/follow Bridge: other words")
    assert reader.sees("You follow “Bridge” already.")
    await reader.says("/follow -bridge")
    assert reader.sees("Say also what to look for")
    await reader.says("/topics")
    assert reader.sees("• Bridge: bridge | міст", "• harbour strike")
    await reader.says("/unfollow harbour strike")
    await reader.says("/unfollow")
    await reader.presses("Bridge")
    assert reader.sees("You follow “Bridge” no more.")
    await reader.says("/topics")
    assert reader.sees("No topic followed")


@pytest.mark.usefixtures("printed")
async def test_a_muted_outlet_is_left_out_until_it_is_taken_back(reader: Reader) -> None:
    await reader.says("/mute Velm Pst")
    assert reader.sees("No outlet of that name is stored. Nearest: Velm Post")
    await reader.says("/mute velm post")
    assert reader.sees("Muted in this chat's briefings: Velm Post.")
    await reader.says("/briefing")
    assert reader.sees("Nothing new", "Left out: 1 outlet muted (Velm Post).")
    await reader.says("/mute Velm Post")
    assert reader.sees("No longer muted: Velm Post.")


# ── told ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("printed")
async def test_briefing_tells_now_and_of_a_topic(reader: Reader) -> None:
    await reader.says("/timezone Kyiv")
    await reader.says("/briefing")
    assert reader.sees(
        "Your briefing · Mon 1 Mar, 08:00 Kyiv", "2 stories since", "Mira Dahl", "“Nine people were treated,”"
    )
    await reader.says("/briefing ferry")
    assert reader.sees("1 story since", "Why these: your topic “ferry”.")
    assert not reader.sees("Bridge gives way")


@pytest.mark.usefixtures("printed")
async def test_an_edition_comes_at_its_hour_once_and_says_what_is_next(
    reader: Reader, newsroom: Newsroom, clock: Clock
) -> None:
    await reader.says("/timezone Kyiv")
    await reader.says("/follow bridge")
    await reader.says("/subscribe 09:00")
    clock.passes(hours=1)
    told = await arrives(newsroom, reader, "Your briefing")
    assert told.startswith("Your briefing · Mon 1 Mar, 09:00 Kyiv")
    assert "Mira Dahl, “fire brigade spokeswoman”, in Velm Post" in told
    assert "Why these: your topic “bridge”." in told
    assert told.endswith("Next: Tue 2 Mar, 09:00 Kyiv.")
    assert await due_at(newsroom, reader) == [datetime(2027, 3, 2, 7, 0, tzinfo=UTC)]
    again = fresh(clock, BRIDGE + " Trains run.", "Bridge again", -23)
    await newsroom.publish(again, fresh(clock, FERRY + " It is blue.", "Ferry is blue", -23))
    clock.passes(days=1)
    assert "Nothing new on your 1 topic since yesterday 09:00." in await arrives(newsroom, reader, "Nothing new")
    await reader.presses("Send nothing on such days")
    clock.passes(days=1)
    await until(lambda: _silent(newsroom, reader, 1))
    assert sum("Your briefing" in message.text for message in reader.messages) == 2


@pytest.mark.prove
async def test_ten_thousand_old_articles_added_a_minute_before_the_hour_are_told_by_nothing(
    reader: Reader, newsroom: Newsroom, clock: Clock
) -> None:
    """A third undated, a third of days before the window, a third of a bare day before it; one is new."""
    await reader.says("/timezone Kyiv")
    await reader.says("/follow bridge")
    await reader.says("/alerts bridge 9")
    await reader.says("/alerts quiet off")
    await reader.says("/subscribe 09:00")
    clock.passes(minutes=59)
    days = [None, a_moment(clock() - timedelta(days=5)), a_day(2027, 2, 20)]
    drafts = [an_article(f"The old bridge {n} stands.", published=days[n % 3]) for n in range(ARCHIVED)]
    drafts.append(fresh(clock, BRIDGE, "Bridge gives way"))
    for at in range(0, len(drafts), BATCH):
        await newsroom.publish(*drafts[at : at + BATCH], now=clock())
    alerted = await arrives(newsroom, reader, "1 outlet so far")
    assert "Bridge gives way" in alerted
    clock.passes(minutes=2)
    told = await arrives(newsroom, reader, "Your briefing")
    assert "The old bridge" not in told
    assert sum("1 outlet so far" in message.text for message in reader.messages) == 1


async def _silent(newsroom: Newsroom, reader: Reader, count: int) -> bool:
    async with newsroom.room.store.reading() as session:
        [ordered] = await subscriptions.of_chat(session, newsroom.room.bot_id, reader.chat.id)
        told = (await editions.latest(session, [ordered.id]))[ordered.id]
    return sum(each.state is EditionState.SILENT for each in told) == count


async def test_a_late_edition_says_so_and_older_ones_are_skipped(
    reader: Reader, newsroom: Newsroom, clock: Clock
) -> None:
    await reader.says("/timezone Kyiv")
    await reader.says("/subscribe 09:00")
    clock.passes(days=3, hours=5)
    told = await arrives(newsroom, reader, "Your briefing")
    assert "Late: due today 09:00, composed today 13:00." in told
    assert "Not sent while the bot was away: 1 Mar 2027, 2 Mar 2027, 3 Mar 2027." in told
    assert sum("Your briefing" in message.text for message in reader.messages) == 1


async def test_an_edition_expires_with_its_local_day(reader: Reader, newsroom: Newsroom, clock: Clock) -> None:
    await reader.says("/timezone Kyiv")
    await reader.says("/subscribe 09:00 mon")
    clock.passes(days=2)
    await until(lambda: _moved_on(newsroom, reader))
    assert not any("Your briefing" in message.text for message in reader.messages)
    clock.passes(days=5, hours=1)
    assert "Not sent while the bot was away: 1 Mar 2027." in await arrives(newsroom, reader, "Your briefing")


async def _moved_on(newsroom: Newsroom, reader: Reader) -> bool:
    return await due_at(newsroom, reader) == [datetime(2027, 3, 8, 7, 0, tzinfo=UTC)]


@pytest.mark.usefixtures("printed")
async def test_who_blocks_the_bot_rests_and_is_told_on_return(
    reader: Reader, newsroom: Newsroom, server: LocalServer, clock: Clock
) -> None:
    await reader.says("/timezone Kyiv")
    await reader.says("/subscribe 09:00")
    server.blocks(reader.user)
    clock.passes(hours=1)
    clock.passes(days=1)
    await newsroom.done()
    server.unblocks(reader.user)
    await reader.says("/topics")
    told = await arrives(newsroom, reader, "Your briefing")
    assert "Your briefing · Tue 2 Mar, 09:00 Kyiv" in told


async def test_another_hour_never_brings_a_second_edition_of_a_day(
    reader: Reader, newsroom: Newsroom, clock: Clock
) -> None:
    await reader.says("/timezone Kyiv")
    await reader.says("/subscribe 09:00")
    clock.passes(hours=1)
    await arrives(newsroom, reader, "Your briefing")
    await reader.says("/timezone New York")
    assert reader.sees("Next: Tue 2 Mar, 09:00 New York.")


async def test_more_on_a_story_lists_its_articles(reader: Reader, newsroom: Newsroom, clock: Clock) -> None:
    copies = [fresh(clock, f"{BRIDGE} {name}.", name) for name in ("Bridge gives way", "Bridge down")]
    await newsroom.publish(*copies)
    await reader.says("/briefing")
    await reader.presses("More on 1")
    assert reader.sees("All of story 1: 2 articles from 1 outlet", "Bridge down")


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────


async def test_orders_are_handed_out_and_forgotten(reader: Reader, newsroom: Newsroom) -> None:
    await reader.says("/timezone Kyiv")
    await reader.says("/follow prisoner exchange")
    await reader.says("/subscribe 07:30")
    await reader.says("/privacy")
    assert reader.sees("subscriptions, topics, muted outlets, its time zone", "60 days")
    await reader.says("/export")
    file = reader.messages[-1].file
    assert file is not None
    ordered = json.loads(file.content)["ordered"]
    assert (ordered["topics"][0]["words"], ordered["subscriptions"][0]["hour"]) == ("prisoner exchange", "07:30")
    await reader.says("/forget")
    await reader.presses("Erase it all")
    assert reader.sees("no briefing comes to your private chat")
    await reader.says("/settings")
    assert reader.sees("Time zone: not chosen", "No subscription", "No topic followed")


# ── groups ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("printed")
async def test_a_group_is_ordered_for_by_its_admins_into_its_topic(
    newsroom: Newsroom, server: LocalServer, reader: Reader, another_reader: Reader, clock: Clock
) -> None:
    group = server.add_group("Velm readers", reader.user, another_reader.user, topics=("News",))
    news = next(topic for topic in group.topics if topic != 1)
    admin, member = (Reader(newsroom, each.user, group, news) for each in (reader, another_reader))
    await member.says("/subscribe 09:00")
    assert member.sees("Only admins of this chat can change that.")
    await admin.says("/timezone Kyiv")
    await admin.says("/subscribe 09:00")
    assert admin.sees("Subscribed: 09:00, every day.")
    await member.presses("Another time zone")
    assert member.sees("Only admins of this chat can change that.")
    clock.passes(hours=1)
    await arrives(newsroom, admin, "Your briefing")
    assert server.messages(group, news)[-1].text.startswith("Your briefing")


async def test_a_group_that_is_upgraded_keeps_its_subscription(
    newsroom: Newsroom, server: LocalServer, reader: Reader, clock: Clock
) -> None:
    group = server.add_group("Velm readers", reader.user, supergroup=False, bot=Standing.ADMINISTRATOR)
    admin = Reader(newsroom, reader.user, group)
    await admin.says("/timezone Kyiv")
    await admin.says("/subscribe 09:00")
    upgraded = server.upgrades(group, tell=False)
    clock.passes(hours=1)
    await until(lambda: any("Your briefing" in each.text for each in server.from_bot(upgraded)))
    assert (await due_at(newsroom, Reader(newsroom, reader.user, upgraded))) == [datetime(2027, 3, 2, 7, tzinfo=UTC)]


@pytest.mark.usefixtures("printed")
async def test_only_the_first_message_of_an_edition_notifies(reader: Reader, newsroom: Newsroom, clock: Clock) -> None:
    matters = (
        "Painters paint",
        "Judges fine drivers",
        "Swans nest early",
        "Voters reject loans",
        "Fog ends",
        "Ice melts",
    )
    drafts = [fresh(clock, _long(matter), matter) for matter in matters]
    await newsroom.publish(*drafts)
    await reader.says("/timezone Kyiv")
    await reader.says("/subscribe 09:00")
    clock.passes(hours=1)
    await arrives(newsroom, reader, "Your briefing")
    async with newsroom.room.store.reading() as session:
        [ordered] = await subscriptions.of_chat(session, newsroom.room.bot_id, reader.chat.id)
        keys = [editions.key_of(ordered.id, datetime(2027, 3, 1, tzinfo=UTC).date(), part) for part in (1, 2)]
        first, second = [await outbox.find(session, key) for key in keys]
    assert first is not None
    assert second is not None
    assert (first.silent, second.silent) == (False, True)
    assert first.plain.splitlines()[0].endswith("1/2")


def _long(matter: str) -> str:
    words = " ".join(f"{word}{n}" for n in range(12) for word in matter.lower().split())
    return f"“{matter} and {words},” said Mira Dahl, the mayor of {matter.split()[0]}. {matter}."


# ── the week ─────────────────────────────────────────────────────────────────────────────────────


async def test_the_week_is_a_table_and_with_the_extra_a_picture_that_carries_it(
    reader: Reader, newsroom: Newsroom, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await newsroom.publish(
        fresh(clock, BRIDGE, "Bridge gives way"),
        fresh(clock, BRIDGE + " Trains run.", "Bridge again", 30),
        fresh(clock, FERRY, "Ferry sails again"),
    )
    await reader.says("/timezone Kyiv")
    await reader.says("/briefing week bridge")
    assert reader.messages[-1].file is not None
    assert reader.messages[-1].file.content.startswith(b"\x89PNG")
    assert reader.sees("The week · “bridge” · 23 Feb 2027 – 1 Mar 2027 (Kyiv) · 2 articles from 1 outlet")
    assert reader.sees("Velm Post   ·  ·  ·  ·  ·  1  1   2")
    monkeypatch.setattr(charts, "available", lambda: False)
    await reader.says("/briefing")
    await reader.presses("The week")
    assert reader.sees("The week · all that is stored", "3 articles from 1 outlet")
    assert reader.messages[-1].file is None
    await reader.says("/follow ferry")
    await reader.says("/briefing")
    await reader.presses("The week: ferry")
    assert reader.sees("The week · “ferry”", "1 article from 1 outlet")
    await reader.says("/briefing week strike")
    assert reader.sees("No article on it is dated within these days.")


# ── channels ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("printed")
async def test_a_channel_is_ordered_for_by_its_admins_from_the_private_chat(
    reader: Reader, another_reader: Reader, newsroom: Newsroom, server: LocalServer, clock: Clock
) -> None:
    channel = server.add_channel("Velm news", reader.user, username="velm_news")
    await another_reader.says("/subscribe @velm_news 09:00")
    assert another_reader.sees("I order for a channel only for its admins")
    await reader.says("/timezone @velm_news Kyiv")
    await reader.says("/follow @velm_news bridge")
    await reader.says("/subscribe @velm_news 09:00")
    assert reader.sees("Subscribed: 09:00, every day.", "Next: Mon 1 Mar, 09:00 Kyiv.")
    await reader.says("/settings")
    assert reader.sees("No subscription")
    await reader.says(f"/settings {channel.id}")
    assert reader.sees("1. 09:00, every day", "• bridge")
    await reader.says("/topics")
    assert not reader.sees("bridge")
    await reader.says("/topics @velm_news")
    assert reader.sees("• bridge")
    await reader.says("/briefing @velm_news")
    assert reader.sees("1 story", "Bridge gives way")
    await another_reader.says("/briefing @velm_news")
    assert another_reader.sees("I order for a channel only for its admins")
    before = len(reader.messages)
    clock.passes(hours=1)
    await until(lambda: any("Bridge gives way" in each.text for each in server.from_bot(channel)))
    assert not any("Your briefing" in message.text for message in reader.messages[before:])
    await reader.presses("Pause")
    assert reader.sees("Paused. Nothing comes until you say /resume.")
    assert await due_at(newsroom, Reader(newsroom, reader.user, channel)) == [None]
    channel.members[reader.user.id] = Standing.MEMBER
    await reader.presses("Pause")
    assert reader.sees("I order for a channel only for its admins")


async def test_a_channel_where_the_bot_may_not_post_is_refused(reader: Reader, server: LocalServer) -> None:
    server.add_channel("Velm news", reader.user, username="velm_news", bot=Standing.MEMBER)
    await reader.says("/subscribe @velm_news 09:00")
    assert reader.sees("only where I am an admin there who may post")
    await reader.says("/subscribe @nobody_here 09:00")
    assert reader.sees("I order for a channel only for its admins")


@pytest.mark.usefixtures("printed")
async def test_a_right_taken_away_costs_a_channel_no_story(
    reader: Reader, newsroom: Newsroom, server: LocalServer, clock: Clock
) -> None:
    channel = server.add_channel("Velm news", reader.user, username="velm_news")
    await reader.says("/timezone @velm_news Kyiv")
    await reader.says("/subscribe @velm_news 09:00")
    server.sets_bot(channel, Standing.MEMBER, reader.user)
    clock.passes(hours=1)
    await until(lambda: server.calls.of("sendMessage")[-1].description.endswith("rights in the channel chat"))
    await newsroom.done()
    server.sets_bot(channel, Standing.ADMINISTRATOR, reader.user)
    await newsroom.done()
    clock.passes(days=1)
    told = await arrives(newsroom, Reader(newsroom, reader.user, channel), "Your briefing")
    assert "Bridge gives way" in told
