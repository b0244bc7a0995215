"""What people fill in to bring the dashboard's list in. Reading it is in tracker/dashboard."""

from django import forms

from tracker.forms.table import TableForm
from tracker.workbook.guard import FILE_BYTES

MEGABYTES = FILE_BYTES // 1024 // 1024


class ListForm(TableForm):
    """The list: a file, or a table that was copied."""

    too_large = (
        f"This file is too large: at most {MEGABYTES} MB are read. Filter the dashboard to the "
        "locality and export again."
    )
    neither = ("file", "Choose the file that the dashboard exported, or paste its table.")

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


class BringInForm(forms.Form):
    """The word to go ahead: the number of the act, what the page showed, and whether facts are taken over."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    facts = forms.BooleanField(required=False)
