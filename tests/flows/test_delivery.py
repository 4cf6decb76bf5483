"""What is asked is answered, whatever Telegram and the network do on the way."""

from tests.flows.conftest import Reader


async def test_a_message_is_answered(reader: Reader) -> None:
    await reader.says("hello")
    assert reader.seen
