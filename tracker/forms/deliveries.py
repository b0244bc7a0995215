"""What an officer fills in to bring many workbooks in: the files, and a team for each."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.models import Team
from tracker.models import DeliveredFile
from tracker.workbook.bundle import MOST_FILES
from tracker.workbook.guard import FILE_BYTES

MEGABYTES = FILE_BYTES // 1024 // 1024
LEFT_OUT = "Leave it out"


class FilesInput(forms.FileInput):
    """Takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each not empty."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """All of them; the first that is none is refused."""
        if not data:
            raise forms.ValidationError(self.error_messages["required"])
        return [super(FilesField, self).clean(one, initial) for one in data]


class DeliveryForm(forms.Form):
    """The workbooks."""

    workbooks = FilesField(
        label="Workbooks",
        help_text=(
            f"Several .xlsx or .ods files, or one .zip of them: at most {MOST_FILES} files of at most "
            f"{MEGABYTES} MB each. Nothing is changed before you confirm."
        ),
        allow_empty_file=True,  # its reader says so, and the other files go on
        max_length=500,
        error_messages={"required": "Choose the workbooks of the teams, or a zip of them."},
        widget=FilesInput(attrs={"multiple": True, "accept": ".xlsx,.xlsm,.ods,.zip"}),
    )


class TeamsForm(forms.Form):
    """For each file that was read the team whose tracker it is for, or none to leave it out."""

    def __init__(self, data: Any = None, *, files: Iterable[DeliveredFile], teams: Sequence[Team]) -> None:
        super().__init__(data)
        self.teams = {str(team.pk): team for team in teams}
        choices = [("", LEFT_OUT), *((pk, team.name) for pk, team in self.teams.items())]
        for file in files:
            self.fields[f"team-{file.pk}"] = forms.ChoiceField(
                label=f"Team of {file.name}",
                required=False,
                choices=choices,
                initial=str(file.team_id or ""),
                error_messages={"invalid_choice": "Choose a team of the list."},
            )

    def chosen(self) -> dict[int, Team | None]:
        """The team of each file, by the file's number."""
        return {
            int(name.removeprefix("team-")): self.teams.get(value)
            for name, value in self.cleaned_data.items()
        }
