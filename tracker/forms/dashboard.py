"""What people fill in to bring the dashboard's list in. Reading it is in tracker/dashboard."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from tracker.workbook.guard import FILE_BYTES

MEGABYTES = FILE_BYTES // 1024 // 1024
CHOOSE = "Choose the file that the dashboard exported, or paste its table."


class ListForm(forms.Form):
    """The list: a file, or a table that was copied."""

    file = forms.FileField(
        label="File",
        help_text=f"The .csv or .xlsx file that the dashboard exported, at most {MEGABYTES} MB.",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm"}),
        max_length=500,
    )
    pasted = forms.CharField(
        label="Or paste the table",
        help_text="Copied from Excel or Power BI, with its headings.",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    def clean_file(self) -> UploadedFile | None:
        """Not larger than what is read; said before any of it is."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and (file.size or 0) > FILE_BYTES:
            raise forms.ValidationError(
                f"This file is too large: at most {MEGABYTES} MB are read. Filter the dashboard to the "
                "locality and export again."
            )
        return file

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        told = super().clean() or self.cleaned_data
        if not self.errors and not told.get("file") and not (told.get("pasted") or "").strip():
            self.add_error("file", CHOOSE)
        return told

    @property
    def data_read(self) -> bytes:
        """The list as bytes."""
        file = self.cleaned_data["file"]
        content: bytes = file.read() if file else self.cleaned_data["pasted"].encode("utf-8", "replace")
        return content


class BringInForm(forms.Form):
    """The word to go ahead: the number of the act, what the page showed, and whether facts are taken over."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    facts = forms.BooleanField(required=False)
