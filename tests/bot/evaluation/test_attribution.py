"""The figures of attribution, against values computed by hand over invented articles."""

import json
from pathlib import Path
from typing import Any

from bot.evaluation import attribution
from bot.evaluation.attribution import Found
from bot.evaluation.marks import inside
from retrieval.model import Span
from tests.bot.test_cli import Command, command, told

__all__ = ["command"]

TEXT = "“Fog stays,” said Ada Byron. The mayor said that gulls left."


def at(words: str, text: str = TEXT) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


def marked(content: str, source: str | None, head: str, *, kind: str, name: str = "") -> dict[str, Any]:
    return {
        "content_spans": [at(content)],
        "kind": kind,
        "source_spans": [at(source)] if source else [],
        "source_head": at(head) if source else None,
        "source_type": "person",
        "source_name": name,
        "source_resolved": "",
    }


GOLD = {
    "text": TEXT,
    "attributions": [
        marked("“Fog stays,”", "Ada Byron", "Byron", kind="direct", name="Ada Byron"),
        marked("that gulls left", "The mayor", "mayor", kind="indirect"),
    ],
}
FOUND = [
    Found((at("“Fog stays,”"),), at("Ada Byron"), "Ada Byron"),
    Found((at("gulls left"),), at("Ada Byron"), "Ada Byron"),
    Found((Span(TEXT.index("said that"), TEXT.index("said that") + 4),), None, ""),
]


def test_the_figures_are_those_computed_by_hand() -> None:
    figures = attribution.figures(attribution.tally(GOLD, FOUND))
    assert (figures["articles"], figures["gold_attributions"], figures["predicted"]) == (1, 2, 3)
    assert figures["content_tokens"] == {
        "all": {"p": 0.8, "r": 0.8, "f1": 0.8},
        "in_quotes": {"p": 1.0, "r": 1.0, "f1": 1.0},
        "outside": {"p": 0.6667, "r": 0.6667, "f1": 0.6667},
    }
    heads = {"precision_head": 0.3333, "recall_head": 0.5, "f1_head": 0.4}
    assert figures["attributions"]["all"] == {"gold": 2, "pred": 3, "p": 0.6667, "r": 1.0, "f1": 0.8, **heads}
    heads = {"precision_head": 1.0, "recall_head": 1.0, "f1_head": 1.0}
    assert figures["attributions"]["direct"] == {"gold": 1, "pred": 1, "p": 1.0, "r": 1.0, "f1": 1.0, **heads}
    heads = {"precision_head": 0.0, "recall_head": 0.0, "f1_head": 0.0}
    assert figures["attributions"]["indirect"] == {"gold": 1, "pred": 2, "p": 0.5, "r": 1.0, "f1": 0.6667, **heads}
    assert figures["exact_content_share_of_pred"] == 0.3333
    everybody = figures["speaker_on_matched"]["all"]
    assert [everybody[name] for name in ("n", "given", "head_acc", "head_prec", "exact_acc")] == [2, 1.0, 0.5, 0.5, 0.5]
    assert (everybody["name_acc_named"], everybody["name_named_n"], everybody["false_speaker"]) == (1.0, 1, None)


def test_a_speaker_where_none_is_marked_is_false() -> None:
    gold = {"text": TEXT, "attributions": [marked("that gulls left", None, "", kind="indirect")]}
    named = attribution.figures(attribution.tally(gold, FOUND[1:2]))
    assert named["attributions"]["all"]["precision_head"] == 0.0
    unnamed = attribution.figures(attribution.tally(gold, [Found(FOUND[1].content, None, "")]))
    assert unnamed["attributions"]["all"]["precision_head"] == 1.0
    assert "all" not in unnamed["speaker_on_matched"]


def test_what_stands_inside_marks() -> None:
    for text, words in (
        ("He said: “Fog,” and left.", "“Fog,”"),
        ("Er sagte: „Nebel“ und ging.", "„Nebel“"),
        ("Il dit : «Oui» et part.", "«Oui»"),
        ('A "left one\nnext line', '"left one'),
        ("no marks", ""),
    ):
        mask = inside(text)
        assert "".join(letter for letter, within in zip(text, mask, strict=True) if within) == words


def test_evaluate_attribution_prints_the_tables(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "marked.jsonl"
    path.write_text(json.dumps({**GOLD, "title": None, "language": "en"}) + "\n")
    (figures,) = told(command("evaluate", "attribution", path, "--json"))
    assert (figures["file"], figures["articles"]) == ("marked", 1)
    assert figures["attributions"]["direct"]["f1_head"] == 1.0
    shown = command("evaluate", "attribution", path).stdout
    assert "f1_head" in shown
    assert "in_quotes" in shown
    path.write_text("{}\n")
    assert "marked.jsonl:1" in command("evaluate", "attribution", path).stderr
