"""The one small file that says which files are an index, and up to which change they go.

It is replaced at once or not at all; whatever it does not name is no part of the index.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from retrieval.engine import files
from retrieval.engine.files import Damaged
from retrieval.model import IndexChange
from retrieval.text.tokens import VERSION

NAME = "manifest.json"
FORMAT = 2  # of the files; another one is not read
MANIFEST_BYTES_MAX = 4 << 20


@dataclass(frozen=True, slots=True)
class Change:
    """One change, by which an index and a history recognise each other."""

    seq: int
    checksum: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A segment's file, and the file of what was removed from it since."""

    segment: str
    removed: str | None


@dataclass(frozen=True, slots=True)
class Language:
    """The files of one language's index, oldest first."""

    segments: Sequence[Stored]
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """All changes up to `newest`, that one included, are in these files."""

    newest: Change
    languages: Mapping[str, Language]

    @property
    def names(self) -> set[str]:
        """Every file of the index."""
        languages = self.languages.values()
        stored = [each for language in languages for each in language.segments]
        removed = {each.removed for each in stored if each.removed}
        return {each.segment for each in stored} | removed | {name for each in languages for name in each.words}


def recognised(change: IndexChange) -> Change:
    """What is kept of a change to know it again."""
    told = (change.seq, change.passage_id, change.kind.value, change.language, *change.tokens)
    return Change(change.seq, zlib.crc32(repr(told).encode("utf-8", "surrogatepass")))


def write(folder: Path, manifest: Manifest) -> None:
    """Make these files the index, for good."""
    body = json.dumps({"format": FORMAT, "tokenizer": VERSION, **asdict(manifest)})
    files.replace(folder / NAME, json.dumps([zlib.crc32(body.encode()), body]).encode())


def read(folder: Path) -> Manifest | None:
    """What the folder says of itself; None where it says nothing. Raises Damaged where that cannot be used."""
    try:
        with open(folder / NAME, "rb") as stream:
            told = stream.read(MANIFEST_BYTES_MAX)
        checksum, body = json.loads(told)
        if zlib.crc32(body.encode()) != checksum:
            raise Damaged("its manifest changed")
        return _manifest(json.loads(body))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Damaged("its manifest cannot be read") from error


def _manifest(told: dict[str, Any]) -> Manifest:
    if told["format"] != FORMAT or told["tokenizer"] != VERSION:
        raise Damaged("another version made it")
    languages = {
        name: Language([Stored(**each) for each in language["segments"]], language["words"])
        for name, language in told["languages"].items()
    }
    return Manifest(Change(**told["newest"]), languages)
