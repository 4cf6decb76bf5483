"""The house keeps its walls: imports go one way, rooms hold what their names say."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "retrieval", "storage")
UNNAMED_ROOMS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "core", "manager", "service"}
TOP_LEVEL = {"bot", "retrieval", "storage", "tests", "docs"}


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_every_folder_with_code_is_a_package() -> None:
    for path in modules():
        assert (path.parent / "__init__.py").exists(), f"{path.parent} has no __init__.py"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_owns(path: Path) -> None:
    assert path.stem not in UNNAMED_ROOMS, f"{path} is a name that names nothing"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree) or not tree.body, f"{path} does not say what it owns"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_only_settings_read_the_environment(path: Path) -> None:
    if path == ROOT / "bot" / "settings.py":
        return
    source = path.read_text(encoding="utf-8")
    assert "os.environ" not in source, f"{path} reads the environment past bot/settings.py"
    assert "getenv" not in source, f"{path} reads the environment past bot/settings.py"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_telegram_library_stays_in_its_room(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    if place.startswith(("bot/telegram/", "bot/commands/")) or place == "bot/app.py":
        return
    assert not [name for name in imported(path) if name.split(".")[0] == "telegram"]


def test_the_wheel_holds_every_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["setuptools"]["packages"]["find"]["include"] == [f"{name}*" for name in PACKAGES]


def test_nothing_strange_at_the_top() -> None:
    found = {path.parent.name for path in ROOT.glob("*/*.py") if not path.parent.name.startswith(".")}
    assert found <= TOP_LEVEL


def test_the_map_names_every_module() -> None:
    """docs/architecture.md finds any line of code within a minute only while it is whole."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\]\(\.\./([\w/]+\.py)\)", page))
    there = {
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if path.name != "__init__.py" and "versions" not in path.parts
    }
    assert named == there
