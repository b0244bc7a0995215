"""What tests measure beside passing or failing, printed at the end of a run (docs/accessibility.md)."""

from collections import defaultdict
from collections.abc import Callable, Iterable

import pytest

# Each figure in the order of its K, and how those of several pages become one.
FIGURES: dict[str, Callable[[Iterable[float]], float]] = {
    "K1 pages and states that axe looked at": sum,
    "K1 violations": sum,
    "K2 keys beside typed text, job 1, a case with PIN and date": max,
    "K2 keys beside typed text, job 2, a row of the meeting": max,
    "K2 keys beside typed text, job 3, an expected closure opened": max,
    "K2 keys beside typed text, job 4, access given and ended": max,
    "K5 announcements per edit of another": max,
    "K6 pages measured at 320 pixels": sum,
    "K9 smallest target in pixels": min,
    "K11 worst contrast of text": min,
    "K11 worst contrast of what has the focus": min,
    "K11 worst contrast of a field's edge": min,
    "K17 reading age of what pages say": max,
}
_measured: list[tuple[str, float]] = []


def measured(figure: str, value: float) -> None:
    """Notes one value of a figure; a name that is not listed is an error."""
    assert figure in FIGURES, figure
    _measured.append((figure, value))


@pytest.fixture(autouse=True)
def figures_reach_the_report(record_property: Callable[[str, object], None]) -> Iterable[None]:
    """What a test measures goes with its report, out of a worker too."""
    _measured.clear()
    yield
    for figure, value in _measured:
        record_property(figure, value)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line a figure that this run has measured."""
    values = defaultdict(list)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "teardown":
                for name, value in report.user_properties:
                    values[name].append(value)
    told = [(name, together(values[name])) for name, together in FIGURES.items() if values[name]]
    if told:
        terminalreporter.section("figures of accessibility")
    for name, value in told:
        terminalreporter.write_line(f"{name}: {value:g}")
