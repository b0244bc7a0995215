"""What somebody chooses who prints a sheet: which one, and how persons are named on it."""

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.forms.offered import offer
from accounts.permissions import Rights
from tracker.forms.transfer import ExportForm
from tracker.models import RowQuerySet

TABLE = "table"
OF = "of "


class SheetForm(ExportForm):
    """Paper leaves the house as a workbook does: names are the export's question, and its rules."""

    sheet = forms.ChoiceField(label="Sheet", error_messages={"invalid_choice": "Choose a sheet of the list."})
    field_order = ("sheet", "names", "reason")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        held: Rights,
        rows: RowQuerySet,
        owners: Mapping[str, str],
    ) -> None:
        super().__init__(data, held=held, rows=rows)
        choices: list[Any] = [(TABLE, "The team’s table, every open case")]
        if owners:
            choices.append(("Actions of", [(OF + key, owner) for key, owner in owners.items()]))
        offer(self, "sheet", choices)

    @property
    def owner(self) -> str:
        """The folded name of the owner whose actions are wanted; empty for the whole table."""
        chosen: str = self.cleaned_data["sheet"]
        return "" if chosen == TABLE else chosen.removeprefix(OF)
