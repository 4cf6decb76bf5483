"""Arrays in a file: written aside and checked before they are trusted, mapped rather than read.

A file ends with the table of its arrays, each with its checksum. Nothing here knows what the arrays mean.
"""

import json
import mmap
import os
import struct
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Shape = tuple[np.dtype[Any], int]

FILE_MODE = 0o600
PART = ".part"  # of a name: not whole yet
CHECKED_AT_OPENING_MAX = 8 << 20  # bytes of an array; a larger one is checked by `check`, beside all else
_ALIGNED = 64
_END = struct.Struct("<IIQ")  # length of the table, its checksum, and the mark
_MARK = int.from_bytes(b"arrays01", "little")
_TABLE_BYTES_MAX = 1 << 16
_READ_BYTES = 1 << 20


class Damaged(Exception):
    """A file is not what was written; the text says why."""


def write(path: Path, shapes: Mapping[str, Shape], pieces: Iterable[tuple[str, Array]]) -> None:
    """Write arrays of known shapes, given piece by piece, under a name that only a whole file ever has."""
    aside = path.with_name(path.name + PART)
    with open(aside, "wb", opener=private) as stream:
        try:
            _fill(stream.fileno(), shapes, pieces)
            os.fsync(stream.fileno())
            aside.rename(path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise


def write_whole(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write arrays that are at hand."""
    write(path, {name: (array.dtype, len(array)) for name, array in arrays.items()}, arrays.items())


def mapped(path: Path) -> dict[str, Array]:
    """The arrays of a file, read as they are used; raises Damaged, and OSError where it cannot be opened."""
    with open(path, "rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        if size < _END.size:
            raise Damaged("it is too short")
        content = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    arrays = {}
    for name, (dtype, count, offset, checksum) in _table(content).items():
        arrays[name] = array = np.frombuffer(content, np.dtype(dtype), count, offset)
        if array.nbytes <= CHECKED_AT_OPENING_MAX and zlib.crc32(array.data) != checksum:
            raise Damaged(f"its {name} changed")
    return arrays


def check(path: Path) -> None:
    """Read a whole file without mapping it; raises Damaged where an array is not what was written."""
    with open(path, "rb") as stream:
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            table = _table(content)
        for name, (dtype, count, offset, checksum) in table.items():
            if _checksum(stream.fileno(), offset, np.dtype(dtype).itemsize * count) != checksum:
                raise Damaged(f"its {name} changed")


def replace(path: Path, content: bytes) -> None:
    """Put a small file in the place of another one, at once and for good."""
    aside = path.with_name(path.name + PART)
    with open(aside, "wb", opener=private) as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)
    sync_folder(path.parent)


def private(path: str, flags: int) -> int:
    """Opens a file that only its owner may read, for `open`."""
    return os.open(path, flags, FILE_MODE)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder outlive a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _fill(file: int, shapes: Mapping[str, Shape], pieces: Iterable[tuple[str, Array]]) -> None:
    table: dict[str, list[Any]] = {}
    at: dict[str, int] = {}
    end = 0
    for name, (dtype, count) in shapes.items():
        at[name] = end = -(-end // _ALIGNED) * _ALIGNED
        table[name] = [dtype.str, count, end, 0]
        end += dtype.itemsize * count
    for name, piece in pieces:
        whole = np.ascontiguousarray(piece, shapes[name][0])
        _put(file, whole, at[name])
        at[name] += whole.nbytes
        table[name][3] = zlib.crc32(whole.data, table[name][3])
    told = json.dumps(table).encode()
    _put(file, np.frombuffer(told + _END.pack(len(told), zlib.crc32(told), _MARK), np.uint8), end)


def _put(file: int, array: Array, offset: int) -> None:
    left = array.data.cast("B") if array.nbytes else memoryview(b"")
    while left:
        written = os.pwrite(file, left, offset)
        left, offset = left[written:], offset + written


def _table(content: mmap.mmap) -> dict[str, tuple[str, int, int, int]]:
    """What the end of a file says of its arrays, every one of which lies inside."""
    end = len(content) - _END.size
    length, checksum, mark = _END.unpack(content[end:])
    if mark != _MARK or length > min(end, _TABLE_BYTES_MAX):
        raise Damaged("its end is missing")
    told = content[end - length : end]
    if zlib.crc32(told) != checksum:
        raise Damaged("its table changed")
    table: dict[str, tuple[str, int, int, int]] = json.loads(told)
    return table


def _checksum(file: int, offset: int, length: int) -> int:
    checksum, end = 0, offset + length
    while offset < end:
        piece = os.pread(file, min(_READ_BYTES, end - offset), offset)
        if not piece:
            raise Damaged("it ends too early")
        checksum = zlib.crc32(piece, checksum)
        offset += len(piece)
    return checksum
