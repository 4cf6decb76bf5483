"""What is measured in a process of its own: building, opening, memory, and adding beside another one's questions.

python -m tests.benchmarks.searching.alone WHAT ENGINE FOLDER
"""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from time import perf_counter, process_time, sleep, time
from typing import TYPE_CHECKING, Any, cast

from tests.benchmarks.searching.engines import ENGINES, Adding, Engine

if TYPE_CHECKING:
    from tests.benchmarks.searching.corpus import Corpus

QUESTIONS = "questions.json"
K = 10
TEXTS_AT_ONCE = 2_000
TEXTS_MAX = 50_000
BATCH, BATCHES = 20, 200
ADDING_SECONDS_MAX = 30.0
SERVING_SECONDS_MAX = 20.0  # rank_bm25 takes two seconds a question at a million passages
BETWEEN_SECONDS = 0.02
MODULE = "tests.benchmarks.searching.alone"


def measured(what: str, engine: type[Engine], folder: Path, **more: Any) -> dict[str, Any]:
    """What a fresh process reports."""
    began = time()
    command = [sys.executable, "-m", MODULE, what, engine.name, str(folder)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return {**found, "began": began}


def build(engine: type[Engine], folder: Path) -> dict[str, Any]:
    """From tokens to an index that can be opened; the seconds include making lists of tokens."""
    from tests.benchmarks.searching.corpus import Corpus

    corpus = Corpus.load(folder / "corpus")
    return _timed(engine, corpus, folder)


def build_from_text(engine: type[Engine], folder: Path) -> dict[str, Any]:
    """The same from text, tokenized on the way, over the first passages."""
    from tests.benchmarks.searching.corpus import Corpus, Printed

    corpus = Printed.of(Corpus.load(folder / "corpus"), TEXTS_MAX)
    scratch = folder / "from-text"
    scratch.mkdir()
    found = _timed(engine, corpus, scratch)
    rmtree(scratch)
    return found


def _timed(engine: type[Engine], corpus: "Corpus", folder: Path) -> dict[str, Any]:
    began, busy = perf_counter(), process_time()
    engine.build(corpus, folder)
    seconds, busy = perf_counter() - began, process_time() - busy
    return {"per_second": len(corpus) / seconds, "per_second_busy": len(corpus) / busy, "peak_mb": _peak()}


def open_and_serve(engine: type[Engine], folder: Path) -> dict[str, Any]:
    """The moment of the first answer, the processor seconds until then, and the memory after all questions."""
    questions = json.loads((folder / QUESTIONS).read_text())
    opened = engine(folder)
    opened.search(questions[0], K)
    first, busy = time(), process_time()
    for question in [*questions, *questions]:
        if time() - first < SERVING_SECONDS_MAX:
            opened.search(question, K)
    return {"first": first, "busy": busy, **_memory()}


def add(engine: type[Engine], folder: Path) -> dict[str, Any]:
    """How long 20 passages take until a question finds them, by the clock and in processor time."""
    from tests.benchmarks.searching.corpus import Corpus

    questions = json.loads((folder / QUESTIONS).read_text())
    corpus = Corpus.load(folder / "corpus")
    opened = cast(Adding, engine(folder))
    opened.search(questions[0], K)
    took, spent = [], []
    for batch in range(BATCHES):
        tokens = corpus.tokens(batch * BATCH, batch * BATCH + BATCH)
        began, busy = perf_counter(), process_time()
        opened.add(tokens)
        opened.search(questions[batch % len(questions)], K)
        took.append(perf_counter() - began)
        spent.append(process_time() - busy)
        if sum(took) > ADDING_SECONDS_MAX:
            break
        sleep(BETWEEN_SECONDS)
    return {"took": took, "spent": spent}


def ask(engine: type[Engine], folder: Path) -> dict[str, Any]:
    """Questions, one after the other, until the process is ended."""
    questions = json.loads((folder / QUESTIONS).read_text())
    opened = engine(folder)
    while True:
        for question in questions:
            opened.search(question, K)


def _memory() -> dict[str, float]:
    """Resident megabytes, and those of them that are no file's."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {"rss_mb": int(fields["VmRSS"].split()[0]) / 1e3, "own_mb": int(fields["RssAnon"].split()[0]) / 1e3}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


WHAT: dict[str, Callable[[type[Engine], Path], dict[str, Any]]] = {
    each.__name__: each for each in (build, build_from_text, open_and_serve, add, ask)
}


if __name__ == "__main__":
    chosen = next(engine for engine in ENGINES if engine.name == sys.argv[2])
    print(json.dumps(WHAT[sys.argv[1]](chosen, Path(sys.argv[3]))))
