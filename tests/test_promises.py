"""Every promise is a test: docs/promises.md names one for each command and setting, or says later.

The table is read, not repeated: what the program has must stand in it with a proof, and what it calls later
must not be in the program half done.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from bot.cli import app
from bot.commands import COMMANDS
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
ROW = re.compile(r"^\| `(?P<promise>[^`]+)` \| (?P<proof>.+) \|$", re.M)
LINK = re.compile(r"\[[^]]*\]\((?!https?://|#)(?P<path>[^)#]+)(#[^)]*)?\)")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
LATER = "later"


@cache
def table() -> dict[str, str]:
    rows = ROW.findall((ROOT / "docs" / "promises.md").read_text(encoding="utf-8"))
    assert len(rows) == len(dict(rows)), "a promise stands twice in docs/promises.md"
    return dict(rows)


def kept(prefix: str) -> set[str]:
    return {name for name, proof in table().items() if name.startswith(prefix) and proof != LATER}


@cache
def functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def commands(command: object, name: str) -> set[str]:
    """Every leaf of the command line with its options: `briefing-bot add`, `briefing-bot add --outlet`."""
    if isinstance(command, TyperGroup):
        return {leaf for word, below in command.commands.items() for leaf in commands(below, f"{name} {word}")}
    assert isinstance(command, TyperCommand)
    options = {f"{name} {flag}" for option in command.params for flag in option.opts if flag.startswith("--")}
    return {name, *(flag for flag in options if not flag.endswith("--help"))}


@pytest.mark.parametrize("promise", sorted(table()))
def test_a_promise_names_its_proof_or_says_later(promise: str) -> None:
    proof = table()[promise]
    if proof == LATER:
        return
    proofs = TEST.findall(proof)
    assert proofs, f"{promise} names no test"
    for path, name in proofs:
        assert name in functions(path), f"{promise} names {name}, which {path} does not hold"


def test_the_table_holds_every_command_of_the_program() -> None:
    assert kept("briefing-bot ") == commands(typer.main.get_command(app), "briefing-bot")


def test_the_table_holds_every_setting() -> None:
    assert {name for name in table() if name.isupper() and table()[name] != LATER} == {
        field.upper()
        for field in Settings.model_fields.keys()  # noqa: SIM118
    }


def test_the_table_holds_all_that_a_reader_can_say() -> None:
    assert kept("/") == {f"/{word}" for word in COMMANDS}


@pytest.mark.parametrize(
    "page", ["README.md", "CHANGELOG.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    for found in LINK.finditer((ROOT / page).read_text(encoding="utf-8")):
        target = (ROOT / page).parent / found["path"]
        assert target.exists(), f"{page} links to {found['path']}, which does not exist"


def test_the_commands_of_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    words = set(re.findall(r"`(?:\.venv/bin/)?briefing-bot ([a-z]+)", readme))
    assert words
    assert words <= {name.split()[1] for name in commands(typer.main.get_command(app), "briefing-bot")}
    targets = set(re.findall(r"(?:`|\$ )make ([a-z]+)", readme))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets
    assert all(re.search(rf"^{target}:", makefile, re.M) for target in targets)
