"""How numbers are drawn by script: figures as plain dicts for Plotly. What is counted: queries.py.

Colours are names of tokens (static/css/tokens.css); the script puts the reader's own in their place.
"""

from html import escape
from typing import Any

from summary.queries import STAGES, CrossTable

# A longer label would leave no room for its bar; the table beside it has it in full.
LONGEST_LABEL = 40
# Up to this many cases in a bar, each has its line on the axis: there is no half a case.
COUNTED_ONE_BY_ONE = 10
# Shape beside colour, so that stages differ in print, in grey and in forced colours.
PATTERNS = {"awaiting": ".", "underway": "/", "identified": "x", "decided": "", "": "-"}


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
                "marker": {
                    "color": f"--stage-{stage}" if stage else "--text-quiet",
                    "pattern": {
                        "shape": PATTERNS[stage],
                        "fillmode": "overlay",
                        "fgcolor": "--surface",
                        "size": 6,
                        "solidity": 0.2,
                    },
                },
                "hovertemplate": f"%{{x}} · {label}<extra></extra>",
            }
            for number, (stage, label) in enumerate(STAGES)
        ],
        "layout": {
            "barmode": "stack",
            "bargap": 0.25,
            "dragmode": False,
            "font": {"color": "--text", "size": 13},
            "paper_bgcolor": "transparent",
            "plot_bgcolor": "transparent",
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
            "margin": {"l": 8, "r": 8, "t": 8, "b": 40},
            "xaxis": {
                "title": {"text": "Open cases"},
                "gridcolor": "--line",
                "rangemode": "tozero",
                "fixedrange": True,
                "automargin": True,
                "minallowed": 0,
                "tickformat": "d",
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
