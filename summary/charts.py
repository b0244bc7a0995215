"""How numbers are drawn by script: figures as plain dicts for Plotly. What is counted: queries.py.

Colours are names of tokens (static/css/tokens.css); the script puts the reader's own in their place.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from summary.flow import Stood
from summary.queries import STAGES, CrossTable, Numbers

# Plotly makes two style elements by script; the browser lets exactly these two contents pass. A new
# release of Plotly may change the second: tests/browser/test_summary_chart.py then says so.
FOR_PLOTLY = {
    "style-src": [
        "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
        "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='",
    ]
}
# A longer label would leave no room for its bar; the table beside it has it in full.
LONGEST_LABEL = 40
# Up to this many cases in a bar, each has its line on the axis: there is no half a case.
COUNTED_ONE_BY_ONE = 10
# Shape beside colour, so that stages differ in print, in grey and in forced colours.
PATTERNS = {"awaiting": ".", "underway": "/", "identified": "x", "decided": "", "": "-"}


# What a figure has in common with the others: the page's own type and colours, no gestures.
FRAME: dict[str, Any] = {
    "dragmode": False,
    "font": {"color": "--text", "size": 13},
    "paper_bgcolor": "transparent",
    "plot_bgcolor": "transparent",
    "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
    "margin": {"l": 8, "r": 8, "t": 8, "b": 40},
}
CASES_AXIS: dict[str, Any] = {
    "gridcolor": "--line",
    "rangemode": "tozero",
    "fixedrange": True,
    "automargin": True,
    "minallowed": 0,
    "tickformat": "d",
}
# In the order of the bars; the key of the ledger, what it says, its colour and its shape.
FATE_BARS = (
    ("closed", "Expected and closed", "--stage-decided", ""),
    ("slipped", "Still to close", "--stage-identified", "x"),
    ("back", "Gone back or left", "--stage-awaiting", "."),
    ("unexpected", "Closed unexpectedly", "--stage-underway", "/"),
)


def _marker(colour: str, shape: str) -> dict[str, Any]:
    """A colour and, beside it, a pattern."""
    return {
        "color": colour,
        "pattern": {
            "shape": shape, "fillmode": "overlay", "fgcolor": "--surface", "size": 6, "solidity": 0.2,
        },
    }  # fmt: skip


def closures_figure(months: Sequence[tuple[date, Mapping[str, int]]]) -> dict[str, Any]:
    """Month by month, what became of the expected closures, and beside it what closed unexpectedly."""
    names = [f"{month:%b %Y}" for month, _ in months]

    def cases(fate: str) -> list[int]:
        parts = ("back", "left") if fate == "back" else (fate,)
        return [sum(told.get(part, 0) for part in parts) for _, told in months]

    return {
        "data": [
            {
                "type": "bar",
                "name": label,
                "x": names,
                "y": cases(fate),
                "offsetgroup": "unexpected" if fate == "unexpected" else "expected",
                "marker": _marker(colour, shape),
                "hovertemplate": f"%{{y}} · {label}<extra></extra>",
            }
            for fate, label, colour, shape in FATE_BARS
        ],
        "layout": {
            **FRAME,
            "barmode": "stack",
            "bargap": 0.35,
            "xaxis": {"type": "category", "fixedrange": True, "tickcolor": "transparent"},
            "yaxis": {**CASES_AXIS, "title": {"text": "Cases"}},
        },
    }


def durations_figure(durations: Numbers) -> dict[str, Any]:
    """How long plans have been open: a bar for each band."""
    return {
        "data": [
            {
                "type": "bar",
                "x": [line.label for line in durations.lines],
                "y": [line.cases for line in durations.lines],
                "marker": _marker("--accent", ""),
                "hovertemplate": "%{y} · %{x}<extra></extra>",
            }
        ],
        "layout": {
            **FRAME,
            "bargap": 0.35,
            "xaxis": {
                "type": "category",
                "fixedrange": True,
                "tickcolor": "transparent",
                "automargin": True,
                "title": {"text": "Months since CIN start"},
            },
            "yaxis": {**CASES_AXIS, "title": {"text": "Open cases"}},
        },
    }


def flow_figure(over_time: Sequence[Stood]) -> dict[str, Any]:
    """The stages over time as areas on top of each other, those nearest to closing at the bottom."""
    days = [stood.day.isoformat() for stood in over_time]
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "stackgroup": "stages",
                "name": label,
                "x": days,
                "y": [stood.cases[place] for stood in over_time],
                "line": {"color": f"--stage-{stage}" if stage else "--text-quiet", "width": 1},
                "fillpattern": {
                    "shape": PATTERNS[stage], "fillmode": "replace", "size": 6, "solidity": 0.35,
                },
                "hovertemplate": f"%{{y}} · {label}<extra></extra>",
            }
            for place, (stage, label) in reversed(list(enumerate(STAGES)))
        ],
        "layout": {
            **FRAME,
            "legend": {**FRAME["legend"], "traceorder": "reversed"},
            "hovermode": "x unified",
            "hoverlabel": {"bgcolor": "--surface", "font": {"color": "--text"}},
            "xaxis": {"type": "date", "fixedrange": True, "tickformat": "%b %Y", "gridcolor": "--line"},
            "yaxis": {**CASES_AXIS, "title": {"text": "Open cases"}},
        },
    }  # fmt: skip


def stage_by_need_figure(table: CrossTable) -> dict[str, Any]:
    """What is needed as bars, each stacked of its stages: `data` and `layout` for Plotly."""
    places = list(range(len(table.lines)))
    longest = max(line.total.cases for line in table.lines)
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "name": label,
                "x": [line.stages[number].cases for line in table.lines],
                "y": places,
                "marker": _marker(f"--stage-{stage}" if stage else "--text-quiet", PATTERNS[stage]),
                "hovertemplate": f"%{{x}} · {label}<extra></extra>",
            }
            for number, (stage, label) in enumerate(STAGES)
        ],
        "layout": {
            **FRAME,
            "barmode": "stack",
            "bargap": 0.25,
            "xaxis": {
                **CASES_AXIS,
                "title": {"text": "Open cases"},
                "dtick": 1 if longest <= COUNTED_ONE_BY_ONE else None,
            },
            "yaxis": {
                "autorange": "reversed",
                "tickvals": places,
                "ticks": "outside",
                "ticklen": 6,
                "tickcolor": "transparent",
                "ticktext": [_plain(line.label) for line in table.lines],
                "fixedrange": True,
                "automargin": True,
            },
        },
    }


def _plain(label: str) -> str:
    """The label as text: Plotly would read tags in it, and an imported word may hold anything."""
    if len(label) > LONGEST_LABEL:
        label = label[: LONGEST_LABEL - 1] + "…"
    return escape(label, quote=False)
