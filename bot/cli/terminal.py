"""What commands print: words for eyes, lines for programs. Nothing that an article says steers the terminal."""

import json
import re
from typing import Any

import typer

# C0 and C1 controls but for tab and newline, and the marks that turn the direction of what follows.
STEERING = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
REPLACED = "\ufffd"


def shown(text: str) -> str:
    """The text as it may stand in a terminal; each control character shows as U+FFFD."""
    return STEERING.sub(REPLACED, text.replace("\r\n", "\n"))


def say(line: str = "") -> None:
    """A line for eyes, on standard output."""
    typer.echo(shown(line))


def note(line: str) -> None:
    """A line about the work itself, on standard error."""
    typer.echo(shown(line), err=True)


def tell(form: dict[str, Any]) -> None:
    """One JSON object on one line of standard output."""
    typer.echo(json.dumps(form, ensure_ascii=False))
