"""Settings a reader notices: the zone of moments, the bot's language, how long words are kept."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.localchat import LocalServer
from tests.build import a_moment, an_article
from tests.flows.conftest import Clock, Newsroom, Reader, bot_at
from tests.flows.test_privacy import FERRY, SECRET, everything_kept
from tests.waiting import until

TEN_UTC = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("options", "shown"),
    [({"default_timezone": "UTC"}, "10:00"), ({"default_timezone": "Asia/Tokyo"}, "19:00")],
)
async def test_a_moment_is_written_in_the_default_zone(
    reader: Reader, newsroom: Newsroom, options: dict[str, Any], shown: str
) -> None:
    await newsroom.publish(an_article(FERRY, published=a_moment(TEN_UTC)))
    await reader.says("How many passengers did the ferry Marigold carry?")
    assert reader.sees(f"20 Nov 2026, {shown}")


@pytest.mark.parametrize("options", [{"default_language": "en"}, {"default_language": "uk"}])
async def test_a_language_without_phrases_is_spoken_to_in_english(
    reader: Reader, newsroom: Newsroom, options: dict[str, Any]
) -> None:
    await reader.says("/nonsense")
    assert reader.sees("/help", "/privacy")


@pytest.mark.parametrize(
    ("options", "shown"),
    [({}, "Stored: 1 article from 1 outlet."), ({"operator_contact": "@velm_desk"}, "1 outlet, chosen by @velm_desk.")],
)
async def test_the_operator_says_how_to_be_reached(
    reader: Reader, newsroom: Newsroom, options: dict[str, Any], shown: str
) -> None:
    await newsroom.publish(an_article(FERRY))
    await reader.says("/start")
    assert reader.sees(shown)


async def test_words_are_erased_when_their_days_are_over(server: LocalServer, tmp_path: Path, clock: Clock) -> None:
    async with bot_at(server, tmp_path, clock, keep_questions_days=30) as newsroom:
        await newsroom.publish(an_article(FERRY))
        await Reader(newsroom, server.add_user("Rosa")).says(SECRET)
        assert "Quellwyn" in await everything_kept(newsroom)
    clock.passes(days=31)
    async with bot_at(server, tmp_path, clock, keep_questions_days=30) as newsroom:
        await until(lambda: _without(newsroom, "Quellwyn"))


async def _without(newsroom: Newsroom, word: str) -> bool:
    return word not in await everything_kept(newsroom)
