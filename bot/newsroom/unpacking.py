"""Bodies unpacked piece by piece, so that a compression bomb costs no more than the bound says."""

import zlib
from collections.abc import Iterator

PIECE_BYTES_MAX = 65_536  # unpacked at once
KNOWN = ("gzip", "x-gzip", "deflate", "identity", "")


class Unpackable(Exception):
    """A body is not packed as it says."""


class Unpacking:
    """One body's way from the wire: packed pieces in, unpacked pieces of bounded size out."""

    def __init__(self, coding: str) -> None:
        coding = coding.strip().lower()
        if coding not in KNOWN:
            raise Unpackable(f"the body is packed as {coding[:40]!r}, which was not asked for")
        self._coding = coding
        self._unpacker = self._begun(zlib.MAX_WBITS)

    def pieces(self, packed: bytes) -> Iterator[bytes]:
        """What a packed piece holds, at most `PIECE_BYTES_MAX` at a time."""
        if self._unpacker is None:
            yield packed
            return
        while packed:
            if self._unpacker.eof:  # gzip may be several members, one after the other
                self._unpacker = self._begun(zlib.MAX_WBITS)
                assert self._unpacker is not None
            yield self._unpack(packed)
            packed = self._unpacker.unconsumed_tail or self._unpacker.unused_data

    def _unpack(self, packed: bytes) -> bytes:
        assert self._unpacker is not None
        try:
            return self._unpacker.decompress(packed, PIECE_BYTES_MAX)
        except zlib.error:
            if self._coding != "deflate":
                raise Unpackable("the body is not packed as it says") from None
        self._coding = "bare deflate"  # what some servers send under the name
        self._unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            return self._unpacker.decompress(packed, PIECE_BYTES_MAX)
        except zlib.error:
            raise Unpackable("the body is not packed as it says") from None

    def _begun(self, bits: int) -> "zlib._Decompress | None":
        if self._coding in ("identity", ""):
            return None
        return zlib.decompressobj(bits if self._coding == "deflate" else bits | 16)
