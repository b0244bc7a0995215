"""The ten columns of the guide, and which columns of a sheet they are, however they are headed.
What stands under a heading is not looked at here.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One column of the guide: its key here, its heading there, split in label and hint."""

    key: str
    label: str
    hint: str
    most: int | None  # characters that a cell may hold; None where that cannot be too many

    @property
    def heading(self) -> str:
        """Give the guide's exact heading."""
        return f"{self.label} ({self.hint})"


FIELDS = (
    Field("pin", "PIN", "TC to keep updated", 20),
    Field("person", "Person", "check performance dashboard for new CINs", 120),
    Field("stage", "Stage", "select from drop down", None),
    Field("needed", "What is needed to progress", "select from drop down", 120),
    Field("action", "Action", "write free text, replace old actions", 2000),
    Field("owner", "Owner", "write name or initials", 60),
    Field("by_when", "By when", "dd/mm/yy", None),
    Field("update", "Update on action", "e.g. last action complete", 2000),
    Field(
        "difficulty",
        "Difficulties which may need escalation?",
        "optional. Select from drop down",
        120,
    ),
    Field("next_meeting", "Date of next CIN meeting", "TC to keep updated", None),
)
KEYS = tuple(field.key for field in FIELDS)
LABELS = {field.key: field.label for field in FIELDS}
DATES = ("by_when", "next_meeting")
CHOICES = ("stage", "needed", "difficulty")
EXTRA_MOST = 500  # characters in a cell of a team's own column

# Without these three a sheet cannot be told apart from any other list of people.
REQUIRED = ("pin", "person", "stage")

_VARIANTS: Mapping[str, tuple[str, ...]] = {
    "pin": ("pin", "pins", "pin no", "pin number", "pin id", "client pin", "case pin", "child pin"),
    "person": (
        "person", "persons", "person name", "persons name", "name", "names", "full name",
        "name of person", "name of child", "child", "childs name", "child name", "young person",
        "child or young person", "child/young person", "case name",
    ),
    "stage": ("stage", "stages", "plan stage", "stage of plan", "cin stage", "current stage"),
    "needed": (
        "what is needed to progress", "what is needed", "whats needed to progress",
        "whats needed", "needed to progress", "what needed to progress", "needs to progress",
        "what do we need to progress", "what is needed to progress plan",
        "what is needed to progress the plan", "what is needed to progress case",
    ),
    "action": (
        "action", "actions", "current action", "agreed action", "action agreed", "next action",
        "action required", "actions required", "action needed", "action to be taken",
    ),
    "owner": (
        "owner", "owners", "action owner", "owner of action", "who", "by who", "by whom",
        "responsible", "person responsible", "who is responsible", "lead", "owner initials",
    ),
    "by_when": (
        "by when", "by when date", "when", "by date", "due", "due date", "date due", "due by",
        "action due", "action due date", "deadline", "target date", "complete by",
    ),
    "update": (
        "update on action", "update on actions", "update on the action", "update", "updates",
        "action update", "progress update", "latest update", "progress",
    ),
    "difficulty": (
        "difficulties which may need escalation", "difficulties", "difficulty",
        "difficulties that may need escalation", "difficulties which may need escalating",
        "difficulty which may need escalation", "difficulties for escalation",
        "difficulties needing escalation", "escalation", "escalations", "needs escalation",
    ),
    "next_meeting": (
        "date of next cin meeting", "next cin meeting", "next cin meeting date", "next meeting",
        "next meeting date", "date of next meeting", "date of next cin", "next cin",
        "next cin date", "cin meeting date", "date of next cin review", "date next cin meeting",
        "date of cin meeting",
    ),
}  # fmt: skip
_FIELD_OF = {variant: key for key, variants in _VARIANTS.items() for variant in variants}

# Whose names stand in a tracker beside the child's.
_SOMEBODY_ELSE = r"\b(workers?|sw|school|mothers?|fathers?|carers?|parents?|team|managers?|practitioners?)\b"
# For a field that no variant found: what its heading cannot do without. Tried in this order.
_CLUES = tuple(
    (key, re.compile(clue))
    for key, clue in (
        ("pin", r"\bpin\b|\bp i n\b"),
        ("difficulty", r"\b(difficult\w*|escalat\w*|barriers?|blockers?)\b"),
        ("needed", r"\b(need\w*|required)\b.*\bprogress\b|\bprogress\b.*\bneed\w*\b|\bwhat ?i?s required\b"),
        ("next_meeting", r"\bnext\b.*\b(meeting|mtg|review)\b"),
        ("by_when", r"\bby when\b|\bwhen by\b|\bdue\b|\bdeadline\b|\btimescales?\b|\b(done|completed?) by\b"),
        ("update", r"\bupdates?\b|\bprogress on\b"),
        ("stage", r"\bstage\b"),
        ("owner", r"\bowner\b|\bresponsible\b|\b(assigned|allocated) to\b|\blead worker\b"),
        ("action", r"\b(action|task)s?\b"),
        ("person", rf"^(?!.*{_SOMEBODY_ELSE}).*\b(person|name|surname|child|children|cyp|yp|service user)\b"),
    )
)

# What the tracker must not hold about a child (design, section 3): such a column is not read.
_FORBIDDEN = re.compile(
    r"\b(dob|d o b|birth\w*|birthday|born|gender|sex|sexuality|sexual orientation|male/female|m/f|ethnic\w*"
    r"|race|heritage|religion|nationality|address\w*|addr|post ?code|disab\w*|needs? codes?|code of need"
    r"|primary need|category of need|n1 n\d)\b|^(current )?age( of child| in years)?$|^(childs|yps) age$"
)

# What is taken off a heading, or put between its words. Every cell of a sheet is asked whether it is one.
_BRACKETS = re.compile(r"\([^)]*\)?|\[[^\]]*\]?")
_APOSTROPHES = re.compile(r"['’‘`]")
_NUMBER_BEFORE = re.compile(r"^\s*\d+\s*[.):-]\s*")
_NO_WORD = re.compile(r"[^\w/]+|_")
_RUN_TOGETHER = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True)
class Columns:
    """Which column of a sheet (numbered from 1) is which field, and what the others are headed."""

    fields: Mapping[str, int]
    reworded: Mapping[str, str]  # field found by a clue only, and its heading
    doubled: Mapping[int, str]  # another column headed like a field that is already found
    missing: tuple[str, ...]
    extra: Mapping[int, str]  # with the doubled ones, each heading made unique
    forbidden: Mapping[int, str]


def normalise(heading: str) -> str:
    """Give the words of a heading: no number before it, no brackets and what is in them, no case, no
    punctuation.
    """
    text = unicodedata.normalize("NFKC", heading).casefold()
    text = _APOSTROPHES.sub("", _BRACKETS.sub(" ", text))
    text = _NUMBER_BEFORE.sub("", text)
    return " ".join(_NO_WORD.sub(" ", text).replace(" / ", "/").split())


def _wordings(heading: str) -> tuple[str, ...]:
    """Give a heading's words, and once more with words that a program ran together: DateOfBirth."""
    apart = _RUN_TOGETHER.sub(" ", heading)
    as_typed = normalise(heading)
    return (as_typed,) if apart == heading else tuple(dict.fromkeys((as_typed, normalise(apart))))


def field_of(heading: str) -> str | None:
    """Give the key of the field that goes by this heading, in the guide's wording or a common one.

    A team's own column must not be headed so: a file with it could not be read back.
    """
    return next((_FIELD_OF[words] for words in _wordings(heading) if words in _FIELD_OF), None)


def is_forbidden(heading: str) -> bool:
    """Tell whether a column so headed would hold what a tracker must not store about a child.

    What stands in brackets counts here: “Details (DOB)”.
    """
    wordings = (*_wordings(heading), *_wordings(re.sub(r"[()\[\]]", " ", heading)))
    return field_of(heading) is None and any(map(_FORBIDDEN.search, wordings))


def is_hint(text: str) -> bool:
    """Tell whether a text only goes on with a heading: the guide's hint, or anything in brackets."""
    return not normalise(text) or text.strip().casefold() in {field.hint.casefold() for field in FIELDS}


def find_columns(headings: Mapping[int, str], *, said: Mapping[str, int | None] | None = None) -> Columns:
    """Tell which column is which field, given the text of each heading that is not blank.

    The guide's exact heading wins over a reworded one, and of two alike the left one. `said` is
    what somebody said about fields: their column, or None where there is none.
    """
    said = said or {}
    fields: dict[str, int] = {key: column for key, column in said.items() if column is not None}
    exact = {field.heading: field.key for field in FIELDS}
    for known in (lambda text: exact.get(text), field_of):
        for column, heading in sorted(headings.items()):
            key = known(heading)
            if key is not None and key not in said and column not in fields.values():
                fields.setdefault(key, column)
    reworded = _find_by_clues(headings, fields, left_out=said.keys())
    others = {c: h for c, h in sorted(headings.items()) if c not in fields.values()}
    forbidden = {c: h for c, h in others.items() if is_forbidden(h)}
    return Columns(
        fields=fields,
        reworded=reworded,
        doubled={c: h for c, h in others.items() if field_of(h) is not None},
        missing=tuple(key for key in KEYS if key not in fields),
        extra=_made_unique({c: h for c, h in others.items() if c not in forbidden}),
        forbidden=forbidden,
    )


def count_fields(headings: Mapping[int, str]) -> int:
    """Count the different fields that a row of texts would head, the measure of a heading row."""
    return len({field_of(text) for text in headings.values()} - {None})


def are_headings(texts: Sequence[str], *, least: int) -> bool:
    """Tell whether at least so many different fields go by these texts.

    Every row of a tracker is asked this, so no text is looked at once the answer is certain.
    """
    found: set[str] = set()
    for number, text in enumerate(texts):
        if len(found) + len(texts) - number < least:
            return False
        key = field_of(text)
        found |= {key} if key else set()
    return len(found) >= least


def _find_by_clues(
    headings: Mapping[int, str], fields: dict[str, int], *, left_out: Set[str]
) -> dict[str, str]:
    reworded = {}
    for key, clue in _CLUES:
        if key in fields or key in left_out:
            continue
        columns = [
            column
            for column, heading in headings.items()
            if column not in fields.values()
            and not is_forbidden(heading)
            and any(map(clue.search, _wordings(heading)))
        ]
        if len(columns) == 1:
            fields[key] = columns[0]
            reworded[key] = headings[columns[0]]
    return reworded


def _made_unique(headings: Mapping[int, str]) -> dict[int, str]:
    unique: dict[int, str] = {}
    for column, heading in headings.items():
        name, number = heading, 2
        while name in unique.values():
            name, number = f"{heading} ({number})", number + 1
        unique[column] = name
    return unique
