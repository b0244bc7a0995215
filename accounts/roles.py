"""The one table of who may do what: role, action, reach. Compared with a signed CSV by a test."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models


class Role(models.TextChoices):
    """What a membership makes of a person; the words of the guide."""

    PERFORMANCE_OFFICER = "performance_officer", "Performance officer"
    TEAM_COORDINATOR = "team_coordinator", "Team coordinator"
    PRACTICE_SUPERVISOR = "practice_supervisor", "Practice supervisor"
    TEAM_MANAGER = "team_manager", "Team manager"
    HEAD_OF_SERVICE = "head_of_service", "Head of service"
    STAND_IN = "stand_in", "Practice supervisor stand-in"


class Reach(StrEnum):
    """How far a permission goes: every locality, the membership's locality, the membership's teams."""

    ALL = "A"
    LOCALITY = "L"
    TEAMS = "T"


@dataclass(frozen=True)
class Grant:
    """One cell of the table: how far, and whether a reason is asked for first."""

    reach: Reach
    reason: bool = False

    @classmethod
    def read(cls, cell: str) -> "Grant | None":
        """`T` allows in the membership's teams, `T c` asks for a reason first, `-` refuses."""
        if cell == "-":
            return None
        reach, _, mark = cell.partition(" ")
        return cls(Reach(reach), reason=mark == "c")


def _line(cells: str) -> dict[Role, Grant]:
    """Six cells divided by `|`, in the order of `Role`."""
    grants = {role: Grant.read(cell.strip()) for role, cell in zip(Role, cells.split("|"), strict=True)}
    return {role: grant for role, grant in grants.items() if grant}


# Object permissions on Team. Columns: PO | TC | PS | TM | HoS | stand-in.
TEAM_PERMISSIONS: dict[str, dict[Role, Grant]] = {
    "view_tracker": _line("A | L | L | L | L | T"),
    "add_row": _line("A | T | T | T | - | T"),
    "edit_row": _line("A | T | T | T | - | T"),
    "change_pin": _line("A | T | T c | T c | - | -"),
    "restore_value": _line("A | T | T | T | - | -"),
    "close_row": _line("A | T | T | T | - | T"),
    "reopen_row": _line("A | T | T | T | - | -"),
    "remove_row": _line("A | T | T | T | - | -"),
    "move_row": _line("A | T | - | T | - | -"),
    "import_rows": _line("A | T | - | T | - | -"),
    "bulk_edit": _line("A | T | T | T | - | T"),
    "run_meeting": _line("A | T | T | T | - | T"),
    "export_rows": _line("A | T | T | T | L | -"),
    "export_names": _line("A c | T c | - | T c | - | -"),
    "print_sheets": _line("A | T | T | T | L | T"),
    "manage_columns": _line("A | T | T | T | - | -"),
    "answer_difficulty": _line("- | - | - | - | L | -"),
    "name_stand_in": _line("A | - | - | T | - | -"),
    "view_access_log": _line("A | - | - | T | L | -"),
}

# What is about no single team.
GLOBAL_PERMISSIONS: dict[str, dict[Role, Grant]] = {
    "view_council": _line("A | - | - | - | - | -"),
    "move_to_other_locality": _line("A c | - | - | - | - | -"),
    "manage_people": _line("A | - | - | - | - | -"),
    "manage_words": _line("A | - | - | - | - | -"),
    "import_many": _line("A | - | - | - | - | -"),
    "manage_toolkit": _line("A | - | - | - | - | -"),
    "manage_places": _line("A | - | - | - | - | -"),
    "manage_retention": _line("A | - | - | - | - | -"),
    "view_all_logs": _line("A | - | - | - | - | -"),
}

# In words, for a refusal: "You can see this tracker but not …".
IN_WORDS = {
    "view_tracker": "see this tracker",
    "add_row": "add a case",
    "edit_row": "change a case",
    "change_pin": "change a PIN",
    "restore_value": "put back an older value",
    "close_row": "close a case",
    "reopen_row": "reopen or restore a case",
    "remove_row": "remove a case",
    "move_row": "move a case to another team",
    "import_rows": "import a workbook",
    "bulk_edit": "change many cells at once",
    "run_meeting": "run the meeting",
    "export_rows": "export the tracker",
    "export_names": "export full names",
    "print_sheets": "print sheets",
    "manage_columns": "change the team's own columns",
    "answer_difficulty": "answer a difficulty",
    "name_stand_in": "name a stand-in",
    "view_access_log": "see who viewed a case",
    "view_council": "see the summary of all localities",
    "move_to_other_locality": "move a case to another locality",
    "manage_people": "manage people",
    "manage_words": "change the lists of words",
    "import_many": "import the workbooks of many teams at once",
    "manage_toolkit": "change the toolkit",
    "manage_places": "manage localities and teams",
    "manage_retention": "change how long things are kept",
    "view_all_logs": "see the logs",
}

# The roles whose membership also reads the rest of its locality; a stand-in sees the named team only.
READS_LOCALITY = tuple(
    role for role, grant in TEAM_PERMISSIONS["view_tracker"].items() if grant.reach is Reach.LOCALITY
)
