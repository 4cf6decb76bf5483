"""What Telegram's server does to the characters of a text before it stores a message.

The one place where that table is written: the local server applies it, and a quote that it would
change is sent as a document instead. It does not trim: Telegram trims whole messages, not quotes.

Source: TDLib's `clean_input_string`, `replace_offending_characters` and `strip_empty_characters`.
"""

import re

SPACE = " "
LINE_FEED = 0x0A
CARRIAGE_RETURN = 0x0D

#: Code point -> its replacement, or None where the character goes.
CLEANED: dict[int, str | None] = {
    **{code: SPACE for code in range(0x20) if code != LINE_FEED},
    CARRIAGE_RETURN: None,
    # Line and paragraph separators, and the characters that embed or override a direction.
    **dict.fromkeys(range(0x2028, 0x202F)),
    # Combining marks that can draw a vertical line: ring above, double low line, double overline.
    **dict.fromkeys((0x030A, 0x0333, 0x033F)),
}

_MARKS = "\u200e\u200f"
_ZERO_WIDTH_NON_JOINER = "\u200c"
_RUN_OF_MARKS = re.compile(f"[{_MARKS}]+(?=[{_MARKS}])")

_DRAWN_AS_SPACE = re.compile("[\u1680\u180e\u2000-\u200a\u202e\u202f\u205f\u2800\u3000\ufffc\U000e0000-\U000e007f]")
_DRAWN_AS_NOTHING = re.compile("[ \n\u200b-\u200f\u202e\ufeff\u00a0]*")


def cleaned(text: str) -> str:
    """`text` as Telegram stores it: control characters become spaces, CR and direction overrides go.

    Of a run of direction marks only the last stays one; the others become zero-width non-joiners.
    """
    return without_runs_of_marks(text.translate(CLEANED))


def without_runs_of_marks(text: str) -> str:
    """`text` with all but the last of neighbouring direction marks made harmless; its length stays."""
    return _RUN_OF_MARKS.sub(lambda run: _ZERO_WIDTH_NON_JOINER * len(run.group()), text)


def is_blank(text: str) -> bool:
    """Whether Telegram takes `text` for empty: it holds only characters that draw nothing."""
    return _DRAWN_AS_NOTHING.fullmatch(_DRAWN_AS_SPACE.sub(SPACE, text)) is not None
