"""The search index beside its peers: building, opening, memory, questions, filters and additions.

Every engine is fed the same index tokens of a generated corpus (its laws: `searching/corpus.py`) or of real articles,
and asked the same questions, interleaved question by question in one process; a question's time is the median of
its rounds, of processor time. Building, opening and memory are measured in processes of their own, in processor time
and (in brackets) by the clock, which also counts what else the machine does. Figures, never a pass or a failure.
Peers are the extra `benchmark`; those not installed are left out.

    python -m tests.benchmarks.search [--passages N ...] [--articles FILE] [--plot FILE.svg]
"""

import argparse
import gc
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import numpy as np

from tests.benchmarks.searching import alone, plot
from tests.benchmarks.searching.alone import K, measured
from tests.benchmarks.searching.corpus import DAYS, Corpus, generated, of_articles
from tests.benchmarks.searching.engines import Chosen, Engine, RankBm25, installed

PASSAGES = (10_000, 100_000)
QUESTIONS, ROUNDS = 200, 3
SLOW_SECONDS = 0.015  # a question; an engine slower than this is asked `SLOW_QUESTIONS` once
SLOW_QUESTIONS = 20
RANK_BM25_MAX = 1_000_000  # passages: 3.6 GB of memory
SINCE_SHARE = 0.7  # of the days are left out by the filter on dates
OUTLET = 2
ASKING_SECONDS = 4.0  # until the process that asks beside additions is warm


@dataclass
class Figures:
    """What was measured of one engine over one corpus; milliseconds by question in `asked`."""

    alone: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, list[float]] = field(default_factory=dict)


def measure(corpus: Corpus, engines: Sequence[type[Engine]], folder: Path) -> dict[str, Figures]:
    """Build, open, ask, filter, add."""
    figures = {engine.name: Figures() for engine in engines}
    questions = corpus.questions(QUESTIONS)
    print(f"\n{corpus.told(questions)}\n", flush=True)
    if not (folder / "corpus").exists():
        corpus.save(folder / "corpus")
    (folder / alone.QUESTIONS).write_text(json.dumps(questions))
    for engine in engines:
        _alone(engine, folder, figures[engine.name].alone)
    opened = {engine.name: engine(folder) for engine in engines}
    since, outlet = Chosen(corpus, since=int(DAYS * SINCE_SHARE)), Chosen(corpus, outlet=OUTLET)
    _ask(figures, "all", questions, {name: engine.search for name, engine in opened.items()})
    for name, chosen in (("dates", since), ("outlet", outlet)):
        searches = {
            each: _within(engine.search_within, chosen)
            for each, engine in opened.items()
            if hasattr(engine, "search_within")
        }
        _ask(figures, name, questions, searches)
    del opened
    gc.collect()
    for engine in engines:
        if hasattr(engine, "add"):
            with _asking(engine, folder):
                figures[engine.name].alone |= measured("add", engine, folder)
    return figures


def _alone(engine: type[Engine], folder: Path, found: dict[str, Any]) -> None:
    built = folder / f"{engine.name}.json"
    if not built.exists():
        built.write_text(json.dumps(_built(engine, folder)))
    found |= json.loads(built.read_text())
    served = measured("open_and_serve", engine, folder)
    found |= {"rss": served["rss_mb"], "own": served["own_mb"]}
    found |= {"open": served["first"] - served["began"], "open_busy": served["busy"]}
    print(f"{engine.name}: " + ", ".join(f"{key} {value:,.2f}" for key, value in found.items()), flush=True)


def _built(engine: type[Engine], folder: Path) -> dict[str, float]:
    before = _megabytes(folder)
    built = measured("build", engine, folder)
    found = {"build": built["per_second"], "build_busy": built["per_second_busy"], "peak": built["peak_mb"]}
    found["disk"] = _megabytes(folder) - before
    if engine.needs == "numpy" and engine.name.startswith("briefing-bot, numpy"):
        text = measured("build_from_text", engine, folder)
        found |= {"text": text["per_second"], "text_busy": text["per_second_busy"], "text_peak": text["peak_mb"]}
    return found


def _ask(
    figures: Mapping[str, Figures],
    what: str,
    questions: Sequence[Sequence[str]],
    searches: Mapping[str, Callable[[Sequence[str], int], Sequence[int]]],
) -> None:
    """Each question is put to every engine in turn, `ROUNDS` times over."""
    slow = set()
    for name, search in searches.items():
        took = [_timed(search, question) for question in questions[:3]]
        if min(took) > SLOW_SECONDS * 1000:
            slow.add(name)
    took_by = defaultdict[str, list[list[float]]](list)
    gc.disable()
    for turn in range(ROUNDS):
        for number, question in enumerate(questions):
            for name, search in searches.items():
                if name not in slow or (turn == 0 and number < SLOW_QUESTIONS):
                    if turn == 0:
                        took_by[name].append([])
                    took_by[name][number].append(_timed(search, question))
    gc.enable()
    for name, took_here in took_by.items():
        figures[name].asked[what] = [float(np.median(each)) for each in took_here]


def _timed(search: Callable[[Sequence[str], int], Sequence[int]], question: Sequence[str]) -> float:
    """Milliseconds of processor time: of engines that work in one thread, as all here do, a quiet machine's clock."""
    began = process_time()
    search(question, K)
    return (process_time() - began) * 1000


def _within(search: Callable[..., Sequence[int]], chosen: Chosen) -> Callable[[Sequence[str], int], Sequence[int]]:
    return lambda words, k: search(words, k, chosen)


@contextmanager
def _asking(engine: type[Engine], folder: Path) -> Iterator[None]:
    """Another process asks one question after the other meanwhile."""
    process = subprocess.Popen([sys.executable, "-m", alone.MODULE, "ask", engine.name, str(folder)])
    try:
        process.wait(ASKING_SECONDS)
    except subprocess.TimeoutExpired:
        yield
    else:
        raise SystemExit(f"{engine.name} did not keep asking")
    finally:
        process.kill()
        process.wait()


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


# ── what is printed ──────────────────────────────────────────────────────────────────────────────

COLUMNS = (
    "engine",
    "build passages/s",
    "from text",
    "peak MB",
    "disk MB",
    "serving RSS MB",
    "open to first answer s",
)
TIMES = ("engine", "p50 / p95 / p99 ms", "since a day", "one outlet", "20 added and found p50 / p95 ms")


def table(figures: Mapping[str, Figures]) -> str:
    built, asked = [], []
    for name, each in figures.items():
        one = each.alone
        build = f"{one['build_busy']:,.0f} ({one['build']:,.0f})" if one["disk"] > 0.1 or name == RankBm25.name else "-"
        text = f"{one['text_busy']:,.0f} ({one['text']:,.0f})" if "text" in one else "-"
        opened = f"{one['open_busy']:.2f} ({one['open']:.2f})"
        rss = f"{one['rss']:,.0f} ({one['own']:,.0f} its own)"
        disk = f"{one['disk']:,.0f}" if one["disk"] > 0.1 else "-"
        built.append([name, build, text, f"{one['peak']:,.0f}", disk, rss, opened])
        added, clock = ([1000 * seconds for seconds in one.get(what, ())] for what in ("spent", "took"))
        times = [_shares(each.asked.get(what, ()), (50, 95, 99)) for what in ("all", "dates", "outlet")]
        asked.append([name, *times, f"{_shares(added, (50, 95))} ({_shares(clock, (50, 95))})"])
    return f"{_rows(COLUMNS, built)}\n\n{_rows(TIMES, asked)}\n\n{ratios(figures)}"


def ratios(figures: Mapping[str, Figures]) -> str:
    """Ours over each peer's, at p50 and p95; over rank_bm25's the same questions, and the other way round."""
    rows = []
    for name, each in figures.items():
        if not name.startswith("briefing-bot"):
            continue
        cells = []
        for peer, other in figures.items():
            theirs = other.asked["all"]
            ours = each.asked["all"][: len(theirs)]
            middle, late = (np.percentile(ours, share) / np.percentile(theirs, share) for share in (50, 95))
            cells.append(f"1 / {1 / middle:,.0f}" if peer == RankBm25.name else f"{middle:.2f} / {late:.2f}")
        rows.append([name, *cells])
    return _rows(["ratio p50 / p95 to", *figures], rows)


def _shares(values: Sequence[float], shares: Sequence[int]) -> str:
    return " / ".join(f"{np.percentile(values, share):,.3g}" for share in shares) if len(values) else "-"


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, nargs="+", default=PASSAGES, metavar="N")
    parser.add_argument("--articles", type=Path, metavar="FILE", help="real articles, a line of JSON each")
    parser.add_argument("--engines", nargs="+", metavar="NAME", help="only these")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="keep what is built there, and take it from there")
    parser.add_argument("--plot", type=Path, metavar="FILE.svg")
    given = parser.parse_args()
    curves = defaultdict[str, list[tuple[int, float, float]]](list)
    for size in [None] if given.articles else given.passages:
        corpus = generated(size) if size else of_articles(given.articles)
        left_out = {RankBm25.name} if len(corpus) > RANK_BM25_MAX else set()
        wanted = set(given.engines or (engine.name for engine in installed())) - left_out
        engines = [engine for engine in installed() if engine.name in wanted]
        with TemporaryDirectory(prefix="briefing-bot-search-") as scratch:
            folder = given.folder / str(len(corpus)) if given.folder else Path(scratch)
            folder.mkdir(parents=True, exist_ok=True)
            figures = measure(corpus, engines, folder)
        print(f"\n{table(figures)}", flush=True)
        for name, each in figures.items():
            middle, late = np.percentile(each.asked["all"], (50, 95))
            curves[name].append((len(corpus), float(middle), float(late)))
    if given.plot and find_spec("matplotlib"):
        plot.draw(curves, given.plot)


if __name__ == "__main__":
    main()
