"""A measured figure with its aim, and the table in which all of them are printed. Knows no Django."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles


@dataclass(frozen=True)
class Figure:
    """One line of the table. `spread` says between which values nine in ten of those measured lay."""

    what: str
    value: float
    unit: str
    aim: float | None = None
    spread: tuple[float, float] | None = None
    note: str = ""
    database: str = ""

    @property
    def verdict(self) -> str:
        """Whether the aim is met, in words; a figure without an aim is there to compare with."""
        if self.aim is None:
            return "-"
        if self.value <= self.aim:
            return "meets"
        return f"misses: {said(self.value)} {self.unit}, aim {said(self.aim)}"


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which so many percent of the values lie."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]


def spread(values: Sequence[float]) -> tuple[float, float]:
    """Between which values nine in ten lie."""
    return percentile(values, 5), percentile(values, 95)


def said(value: float) -> str:
    """A number as people read it: three digits are enough."""
    return f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.1f}"


def keep(figures: Sequence[Figure], path: Path) -> None:
    """Writes the figures where `read` finds them, after those that are there."""
    with path.open("a") as file:
        file.writelines(json.dumps(asdict(figure)) + "\n" for figure in figures)


def read(path: Path) -> list[Figure]:
    """The figures that were kept; none where no measure was for that database."""
    if not path.exists():
        return []
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [Figure(**(line | {"spread": line["spread"] and tuple(line["spread"])})) for line in lines]


def table(figures: Sequence[Figure]) -> str:
    """All figures, one a line, with what they were to be."""
    rows = [("what", "database", "measured", "9 of 10 in", "aim", "", "")]
    rows += [_row(figure) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, (*widths, 0), strict=True)) for row in rows
    ]
    missed = sum(figure.verdict.startswith("misses") for figure in figures)
    aimed = sum(figure.aim is not None for figure in figures)
    return "\n".join(["", *(line.rstrip() for line in lines), "", f"{aimed - missed} of {aimed} aims met."])


def _row(figure: Figure) -> tuple[str, str, str, str, str, str, str]:
    between = f"{said(figure.spread[0])} to {said(figure.spread[1])}" if figure.spread else ""
    aim = "" if figure.aim is None else f"at most {said(figure.aim)}"
    measured = f"{said(figure.value)} {figure.unit}"
    return figure.what, figure.database, measured, between, aim, figure.verdict, figure.note
