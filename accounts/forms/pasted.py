"""A list of people as it is pasted from a spreadsheet, read line by line."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.models import Locality, Membership, Team, User
from accounts.roles import Role

NAME_LENGTH = 120
COLUMNS = ("E-mail", "Name", "Role", "Locality", "Teams", "From", "Until")
MOST = 500
DAYS = ("%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y")


@dataclass(frozen=True)
class Line:
    """One line of the list: who is to be given what, or what is wrong with it."""

    number: int
    cells: tuple[str, ...]
    errors: tuple[str, ...] = ()
    access: dict[str, Any] | None = None

    @property
    def email(self) -> str:
        """In small letters, as people sign in with it."""
        return self.cells[0].lower()

    @property
    def name(self) -> str:
        """As it was typed."""
        return self.cells[1]


class PastedForm(forms.Form):
    """The pasted text. `lines` holds what was read of it."""

    text = forms.CharField(
        label="The list",
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=(
            "One person a line, copied from a spreadsheet or divided by commas: "
            "e-mail, name, role, locality, teams, from, until. "
            "Several teams are divided by a semicolon; no team is all of the locality; dates are dd/mm/yyyy; "
            "from is today if left out."
        ),
        max_length=200_000,
        strip=False,
    )

    lines: Sequence[Line] = ()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_text(self) -> str:
        """Reads every line; those with an error are told one by one on the page."""
        text: str = self.cleaned_data["text"]
        records = [cells for cells in _records(text) if any(cells)]
        if records and records[0][0].casefold().replace("-", "") in ("email", "email address"):
            records = records[1:]
        if not records:
            raise forms.ValidationError("The list is empty. Paste at least one line.")
        if len(records) > MOST:
            raise forms.ValidationError(f"At most {MOST} people at once. Paste the list in parts.")
        self.lines = _Reader(self.today).read(records)
        return text

    @property
    def all_fine(self) -> bool:
        """Whether nothing stands in the way of giving it all."""
        return bool(self.lines) and not any(line.errors for line in self.lines)


def _records(text: str) -> Iterable[tuple[str, ...]]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    divider = "\t" if any("\t" in line for line in lines) else ","
    for cells in csv.reader(lines, delimiter=divider, skipinitialspace=True):
        padded = [cell.strip() for cell in cells] + [""] * len(COLUMNS)
        yield tuple(padded[: len(COLUMNS)])


class _Reader:
    """Reads lines against the places and people that there are, each looked up once."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.localities = {one.name.casefold(): one for one in Locality.objects.all()}
        self.teams = {one.name.casefold(): one for one in Team.objects.open()}
        self.roles = {str(role.label).casefold(): role for role in Role} | {role.value: role for role in Role}
        self.seen: set[str] = set()

    def read(self, records: Iterable[tuple[str, ...]]) -> list[Line]:
        """Each record as a line with what it gives, or with every error in it."""
        return [self._line(number, cells) for number, cells in enumerate(records, start=1)]

    def _line(self, number: int, cells: tuple[str, ...]) -> Line:
        errors: list[str] = []
        email, name, role, locality, teams, since, until = cells
        self._person(email, name, errors)
        access = {
            "role": self._role(role, errors),
            "locality": self._locality(locality, errors),
            "teams": self._teams(teams, errors),
            "since": self._day("From", since, errors) or self.today,
            "until": self._day("Until", until, errors),
        }
        if not errors:
            errors += _misfits(access)
        return Line(number, cells, tuple(errors), None if errors else access)

    def _person(self, email: str, name: str, errors: list[str]) -> None:
        try:
            validate_email(email)
        except ValidationError:
            errors.append(f"“{email}” is no e-mail address." if email else "The e-mail address is missing.")
        if email.lower() in self.seen:
            errors.append("This person stands twice in the list.")
        self.seen.add(email.lower())
        if not name and not User.objects.filter(email=email.lower()).exists():
            errors.append("The name is missing.")
        if len(name) > NAME_LENGTH:
            errors.append("The name is too long.")

    def _role(self, text: str, errors: list[str]) -> Role | None:
        role = self.roles.get(text.casefold())
        if role is None:
            errors.append(f"“{text}” is no role. Roles are: {', '.join(str(one.label) for one in Role)}.")
        return role

    def _locality(self, text: str, errors: list[str]) -> Locality | None:
        found = self.localities.get(text.casefold())
        if text and not found:
            errors.append(f"There is no locality “{text}”.")
        return found

    def _teams(self, text: str, errors: list[str]) -> list[Team]:
        names = [name.strip() for name in text.split(";") if name.strip()]
        errors += [f"There is no team “{name}”." for name in names if name.casefold() not in self.teams]
        return [self.teams[name.casefold()] for name in names if name.casefold() in self.teams]

    def _day(self, label: str, text: str, errors: list[str]) -> date | None:
        if not text:
            return None
        for form in DAYS:
            try:
                return datetime.strptime(text, form).date()  # noqa: DTZ007  a day has no zone
            except ValueError:
                continue
        errors.append(f"{label}: “{text}” is no date. Write dd/mm/yyyy.")
        return None


def _misfits(access: dict[str, Any]) -> list[str]:
    """What the membership itself says about role, place and dates."""
    membership = Membership(
        role=access["role"], locality=access["locality"], since=access["since"], until=access["until"]
    )
    try:
        membership.full_clean(exclude=["person", "granted_by"])
        membership.clean_teams(access["teams"])
    except ValidationError as misfit:
        return list(misfit.messages)
    return []
