"""The index's folder: what was saved is found again; what is torn, missing or foreign costs a catching up, no more."""

import json
import random
import resource
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from retrieval.engine import embedded, files, manifest
from retrieval.engine.embedded import Embedded
from retrieval.engine.reference import Reference
from retrieval.index import bm25, merging
from retrieval.model import IndexChange, Kind

WORDS = ["bridge", "harbour", "council", "storm", "vote", "rail", "kestrel"]
PASSAGES = 200
LAST = 5  # changes that take something away, and are saved by themselves
REMADE = "the search index is made anew from storage"


@pytest.fixture(autouse=True)
def _everything_is_small() -> Iterator[None]:
    """So that a few passages make many segments, merges and pieces."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded, "SAVE_CHANGES", 1)
        patch.setattr(bm25, "SEGMENT_PASSAGES_MAX", 4)
        patch.setattr(merging, "POSTINGS_A_PIECE", 16)
        yield


def a_history(length: int = PASSAGES, languages: Sequence[str] = ("en", "es")) -> list[IndexChange]:
    """Additions, some of them removed again; in each language words that the other lacks."""
    chance = random.Random(7)
    alive: dict[int, tuple[str, tuple[str, ...]]] = {}
    changes: list[IndexChange] = []
    for seq in range(1, length + 1):
        language = chance.choice(languages)
        if alive and (chance.random() < 0.1 or seq > length - LAST):
            passage = chance.choice(list(alive))
            language, tokens = alive.pop(passage)
            changes.append(IndexChange(seq, passage, Kind.REMOVE, language, tokens))
        else:
            tokens = (*chance.choices(WORDS, k=chance.randint(0, 9)), f"{language}{seq % 40}")
            alive[seq] = language, tokens
            changes.append(IndexChange(seq, seq, Kind.ADD, language, tokens))
    return changes


HISTORY = a_history()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def saved(folder: Path) -> Path:
    """A folder with several segments of both languages, which holds all of the history."""
    engine = Embedded(folder)
    for end in [*range(15, PASSAGES, 20), PASSAGES]:
        engine.catch_up(HISTORY[:end])
        engine.tend()
    engine.close()
    assert len(list(folder.glob("*.removed")))
    return folder


def equal(engine: Embedded, changes: Sequence[IndexChange] = HISTORY) -> bool:
    """Whether the engine, caught up, answers as plain rank_bm25 does."""
    engine.catch_up(changes)
    oracle = Reference()
    oracle.catch_up(changes)
    asked = [["storm"], ["vote", "rail", "vote"], ["en3", "es3", "bridge", "unheard"]]
    return engine.languages() == oracle.languages() and all(
        engine.search(words, k, language=language) == oracle.search(words, k, language=language)
        and engine.statistics(words, language=language) == oracle.statistics(words, language=language)
        and set(oracle.vocabulary(language)) <= set(engine.vocabulary(language))
        for words in asked
        for language in ("en", "es")
        for k in (3, 500)
    )


def test_what_was_saved_needs_no_history(saved: Path) -> None:
    engine = Embedded(saved)
    assert engine.seq == PASSAGES
    assert engine.follows(HISTORY[-1])
    assert not engine.follows(HISTORY[-2])
    assert not engine.follows(None)
    assert equal(engine, HISTORY)
    assert engine.unsaved == 0


def test_files_are_the_owners_alone_and_none_is_left_over(saved: Path) -> None:
    told = manifest.read(saved)
    assert told
    assert {entry.name for entry in saved.iterdir()} == told.names | {"lock", manifest.NAME}
    assert {entry.stat().st_mode & 0o777 for entry in saved.iterdir()} == {0o600}
    assert saved.stat().st_mode & 0o777 == 0o700


steps = st.lists(
    st.tuples(st.integers(1, 25), st.none() | st.lists(st.sampled_from(WORDS), max_size=9)), min_size=1, max_size=8
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(steps, st.sampled_from(["go on", "tend", "open again", "tend and open"])), max_size=8))
def test_any_history_of_saves_merges_and_openings_equals_rank_bm25(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[list[tuple[int, list[str] | None]], str]]
) -> None:
    folder = tmp_path_factory.mktemp("index")
    engine, oracle = Embedded(folder), Reference()
    changes: list[IndexChange] = []
    for slice_, then in history:
        for passage, words in slice_:
            kind = Kind.REMOVE if words is None else Kind.ADD
            changes.append(IndexChange(len(changes) + 1, passage, kind, "en", words or []))
        engine.catch_up(changes)
        oracle.catch_up(changes)
        if then.startswith("tend"):
            engine.tend()
        if then.endswith(("again", "open")):
            engine.close()
            engine = Embedded(folder)
            engine.catch_up(changes)
        for asked in (["bridge"], ["storm", "vote", "storm", "unheard"], WORDS):
            assert engine.search(asked, 5, language="en") == oracle.search(asked, 5, language="en")
            assert engine.statistics(asked, language="en") == oracle.statistics(asked, language="en")
    engine.close()


# ── damage ───────────────────────────────────────────────────────────────────────────────────────


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def bent(path: Path) -> None:
    """One bit of its first array."""
    content = path.read_bytes()
    path.write_bytes(bytes(byte ^ 1 for byte in content[:1]) + content[1:])


@pytest.mark.parametrize("harm", [cut, emptied, bent, Path.unlink], ids=lambda harm: harm.__name__)
@pytest.mark.parametrize("kind", ["en-*.segment", "es-*.words", "en-*.removed", manifest.NAME, "*"])
def test_a_damaged_file_is_made_anew_and_said_once(saved: Path, kind: str, harm: Callable[[Path], None]) -> None:
    for path in list(saved.glob(kind)):
        harm(path)
    with capture_logs() as logs:
        engine = Embedded(saved)
        assert equal(engine)
        engine.tend()
    expected = 0 if harm is Path.unlink and kind in (manifest.NAME, "*") else 1
    assert [each["event"] for each in logs] == [REMADE] * expected
    engine.close()
    again = Embedded(saved)
    assert again.seq == PASSAGES
    assert equal(again)


def test_only_the_damaged_language_is_indexed_again(saved: Path) -> None:
    cut(next(saved.glob("es-*.segment")))
    engine = Embedded(saved)
    assert engine.seq == 0
    english = engine.languages()
    assert set(english) == {"en"}
    engine.catch_up(HISTORY[:10])
    engine.tend()
    assert engine.languages()["en"] == english["en"]
    assert equal(engine)


def test_postings_damaged_in_a_large_file_are_found_while_it_is_used(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CHECKED_AT_OPENING_MAX", -1)
    for path in saved.glob("en-*.segment"):
        bent(path)
    engine = Embedded(saved)
    assert engine.seq == PASSAGES
    engine.tend()
    assert engine.seq == 0
    assert equal(engine)


def test_a_posting_that_points_nowhere_finds_nothing_and_is_made_anew(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CHECKED_AT_OPENING_MAX", -1)
    for path in saved.glob("en-*.segment"):
        slots = files.mapped(path)["slots"]
        content = path.read_bytes()
        path.write_bytes(content.replace(slots.tobytes(), b"\xff" * slots.nbytes))
    engine = Embedded(saved)
    assert engine.search(WORDS, 5, language="en") == []
    assert equal(engine)


@pytest.mark.parametrize("name", ["format", "tokenizer"])
def test_another_version_is_made_anew(saved: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, {"format": "FORMAT", "tokenizer": "VERSION"}[name], "another")
    with capture_logs() as logs:
        engine = Embedded(saved)
    assert engine.seq == 0
    assert [(each["event"], each["why"]) for each in logs] == [(REMADE, "another version made it")]
    assert equal(engine)


@pytest.mark.parametrize("content", ["", "[]", "{}", "[1]", '[0, "{}"]', "null", "[1, 2]"])
def test_a_manifest_that_is_none_is_made_anew(saved: Path, content: str) -> None:
    (saved / manifest.NAME).write_text(content)
    assert equal(Embedded(saved))


def test_a_manifest_that_leads_elsewhere_is_made_anew(saved: Path) -> None:
    _, body = json.loads((saved / manifest.NAME).read_text())
    languages = json.loads(body)["languages"]
    languages["en"]["words"] = languages["es"]["words"]
    told = manifest.read(saved)
    assert told
    elsewhere = manifest.Language(told.languages["en"].segments, ["../lock"])
    manifest.write(saved, manifest.Manifest(told.newest, {**told.languages, "en": elsewhere}))
    assert equal(Embedded(saved))


def test_a_folder_of_another_history_is_forgotten_and_written_over(saved: Path) -> None:
    other = a_history(50, ["en"])[1:]
    engine = Embedded(saved)
    assert not engine.follows(other[-1])
    engine.forget()
    assert equal(engine, other)
    engine.tend()
    engine.close()
    assert Embedded(saved).follows(other[-1])


# ── the disk and other processes ─────────────────────────────────────────────────────────────────


def test_a_full_disk_costs_the_saving_alone(folder: Path) -> None:
    engine = Embedded(folder)
    engine.catch_up(HISTORY[:100])
    engine.tend()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
    try:
        with capture_logs() as logs:
            for at in range(100, PASSAGES, 20):
                engine.catch_up(HISTORY[at : at + 20])
                engine.tend()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert len(logs) == 1
    assert equal(engine)
    assert Embedded(folder).seq == 100
    engine.tend()
    engine.close()
    assert Embedded(folder).seq == PASSAGES
    assert not list(folder.glob("*.part"))


def test_a_folder_deleted_meanwhile_is_written_again(saved: Path) -> None:
    engine = Embedded(saved)
    more = [IndexChange(PASSAGES + 1, 9_999, Kind.ADD, "en", ["storm"])]
    engine.tend()
    shutil.rmtree(saved)
    engine.catch_up(more)
    engine.tend()
    assert equal(engine, [*HISTORY, *more])
    engine.close()
    again = Embedded(saved)
    assert again.seq == PASSAGES + 1
    assert equal(again, [*HISTORY, *more])


def test_a_folder_that_cannot_be_made_leaves_the_engine_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    engine = Embedded(tmp_path / "file" / "index")
    engine.catch_up(HISTORY)
    engine.tend()
    assert equal(engine)


def test_one_engine_writes_and_others_read_and_take_over(saved: Path) -> None:
    writer, reader = Embedded(saved), Embedded(saved)
    assert writer._folder
    assert writer._folder.ours()
    more = [IndexChange(PASSAGES + n, 9_000 + n, Kind.ADD, "en", ["storm", f"new{n}"]) for n in range(1, 30)]
    reader.catch_up(more[:10])
    reader.tend()
    assert Embedded(saved).seq == PASSAGES
    writer.catch_up(more)
    writer.tend()
    assert equal(reader, [*HISTORY, *more[:10]]), "what a reader has mapped stays, though its writer deleted it"
    writer.close()
    reader.tend()
    assert Embedded(saved).seq == PASSAGES + 29, "who knows less writes nothing over who knows more"
    later = [*more, IndexChange(PASSAGES + 30, 9_500, Kind.ADD, "es", ["storm"])]
    reader.catch_up(later)
    reader.tend()
    reader.close()
    again = Embedded(saved)
    assert again.seq == PASSAGES + 30
    assert equal(again, [*HISTORY, *later])


def test_changes_and_questions_go_on_while_the_folder_is_tended(folder: Path) -> None:
    engine = Embedded(folder)
    done = threading.Event()

    def tend() -> None:
        while not done.is_set():
            engine.tend()

    tending = threading.Thread(target=tend)
    tending.start()
    try:
        oracle = Reference()
        for at in range(0, PASSAGES, 2):
            engine.catch_up(HISTORY[at : at + 2])
            oracle.catch_up(HISTORY[at : at + 2])
            words = ["storm", f"en{at % 40}"]
            assert engine.search(words, 9, language="en") == oracle.search(words, 9, language="en")
            assert engine.statistics(words, language="en") == oracle.statistics(words, language="en")
    finally:
        done.set()
        tending.join()
    engine.tend()
    engine.close()
    assert equal(Embedded(folder))
