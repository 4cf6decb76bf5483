"""The week's figures: counted right, shown in full, drawn so that they can be read on any ground."""

import struct
from datetime import UTC, date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import charts
from bot.coverage import DAYS, OUTLETS_MAX, counted
from bot.messages import coverage as pages
from bot.messages.phrases import spoken
from bot.messages.view import View
from tests.build import NOON

WEEK = tuple(date(2026, 11, 16) + timedelta(days=n) for n in range(DAYS))
VIEW = View(spoken("en"), NOON, "bot", UTC)
DAY_NAMES = pages.day_names(counted(None, WEEK, []), VIEW)
UNHELD = "\U0010fffd"  # private use: no font's letter
CONTRAST_MIN = 4.5  # WCAG 2.2, 1.4.3
PRINTED = st.lists(
    st.tuples(
        st.none() | st.sampled_from([f"Outlet {n}" for n in range(12)]) | st.text(min_size=1, max_size=40),
        st.sampled_from([*WEEK, date(2026, 11, 1)]),
    ),
    max_size=60,
)


@settings(max_examples=20)
@given(PRINTED)
def test_every_article_of_the_week_is_counted_once_and_the_caption_carries_all_figures(
    printed: list[tuple[str | None, date]],
) -> None:
    week = counted("bridge", WEEK, printed)
    within = [each for each in printed if each[1] in WEEK]
    assert week.total == len(within) == sum(row.total for row in week.every)
    assert week.totals == tuple(sum(day == each[1] for each in within) for day in WEEK)
    assert len(week.rows) <= OUTLETS_MAX
    assert week.outlets == len({each[0] for each in within if each[0]}) + (week.others is not None and _unnamed(week))
    message = pages.week(week, VIEW, b"picture")
    if not within:
        assert message.photo is None
        return
    assert message.photo is not None
    assert message.markup.fits_caption
    lines = message.markup.text.splitlines()[2:-2]
    assert [_figures(line) for line in lines] == [[*row.counts, row.total] for row in week.every]


def _unnamed(week: object) -> bool:
    """Whether articles without an outlet are among the others."""
    return week.outlets > 0 and None not in {row.outlet for row in week.rows}  # type: ignore[attr-defined]


def _figures(line: str) -> list[int]:
    return [0 if figure == "·" else int(figure) for figure in line.split()[-DAYS - 1 :]]


def test_a_table_is_as_wide_as_a_phone() -> None:
    week = counted("bridge", WEEK, [("Velm Post", WEEK[6])] * 120 + [("A harbour paper of long name", WEEK[0])])
    lines = pages.table(week, VIEW)
    assert {len(line) for line in lines} == {35}
    assert lines[0].startswith("outlet ")
    assert lines[1].startswith("Velm Post")
    assert lines[2].startswith("A harbour…")


def test_a_picture_is_opaque_and_its_words_stand_out_from_its_ground() -> None:
    pytest.importorskip("matplotlib")
    rows = [("Velm Post $x$", [1, 0, 2, 3, 0, 4, 1]), (charts.label("_Ostra"), [0, 2, 0, 0, 1, 0, 0])]
    picture = charts.drawn("Bridge $", DAY_NAMES, rows, "row {n}")
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == (1280, 1152)
    corner = _pixels(picture)[0]
    assert corner == (*bytes.fromhex(charts.GROUND[1:]), 255)
    assert _contrast(charts.INK, charts.GROUND) >= CONTRAST_MIN


def test_a_name_that_no_font_holds_is_the_row_of_its_table_and_never_boxes() -> None:
    pytest.importorskip("matplotlib")
    days = [1, 0, 2, 3, 0, 4, 1]
    boxed = charts.drawn(f"Bridge {UNHELD}", DAY_NAMES, [("Velm", days), (f"{UNHELD} Post", days)], "row {n}")
    assert boxed == charts.drawn("", DAY_NAMES, [("Velm", days), ("row 2", days)], "row {n}")


def test_bars_beside_each_other_differ_without_colour() -> None:
    assert all(one != other for one, other in pairwise(charts.HATCHES))
    assert len(charts.HATCHES) == len(charts.FILLS) == OUTLETS_MAX + 1


def _pixels(picture: bytes) -> list[tuple[int, ...]]:
    from io import BytesIO

    from matplotlib.image import imread

    row = imread(BytesIO(picture), format="png")[0]
    return [tuple(round(255 * float(part)) for part in pixel) for pixel in row[:3]]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in bytes.fromhex(colour[1:])]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
