"""Measures answers over folders of real news, by the folder's own scorer. Holds none of that news.

`BRIEFING_DATA` names the folder (../shared/data otherwise): `articles.jsonl` and `questions.jsonl` a set, and
`scorers/score_qa.py`. The figures are printed; what must never happen, a quote that is not in its article, fails.
"""

import json
import subprocess
import sys
from pathlib import Path
from time import process_time

import pytest

from tests.quality.corpus import BRIEFING_DATA, Shelf, load, rows

SETS = ("news", "news2022", "xquad_en", "xquad_es", "xquad_ar", "xquad_zh")
SHOWN = (
    *("hit@1", "hit@3", "hit@10", "mrr@10"),
    *("ans_quotes@1", "ans_quotes@3", "goldsent_quotes@3", "quote_words", "verbatim"),
    *("abstain_balanced_acc", "abstain_ans", "abstain_unans"),
)

pytestmark = pytest.mark.quality


@pytest.mark.parametrize("name", SETS)
def test_answers(name: str, tmp_path: Path) -> None:
    folder = BRIEFING_DATA / name
    if not folder.is_dir():
        pytest.skip(f"no folder {name} of news to measure over; name one with BRIEFING_DATA")
    shelf = load(folder)
    for always in (True, False):
        run = tmp_path / f"{name}-{always}.jsonl"
        seconds = answered(shelf, folder, run, always=always)
        figures = scored(folder, run)
        print_row(name, always, figures, seconds)
        assert figures.get("verbatim", 1.0) == 1.0


def answered(shelf: Shelf, folder: Path, run: Path, *, always: bool) -> list[float]:
    """Write the run of a set; returns the processor seconds of each question, search included."""
    seconds = []
    with run.open("w", encoding="utf-8") as lines:
        for row in rows(folder / "questions.jsonl"):
            began = process_time()
            chosen = shelf.ask(row["question"], always=always)
            seconds.append(process_time() - began)
            lines.write(json.dumps(shelf.line(row["id"], chosen), ensure_ascii=False) + "\n")
    return sorted(seconds)


def scored(folder: Path, run: Path) -> dict[str, float]:
    """The figures of the folder's own scorer."""
    scorer = BRIEFING_DATA / "scorers" / "score_qa.py"
    done = subprocess.run(
        [sys.executable, scorer, folder, run], capture_output=True, text=True, check=True, timeout=600
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def print_row(name: str, always: bool, figures: dict[str, float], seconds: list[float]) -> None:
    shown = [f"{each} {figures[each]:.3f}" for each in SHOWN if figures.get(each) is not None]
    middle, late = (1000 * seconds[int(share * (len(seconds) - 1))] for share in (0.5, 0.95))
    print(f"\n{name}{' --always' if always else ''}: {' · '.join(shown)} · cpu p50 {middle:.1f} p95 {late:.1f} ms")
