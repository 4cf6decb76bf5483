"""The figures of answers, against values computed by hand; and when a text holds an answer."""

import json
from pathlib import Path

import pytest

from bot.evaluation.holding import Text, length, share
from tests.bot.test_cli import Command, command, told, written
from tests.build import an_article

__all__ = ["command"]

FERRY = "The ferry Marigold carried nine hundred passengers on Sunday."
ASKED = "How many passengers did the ferry Marigold carry?"


def test_evaluate_answers_prints_the_figures(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    gulls = an_article("Gulls sang over the harbour of Ostra all night.", external_id="gulls")
    written(folder / "articles.jsonl", an_article(f"Fog came. {FERRY}", external_id="ferry"), gulls)
    right = {"id": 1, "question": ASKED, "answerable": True, "answers": [["900", "Nine hundred"]], "split": "dev"}
    right |= {"gold_article_ids": ["ferry"], "gold_passages": [FERRY]}
    wrong = {"id": 2, "question": ASKED, "answerable": True, "answers": ["ten"], "gold_article_ids": ["x"]}
    never = {"id": 3, "question": "Which zebras won the chess match?", "answerable": False, "answers": []}
    rows = [{"split": "test", "gold_passages": [], "gold_article_ids": [], **each} for each in (right, wrong, never)]
    (folder / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (figures,) = told(command("evaluate", "answers", folder, "--json"))
    assert (figures["questions"], figures["answerable"], figures["unanswerable"]) == (3, 2, 1)
    for name in ("hit@1", "hit@10", "mrr@10", "ans_quotes@1", "ans_quotes@3", "ans_pass@1"):
        assert figures[name] == 0.5, name
    assert (figures["abstain_ans"], figures["abstain_unans"], figures["abstain_balanced_acc"]) == (0.0, 1.0, 1.0)
    assert (figures["goldsent_quotes@3"], figures["verbatim"], figures["quote_words"]) == (1.0, 1.0, 9.0)
    shown = command("evaluate", "answers", folder, "--split", "dev", "--always").stdout
    assert "mrr@10" in shown
    assert "1.000" in shown
    assert told(command("stats", "--json"))[0]["articles"] == 0
    assert "no question of the part" in command("evaluate", "answers", folder, "--split", "none").stderr


@pytest.mark.parametrize(
    ("answer", "text", "holds"),
    [
        ("U.S.", "in the US today", True),
        ("1,000", "some 1000 people", True),
        ("1,000", "some 11000 people", False),
        ("Byron", "Ada Byron's bridge", True),
        ("By", "Ada Byron", False),
        ("5%", "rose 5 % on Monday", True),
        ("12", "共有12人受伤", True),
        ("12", "共有123人受伤", False),
        ("大桥", "那座大桥关闭", True),
        ("", "anything", False),
    ],
)
def test_a_text_holds_an_answer_however_written(answer: str, text: str, holds: bool) -> None:
    assert Text(text).holds([answer]) is holds


def test_words_are_counted_and_shared() -> None:
    assert share("fog fog came", "fog came late") == pytest.approx(2 / 3)
    assert length("The mayor's two-day visit") == 4
    assert length("大桥关闭八天") == pytest.approx(6 / 1.6)
