"""A table that comes as a small file or is pasted: one of the two."""

from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile

from tracker.workbook.guard import FILE_BYTES


class TableForm(forms.Form):
    """What such forms have in common: they add the fields `file` and `pasted`, and say these two sentences.

    `neither` names the field at which it is said that nothing was given.
    """

    too_large: ClassVar[str]
    neither: ClassVar[tuple[str, str]]

    def clean_file(self) -> UploadedFile | None:
        """Not larger than what is read; said before any of it is."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and (file.size or 0) > FILE_BYTES:
            raise forms.ValidationError(self.too_large)
        return file

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        told = super().clean() or self.cleaned_data
        if not self.errors and not told.get("file") and not (told.get("pasted") or "").strip():
            self.add_error(*self.neither)
        return told

    @property
    def data_read(self) -> bytes:
        """The table as bytes."""
        file = self.cleaned_data["file"]
        content: bytes = file.read() if file else self.cleaned_data["pasted"].encode("utf-8", "replace")
        return content
