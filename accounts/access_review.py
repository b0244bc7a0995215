"""Who can see what, and why: one line a membership of today, for the review of every quarter."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Prefetch

from accounts.models import Membership, Team, User
from accounts.permissions import seen_with
from accounts.xlsx import Value

HEADINGS = (
    ("Person", 28), ("E-mail address", 34), ("Role", 26), ("Locality", 22), ("Teams named", 34),
    ("From", 12), ("Until", 12), ("Given by", 26), ("Given on", 12), ("Reason", 34),
    ("Last signed in", 20), ("Sees how many teams", 12), ("Sees", 60), ("Keep? (to be filled in)", 16),
)  # fmt: skip


def reviewed(today: date) -> Iterator[Sequence[Value]]:
    """Everybody who may sign in, by name; who has no access today has a line that says so."""
    teams = list(Team.objects.open().select_related("locality").order_by("locality__name", "name"))
    active = Membership.objects.active(today).select_related("locality", "granted_by")
    held = Prefetch("memberships", active.prefetch_related("teams"), to_attr="today")
    for person in User.objects.filter(is_active=True).prefetch_related(held).order_by("name", "pk"):
        memberships: list[Membership] = person.today
        yield from (_line(person, one, teams) for one in memberships)
        if not memberships:
            nothing = ("", "", None, None, "", None, "", person.last_login, 0, "Nothing", "")
            yield (person.name, person.email, "No access", *nothing)


def _line(person: User, held: Membership, teams: list[Team]) -> Sequence[Value]:
    sees = seen_with(held, teams)
    everything = len(sees) == len(teams)
    return (
        person.name,
        person.email,
        held.get_role_display(),
        held.locality.name if held.locality else "All localities",
        ", ".join(sorted(team.name for team in held.teams.all())) or "All of them",
        held.since,
        held.until,
        held.granted_by.name if held.granted_by else "Command line",
        held.granted_at,
        held.reason,
        person.last_login,
        len(sees),
        "Every team" if everything else ", ".join(team.name for team in sees),
        "",
    )
