"""What people fill in on the worklist: cells of its table, or PINs with dates that they paste."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from tracker.changes.cells import CellEdit
from tracker.fields import FIELDS
from tracker.forms.table import TableForm
from tracker.forms.value_field import ValueField
from tracker.models import TrackerRow
from tracker.values import Lists, shown
from tracker.worklist import Item

KEYS = ("pin", "next_meeting")


class WorklistForm(forms.Form):
    """The PIN and the date of each row on the list, with the version of each; all are saved at once."""

    op = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        items: Sequence[Item],
        today: date,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial, prefix=None)
        self.items = list(items)
        lists = Lists()
        for item in items:
            for key in self._keys(item):
                name = name_of(item.row, key)
                self.fields[name] = ValueField(
                    FIELDS[key],
                    lists=lists,
                    today=today,
                    base=item.row.next_meeting if key == "next_meeting" else None,
                    initial=shown(FIELDS[key], item.row),
                )
                # The column's heading is its label for the eye, and the field's hint stands nowhere here.
                called = f"{FIELDS[key].label} of {item.row.person}"
                self.fields[name].help_text = ""
                self.fields[name].widget.attrs["aria-label"] = called
                self.fields[f"base-{name}"] = forms.IntegerField(
                    min_value=0, widget=forms.HiddenInput, initial=item.row.rev(key)
                )

    @staticmethod
    def _keys(item: Item) -> tuple[str, ...]:
        return KEYS if item.pin_missing else ("next_meeting",)

    def edits(self) -> list[CellEdit]:
        """The cells that were changed, against the versions that the form was drawn with."""
        changed: list[CellEdit] = []
        for item in self.items:
            for key in self._keys(item):
                name = name_of(item.row, key)
                if name in self.changed_data:
                    base = self.cleaned_data[f"base-{name}"]
                    new = self.cleaned_data[name]
                    changed.append(CellEdit(len(changed), item.row.pk, key, new, base))
        return changed

    def lines(self) -> list[tuple[Item, Any, Any, list[Any]]]:
        """Each item with its bound PIN field (or none), its date and their hidden versions."""
        told = []
        for item in self.items:
            names = [name_of(item.row, key) for key in self._keys(item)]
            hidden = [self[f"base-{name}"] for name in names]
            told.append((item, self[names[0]] if item.pin_missing else None, self[names[-1]], hidden))
        return told


def name_of(row: TrackerRow, key: str) -> str:
    """How a form names a cell."""
    return f"{key}-{row.pk}"


class PairsForm(TableForm):
    """PINs and dates: two columns pasted from Excel, or a small file."""

    too_large = "This file is too large for two columns. Paste them instead."
    neither = ("pasted", "Paste the two columns, or choose a file.")

    pasted = forms.CharField(
        label="PIN and date",
        help_text="Two columns copied from Excel: PIN, then date of next CIN meeting. 200 rows at most.",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label="Or a file",
        help_text="A .csv or .xlsx file with the two columns.",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm"}),
        max_length=500,
    )
