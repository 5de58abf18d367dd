"""The report for people: one table for the terminal, and one HTML page that needs nothing from outside."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.template import Context, Engine
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from classifier.evaluation import plots
from classifier.evaluation.figures import Figures
from classifier.evaluation.report import Report
from classifier.labels import all_labels

Row = tuple[str, list[str]]
COMPARED = (
    (_("Topic"), "topic"),
    (_("Domain"), "domain"),
    (_("First or second label"), "first_or_second"),
    (_("Label among the first three"), "top3"),
)


def percent(figure: Figures | None) -> str:
    """A share of `figures.py` as per cent with its interval, a dash where there is none."""
    if figure is None or figure["value"] is None:
        return "—"
    low, high = figure["interval"]
    return f"{100 * figure['value']:.1f} ({100 * low:.1f}–{100 * high:.1f})"


def _error(level: str) -> Callable[[Figures], str]:
    return lambda m: f"{m['calibration'][level]['ece']:.3f}" if "calibration" in m else "—"


def _of(*path: str) -> Callable[[Figures], str]:
    def cell(model: Figures) -> str:
        value: Any = model
        for name in path:
            value = value.get(name) if value else None
        return percent(value)

    return cell


ROWS: tuple[tuple[Any, Callable[[Figures], str]], ...] = (
    (_("Messages"), lambda m: str(m["messages"])),
    (_("Topic"), _of("topic")),
    (_("Domain"), _of("domain")),
    (_("First or second label"), _of("first_or_second")),
    (_("Label among the first three"), _of("top3")),
    (_("Topic, macro-F1"), _of("macro_f1_topic")),
    (_("Domain, macro-F1"), _of("macro_f1_domain")),
    (_("Topic, calibration error"), _error("topic")),
    (_("Domain, calibration error"), _error("domain")),
    (_("Routed without a person"), _of("routed", "share")),
    (_("Of these right in domain"), _of("routed", "domain")),
    (_("U1/U2 found"), _of("urgency", "recall")),
    (_("U1/U2 false alarms"), _of("urgency", "false_alarms")),
    (_("Urgency level"), _of("urgency", "same_level")),
    (_("Intent"), _of("intent")),
)


def main_table(models: Sequence[Figures]) -> list[Row]:
    """A row for each figure, a cell for each model; rows that no model fills are left out. Per cent, 95 % intervals."""
    rows = [(str(name), [cell(model) for model in models]) for name, cell in ROWS]
    return [(name, cells) for name, cells in rows if any(cell != "—" for cell in cells)]


def comparison_table(comparisons: Sequence[Figures]) -> list[Row]:
    """Differences in points, with interval and p; a cell for each model compared with."""

    def cell(figure: Figures) -> str:
        low, high = figure["interval"]
        return f"{100 * figure['difference']:+.1f} ({100 * low:+.1f}…{100 * high:+.1f}), p {figure['p']:.2g}"

    return [(str(name), [cell(c[key]) for c in comparisons]) for name, key in COMPARED]


def as_text(head: Sequence[str], rows: Sequence[Row]) -> str:
    """Aligned columns; a Chinese character takes two places."""
    lines = [["", *head], *([name, *cells] for name, cells in rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    padded = ([cell + " " * (w - _width(cell)) for cell, w in zip(line, widths, strict=True)] for line in lines)
    return "\n".join("  ".join(line).rstrip() for line in padded)


def as_page(report: Report) -> str:
    """The HTML page."""
    models = report["models"]
    drawn = [m for m in models if m["messages"]]
    names = {code: label.name for code, label in all_labels().items()}
    context = {
        "report": report,
        "models": models,
        "main": main_table(models),
        "compared_with": [c["theirs"] for c in report["comparisons"]],
        "comparisons": comparison_table(report["comparisons"]),
        "details": [_detail(m, names) for m in drawn[: report["served"]]],
        "calibration": mark_safe(plots.calibration(drawn)) if drawn else "",  # noqa: S308 (our own plots)
        "coverage": mark_safe(plots.coverage(drawn)) if drawn else "",  # noqa: S308
    }
    if report["cross_validation"]:
        folded = report["cross_validation"]["models"]
        context["folded"] = {"models": folded, "main": main_table(folded)}
    engine = Engine(dirs=[str(Path(__file__).with_name("templates"))])
    return engine.get_template("report.html").render(Context(context))


def _detail(model: Figures, names: dict[str, str]) -> dict[str, Any]:
    return {
        "name": model["name"],
        "version": model["version"],
        "topics": [row | {"name": names[row["code"]]} for row in model["by_topic"]],
        "confusion": mark_safe(plots.confusion(model["matrix"])),  # noqa: S308
        "confusions": [
            row | {"label_name": names[row["label"]], "answer_name": names[row["answer"]]}
            for row in model["confusions"]
        ],
        "groups": [
            [
                [g["group"], g["messages"], *(percent(g[k]) for k in ("topic", "domain", "first_or_second", "top3")),
                 percent(g["routed"]["share"]), percent(g["routed"]["domain"])]
                for g in model[key]
            ]
            for key in ("by_source", "by_length")
        ],
    }  # fmt: skip


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
