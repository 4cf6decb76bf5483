"""A digest as messages: each story whole, within all limits, why it is there and what is not."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.composing import Digest, LeftOut, Order, Read, ToldStory, followed
from bot.messages.digest import Issue, render, story
from bot.messages.limits import ENTITIES_MAX, RAW_BYTES_MAX, TEXT_CHARACTERS_MAX
from retrieval.model import Published
from tests.bot.messages.making import Chat, a_quote, a_view
from tests.build import NOON, a_moment

KYIV = ZoneInfo("Europe/Kyiv")
HOUR = timedelta(hours=1)
VIEW = a_view(KYIV)


def a_story(text: str = "“It will open in spring,” said Ada Byron, the mayor.", **more: object) -> ToldStory:
    quote = a_quote(text, published=_printed())
    values = {
        "topic": "Bridge",
        "lead": (quote.article, quote.version),
        "quotes": (quote,),
        "outlets": 1,
        "carriers": 1,
        "update": False,
        "articles": (quote.article.id,),
    }
    return ToldStory(**{**values, **more})  # type: ignore[arg-type]


def _printed() -> Published:
    return a_moment(NOON - HOUR)


def a_digest(*stories: ToldStory, left_out: LeftOut | None = None, read: Read | None = None) -> Digest:
    order = Order(followed([("Bridge", "bridge"), ("Ferry", "ferry")]), NOON - 24 * HOUR, NOON)
    return Digest(order, stories, left_out or LeftOut(), read or Read(112, 11))


def lines(digest: Digest, issue: Issue | None = None) -> list[str]:
    return "\n".join(each.markup.text for each in render(digest, issue or Issue(KYIV, NOON), VIEW)).split("\n")


def test_an_edition_says_since_when_why_and_what_comes_next() -> None:
    told = lines(a_digest(a_story()), Issue(KYIV, NOON, NOON + 24 * HOUR))
    assert told[0] == "Your briefing · Sun 22 Nov, 14:00 Kyiv"
    assert "1 story since yesterday 14:00" in told
    assert told[4:6] == ["Bridge", "1. Velm Post: “Bridge closed in Velm”"]
    assert "Ada Byron, “mayor”, in Velm Post" in told
    assert told.index("Ada Byron, “mayor”, in Velm Post") < told.index(
        "“It will open in spring,” said Ada Byron, the mayor."
    )
    assert told[-3:] == [
        "Why these: your topic “Bridge”.",
        "Read up to Sun 22 Nov, 14:00: 112 articles from 11 outlets.",
        "Next: Mon 23 Nov, 14:00 Kyiv.",
    ]


def test_what_is_left_out_and_silent_is_said() -> None:
    left_out = LeftOut(repeats=2, passing=1, muted=("Velm Post",), further=3)
    read = Read(5, 2, feeds=12, silent=(("Harbour Radio", NOON - 72 * HOUR), ("Ostra Wire", None)))
    told = lines(a_digest(a_story(), left_out=left_out, read=read))
    assert "Left out: 3 stories, 2 repeats, 1 article with a passing mention, 1 outlet muted (Velm Post)." in told
    assert "Silent feeds: Harbour Radio, since 19 Nov 2026, Ostra Wire, since it was added." in told


def test_an_update_agency_copy_and_a_change_of_topic_are_marked() -> None:
    told = lines(a_digest(a_story(update=True, outlets=4, carriers=3), a_story(topic="Ferry")))
    assert "UPDATE 1. Velm Post: “Bridge closed in Velm” · 4 outlets, 3 with the same agency text" in told
    assert told.count("Bridge") == told.count("Ferry") == 1


def test_a_late_edition_and_skipped_ones_say_so() -> None:
    issue = Issue(KYIV, NOON - 2 * HOUR, late=True, skipped=(date(2026, 11, 20), date(2026, 11, 21)))
    told = lines(a_digest(a_story()), issue)
    assert "Late: due today 12:00, composed today 14:00." in told
    assert "Not sent while the bot was away: 20 Nov 2026, 21 Nov 2026." in told


def test_a_day_with_nothing_new_is_one_honest_line() -> None:
    [message] = render(a_digest(), Issue(KYIV, NOON), VIEW)
    assert "Nothing new on your 2 topics since yesterday 14:00." in message.markup.text
    assert [button.text for row in message.buttons for button in row] == ["Send nothing on such days"]
    [asked_for] = render(a_digest(), Issue(KYIV), VIEW)
    assert asked_for.buttons == ()


def test_words_that_telegram_would_change_are_left_to_the_link() -> None:
    told = "\n".join(lines(a_digest(a_story("“It will\u202e open in spring,” said Ada Byron, the mayor."))))
    assert "No quote here that a message can show unchanged." in told
    assert "Velm Post: “Bridge closed in Velm”" in told


def test_more_on_a_story_lists_its_articles() -> None:
    several = a_story(articles=(1, 2, 3))
    [message] = render(a_digest(several), Issue(KYIV, NOON), VIEW)
    [[button]] = message.buttons
    assert (button.text, button.press and button.press.argument) == ("More on 1", {"n": 1, "articles": [1, 2, 3]})
    told = story(1, [several.lead, several.lead], VIEW).markup.text
    assert told.startswith("All of story 1: 2 articles from 1 outlet")


words = st.text(st.sampled_from('ab &<>"é😀,. '), min_size=1, max_size=700)


@given(st.lists(st.tuples(words, st.booleans()), min_size=1, max_size=7))
def test_any_edition_keeps_within_what_telegram_takes(stories: list[tuple[str, bool]]) -> None:
    told = [a_story(f"“{text}x,” said Ada Byron, the mayor.", update=update) for text, update in stories]
    messages = render(a_digest(*told), Issue(KYIV, NOON), VIEW)
    for n, message in enumerate(messages, 1):
        assert len(message.markup.text) <= TEXT_CHARACTERS_MAX
        assert message.markup.entities <= ENTITIES_MAX
        assert len(message.markup.html.encode()) <= RAW_BYTES_MAX
        assert len(messages) == 1 or message.markup.text.split("\n")[0].endswith(f"{n}/{len(messages)}")
    whole = "\n".join(message.markup.text for message in messages)
    assert all(whole.count(f"{n}. Velm Post: ") == 1 for n in range(1, len(told) + 1))


def test_telegram_keeps_every_word_of_an_edition() -> None:
    chat = Chat()
    for message in render(a_digest(*[a_story(articles=(1, 2))] * 7), Issue(KYIV, NOON, NOON + 24 * HOUR), VIEW):
        assert chat.receives(message).text == message.markup.text
