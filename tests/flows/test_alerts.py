"""Alerts from the reader's door: at once, so many an hour, none at night, and what they leave to the briefing."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import app
from bot.localchat import LocalServer
from retrieval.model import Draft
from tests.build import a_day, a_moment, an_article
from tests.flows.conftest import Clock, Newsroom, Reader
from tests.waiting import until

HOUR = timedelta(hours=1)
MORNING = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)  # a Monday: 10:00 in Kyiv
BRIDGE = (
    "The Kestrel Bridge in Velm gave way on Monday evening after the flood had washed its northern pillar away. "
    "“Nine people were treated,” said Mira Dahl, the fire brigade spokeswoman."
)
OTHER = (
    "Kestrel Bridge in Velm gave way, and the flood took its northern pillar on Monday evening. "
    "“Divers search the river,” said Tomas Reyle, the harbour master."
)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "ALERTS_SECONDS", 0.02)


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.ahead = MORNING - datetime.now(UTC)
    return clock


@pytest.fixture
async def alerted(reader: Reader) -> Reader:
    """A reader in Kyiv who follows bridges and ferries, and wants alerts of both."""
    await reader.says("/timezone Kyiv")
    await reader.says("/follow bridge")
    await reader.says("/follow ferry")
    await reader.says("/alerts bridge 2")
    await reader.says("/alerts ferry")
    return reader


class Wire:
    """Articles as they come in, at the bot's own moment."""

    def __init__(self, newsroom: Newsroom, clock: Clock) -> None:
        self._newsroom = newsroom
        self._clock = clock

    async def brings(self, text: str, headline: str, outlet: str = "Velm Post", hours_ago: float = 0.1) -> None:
        moment = a_moment(self._clock().replace(microsecond=0) - hours_ago * HOUR)
        await self.brings_drafts(an_article(text, headline=headline, outlet=outlet, published=moment))

    async def brings_drafts(self, *drafts: Draft) -> None:
        await self._newsroom.publish(*drafts, now=self._clock())


@pytest.fixture
def wire(newsroom: Newsroom, clock: Clock) -> Wire:
    return Wire(newsroom, clock)


def told(reader: Reader) -> list[str]:
    return [message.text for message in reader.messages if message.text.startswith("Alert ·")]


async def test_an_article_on_a_topic_comes_at_once_and_says_who_else_has_it(
    alerted: Reader, wire: Wire, newsroom: Newsroom
) -> None:
    await wire.brings(BRIDGE, "Bridge gives way")
    await until(lambda: len(told(alerted)) == 1)
    assert told(alerted)[0].startswith("Alert · Mon 1 Mar, 10:00 Kyiv · your topic “bridge”")
    assert "Velm Post: “Bridge gives way” · 1 outlet so far" in told(alerted)[0]
    assert "Mira Dahl, “fire brigade spokeswoman”" in told(alerted)[0]
    await wire.brings(BRIDGE, "Bridge gives way", "Harbour Radio")
    await wire.brings(OTHER, "Bridge falls", "Ostra Wire")
    await until(lambda: "2 outlets, each in its own words" in told(alerted)[0])
    assert "2 outlets with this text" in told(alerted)[0]
    assert "Also: Ostra Wire: “Bridge falls”" in told(alerted)[0]
    await newsroom.done()
    assert len(told(alerted)) == 1
    await alerted.presses("No more alerts on this topic")
    assert alerted.sees("No more alerts on “bridge”; it stays in your briefings.")


async def test_beyond_its_number_an_hour_a_topic_leaves_the_rest_to_the_briefing(
    alerted: Reader, wire: Wire, clock: Clock
) -> None:
    for matter in ("Painters paint a bridge", "Judges close one bridge", "Swans nest under the bridge"):
        await wire.brings(f"{matter}. {matter[::-1]} {matter.upper()} bridge.", matter)
    await wire.brings("Ferry Marigold sails. A ferry it is.", "Ferry sails")
    await until(lambda: len(told(alerted)) == 3)
    assert not any("Swans" in each for each in told(alerted))
    await alerted.says("/briefing")
    assert alerted.sees("1 story since", "Swans nest under the bridge", "3 repeats")
    clock.passes(hours=1.1)
    await wire.brings("Voters reject the bridge loan. A bridge loan fails.", "Bridge loan")
    await until(lambda: len(told(alerted)) == 4)


async def test_none_comes_in_quiet_hours(alerted: Reader, wire: Wire, clock: Clock, newsroom: Newsroom) -> None:
    clock.passes(hours=12.5)  # 22:30 in Kyiv
    await wire.brings(BRIDGE, "Bridge gives way")
    await alerted.says("/alerts quiet 23:00-06:30")
    assert alerted.sees("None between 23:00 and 06:30.")
    await wire.brings("Ferry Marigold sails. A ferry it is.", "Ferry sails")
    await until(lambda: len(told(alerted)) == 1)
    assert "Ferry sails" in told(alerted)[0]
    clock.passes(hours=8)
    await wire.brings("A bridge opens. The bridge at Ostra.", "Ostra bridge opens")
    await until(lambda: len(told(alerted)) == 2)
    assert "Ostra bridge opens" in told(alerted)[1]
    await alerted.says("/briefing")
    assert alerted.sees("Bridge gives way")


async def test_no_alert_comes_of_what_is_undated_old_muted_or_of_before(
    reader: Reader, wire: Wire, clock: Clock
) -> None:
    await reader.says("/timezone Kyiv")
    await reader.says("/follow bridge")
    await wire.brings("The bridge of before. A bridge.", "Bridge of before")
    await reader.says("/mute Velm Post")
    await reader.says("/alerts bridge 9")
    await wire.brings("The bridge is muted. A bridge.", "Muted bridge")
    await wire.brings("The old bridge. A bridge.", "Old bridge", "Ostra Wire", hours_ago=13)
    await wire.brings("A bridge of tomorrow. The bridge.", "Bridge of tomorrow", "Ostra Wire", hours_ago=-2)
    undated = an_article("An undated bridge. The bridge.", headline="Undated bridge", outlet="Ostra Wire")
    day = an_article(
        "A bridge of a day. The bridge.", headline="Dated bridge", published=a_day(2027, 2, 27), outlet="O"
    )
    await wire.brings_drafts(undated, day)
    await wire.brings("The last bridge. A bridge.", "Last bridge", "Ostra Wire")
    await until(lambda: len(told(reader)) == 1)
    assert "Last bridge" in told(reader)[0]


async def test_alerts_are_chosen_by_typing_and_by_buttons(reader: Reader) -> None:
    await reader.says("/alerts")
    assert reader.sees("You follow no topic yet.")
    await reader.says("/follow Toll: bridge toll")
    await reader.says("/alerts toll")
    assert reader.sees("Alerts on “Toll”: at most 3 an hour", "None between 22:00 and 07:00.")
    assert reader.sees("No alert comes before I know your time")
    await reader.presses("UTC, it is 08:00 there")
    await reader.says("/alerts toll 99")
    assert reader.sees("0 to 20")
    await reader.says("/alerts bridge toll 5")
    await reader.says("/alerts")
    assert reader.sees("• Toll: at most 5 an hour")
    await reader.presses("No quiet hours")
    assert reader.sees("No quiet hours: at any time.")
    await reader.says("/alerts quiet late")
    assert reader.sees("Write two hours")
    await reader.says("/alerts ferry")
    assert reader.sees("You follow no topic “ferry”.")
    await reader.says("/alerts off")
    assert reader.sees("No more alerts on “Toll”")
    await reader.says("/alerts")
    await reader.presses("Alerts on Toll")
    assert reader.sees("Alerts on “Toll”: at most 3 an hour")


@pytest.mark.usefixtures("newsroom")
async def test_a_group_is_alerted_in_the_topic_where_its_admin_asked(
    reader: Reader, another_reader: Reader, newsroom: Newsroom, server: LocalServer, wire: Wire
) -> None:
    group = server.add_group("Velm readers", reader.user, another_reader.user, topics=("News",))
    news = next(topic for topic in group.topics if topic != 1)
    admin, member = (Reader(newsroom, each.user, group, news) for each in (reader, another_reader))
    await admin.says("/timezone Kyiv")
    await admin.says("/follow bridge")
    await member.says("/alerts bridge")
    assert member.sees("Only admins of this chat can change that.")
    await admin.says("/alerts bridge")
    await wire.brings(BRIDGE, "Bridge gives way")
    await until(lambda: server.messages(group, news)[-1].text.startswith("Alert ·"))
