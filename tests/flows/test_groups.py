"""In a group the bot answers when it is asked, in the same topic, with one quote that unfolds in place."""

import pytest

from bot.localchat import Chat, LocalServer, Standing
from tests.build import an_article
from tests.flows.conftest import Newsroom, Reader

FERRY = "The ferry Marigold carried nine hundred passengers on Sunday. Fog lay near Velm."
TALLY = "On its first day back the ferry Marigold carried more passengers than ever, clerks at the Ostra quay reported."


@pytest.fixture
def group(server: LocalServer, reader: Reader) -> Chat:
    return server.add_group("Readers of Velm", reader.user)


@pytest.fixture
def member(newsroom: Newsroom, reader: Reader, group: Chat) -> Reader:
    return Reader(newsroom, reader.user, group)


async def test_a_command_is_answered_as_a_reply(member: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY))
    said = await member.says("/ask How many passengers did the ferry Marigold carry?")
    assert member.sees("nine hundred passengers")
    assert member.messages[-1].reply_to is said


async def test_a_mention_is_answered(member: Reader, newsroom: Newsroom, server: LocalServer) -> None:
    await newsroom.publish(an_article(FERRY))
    await member.says(f"@{server.bot.username} how many passengers did the ferry Marigold carry?")
    assert member.sees("nine hundred passengers")


async def test_a_reply_to_the_bot_is_answered(member: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY))
    await member.says("/ask Where was the fog?")
    await member.says("How many passengers did the ferry Marigold carry?", reply_to=member.messages[-1])
    assert member.sees("nine hundred passengers")


async def test_a_reply_that_matches_nothing_gets_a_reaction(
    member: Reader, newsroom: Newsroom, server: LocalServer
) -> None:
    await newsroom.publish(an_article(FERRY))
    await member.says("/ask Where was the fog?")
    said = await member.says("Thanks, giraffe!", reply_to=member.messages[-1])
    assert member.seen == []
    assert said.reactions == {server.bot.id: "🤷"}


async def test_talk_among_people_is_left_alone(member: Reader, newsroom: Newsroom, server: LocalServer) -> None:
    await newsroom.publish(an_article(FERRY))
    server.bench.privacy = False
    await member.says("How many passengers did the ferry Marigold carry?")
    await member.sends(kind="photo")
    await member.says("/ask@another_bot How many passengers?")
    assert member.messages == []


async def test_one_quote_unfolds_in_place(member: Reader, newsroom: Newsroom) -> None:
    await newsroom.publish(an_article(FERRY, outlet="Velm Post"), an_article(TALLY, outlet="Ostra Wire"))
    await member.says("/ask What is reported about the passengers the ferry Marigold carried?")
    assert member.sees("1 of 2 quotes")
    assert len(member.messages[-1].spans("blockquote")) == 1
    await member.presses("More quotes")
    assert len(member.messages) == 1
    assert len(member.messages[-1].spans("blockquote")) == 2
    assert member.sees("2 quotes · 2 articles")


async def test_an_answer_stays_in_its_topic(newsroom: Newsroom, server: LocalServer, reader: Reader) -> None:
    forum = server.add_group("Forum", reader.user, topics=["Ferries"])
    topic = max(forum.topics)
    member = Reader(newsroom, reader.user, forum, topic)
    await newsroom.publish(an_article(FERRY))
    await member.says("/ask How many passengers did the ferry Marigold carry?")
    assert member.messages[-1].thread_id == topic


async def test_the_bot_says_once_on_joining_what_it_answers_to(
    newsroom: Newsroom, server: LocalServer, reader: Reader
) -> None:
    group = server.add_group("Readers", reader.user, bot=Standing.LEFT)
    member = Reader(newsroom, reader.user, group)
    for standing in (Standing.MEMBER, Standing.LEFT, Standing.MEMBER):
        server.sets_bot(group, standing, reader.user)
        await newsroom.done()
    assert [each.text for each in member.messages] == ["I answer only to /ask, a mention, or a reply to me."]


@pytest.mark.parametrize("command", ["/privacy", "/export", "/forget"])
async def test_what_is_kept_is_answered_in_private(command: str, member: Reader, reader: Reader) -> None:
    await reader.says("/start")
    seen = len(reader.messages)
    await member.says(command)
    assert member.messages == []
    assert len(reader.messages) == seen + 1


async def test_who_never_started_the_bot_gets_a_link_to_the_private_chat(
    newsroom: Newsroom, server: LocalServer
) -> None:
    stranger = server.add_user("Tomas")
    server.chat(stranger).started = False
    group = server.add_group("Readers", stranger)
    member = Reader(newsroom, stranger, group)
    await member.says("/privacy")
    assert member.seen == ["I answer that in private only."]
    (button,) = member.messages[-1].buttons
    assert button["url"] == f"https://t.me/{server.bot.username}?start=privacy"
