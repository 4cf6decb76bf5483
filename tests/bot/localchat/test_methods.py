"""The table of methods against the library's own, whose calls are made after the specification."""

import inspect
import re

import pytest
import telegram

from bot.localchat.methods import METHODS

#: What the library's calls take beside the specification's fields.
OWN = {
    *("self", "api_kwargs", "read_timeout", "write_timeout", "connect_timeout", "pool_timeout"),
    *("filename", "current_offset", "auto_pagination", "allow_sending_without_reply"),
}
#: Fields that servers still take and the specification names no more.
OLDER = {"reply_to_message_id", "disable_web_page_preview", "allow_sending_without_reply"}


@pytest.mark.parametrize("name", [method.name for method in METHODS.values()])
def test_a_method_takes_the_fields_of_the_specification_and_no_others(name: str) -> None:
    call = getattr(telegram.Bot, re.sub("([A-Z])", lambda letter: f"_{letter[1].lower()}", name))
    told = set(inspect.signature(call).parameters) - OWN - OLDER
    assert set(METHODS[name.lower()].fields) - OLDER == told
