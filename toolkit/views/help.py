"""Help and the accessibility statement: what is said of keys, dates and roles.

All other words of these pages are in templates/help/.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import anyone_signed_in, meanwhile, public
from accounts.models import User
from accounts.permissions import officers_for
from accounts.roles import GLOBAL_PERMISSIONS, IN_WORDS, TEAM_PERMISSIONS, Grant, Reach, Role
from icm.http import AuthenticatedRequest
from tracker.meeting_keys import KEYS as MEETING_KEYS

# When the accessibility statement was written, and last held against what is tested: at least once a year.
STATEMENT_PREPARED = date(2026, 11, 29)
STATEMENT_REVIEWED = date(2026, 11, 30)
# Each line: the keys, what they do on a cell, what they do while one types (specs: grid, 3.3).
KEYS = (
    ("← ↑ → ↓", "go one cell further; they stop at the edges", "move in the text, or in the list"),
    ("Enter", "opens the cell to change it", "keeps the value and goes down; Shift: up"),
    ("Alt + Enter", "", "starts a new line"),
    ("Tab", "goes right; with Shift, left", "keeps the value and goes right; Shift: left"),
    ("F2", "opens the cell with the cursor at the end", "the arrows go from cell to cell again"),
    ("Esc", "drops the selection; once more, and Tab leaves the table", "puts the old value back"),
    ("letters and digits", "type over the cell; in a list they find the option", "type"),
    ("Alt + ↓, F4", "opens the list or the calendar", "opens the list or the calendar"),
    ("Home, End", "first, last cell of the row; Ctrl: of the table", "start, end of the text"),
    ("Ctrl + ↑, Ctrl + ↓", "first, last row", ""),
    ("Page up, Page down", "one screen of rows", ""),
    ("Shift + any of these", "selects up to there", "selects text"),
    ("Ctrl + A", "selects all cells", "selects all text"),
    ("Shift + Space, Ctrl + Space", "selects the row, the column", "a space"),
    ("Ctrl + C, X, V", "copies, cuts, pastes the selected cells", "copies, cuts, pastes text"),
    ("Ctrl + D", "fills down from the top of the selection, or from the cell above", ""),
    ("Ctrl + '", "takes the value of the cell above", ""),
    ("Ctrl + Enter", "", "puts the value into all selected cells; keeps it and stays"),
    ("Ctrl + ;", "today's date", "today's date"),
    ("+7 in a date", "seven days after the date in the cell", ""),
    ("Delete, Backspace", "empties the selected cells", "deletes text"),
    ("Ctrl + Z, Ctrl + Y", "takes back your last step; does it again", "the same for the text"),
    ("Alt + N", "a new case at the end", ""),
    ("Alt + C", "closes the case and asks how it ended, or removes it", ""),
    ("Alt + H", "history of the cell", ""),
    ("Shift + F10, Menu", "menu of the cell", ""),
    ("F6, Shift + F6", "next, previous part of the page", "the same"),
    ("Ctrl + /", "this list; ? outside the table", "this list"),
)  # fmt: skip

# What one may type for a date, and what it means. A test reads each of them.
DATES = (
    ("20/1/22, 20.01.22, 20-1-2022", "20 January 2022: always the day first"),
    ("20 Jan 22, 20 January 2022, Thu 20/1/22", "the same day"),
    ("20/1, 20 Jan", "the 20 January nearest to today, before or after it"),
    ("fri, Friday", "the next Friday after today"),
    ("+7", "seven days after the date in the cell, or after today if it is empty"),
    ("today, tomorrow", "what they say"),
)

REACH_IN_WORDS = {
    Reach.ALL: "all localities",
    Reach.LOCALITY: "own locality",
    Reach.TEAMS: "own teams",
}


@dataclass(frozen=True)
class RoleLine:
    """One line of "Who may do what": the act, and for each role how far, empty where it may not."""

    act: str
    cells: tuple[str, ...]


@meanwhile
@anyone_signed_in("help is for everybody")
@require_safe
def help_page(request: AuthenticatedRequest) -> HttpResponse:
    """How to use the tracker, the questions people ask, whom to contact."""
    return render(
        request,
        "help/help.html",
        {
            "keys": KEYS,
            "meeting_keys": MEETING_KEYS,
            "dates": DATES,
            "roles": Role,
            "role_lines": role_lines(),
            "officers": officers_for(request.user),
        },
    )


@meanwhile
@anyone_signed_in("help is for everybody, and a sheet is handed to a colleague of another role")
@require_safe
def from_the_workbook(request: AuthenticatedRequest, role: str) -> HttpResponse:
    """One sheet to print: where what a role did in the workbook is done here. 404 for no role of ours."""
    if role not in Role:
        raise Http404
    chosen = Role(role)
    return render(
        request,
        "help/from_the_workbook.html",
        {"role": chosen, "roles": Role, "own": f"help/from_the_workbook/{chosen}.html"},
    )


@public("people who cannot use the sign-in page must be able to read how to get help")
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement, as the law's model orders it; it names officers only to somebody who is signed in."""
    context = {
        "officers": officers_for(request.user) if isinstance(request.user, User) else [],
        "contact": settings.ACCESSIBILITY_EMAIL,
        "prepared": STATEMENT_PREPARED,
        "reviewed": STATEMENT_REVIEWED,
    }
    return render(request, "help/accessibility.html", context)


def role_lines() -> list[RoleLine]:
    """The table of accounts/roles.py in words, a line for each permission, a cell for each role."""
    return [
        RoleLine(IN_WORDS[permission], tuple(_in_words(grants.get(role)) for role in Role))
        for permission, grants in (TEAM_PERMISSIONS | GLOBAL_PERMISSIONS).items()
    ]


def _in_words(grant: Grant | None) -> str:
    if grant is None:
        return ""
    return REACH_IN_WORDS[grant.reach] + (", with a reason" if grant.reason else "")
