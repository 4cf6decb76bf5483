"""The bot's own words: every phrase is used, every use has its phrase, and none tells news."""

import ast
import re
from pathlib import Path

import pytest

from bot.messages.phrases import en, spoken

ROOT = Path(__file__).parents[3]
PLURAL = re.compile(r"\.(one|other)$")
MADE = (  # keys that code puts together: a prefix and what may follow
    re.compile(r"(does|missing|voice|language|weekday|article|upload|urgent)[_.].+"),
    re.compile(r"(one_speaker|one_article)(_one_article)?"),
    re.compile(r".+_(unknown|cues|not|n)"),
)


def constants() -> set[str]:
    sources = [path for path in (ROOT / "bot").rglob("*.py") if path.name != "en.py"]
    trees = [ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for path in sources]
    return {
        node.value for tree in trees for node in tree if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_phrase_is_used() -> None:
    used = constants()
    unused = {PLURAL.sub("", key) for key in en.PHRASES} - used
    assert not [key for key in unused if not any(made.fullmatch(key) for made in MADE)]


def test_every_use_has_its_phrase() -> None:
    asked = re.compile(
        r"(?:phrases|view\.phrases)\[\"(\w+)\"\]|(?:phrases\.count|notices\.plain|_say)\([^\"\n()]*\"(\w+)\""
    )
    for path in (ROOT / "bot").rglob("*.py"):
        for found in asked.finditer(path.read_text(encoding="utf-8")):
            key = found[1] or found[2]
            assert key in en.PHRASES or f"{key}.other" in en.PHRASES, f"{path} says {key}"


def test_an_unknown_language_is_answered_in_english() -> None:
    assert spoken("xx") is spoken(None) is spoken("en-GB")


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1 quote"), (2, "2 quotes"), (4210, "4,210 quotes"), (0, "0 quotes")]
)
def test_numbers_agree_with_their_nouns(number: int, words: str) -> None:
    assert spoken("en").count("quotes", number) == words
