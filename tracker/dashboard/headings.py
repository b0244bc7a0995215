"""The columns of the dashboard's list and of Ofsted's Annex A, however they are headed.

What stands under any other heading is not read (specs: domain, columns to accept).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tracker.workbook.headings import is_forbidden, normalise


@dataclass(frozen=True)
class Field:
    """One column: its key, what it is called here, the characters it holds, and what it goes by."""

    key: str
    label: str
    most: int
    names: tuple[str, ...]
    clue: str = ""


FIELDS = (
    Field(
        "pin", "PIN", 20,
        (
            "pin", "pin no", "pin number", "pin id", "person id", "person number", "person no",
            "child unique id", "child id", "child number", "childs pin", "mosaic id", "mosaic number",
            "mosaic person id", "lcs id", "lcs number", "client id", "client number", "eclipse id",
            "liquidlogic id", "id number", "unique id", "unique child id", "case id",
        ),
        r"\bpin\b|\b(mosaic|lcs|client|person|child|eclipse)s?( unique)? (id|no|number|ref|reference)\b",
    ),
    Field(
        "name", "Name", 120,
        (
            "name", "person", "person name", "child name", "childs name", "child", "full name",
            "name of child", "young person", "client name", "case name", "persons name",
        ),
    ),
    Field("surname", "Surname", 120, ("surname", "last name", "family name", "child surname", "lastname")),
    Field(
        "forename", "Forename", 120,
        (
            "forename", "first name", "forenames", "given name", "given names", "firstname", "first names",
            "child forename",
        ),
    ),
    Field(
        "team", "Team", 120,
        ("team", "allocated team", "team name", "case team", "current team", "social work team", "cin team"),
        r"\bteam\b(?!.*\b(manager|leader|type|start)\b)",
    ),
    Field(
        "cin_start", "CIN start date", 40,
        (
            "cin start date", "start date", "cin start", "plan start", "plan start date",
            "cin plan start", "cin plan start date", "date cin started", "start", "cin plan start dt",
        ),
        r"\bcin\b.*\bstart\b|\bplan start\b",
    ),
    Field(
        "duration_days", "Duration (days)", 40,
        (
            "duration", "duration days", "days open", "duration in days", "number of days open", "days",
            "no of days open", "days on plan", "cin duration", "plan duration",
        ),
        r"\bduration\b|\bdays (open|on plan)\b",
    ),
    Field(
        "allocated_worker", "Allocated worker", 120,
        (
            "allocated worker", "worker", "social worker", "lead practitioner", "allocated social worker",
            "case worker", "caseworker", "worker name", "allocated worker name", "key worker",
            "allocated practitioner", "practitioner", "sw",
        ),
        r"\b(worker|practitioner)\b(?!.*\bteam\b)",
    ),
    Field(
        "last_sign_off", "Last sign-off date", 40,
        (
            "last sign off date", "last sign off", "sign off date", "sign off", "authorised",
            "manager sign off", "date authorised", "authorised date", "manager sign off date",
            "date of last sign off", "last signed off", "date signed off", "signed off", "signoff date",
            "last signoff date", "last signoff", "latest sign off", "latest sign off date",
            "last authorised", "date of sign off",
        ),
        r"\bsign(ed)? ?offs?\b|\bauthori[sz]ed\b",
    ),
    Field(
        "last_visit", "Last visit", 40,
        (
            "last visit", "last visit date", "date of last visit", "last seen", "last seen date",
            "date last seen", "child last seen", "date child last seen", "last cin visit",
            "last cin visit date", "date of last cin visit", "last visited",
        ),
        r"\blast (cin )?visit\b|\blast seen\b(?!.*\balone\b)",
    ),
    Field(
        "next_meeting", "Next CIN meeting", 40,
        (
            "next cin meeting", "next cin meeting date", "date of next cin meeting", "next meeting",
            "next meeting date", "next review", "next review date", "date of next review", "next cin review",
            "next cin review date", "date of next cin review", "review due", "next review due",
        ),
        r"\bnext\b.*\b(review|meeting)\b",
    ),
    Field("status", "Case status", 120, ("case status",)),
)  # fmt: skip
LABELS = {field.key: field.label for field in FIELDS}
MOST = {field.key: field.most for field in FIELDS}
DATES = ("cin_start", "last_sign_off", "last_visit", "next_meeting")

# Power BI puts the way of summing up before a column's name.
_SUMMED_UP = re.compile(r"^(sum|first|last|earliest|latest|min|minimum|max|maximum|average)( of)? ")
# Data models name a column as Table[Column].
_QUALIFIED = re.compile(r"[^\[\]]*\[([^\[\]]+)\]")


def _squashed(text: str) -> str:
    return text.replace(" ", "").replace("/", "")


_FIELD_OF = {_squashed(name): field.key for field in FIELDS for name in field.names}


@dataclass(frozen=True)
class Columns:
    """Which column, counted from 1, is which field; those found by a clue only; those left unread."""

    fields: Mapping[str, int]
    reworded: Mapping[str, str]
    unread: Mapping[int, str]


def field_of(heading: str) -> str | None:
    """Give the key of the field that goes by this heading; spaces, case and punctuation do not count."""
    words = _words(heading)
    return _FIELD_OF.get(_squashed(words)) or _FIELD_OF.get(_squashed(_SUMMED_UP.sub("", words)))


def _words(heading: str) -> str:
    qualified = _QUALIFIED.fullmatch(heading.strip())
    return normalise(qualified[1] if qualified else heading)


def count_fields(headings: Mapping[int, str]) -> int:
    """Count the different fields that a row of texts would head, the measure of a heading row."""
    return len({field_of(text) for text in headings.values()} - {None})


def find_columns(headings: Mapping[int, str]) -> Columns:
    """Tell which column is which field; of two with the same heading the left one."""
    fields: dict[str, int] = {}
    for column, heading in sorted(headings.items()):
        key = field_of(heading)
        if key is not None:
            fields.setdefault(key, column)
    reworded: dict[str, str] = {}
    for field in FIELDS:
        if field.key in fields or not field.clue:
            continue
        near = [c for c, h in headings.items() if c not in fields.values() and _near(field, h)]
        if len(near) == 1:
            fields[field.key] = near[0]
            reworded[field.key] = headings[near[0]]
    unread = {c: h for c, h in sorted(headings.items()) if c not in fields.values()}
    return Columns(fields, reworded, unread)


def _near(field: Field, heading: str) -> bool:
    return not is_forbidden(heading) and bool(re.search(field.clue, _words(heading)))
