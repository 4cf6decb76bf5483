"""The list that clients show holds what the bot answers to, each with its line, in a form that Telegram takes."""

import re

import pytest

from bot.commands import COMMANDS
from bot.commands.menu import COMMANDS as LISTED
from bot.commands.menu import GROUP_COMMANDS, OPERATOR_COMMANDS
from bot.messages.phrases import spoken

ALL = {*LISTED, *OPERATOR_COMMANDS, *GROUP_COMMANDS}


@pytest.mark.parametrize("name", sorted(ALL))
def test_what_is_listed_is_answered_and_has_its_line(name: str) -> None:
    assert name in COMMANDS
    assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
    assert 1 <= len(spoken("en")[f"does_{name}"]) <= 256


def test_what_is_answered_is_listed() -> None:
    assert set(COMMANDS) - ALL == {"sources"}  # another name for /outlets
