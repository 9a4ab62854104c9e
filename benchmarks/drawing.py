"""A curve as a picture. The same points give the same bytes: nothing in it depends on when it was drawn."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

_MARKERS = "osD^"


def picture(
    name: str,
    title: str,
    x: str,
    y: str,
    points: Sequence[int],
    lines: Mapping[str, Sequence[float]],
    logarithmic: str,
    note: str = "",
) -> str:
    """As SVG, with a note below. The other arguments are the attributes of `curves.Drawn`."""
    with rc_context(
        {"svg.hashsalt": "versioned_serde", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10}
    ):
        figure = Figure(figsize=(7, 4), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        for marker, (label, figures) in zip(_MARKERS, lines.items(), strict=False):
            axes.plot(points, figures, marker=marker, markersize=4, label=label)
        for axis, scale in (("x", axes.set_xscale), ("y", axes.set_yscale)):
            if axis in logarithmic:
                scale("log")
        if "y" not in logarithmic:
            axes.set_ylim(0, 1.4 * max(max(figures) for figures in lines.values()))  # with room for the legend
        axes.set_xticks(points, [f"{point:,}" for point in points])
        axes.minorticks_off()
        axes.set(title=title, xlabel=x, ylabel=y)
        axes.grid(alpha=0.3)
        axes.legend()
        figure.supxlabel(note, fontsize=7, color="gray")
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    # Its lines end in spaces, at which editors and hooks would take offence.
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
