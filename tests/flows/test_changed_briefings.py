"""A sentence that a briefing or an alert quoted and its outlet changed: a reply to that message."""

from dataclasses import replace

import pytest

from tests.flows.conftest import Clock, Newsroom, Reader
from tests.flows.test_briefings import BRIDGE, arrives, clock, fresh

__all__ = ["clock"]


@pytest.mark.prove
async def test_what_a_briefing_quoted_is_corrected_under_it(
    reader: Reader, newsroom: Newsroom, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.CORRECT_SECONDS", 0.05)
    draft = fresh(clock, BRIDGE, "Bridge gives way")
    await newsroom.publish(draft)
    for words in ("/timezone Kyiv", "/follow bridge", "/subscribe 09:00"):
        await reader.says(words)
    clock.passes(hours=1)
    await arrives(newsroom, reader, "Your briefing")
    briefing = next(message for message in reader.messages if "Your briefing" in message.text)
    await newsroom.publish(replace(draft, text=BRIDGE.replace("Nine people", "Fourteen people")))
    clock.passes(minutes=1)
    told = await arrives(newsroom, reader, "changed a sentence I quoted on 1 Mar 2027")
    correction = reader.messages[-1]
    assert correction.text == told
    assert correction.reply_to is briefing
    before, after = correction.spans("blockquote")
    assert "Nine people" in before
    assert after == before.replace("Nine people", "Fourteen people")
    assert told.count("Mira Dahl, “fire brigade spokeswoman”, in Velm Post") == 2


@pytest.mark.prove
@pytest.mark.parametrize("asked", [False, True], ids=["alert", "briefing now"])
async def test_what_came_unasked_or_at_once_is_corrected_under_it(
    reader: Reader, newsroom: Newsroom, clock: Clock, monkeypatch: pytest.MonkeyPatch, asked: bool
) -> None:
    monkeypatch.setattr("bot.app.CORRECT_SECONDS", 0.05)
    monkeypatch.setattr("bot.app.ALERTS_SECONDS", 0.02)
    for words in ("/timezone Kyiv", "/follow bridge", *([] if asked else ["/alerts bridge 2"])):
        await reader.says(words)
    draft = fresh(clock, BRIDGE, "Bridge gives way")
    await newsroom.publish(draft, now=clock())
    if asked:
        await reader.says("/briefing")
    await arrives(newsroom, reader, "Nine people")
    quoting = reader.messages[-1]
    await newsroom.publish(replace(draft, text=BRIDGE.replace("Nine people", "Fourteen people")), now=clock())
    await arrives(newsroom, reader, "changed a sentence I quoted on")
    correction = reader.messages[-1]
    assert correction.reply_to is quoting
    before, after = correction.spans("blockquote")
    assert after == before.replace("Nine people", "Fourteen people")
