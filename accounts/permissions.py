"""Who may: the only door to guardian and the only reader of memberships (ADR 0003)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

from django.contrib.auth.models import Group, Permission
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import (
    AccessVersion,
    Locality,
    Membership,
    RoleGroup,
    Team,
    TeamGroupPermission,
    User,
)
from accounts.roles import GLOBAL_PERMISSIONS, IN_WORDS, READS_LOCALITY, TEAM_PERMISSIONS, Role

# A closed team is read, not written: its rows have gone to others.
OF_CLOSED_TEAMS = {"view_tracker", "export_rows", "export_names", "print_sheets", "view_access_log"}
# What writing a field may take: see `field_permission`.
OF_FIELDS = ("change_pin", "edit_row")

# Each request asks this: the ORM takes eight times as long to say the same (ADR 0052).
PERSON = """
    SELECT accounts_user.*, (SELECT number FROM accounts_accessversion WHERE id = 1) AS access_version
    FROM accounts_user WHERE id = %s
"""

Answer = TypeVar("Answer")


class Refused(PermissionDenied):
    """One may see this and not do it: answered with 403 and the names of those who can."""

    def __init__(self, permission: str, team: Team | None = None) -> None:
        super().__init__(f"You cannot {IN_WORDS[permission]} here.")
        self.permission = permission
        self.team = team


class HasPin(Protocol):
    """What a field right needs to know of a row."""

    @property
    def pin(self) -> str: ...


@dataclass(frozen=True)
class Rights:
    """What one person may do on one team today: permission → whether a reason is asked for first."""

    asked: dict[str, bool] = field(default_factory=dict)

    def __contains__(self, permission: str) -> bool:
        return permission in self.asked

    def needs_reason(self, permission: str) -> bool:
        """True where every role that allows it asks for a reason; the reason is kept with the act."""
        return self.asked.get(permission, False)


NO_RIGHTS = Rights()


def rights(user: User, team: Team) -> Rights:
    """All permissions of the person on the team today, in one statement; answered once per request.

    Between requests they are kept with the access version, which every change of who may do what raises:
    the first request after such a change asks anew (ADR 0021). That there are none is asked each time:
    whoever tries the numbers of others' teams waits no longer or shorter than for numbers that nobody has.
    """
    return _kept(user, f"team {team.pk}", lambda: _asked(user, team))


def _kept(user: User, what: str, ask: Callable[[], Answer]) -> Answer:
    """What was answered about the person in this request, or since the last change of who may do what."""
    seen = user.rights_seen
    if seen is not None and what in seen:
        return seen[what]  # type: ignore[no-any-return] # the keys of the cache say what lies under them
    # Rights end with the day, and with the account.
    kept_as = f"{user.pk}:{what}:{user.is_active}:{timezone.localdate()}".replace(" ", "-")
    # Read before the grants: what is kept with it is never older than it says.
    now = _version_seen_by(user)
    kept: tuple[int, Answer] | None = caches["rights"].get(kept_as)
    answer = kept[1] if kept and kept[0] == now else ask()
    if (kept is None or kept[0] != now) and answer != NO_RIGHTS:
        caches["rights"].set(kept_as, (now, answer))
    if seen is not None:
        seen[what] = answer
    return answer


def _version_seen_by(user: User) -> int:
    """The access version at the moment the request began: the statement that finds its person tells it."""
    version: int | None = getattr(user, "access_version", None)
    return access_version() if version is None else version


def _asked(user: User, team: Team) -> Rights:
    asked: dict[str, bool] = {}
    pairs = _grants(user, timezone.localdate()).filter(content_object=team)
    for codename, role in pairs.values_list("permission__codename", "group__role_group__role"):
        reason = bool(role) and TEAM_PERMISSIONS[codename][Role(role)].reason
        asked[codename] = asked.get(codename, True) and reason
    if team.closed_at:
        asked = {codename: reason for codename, reason in asked.items() if codename in OF_CLOSED_TEAMS}
    return Rights(asked)


def teams_with(user: User, permission: str) -> QuerySet[Team]:
    """The teams on which the person holds this permission today, as a subquery."""
    teams = Team.objects.filter(_held(user, permission))
    return teams if permission in OF_CLOSED_TEAMS else teams.open()


def _held(user: User, permission: str) -> Exists:
    """The condition on teams that the person holds this permission on them today."""
    held = _grants(user, timezone.localdate()).filter(permission__codename=permission)
    return Exists(held.filter(content_object=OuterRef("pk")))


def holders(permission: str, team: Team, among: Iterable[int] | None = None) -> set[int]:
    """Of these people, by number, or of all: who holds the permission on the team today; one statement."""
    if team.closed_at and permission not in OF_CLOSED_TEAMS:
        return set()
    granted = TeamGroupPermission.objects.filter(content_object=team, permission__codename=permission)
    in_role = Exists(granted.filter(group__role_group__role=OuterRef("role"))) & (
        Q(role=Role.PERFORMANCE_OFFICER) | _named(team)
    )
    in_locality = Exists(granted.filter(group__role_group__locality=OuterRef("locality")))
    active = Membership.objects.active(timezone.localdate())
    counts = active.filter(person__is_active=True).filter(
        in_role | (Q(role__in=READS_LOCALITY) & in_locality)
    )
    if among is not None:
        counts = counts.filter(person__in=list(among))
    return set(counts.values_list("person", flat=True))


def own_teams(user: User) -> QuerySet[Team]:
    """The teams that the person's access names today, or whose whole locality it names.

    Narrower than what they may read: a calendar or a mail is about one's own work. An officer, whose access
    names every place, has none. Who has left has none.
    """
    active = Membership.objects.active(timezone.localdate()).filter(person=user, person__is_active=True)
    named = Q(teams=OuterRef("pk")) | Q(teams=None, locality=OuterRef("locality"))
    return Team.objects.open().filter(Exists(active.filter(named)))


def access_version() -> int:
    """The number that every change of who may do what raises; 0 before the first."""
    return AccessVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def person_of_a_request(pk: int) -> User | None:
    """Who is signed in, with the access version of the moment, in one statement."""
    return next(iter(User.objects.raw(PERSON, [pk])), None)


def may(user: User, permission: str) -> bool:
    """Whether the person holds a permission that is about no single team."""
    return not GLOBAL_PERMISSIONS[permission].keys().isdisjoint(_roles(user))


def field_permission(field_key: str, row: HasPin | None) -> str:
    """The permission that writing this field takes; `row` is None for a row that is being added.

    A PIN that is missing may be set by whoever edits the row; one that is there is changed by fewer
    people (specs: permissions, matrix).
    """
    return "change_pin" if field_key == "pin" and row is not None and row.pin else "edit_row"


def may_edit(user: User, team: Team, field_key: str, row: HasPin | None) -> bool:
    """Whether the person may write this field of the row: the one door that every write asks."""
    return field_permission(field_key, row) in rights(user, team)


def require(user: User, team: Team, permission: str) -> Rights:
    """The person's rights on the team, or `Refused` where this permission is not among them."""
    held = rights(user, team)
    if permission not in held:
        raise Refused(permission, team)
    return held


def require_global(user: User, permission: str) -> None:
    """`Refused` unless the person holds this permission that is about no single team."""
    if not may(user, permission):
        raise Refused(permission)


def require_on_all(user: User, locality: Locality, permission: str) -> None:
    """`Refused` unless the person holds the permission on every team of the locality."""
    if not localities_with(user, permission).filter(pk=locality.pk).exists():
        raise Refused(permission, locality.teams.first())


def require_on_some(user: User, locality: Locality, permission: str) -> None:
    """`Refused` unless the person holds the permission on at least one team of the locality."""
    if not localities_in_part_with(user, permission).filter(pk=locality.pk).exists():
        raise Refused(permission, locality.teams.first())


def localities_with(user: User, permission: str) -> QuerySet[Locality]:
    """The localities on whose every team the person holds the permission today.

    A stand-in, who sees one team, gets none: a page about the locality would count the others too.
    """
    teams = Team.objects.filter(locality=OuterRef("pk"))
    held = _held(user, permission)
    return Locality.objects.filter(Exists(teams.filter(held)), ~Exists(teams.filter(~held)))


def localities_in_part_with(user: User, permission: str) -> QuerySet[Locality]:
    """The localities on one team of which, at least, the person holds the permission today."""
    teams = Team.objects.filter(locality=OuterRef("pk"))
    return Locality.objects.filter(Exists(teams.filter(_held(user, permission))))


def own_localities(user: User) -> QuerySet[Locality]:
    """The localities named in the person's memberships of any date: whose officers can help them."""
    return Locality.objects.filter(Exists(Membership.objects.filter(person=user, locality=OuterRef("pk"))))


def ended_lately(user: User, today: date) -> list[Membership]:
    """What the person had last, when nothing is left of it: the memberships that ended on the latest day."""
    over = [one for one in user.memberships.select_related("locality") if one.is_over(today)]
    latest = max((one.last_day for one in over), default=None)
    return [one for one in over if one.last_day == latest]


def officers() -> QuerySet[User]:
    """The performance officers of today."""
    return _people_with((Role.PERFORMANCE_OFFICER,), Q())


def officers_for(user: User) -> list[User]:
    """The contact officers of the person's own localities, or every performance officer."""
    return _officers(own_localities(user))


def officers_of(locality: Locality) -> list[User]:
    """The contact officers of the locality, or every performance officer."""
    return _officers(Locality.objects.filter(pk=locality.pk))


def _officers(localities: QuerySet[Locality]) -> list[User]:
    contacts = User.objects.filter(is_active=True, contact_for__in=localities.values("pk")).distinct()
    return list(contacts) or list(officers())


def who_sees(team: Team) -> QuerySet[Membership]:
    """The memberships that let somebody see the team's tracker today: why each of them may."""
    active = Membership.objects.active(timezone.localdate()).filter(person__is_active=True)
    return active.filter(
        Q(role=Role.PERFORMANCE_OFFICER)
        | Q(role__in=READS_LOCALITY, locality=team.locality_id)
        | _named(team)
    ).distinct()


def seen_with(held: Membership, teams: Iterable[Team]) -> list[Team]:
    """Of these teams, those whose tracker the membership lets its person see while it counts."""
    if held.role == Role.PERFORMANCE_OFFICER:
        return list(teams)
    if held.role in READS_LOCALITY:
        return [team for team in teams if team.locality_id == held.locality_id]
    named = {team.pk for team in held.teams.all()}
    return [team for team in teams if team.pk in named]


def who_may(permission: str, team: Team | None) -> list[User]:
    """The people who hold the permission (on the team), for a refusal that names them; at most eight.

    Performance officers, who hold nearly all of them everywhere, are named only where nobody nearer is.
    """
    roles = set((TEAM_PERMISSIONS | GLOBAL_PERMISSIONS)[permission])
    near = list(_people_with(roles - {Role.PERFORMANCE_OFFICER}, _named(team))[:8]) if team else []
    return near if near or Role.PERFORMANCE_OFFICER not in roles else list(officers()[:8])


def grant_locality(locality: Locality) -> None:
    """Makes the locality's read group; its teams grant to it when they are made."""
    group, _ = Group.objects.get_or_create(name=f"read locality {locality.pk}")
    RoleGroup.objects.get_or_create(group=group, role="", team=None, locality=locality)


def grant_teams(teams: Sequence[Team]) -> None:
    """Makes the teams' groups, one for each role, and grants all of them what `roles.py` says. Repeatable.

    As many statements for many teams as for one: guardian's own `assign_perm` takes one team at a time.
    """
    TeamGroupPermission.objects.filter(content_object__in=teams).delete()
    there = set(RoleGroup.objects.filter(team__in=teams).values_list("team", "role"))
    missing = [
        RoleGroup(role=role, team=team, group=Group(name=f"{role} team {team.pk}"))
        for team in teams
        for role in Role
        if (team.pk, role) not in there
    ]
    Group.objects.bulk_create([one.group for one in missing])
    for one in missing:
        one.group = one.group  # takes over the number that the group has now
    RoleGroup.objects.bulk_create(missing)
    in_role = RoleGroup.objects.filter(team__in=teams).values_list("team", "role", "group")
    groups = {(team, role): group for team, role, group in in_role}
    places = {team.locality_id for team in teams}
    readers = dict(RoleGroup.objects.filter(locality__in=places).values_list("locality", "group"))
    permissions = Permission.objects.filter(content_type__model="team")
    codenames = dict(permissions.values_list("codename", "pk"))
    TeamGroupPermission.objects.bulk_create(
        TeamGroupPermission(content_object=team, permission_id=codenames[codename], group_id=group)
        for team in teams
        for codename, by_role in TEAM_PERMISSIONS.items()
        for group in (
            *(groups[team.pk, role] for role in by_role if not _reads_by_locality(codename, role)),
            *((readers[team.locality_id],) if codename == "view_tracker" else ()),
        )
    )


def _reads_by_locality(codename: str, role: Role) -> bool:
    """Whether the role has this permission from the locality's read group and not from its own."""
    return codename == "view_tracker" and role in READS_LOCALITY


def _grants(user: User, today: date) -> QuerySet[TeamGroupPermission]:
    """The guardian rows that count for this person today: those of the groups that the memberships reach."""
    active = Membership.objects.active(today).filter(person=user, person__is_active=True)
    in_role = active.filter(role=OuterRef("group__role_group__role")).filter(
        Q(role=Role.PERFORMANCE_OFFICER)
        | Q(teams=OuterRef("content_object"))
        | Q(teams=None, locality=OuterRef("content_object__locality"))
    )
    in_locality = active.filter(role__in=READS_LOCALITY, locality=OuterRef("group__role_group__locality"))
    return TeamGroupPermission.objects.filter(Exists(in_role) | Exists(in_locality))


def _roles(user: User) -> frozenset[Role]:
    """The roles of the person's active memberships; kept as `rights` are."""
    return _kept(user, "roles", lambda: _asked_roles(user))


def _asked_roles(user: User) -> frozenset[Role]:
    active = Membership.objects.active(timezone.localdate()).filter(person=user, person__is_active=True)
    return frozenset(Role(role) for role in active.values_list("role", flat=True))


def _named(team: Team) -> Q:
    """The condition on memberships that they name the team, or all teams of its locality."""
    return Q(teams=team) | Q(teams=None, locality=team.locality_id)


def _people_with(roles: Iterable[Role], where: Q) -> QuerySet[User]:
    """Active people who hold one of the roles today by a membership that meets the condition."""
    counts = Membership.objects.active(timezone.localdate()).filter(where, role__in=list(roles))
    return User.objects.filter(is_active=True, pk__in=counts.values("person"))
