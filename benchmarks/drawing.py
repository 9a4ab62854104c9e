"""A curve as a picture. The same points give the same bytes: nothing in it depends on when it was drawn."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

_STYLE = {"svg.hashsalt": "versioned_serde", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10}
_MARKERS = "osD^"


def picture(
    name: str, title: str, x: str, y: str, points: Sequence[int], lines: Mapping[str, Sequence[float]], straight: bool
) -> str:
    """As SVG. The arguments are the attributes of `curves.Drawn`."""
    with rc_context(_STYLE):
        figure = Figure(figsize=(7, 4), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        for marker, (label, figures) in zip(_MARKERS, lines.items(), strict=False):
            axes.plot(points, figures, marker=marker, markersize=4, label=label)
        if straight:
            axes.set_ylim(bottom=0)
        else:
            axes.set_xscale("log")
            axes.set_yscale("log")
        axes.set_xticks(points, [f"{point:,}" for point in points])
        axes.minorticks_off()
        axes.set(title=title, xlabel=x, ylabel=y)
        axes.grid(alpha=0.3)
        axes.legend()
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    # Its lines end in spaces, at which editors and hooks would take offence.
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
