"""A picture of how long a question takes as the corpus grows."""

from collections.abc import Mapping, Sequence
from pathlib import Path

Curve = Sequence[tuple[int, float, float]]  # passages, and the milliseconds at p50 and p95


def draw(curves: Mapping[str, Curve], path: Path) -> None:
    """One line an engine at p50, and a thin one at p95, both axes logarithmic."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "search", "font.size": 9})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.2))
    for name, curve in curves.items():
        sizes, middle, late = zip(*curve, strict=True)
        (line,) = axes.plot(sizes, middle, marker="o", label=name)
        axes.plot(sizes, late, linewidth=0.7, linestyle="--", color=line.get_color())
    axes.set(xscale="log", yscale="log", xlabel="passages", ylabel="ms a question, best 10 (dashed: p95)")
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
