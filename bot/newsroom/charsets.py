"""Bytes from the web into text, whatever the server and the page say of their encoding."""

import codecs
import re

DECLARED_BYTES_MAX = 2_048  # of a page, searched for its own word on the encoding
IN_PAGE = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
IN_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Pages that say the first mean the second (WHATWG Encoding).
MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932"}
LAST_RESORT = "cp1252"


def in_header(content_type: str) -> str | None:
    """The charset that a `Content-Type` names."""
    found = IN_HEADER.search(content_type)
    return found[1] if found else None


def decoded(content: bytes, declared: str | None = None) -> str:
    """The text: by its byte order mark, else as UTF-8 where it is, else as header or page say; nothing is lost.

    What decodes as UTF-8 beyond ASCII is UTF-8, whatever is declared: nothing else looks like it by chance.
    """
    for mark, name in MARKS:
        if content.startswith(mark):
            return content.decode(name, errors="replace")
    in_page = IN_PAGE.search(content[:DECLARED_BYTES_MAX])
    names = [name for name in (declared, in_page[1].decode() if in_page else None) if name]
    for name in names if content.isascii() else ["utf-8", *names]:
        if (text := _strictly(content, name)) is not None:
            return text
    return content.decode(LAST_RESORT, errors="replace")


def _strictly(content: bytes, name: str) -> str | None:
    try:
        known = codecs.lookup(name).name
        text = content.decode(MEANT.get(known, known))
    except (LookupError, ValueError):  # unknown, or not these bytes
        return None
    return text if isinstance(text, str) else None
