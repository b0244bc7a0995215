"""What people fill in to import or export a workbook. Reading the file is in tracker/workbook."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.permissions import Rights
from tracker.importing.decisions import Decisions, Mend
from tracker.importing.mending import typed_text
from tracker.importing.plan import Keep, Place
from tracker.mentions import names_one_of
from tracker.models import RowQuerySet
from tracker.workbook.guard import FILE_BYTES, ColumnSeen, ColumnsUnclear, Question, SheetsUnclear
from tracker.workbook.headings import KEYS, LABELS
from tracker.workbook.reading import Reading
from tracker.workbook.table import Answer

MEGABYTES = FILE_BYTES // 1024 // 1024
SIDES = ("ours", "file")
# How names begin on the form of the preview: a choice about one conflict (the row of the file, the field)
# and about a field, a text typed over one of the file (row, field), which case a row is.
CHOICE, FIELD, TYPED, WHICH = "keep-", "column-", "type-", "which-"
NO_COLUMN = "-"
LONGEST = 10_000  # of what is typed over a text; what a field takes is said where it is read


class UploadForm(forms.Form):
    """The workbook."""

    file = forms.FileField(
        label="The team’s workbook",
        help_text=f"An .xlsx or .ods file of at most {MEGABYTES} MB. Nothing is changed before you confirm.",
        error_messages={
            "required": "Choose the .xlsx file of the team.",
            "empty": "This file is empty. Choose the .xlsx file of the team.",
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.ods"}),
        max_length=500,
    )

    def clean_file(self) -> UploadedFile:
        """Not larger than what is read; said before any of it is."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > FILE_BYTES:
            raise forms.ValidationError(
                f"This file is too large: at most {MEGABYTES} MB are read. Remove pictures and old tabs."
            )
        return file


class QuestionForm(forms.Form):
    """What only a person can say about a file: which sheet is the tracker, or which columns are what."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, question: Question) -> None:
        super().__init__(data)
        self.question = question
        if isinstance(question, SheetsUnclear):
            self.fields["sheet"] = _asked(
                "Which sheet is the Tracker?",
                [(sheet.name, f"{sheet.name}: {', '.join(sheet.values)}…") for sheet in question.sheets],
                widget=forms.RadioSelect,
            )
            return
        seen = [(column.letters, _described(column)) for column in question.columns]
        for key in question.missing:
            options = [("", "Choose"), *seen, (NO_COLUMN, "The file has no such column")]
            self.fields[key] = _asked(f"Which column is “{LABELS[key]}”?", options)
        rows = [(str(row), f"Row {row}: {told}") for row, told in question.header_rows.items()]
        if len(rows) > 1:
            self.fields["header_row"] = _asked(
                "Which row has the headings?", rows, initial=str(question.header_row)
            )

    def clean(self) -> dict[str, Any]:
        """One column is one thing, and a tracker has PINs or persons."""
        told = super().clean() or self.cleaned_data
        if isinstance(self.question, SheetsUnclear):
            return told
        if self._names_other_row():
            # What was said of columns, or was not, was about other headings.
            self.errors.clear()
            return told
        named = {key: told[key] for key in self.question.missing if told.get(key)}
        columns = [column for column in named.values() if column != NO_COLUMN]
        for key, column in named.items():
            if columns.count(column) > 1:
                self.add_error(key, f"Column {column} cannot be two things at once.")
        if named.get("pin") == named.get("person") == NO_COLUMN:
            self.add_error("person", "A tracker needs a column for the PIN or for the person.")
        return told

    def answer(self, before: Answer) -> Answer:
        """The answer, with what was said before it. Other headings make what was said of columns void."""
        if isinstance(self.question, SheetsUnclear):
            return Answer(sheet=self.cleaned_data["sheet"])
        if self._names_other_row():
            return Answer(sheet=self.question.sheet, header_row=int(self.cleaned_data["header_row"]))
        columns = {key: self.cleaned_data[key].removeprefix(NO_COLUMN) for key in self.question.missing}
        return Answer(
            columns={**before.columns, **columns}, sheet=self.question.sheet, header_row=before.header_row
        )

    def _names_other_row(self) -> bool:
        question, row = self.question, self.cleaned_data.get("header_row")
        return isinstance(question, ColumnsUnclear) and row not in (None, "", str(question.header_row))


def _asked(label: str, choices: list[tuple[str, str]], **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, error_messages={"required": "Say which it is."}, **more
    )


def _described(column: ColumnSeen) -> str:
    values = f" ({', '.join(column.values)})" if column.values else ""
    return f"{column.letters}: {column.heading or 'no heading'}{values}"


class PreviewForm(forms.Form):
    """What the preview sends: the number of the act, what was offered, and what was decided in it."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def decided(self, before: Decisions, reading: Reading) -> Decisions:
        """The decisions after this page was sent: what another page of the preview said stays."""
        keep, columns = before.keep, dict(before.columns)
        cells = {**before.cells, **self._cells(before)}
        for name, side in self._named(FIELD):
            if side != columns.get(name, ""):
                columns[name] = cast("Keep", side)
                cells = {place: said for place, said in cells.items() if place[1] != name}
        everywhere = self.data.get("keep", "")
        if everywhere in SIDES:
            keep, columns, cells = cast("Keep", everywhere), {}, {}
        columns = {key: side for key, side in columns.items() if side in SIDES}
        mends = {**before.mends, **self._mends(before, reading)}
        said = {row: mend for row, mend in mends.items() if not mend.says_nothing}
        return Decisions(keep, columns, cells, said)

    def _cells(self, before: Decisions) -> dict[Place, Keep]:
        """The cells for which another side was chosen than the page showed."""
        cells: dict[Place, Keep] = {}
        for name, side in self._named(CHOICE):
            row, _, key = name.partition("-")
            if row.isdecimal() and side in SIDES and side != before.side((int(row), key)):
                cells[int(row), key] = cast("Keep", side)
        return cells

    def _mends(self, before: Decisions, reading: Reading) -> dict[int, Mend]:
        """The rows that this page completes: a text that is as the file has it is none."""
        lines = {str(line.row): line for line in reading.rows}
        mends: dict[int, Mend] = {}
        for name, typed in self._named(TYPED):
            row, _, key = name.partition("-")
            line = lines.get(row)
            if line is None or (key not in KEYS and key not in line.extra):
                continue
            mend = mends.get(line.row) or before.mends.get(line.row) or Mend()
            values = {k: v for k, v in mend.values.items() if k != key}
            if "".join(typed.split()) != "".join(typed_text(line, key).split()):
                values[key] = typed[:LONGEST]
            mends[line.row] = replace(mend, values=values)
        for row, which in self._named(WHICH):
            if row in lines:
                number = lines[row].row
                mends[number] = replace(mends.get(number) or before.mends.get(number) or Mend(), which=which)
        return mends

    def _named(self, start: str) -> Iterator[tuple[str, str]]:
        for name, value in self.data.items():
            if name.startswith(start):
                yield name.removeprefix(start), value


class ExportForm(forms.Form):
    """With initials or, for a reason, with full names."""

    names = forms.ChoiceField(
        label="Persons",
        choices=[("initials", "PIN and initials"), ("full", "PIN and full names")],
        initial="initials",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        max_length=500,
        required=False,
        label="Reason for full names",
        help_text="Say what the names are needed for. It is kept in the log.",
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, held: Rights, rows: RowQuerySet) -> None:
        super().__init__(data)
        self.held, self.rows = held, rows
        if "export_names" not in held:
            del self.fields["reason"]
            names = cast("forms.ChoiceField", self.fields["names"])
            names.choices = [("initials", "PIN and initials")]

    def clean(self) -> dict[str, Any]:
        """Full names ask for the reason."""
        told = super().clean() or self.cleaned_data
        full = told.get("names") == "full"
        if full and self.held.needs_reason("export_names") and not told.get("reason"):
            self.add_error("reason", "Say what the full names are needed for.")
        return told

    def clean_reason(self) -> str:
        """The log outlives the cases: its reasons name no child (ADR 0037)."""
        reason: str = self.cleaned_data["reason"]
        if reason and names_one_of(self.rows, reason):
            raise forms.ValidationError("Say it without a child’s name or PIN: the log keeps this sentence.")
        return reason

    @property
    def chosen_names(self) -> Literal["full", "initials"]:
        """How persons are named."""
        return "full" if self.cleaned_data["names"] == "full" else "initials"
