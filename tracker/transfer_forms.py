"""What people fill in to import or export a workbook. Reading the file is in tracker/workbook."""

from collections.abc import Mapping
from typing import Any, Literal, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.permissions import Rights
from tracker.importing.plan import Keep, Place
from tracker.workbook.guard import FILE_BYTES

MEGABYTES = FILE_BYTES // 1024 // 1024
# The name of a choice about one conflict on the form of the preview: the row of the file, the field.
CHOICE = "keep-"


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


class ConfirmForm(forms.Form):
    """The word to go ahead: the number of the act, what the preview showed, and the choices made in it."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    keep = forms.ChoiceField(choices=[("ours", "ours"), ("file", "file")], widget=forms.HiddenInput)

    def chosen(self) -> dict[Place, Keep]:
        """Which side stays, for each cell about which somebody chose."""
        chosen: dict[Place, Keep] = {}
        for name, side in self.data.items():
            row, _, key = name.removeprefix(CHOICE).partition("-")
            if name.startswith(CHOICE) and row.isdecimal() and side in ("ours", "file"):
                chosen[int(row), key] = cast("Keep", side)
        return chosen


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

    def __init__(self, data: Mapping[str, Any] | None = None, *, held: Rights) -> None:
        super().__init__(data)
        self.held = held
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

    @property
    def chosen_names(self) -> Literal["full", "initials"]:
        """How persons are named."""
        return "full" if self.cleaned_data["names"] == "full" else "initials"
