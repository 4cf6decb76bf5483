"""The folder of an index: one process writes, any number read; files come whole, and go when no manifest names them."""

import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import numpy as np

from retrieval.engine import files, manifest
from retrieval.engine.files import Array, Damaged
from retrieval.engine.manifest import Language, Manifest, Stored
from retrieval.index.bm25 import SparseBM25Plus
from retrieval.index.merging import Merge
from retrieval.index.segment import Segment
from retrieval.index.vocabulary import Part, Vocabulary, joined, part_of

FOLDER_MODE = 0o700
LOCK = "lock"


class Closed(Exception):
    """The folder was closed while something was written, which is left."""


class Folder:
    """Where an index is kept; it is made when something is first written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: IO[bytes] | None = None
        self._closed = False
        self._removed: dict[str, tuple[object, str]] = {}  # segment -> its marks as last written, and their file

    # ── who writes ───────────────────────────────────────────────────────────────────────────────

    def ours(self) -> bool:
        """Whether this process may write here; the first that asks may, until it closes or ends."""
        self.path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        if self._lock and not self._still_there(self._lock):  # the folder was deleted, and with it the lock
            self._let_go()
        if self._lock is None:
            stream = open(self.path / LOCK, "ab", opener=files.private)  # noqa: SIM115  # closed when another may write
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                stream.close()
                return False
            self._lock = stream
        return True

    def _still_there(self, stream: IO[bytes]) -> bool:
        try:
            return os.path.samestat(os.fstat(stream.fileno()), os.stat(self.path / LOCK))
        except FileNotFoundError:
            return False

    def close(self) -> None:
        """Write no more, so that another process may."""
        self._closed = True
        self._let_go()

    def _let_go(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def index(self, language: Language) -> SparseBM25Plus:
        """One language's index; raises Damaged, and OSError where a file is missing."""
        arrays = [files.mapped(self.path / stored.segment) for stored in language.segments]
        segments = [self._segment(*each) for each in zip(language.segments, arrays, strict=True)]
        parts = [_part(name, files.mapped(self.path / name)) for name in language.words]
        return SparseBM25Plus.of(segments, Vocabulary(parts))

    def sound(self, segments: Sequence[Segment]) -> bool:
        """Whether the files of segments are what was written, read to the last byte."""
        try:
            for segment in segments:
                if self.holds(segment.name):
                    files.check(self.path / segment.name)
        except (Damaged, OSError):
            return False
        return True

    def _segment(self, stored: Stored, arrays: Mapping[str, Array]) -> Segment:
        ids, lengths, rows = arrays["ids"], arrays["lengths"], arrays["rows"]
        dead, gone, removed = None, None, np.empty(0, np.uint32)
        if stored.removed:
            marks = files.mapped(self.path / stored.removed)
            removed = marks["slots"]
            dead, gone = np.zeros(len(ids), np.bool_), np.zeros(len(rows), np.uint32)
            dead[removed] = True
            gone[marks["rows"]] = marks["counts"]
            self._removed[stored.segment] = dead, stored.removed
        length = int(lengths.sum(dtype=np.int64)) - int(lengths[removed].sum(dtype=np.int64))
        passages = len(ids) - len(removed)
        starts, slots, frequencies = arrays["starts"], arrays["slots"], arrays["frequencies"]
        return Segment(ids, lengths, rows, starts, slots, frequencies, passages, length, dead, gone, stored.segment)

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def holds(self, name: str) -> bool:
        return bool(name) and (self.path / name).exists()

    def segment(self, language: str, merge: Merge) -> Segment:
        """Write what a merge comes to, and map it; raises Closed when `close` was called, and OSError."""
        name = f"{language}-{secrets.token_hex(6)}.segment"
        whole: dict[str, Array] = {
            "ids": merge.ids,
            "lengths": merge.lengths,
            "rows": merge.rows,
            "starts": merge.starts,
        }
        shapes = {key: (array.dtype, len(array)) for key, array in whole.items()}
        shapes["slots"] = np.dtype(np.uint32), merge.postings
        shapes["frequencies"] = merge.lengths.dtype, merge.repeated
        files.write(self.path / name, shapes, self._pieces(whole, merge))
        arrays = files.mapped(self.path / name)
        return self._segment(Stored(name, None), arrays)

    def _pieces(self, whole: Mapping[str, Array], merge: Merge) -> Iterator[tuple[str, Array]]:
        yield from whole.items()
        for slots, frequencies in merge.pieces():
            if self._closed:
                raise Closed
            yield "slots", slots
            yield "frequencies", frequencies

    def stored(self, segment: Segment) -> Stored:
        """A segment that stands here, with what was removed from it written too."""
        if segment.dead is None or segment.gone is None:
            return Stored(segment.name, None)
        written, name = self._removed.get(segment.name, (None, ""))
        if written is not segment.dead or not self.holds(name):
            name = f"{segment.name.removesuffix('.segment')}-{secrets.token_hex(6)}.removed"
            rows = np.flatnonzero(segment.gone).astype(np.uint32)
            marks: dict[str, Array] = {
                "slots": np.flatnonzero(segment.dead),
                "rows": rows,
                "counts": segment.gone[rows],
            }
            written_as: dict[str, Array] = {key: array.astype(np.uint32) for key, array in marks.items()}
            files.write_whole(self.path / name, written_as)
            self._removed[segment.name] = segment.dead, name
        return Stored(segment.name, name)

    def words(self, language: str, parts: Sequence[Part], fresh: Sequence[str]) -> tuple[Part, Sequence[Part]] | None:
        """A file of the fresh words and of the parts it stands for from now on; None where nothing is to be written."""
        lost = not all(self.holds(part.name) for part in parts)
        if not fresh and not lost:
            return None
        instead_of = parts if lost else _tail(parts, len(fresh))
        new = part_of(fresh, sum(len(part.numbers) for part in parts))
        return self._written(language, joined([*instead_of, new])), instead_of

    def _written(self, language: str, part: Part) -> Part:
        name = f"{language}-{secrets.token_hex(6)}.words"
        arrays: dict[str, Array] = {
            "checksums": part.checksums,
            "numbers": part.numbers,
            "starts": part.starts,
            "letters": part.letters,
        }
        files.write_whole(self.path / name, arrays)
        return _part(name, files.mapped(self.path / name))

    def publish(self, new: Manifest) -> None:
        """Make these files the index; what it does not name is deleted."""
        files.sync_folder(self.path)
        manifest.write(self.path, new)
        kept = {LOCK, manifest.NAME, *new.names}
        for entry in self.path.iterdir():
            if entry.name not in kept:
                entry.unlink(missing_ok=True)
        self._removed = {name: each for name, each in self._removed.items() if name in kept}


def _part(name: str, arrays: Mapping[str, Array]) -> Part:
    return Part(arrays["checksums"], arrays["numbers"], arrays["starts"], arrays["letters"], name)


def _tail(parts: Sequence[Part], fresh: int) -> list[Part]:
    """The newest parts, each no larger than all that is newer: they are written as one with the fresh words."""
    tail: list[Part] = []
    newer = fresh
    for part in reversed(parts):
        if len(part.numbers) > newer:
            break
        tail.insert(0, part)
        newer += len(part.numbers)
    return tail
