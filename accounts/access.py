"""Decorators that state a view's rule, check it, and stamp the view so that a test finds one without.

The middleware asks the stamp too: who is signed out, or must first set up a second factor.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, Literal, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponseBase

from accounts.models import Team
from accounts.permissions import (
    Refused,
    localities_with,
    require_global,
    require_on_all,
    require_on_some,
    rights,
)
from icm.http import AuthenticatedRequest

P = ParamSpec("P")

# Stands where no team has the number: nobody has a right on it.
NOBODYS = Team(pk=0)


@dataclass(frozen=True)
class Rule:
    """Who gets past: `about` says what the permission is asked on, `why` is for those open to many.

    `page` is False for what no person opens: who is signed out is told 401 there, not sent to sign in.
    """

    about: Literal["public", "signed in", "council", "locality", "part of locality", "team", "row"]
    permission: str = ""
    why: str = ""
    page: bool = True


def stamp(view: Callable[..., Any], rule: Rule) -> None:
    """Leaves the rule on the view, where the middleware and tests/architecture read it."""
    view.rule = rule  # type: ignore[attr-defined] # a function may carry one more fact


def public(why: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Open to people who are not signed in, for the stated reason."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        opened = login_not_required(view)
        stamp(opened, Rule("public", why=why))
        return opened

    return decorate


def anyone_signed_in(
    why: str,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Open to everyone who is signed in, for the stated reason; the view narrows what it shows itself."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        # A library may have opened its view to all: here it is for people who are signed in.
        view.login_required = True  # type: ignore[attr-defined] # what Django's middleware reads
        stamp(view, Rule("signed in", why=why))
        return view

    return decorate


def council_view(
    permission: str,
) -> Callable[
    [Callable[Concatenate[AuthenticatedRequest, P], HttpResponseBase]], Callable[..., HttpResponseBase]
]:
    """For those who hold a permission that is about no single team."""

    def decorate(
        view: Callable[Concatenate[AuthenticatedRequest, P], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            require_global(request.user, permission)
            return view(request, *args, **kwargs)

        stamp(guarded, Rule("council", permission))
        return guarded

    return decorate


def locality_view(
    permission: str,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Turns `locality_id` into a locality whose every team the person may see, or 404.

    `Refused` where they lack the permission on one of its teams.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: Any, locality_id: int, **kwargs: Any) -> HttpResponseBase:
            locality = localities_with(request.user, "view_tracker").filter(pk=locality_id).first()
            if locality is None:
                raise Http404
            if permission != "view_tracker":
                require_on_all(request.user, locality, permission)
            return view(request, locality, **kwargs)

        stamp(guarded, Rule("locality", permission))
        return guarded

    return decorate


def team_view(
    permission: str, *along: str
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Turns `team_id` into `team`: 404 where it is not theirs to see, `Refused` without the permission.

    `along` names what of the team is read in the same statement.
    """

    # Each request asks this: a queryset that is there already, and no order of one, take half as long.
    teams = Team.objects.select_related("locality", *along).order_by()

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: Any, team_id: int, **kwargs: Any) -> HttpResponseBase:
            team = next(iter(teams.filter(pk=team_id)), None)
            check_team(request, team, permission)
            return view(request, team=team, **kwargs)

        stamp(guarded, Rule("team", permission))
        return guarded

    return decorate


def part_of_locality_view(
    permission: str,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Turns `locality_id` into a locality as `locality_view` does; one team with the permission is enough.

    What the page offers on the others is the view's to narrow.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: Any, locality_id: int, **kwargs: Any) -> HttpResponseBase:
            locality = localities_with(request.user, "view_tracker").filter(pk=locality_id).first()
            if locality is None:
                raise Http404
            require_on_some(request.user, locality, permission)
            return view(request, locality, **kwargs)

        stamp(guarded, Rule("part of locality", permission))
        return guarded

    return decorate


def check_team(request: Any, team: Team | None, permission: str) -> None:
    """404 where the person may not see the team at all: that it exists is not told. Else `Refused`.

    None is a team or row that does not exist: the same is asked for it, so that it takes as long.
    """
    held = rights(request.user, team or NOBODYS)
    if team is None or "view_tracker" not in held:
        raise Http404
    if permission not in held:
        raise Refused(permission, team)


def meanwhile(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open also to who must set up a second factor before anything else."""
    view.open_meanwhile = True  # type: ignore[attr-defined] # as in stamp()
    return view


def rule_of(view: Callable[..., Any]) -> Rule | None:
    """The rule that the view states, if any."""
    return getattr(view, "rule", None)
