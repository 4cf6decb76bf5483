"""Opening the folder of an index, and bringing it up to date: what goes where, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from retrieval.engine import manifest
from retrieval.engine.files import Damaged
from retrieval.engine.folder import Folder
from retrieval.engine.manifest import Change, Language, Manifest
from retrieval.index import merging
from retrieval.index.bm25 import SparseBM25Plus
from retrieval.index.segment import Segment

OPENINGS_MAX = 5  # while the files are opened, their writer may replace them

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a folder holds, up to the change `newest`; `lost` are the languages that it names and lacks."""

    newest: Change
    indexes: Mapping[str, SparseBM25Plus]
    lost: frozenset[str]


def opened(folder: Folder) -> Opened | None:
    """What can be used of a folder; the rest is said in the log, and left to the history."""
    for _ in range(OPENINGS_MAX):
        told = _manifest(folder)
        if told is None:
            return None
        found = _opened(folder, told)
        if not found.lost or _manifest(folder) == told:
            break
    for language in found.lost:
        log.warning("the search index is made anew from storage", language=language, why="a file is damaged or missing")
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One language's index at one moment, to be written while the index itself goes on."""

    language: str
    index: SparseBM25Plus
    segments: Sequence[Segment]
    fresh: Sequence[str]

    @classmethod
    def of(cls, language: str, index: SparseBM25Plus) -> "Snapshot":
        return cls(language, index, index.segments, index.vocabulary.fresh())


def save(folder: Folder, newest: Change, snapshots: Sequence[Snapshot], *, over: bool) -> bool:
    """Make a folder hold the indexes as they were; False where it knows more already, unless that is written over.

    Segments come first, then the manifest that names them: a crash between leaves the folder as it was.
    """
    told = None if over else _manifest(folder)
    if told and told.newest.seq > newest.seq:
        return False
    languages = {snapshot.language: _written(folder, snapshot) for snapshot in snapshots}
    folder.publish(Manifest(newest, languages))
    return True


def _written(folder: Folder, snapshot: Snapshot) -> Language:
    stored = []
    for segment in snapshot.segments:
        kept = segment
        if not folder.holds(segment.name):
            kept = folder.segment(snapshot.language, merging.plan([segment]))
            snapshot.index.swap([segment], kept)
        stored.append(folder.stored(kept))
    if new := folder.words(snapshot.language, snapshot.index.vocabulary.parts, snapshot.fresh):
        snapshot.index.keep(*new)
    return Language(stored, [part.name for part in snapshot.index.vocabulary.parts])


def _opened(folder: Folder, told: Manifest) -> Opened:
    indexes = {}
    for name, language in told.languages.items():
        try:
            indexes[name] = folder.index(language)
        except (Damaged, OSError, ValueError, KeyError):  # also where arrays do not fit each other
            continue
    return Opened(told.newest, indexes, frozenset(told.languages.keys() - indexes.keys()))


def _manifest(folder: Folder) -> Manifest | None:
    try:
        return manifest.read(folder.path)
    except (Damaged, OSError) as error:
        log.warning("the search index is made anew from storage", why=str(error) if isinstance(error, Damaged) else "")
        return None
