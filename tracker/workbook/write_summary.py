"""The Summary tab of an export: formulas over the Tracker tab, locked, with charts. The summary
of the application is computed elsewhere; both count the same things.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tracker.workbook.headings import KEYS
from tracker.workbook.stored import letters

OPEN_STAGES = (
    "Awaiting first CIN meeting",
    "Intervention underway",
    "Identified for potential closure",
    "Decided to close",
)
EXPECTED = OPEN_STAGES[2:]
NOT_SET = "Not set"
ANY_OTHER = "Any other"
A4 = 9
_BOLD = Font(bold=True)


@dataclass(frozen=True)
class Ranges:
    """The columns of the Tracker tab as formulas name them, down to a last row."""

    last_row: int

    def __getitem__(self, key: str) -> str:
        column = letters(KEYS.index(key) + 1)
        return f"Tracker!${column}$2:${column}${self.last_row}"

    @property
    def is_open(self) -> str:
        """Give a factor of SUMPRODUCT: rows with a case whose stage is not Closed."""
        return f'((({self["pin"]}<>"")+({self["person"]}<>""))>0)*({self["stage"]}<>"Closed")'


def write_summary(
    sheet: Worksheet,
    *,
    title: str,
    stamp: str,
    last_row: int,
    needed: Sequence[str],
    difficulties: Sequence[str],
) -> None:
    """Fill the tab. Formulas count the Tracker's rows 2 to `last_row`.

    Words are compared by SUMPRODUCT: COUNTIFS would take ? and * in them for wildcards, and
    < or = at their beginning for a comparison. Texts are given as they are to be stored.
    """
    tab = _Tab(sheet, Ranges(last_row))
    sheet["A1"].font = Font(bold=True, size=14)
    tab.line(title)
    tab.line(stamp)
    tab.line("Counted from the Tracker tab. Locked, so that it is not altered by accident.")
    stages = tab.write_stages()
    tab.write_expected(stages)
    tab.write_overdue()
    needs = tab.write_words("Open cases by what is needed to progress", "needed", needed)
    tab.write_words("Open cases by difficulty", "difficulty", difficulties)
    tab.write_cross("What is needed, by stage", needed)
    tab.draw("Open cases by stage", stages, len(OPEN_STAGES) + 1, "H4")
    tab.draw("Open cases by what is needed", needs, len(needed) + 2, "H18")
    _finish(sheet)


class _Tab:
    """Writes the tab line by line, from the top."""

    def __init__(self, sheet: Worksheet, ranges: Ranges) -> None:
        self.sheet, self.ranges, self.row = sheet, ranges, 0

    def line(self, label: str, *formulas: str, bold: bool = False) -> int:
        """Write a label and formulas beside it; give the row."""
        self.row += 1
        self._label(self.row, 1, label, bold=bold)
        for column, formula in enumerate(formulas, start=2):
            self.sheet.cell(self.row, column, f"={formula}")
        return self.row

    def heading(self, *labels: str) -> None:
        """Leave a blank row and begin a block."""
        self.row += 2
        for column, label in enumerate(labels, start=1):
            self._label(self.row, column, label, bold=True)

    def _label(self, row: int, column: int, label: str, *, bold: bool) -> None:
        cell = self.sheet.cell(row, column, label)
        cell.data_type = "s"
        cell.alignment = Alignment(vertical="top", wrap_text=row > 3)
        if bold:
            cell.font = _BOLD

    def write_stages(self) -> int:
        """Write how many cases are at each stage; give the row of the first stage."""
        ranges = self.ranges
        self.heading("Cases by stage", "Cases")
        first = self.row + 1
        for stage in OPEN_STAGES:
            self.line(stage, f"COUNTIFS({ranges['stage']},A{self.row + 1})")
        last = self.row
        self.line("Stage not set", f"B{last + 2}-SUM(B{first}:B{last})")
        self.line("Open cases, all", f"SUMPRODUCT({ranges.is_open})", bold=True)
        self.line("Closed", f"COUNTIFS({ranges['stage']},A{self.row + 1})")
        return first

    def write_expected(self, stages: int) -> None:
        """Write the expected closures, both stages apart and together."""
        self.heading("Expected closures", "Cases")
        first = self.row + 1
        for stage in EXPECTED:
            self.line(stage, f"B{stages + OPEN_STAGES.index(stage)}")
        self.line("Expected closures, both", f"SUM(B{first}:B{self.row})", bold=True)

    def write_overdue(self) -> None:
        """Write how many open cases have an action whose day is past."""
        when = self.ranges["by_when"]
        past = f"ISNUMBER({when})*({when}<TODAY())"
        self.heading("Actions", "Cases")
        self.line("Overdue actions", f"SUMPRODUCT({self.ranges.is_open}*{past})")

    def write_words(self, title: str, key: str, words: Sequence[str]) -> int:
        """Write how many open cases have each word; give the row of the first."""
        place, is_open = self.ranges[key], self.ranges.is_open
        self.heading(title, "Cases")
        first = self.row + 1
        for word in words:
            self.line(word, f"SUMPRODUCT({is_open}*({place}=A{self.row + 1}))")
        listed = f"-SUM(B{first}:B{self.row})" if words else ""
        not_set = f'SUMPRODUCT({is_open}*({place}=""))'
        self.line(ANY_OTHER, f'SUMPRODUCT({is_open}*({place}<>"")){listed}')
        self.line(NOT_SET, not_set)
        return first

    def write_cross(self, title: str, needed: Sequence[str]) -> None:
        """Write what is needed against the stage, over open cases."""
        place, stage, is_open = self.ranges["needed"], self.ranges["stage"], self.ranges.is_open
        self.heading(title, *OPEN_STAGES, "Stage not set")
        top = self.row
        self.sheet.row_dimensions[top].height = 48
        for word in needed:
            here = self.row + 1
            by_stage = [
                f"SUMPRODUCT(({place}=$A{here})*({stage}={column}${top}))"
                for column in map(letters, range(2, 2 + len(OPEN_STAGES)))
            ]
            rest = f"SUMPRODUCT({is_open}*({place}=$A{here}))-SUM(B{here}:E{here})"
            self.line(word, *by_stage, rest)

    def draw(self, title: str, first: int, count: int, anchor: str) -> None:
        """Draw a block as bars."""
        chart = BarChart()
        chart.type, chart.title, chart.legend = "bar", title, None
        chart.add_data(Reference(self.sheet, min_col=2, min_row=first, max_row=first + count - 1))
        chart.set_categories(Reference(self.sheet, min_col=1, min_row=first, max_row=first + count - 1))
        # Bars are drawn upwards; the table reads downwards.
        chart.x_axis.scaling.orientation = "maxMin"
        # The figures at the bars say more than a scale, which would count in halves.
        chart.x_axis.delete, chart.y_axis.delete = False, True
        chart.y_axis.majorGridlines = None
        chart.dataLabels = DataLabelList(showVal=True)
        chart.gapWidth, chart.width, chart.height = 60, 20, 4 + 0.6 * count
        self.sheet.add_chart(chart, anchor)


def _finish(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 42
    sheet.column_dimensions["B"].width = 16
    for column in "CDEF":
        sheet.column_dimensions[column].width = 16
    sheet.protection.sheet = True
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
