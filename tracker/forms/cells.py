"""One cell of the grid, or many at once, as its script sends them."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from tracker.changes.cells import MOST_CELLS
from tracker.fields import Field
from tracker.forms.columns import GONE_COLUMN
from tracker.forms.value_field import date_in
from tracker.models import Outcome, TrackerRow
from tracker.pasting import Told, storable
from tracker.values import Lists, read_value

KINDS = (("paste", "Paste"), ("fill", "Fill"), ("clear", "Clear"), ("add", "Add"))
# Longer than any field takes: what is longer is refused before it is read.
LONGEST = 5000
UNREADABLE = "This could not be read. Copy it again."


class CellForm(forms.Form):
    """One cell from the grid: the value, the version it was typed against, and the number of the act."""

    field = forms.CharField(max_length=20)
    base = forms.IntegerField(min_value=0)
    op = forms.UUIDField()
    after_op = forms.UUIDField(required=False)
    tab = forms.CharField(max_length=36, required=False)
    reason = forms.CharField(max_length=500, required=False)
    value = forms.CharField(required=False, strip=False)
    outcome = forms.ModelChoiceField(Outcome.objects.choosable(), required=False)
    meeting = forms.IntegerField(required=False)
    # The siblings that it is for as well, each with the version that was seen: "12:3,13:0".
    also = forms.RegexField(r"^\d{1,18}:\d{1,9}(,\d{1,18}:\d{1,9}){0,19}$", required=False)

    def __init__(
        self, data: Mapping[str, Any], *, row: TrackerRow, fields: Mapping[str, Field], today: date
    ) -> None:
        super().__init__(data)
        self.row, self.by_key, self.today = row, fields, today

    def clean_also(self) -> dict[int, int]:
        """The versions by row."""
        pairs = (pair.split(":") for pair in self.cleaned_data["also"].split(",") if pair)
        return {int(row): int(rev) for row, rev in pairs}

    def clean(self) -> dict[str, Any]:
        """Adds `new`, the clean value."""
        cleaned = self.cleaned_data
        field = self.by_key.get(cleaned.get("field", ""))
        if field is None:
            raise forms.ValidationError(GONE_COLUMN)
        try:
            cleaned["new"] = read_value(
                field,
                cleaned.get("value", ""),
                lists=Lists(self.row),
                today=self.today,
                base=date_in(self.row, field.key),
            )
        except forms.ValidationError as refused:
            self.add_error("value", refused)
        return cleaned


class SentField(forms.JSONField):
    """JSON that Python and a database can take: numbers without end and half letters are refused too."""

    def to_python(self, value: Any) -> Any:
        """What was sent, or the sentence that it could not be read."""
        try:
            return storable(super().to_python(value))
        except (ValueError, RecursionError):
            raise forms.ValidationError(UNREADABLE) from None


class CellsForm(forms.Form):
    """A paste, fill or clearing: `cells` and `skip` are JSON, a list of objects and a list of places."""

    op = forms.UUIDField()
    kind = forms.ChoiceField(choices=KINDS, required=False)
    tab = forms.CharField(max_length=36, required=False)
    reason = forms.CharField(max_length=500, required=False)
    dry = forms.BooleanField(required=False)
    clear = forms.BooleanField(required=False)
    cells = SentField()
    skip = SentField(required=False)

    def clean_kind(self) -> str:
        """A paste unless it says otherwise."""
        return self.cleaned_data["kind"] or "paste"

    def clean_cells(self) -> list[Told]:
        """Each cell as `Told`; refuses what is not a list of at most 200 of them."""
        sent = self.cleaned_data["cells"]
        if not isinstance(sent, list) or not sent:
            raise forms.ValidationError("There is nothing to paste.")
        if len(sent) > MOST_CELLS:
            raise forms.ValidationError(
                f"{len(sent)} cells are too many: {MOST_CELLS} cells at most can be changed at once. "
                "Nothing was changed. Select fewer and do it in parts, or bring a whole list in by Import."
            )
        try:
            return [_told(place, one) for place, one in enumerate(sent)]
        except (KeyError, TypeError, ValueError, AttributeError):
            raise forms.ValidationError(UNREADABLE) from None

    def clean(self) -> dict[str, Any]:
        """Refuses writing over a cell without saying which version of it was seen; a preview may."""
        cleaned = super().clean() or self.cleaned_data
        seen = (
            cell.base is not None for cell in cleaned.get("cells", ()) if cell.row or cell.pin is not None
        )
        if not cleaned.get("dry") and not all(seen):
            raise forms.ValidationError("Look at the preview first: it tells the version of each cell.")
        return cleaned

    def clean_skip(self) -> set[int]:
        """The places of the cells that the person has deselected."""
        sent = self.cleaned_data["skip"] or []
        if not isinstance(sent, list) or not all(isinstance(place, int) for place in sent):
            raise forms.ValidationError(UNREADABLE)
        return set(sent)


def _told(place: int, sent: Mapping[str, Any]) -> Told:
    value, base, row, pin = sent["value"], sent.get("base"), sent.get("row"), sent.get("pin")
    whole = (number is None or (type(number) is int and 0 <= number < 2**63) for number in (base, row))
    texts = (value, sent["field"], "" if pin is None else pin)
    if not all(whole) or not all(isinstance(text, str) for text in texts) or len(value) > LONGEST:
        raise ValueError(place)
    return Told(
        place,
        sent["field"],
        value,
        row=row,
        pin=pin,
        new=str(sent.get("new", "")),
        base=base,
        raw=bool(sent.get("raw")),
        after_op=UUID(sent["after_op"]) if sent.get("after_op") else None,
    )
