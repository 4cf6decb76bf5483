"""py3langid's identifier, its tables mapped from files that all processes share, where a folder for them is named.

Unpacked, the tables take 72 MB of each process that has ever asked for a language. Mapped, they are in memory once,
only as far as they are looked at, and need no unpacking at the next start. The folder may be deleted at any time.
"""

import os
import shutil
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
from py3langid.modelio import load_model

TABLES = ("ptc", "pc", "classes", "nextmove", "row", "output")  # in the order that the library loads them


class _Kept:
    """Where the tables are kept, if anywhere."""

    folder: Path | None = None


def keep_in(folder: Path) -> None:
    """Map the tables from this folder from now on; they are written there by the first process that needs them."""
    _Kept.folder = folder


def load() -> LanguageIdentifier:
    """The identifier; in this process's own memory where no folder is named, or it cannot be written."""
    if _Kept.folder is not None:
        with suppress(OSError, ValueError, EOFError):  # no room, no right, or no whole file
            return _identifier(*(_mapped(_unpacked(_Kept.folder) / f"{name}.npy") for name in TABLES))
    found: LanguageIdentifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)  # type: ignore[no-untyped-call]
    return found


def _unpacked(folder: Path) -> Path:
    """The folder of the tables of the library's version, whole or not there at all."""
    there = folder / f"py3langid-{version('py3langid')}"
    if there.is_dir():
        return there
    folder.mkdir(parents=True, exist_ok=True)
    aside = Path(mkdtemp(prefix=".", dir=folder))
    try:
        for name, table in zip(TABLES, load_model(MODEL_DIR / MODEL_FILE), strict=True):  # type: ignore[no-untyped-call]
            np.save(aside / f"{name}.npy", np.asarray(table))
        os.rename(aside, there)
    except OSError:
        shutil.rmtree(aside, ignore_errors=True)
        if not there.is_dir():  # else another process was first
            raise
    return there


def _mapped(path: Path) -> Any:
    return np.load(path, mmap_mode="r", allow_pickle=False)


def _identifier(ptc: Any, pc: Any, classes: Any, nextmove: Any, row: Any, output: Any) -> LanguageIdentifier:
    """The identifier over these arrays; those that it walks byte by byte as memory, which yields plain numbers."""
    return LanguageIdentifier(  # type: ignore[no-untyped-call]
        np.asarray(ptc),
        np.asarray(pc),
        classes.tolist(),
        memoryview(nextmove),
        memoryview(output),
        norm_probs=True,
        tk_row=memoryview(row),
    )
