"""The week of a topic as a picture, drawn by matplotlib, the extra `charts`; without it there is none.

Runs in a worker. Its ground is opaque and its words stand on it, so that it reads alike on a dark and a light screen;
outlets are told apart by hatching and by name, not by colour alone.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from io import BytesIO
from typing import Any

GROUND, INK, FAINT = "#f4f1ea", "#1b1f24", "#8a8578"
# Okabe and Ito's colours, told apart also by most who see few of them; then grey for all others.
FILLS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#5f5f5f", "#bdbdbd")
HATCHES = ("", "//", "..", "xx", "\\\\", "++", "oo", "--", "**")
INCHES, DOTS_AN_INCH = (5.0, 4.5), 256  # of type as large as it is on a phone, which shows it a third as wide
LABEL_CHARACTERS_MAX = 24
OWN_FACE = "DejaVu Sans"  # comes with matplotlib
BOXES = "Last Resort"  # the faces that hold a box for every letter


def available() -> bool:
    """Whether the extra is installed."""
    return find_spec("matplotlib") is not None


def drawn(title: str, days: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]], numbered: str) -> bytes:
    """A PNG of stacked bars, a bar a day, a stretch an outlet, its name in the legend; each day's sum above.

    A name in letters that no installed font holds is `numbered`, as its row of the caption's table.
    """
    from matplotlib import rc_context  # the extra: half a second that few processes need

    faces, unheld = _faces(frozenset("".join([title, *days, *(name for name, _ in rows)])))
    named = [(numbered.format(n=n) if unheld & set(name) else name, counts) for n, (name, counts) in enumerate(rows, 1)]
    with rc_context({"font.family": list(faces)}):
        return _drawn("" if unheld & set(title) else title, days, named)


@lru_cache(maxsize=8)
def _faces(letters: frozenset[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """The fewest faces found that hold these letters, the usual one first; and the letters that none holds."""
    from matplotlib.font_manager import findfont, fontManager

    chosen, unheld = [OWN_FACE], letters - _held(findfont(OWN_FACE), letters)
    plain = [face for face in fontManager.ttflist if unheld and face.style == "normal" and BOXES not in face.name]
    found = {face.name: held for face in plain if (held := _held(face.fname, unheld, face.index))}
    while found and (best := max(found, key=lambda name: len(found[name] & unheld))) and found[best] & unheld:
        chosen.append(best)
        unheld -= found[best]
    return tuple(chosen), unheld


def _held(file: str, letters: frozenset[str], face: int = 0) -> frozenset[str]:
    """Those of the letters that a face of a font's file holds; none where it cannot be read."""
    from matplotlib.ft2font import FT2Font

    try:
        held = FT2Font(file, face_index=face).get_charmap()
    except (OSError, RuntimeError):
        return frozenset()
    return frozenset(letter for letter in letters if ord(letter) in held or letter.isspace())


def _drawn(title: str, days: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=INCHES, dpi=DOTS_AN_INCH, facecolor=GROUND, layout="constrained")
    canvas, axes = FigureCanvasAgg(figure), figure.add_subplot(facecolor=GROUND)
    below = [0] * len(days)
    for n, (name, counts) in enumerate(rows):
        style: dict[str, Any] = {"color": FILLS[n % len(FILLS)], "hatch": HATCHES[n % len(HATCHES)]}
        axes.bar(range(len(days)), counts, bottom=below, width=0.72, edgecolor=INK, linewidth=0.8, label=name, **style)
        below = [under + count for under, count in zip(below, counts, strict=True)]
    for at, total in enumerate(below):
        axes.annotate(str(total), (at, total), (0, 3), textcoords="offset points", ha="center", color=INK, fontsize=11)
    _dress(axes, title, days, max(below, default=0))
    if rows:
        figure.legend(loc="outside lower center", ncols=2, fontsize=10, frameon=False, labelcolor=INK)
    picture = BytesIO()
    canvas.print_png(picture)
    return picture.getvalue()


def _dress(axes: Any, title: str, days: Sequence[str], most: int) -> None:
    axes.set_title(_plain(title), color=INK, fontsize=13, loc="left", pad=10)
    axes.set_xticks(range(len(days)), days)
    axes.set_ylim(0, max(most, 1) * 1.15)
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.tick_params(colors=INK, labelsize=10.5, length=0)
    axes.grid(axis="y", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)
    for name, side in axes.spines.items():
        side.set_visible(name == "bottom")
        side.set_color(INK)


def _plain(words: str) -> str:
    """Words as words: a dollar sign begins no formula."""
    return words.replace("$", r"\$")


def label(name: str) -> str:
    """A name short enough for the legend; an underscore in front would hide it there."""
    short = name if len(name) <= LABEL_CHARACTERS_MAX else name[: LABEL_CHARACTERS_MAX - 1].rstrip() + "…"
    return _plain(short if not short.startswith("_") else f" {short}")
