"""The report's plots as SVG text without names of fonts or places outside; words in them are codes and English."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

LEVELS = ("topic", "domain")
STYLE: dict[Any, Any] = {"svg.fonttype": "none", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False}
NO_METADATA = {"Creator": None, "Date": None, "Format": None, "Type": None}


def calibration(models: Sequence[dict[str, Any]]) -> str:
    """Share of right answers against confidence: topic left, domain right; a model that knows itself is diagonal."""
    with mpl.rc_context(STYLE | {"svg.hashsalt": "calibration"}):
        figure, axes = _pair("confidence", "right")
        for axis, level in zip(axes, LEVELS, strict=True):
            axis.plot([0, 1], [0, 1], color="#999", linewidth=0.8, linestyle="--")
            for model in models:
                bins = model["calibration"][level]["bins"]
                axis.plot(
                    [b["confidence"] for b in bins],
                    [b["right"] for b in bins],
                    marker="o",
                    markersize=3,
                    label=f"{model['name']}  ECE {model['calibration'][level]['ece']:.3f}",
                )
            axis.legend(frameon=False, fontsize=8)
        return _svg(figure)


def coverage(models: Sequence[dict[str, Any]]) -> str:
    """Share of right answers among the surest part of the messages, against the size of that part."""
    with mpl.rc_context(STYLE | {"svg.hashsalt": "coverage"}):
        figure, axes = _pair("coverage", "precision")
        for axis, level in zip(axes, LEVELS, strict=True):
            axis.axhline(0.98, color="#999", linewidth=0.8, linestyle="--")
            for model in models:
                axis.plot(*zip(*model["coverage"][level], strict=True), label=model["name"])
            axis.set_ylim(min(0.6, *(min(y for _, y in m["coverage"][level]) for m in models)), 1.005)
            axis.legend(frameon=False, fontsize=8)
        return _svg(figure)


def confusion(matrix: dict[str, Any]) -> str:
    """Heat map, the true topic down, the answer across; each row as shares of its messages."""
    counts = np.array(matrix["counts"], dtype=np.float64)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    codes = matrix["codes"]
    with mpl.rc_context(STYLE | {"svg.hashsalt": "confusion", "font.size": 7}):
        figure = Figure(figsize=(9, 8.4), layout="constrained")
        axis = figure.add_subplot()
        image = axis.imshow(shares, cmap="Blues", vmin=0, vmax=1, interpolation="none")
        axis.set_xticks(range(len(codes)), codes, rotation=90)
        axis.set_yticks(range(len(codes)), codes)
        axis.set_xlabel("answer")
        axis.set_ylabel("label")
        figure.colorbar(image, shrink=0.5)
        return _svg(figure)


def _pair(x: str, y: str) -> tuple[Figure, list[Axes]]:
    figure = Figure(figsize=(9, 3.8), layout="constrained")
    axes = list(figure.subplots(1, 2))
    for axis, level in zip(axes, LEVELS, strict=True):
        axis.set_title(level)
        axis.set_xlabel(x)
        axis.set_ylabel(y)
    return figure, axes


def _svg(figure: Figure) -> str:
    """The <svg> element alone: no XML head, document type or metadata."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata=NO_METADATA)
    text = out.getvalue()
    return text[text.index("<svg") :]
