"""A person's own saved views: saved, renamed, shared, opened first, let go. Nothing of it is on the team."""

from django.db import IntegrityError, transaction

from accounts.models import Team, User
from accounts.permissions import require
from tracker.changes.refusals import Invalid
from tracker.models import SavedView

MOST_VIEWS = 30


def save_view(*, team: Team, name: str, query: str, by: User) -> SavedView:
    """Keeps the query under the name. Raises `Invalid` where the person has the name or too many."""
    require(by, team, "view_tracker")
    mine = SavedView.objects.filter(person=by, team=team)
    if mine.count() >= MOST_VIEWS:
        raise Invalid(f"You have {MOST_VIEWS} views of this tracker: delete one first.", "name")
    try:
        with transaction.atomic():
            return SavedView.objects.create(person=by, team=team, name=name, query=query)
    except IntegrityError:
        raise _taken() from None


def rename_view(*, view: SavedView, name: str, by: User) -> None:
    """Another name for the same view. Raises `Invalid` where its person has the name already."""
    _check_own(view, by)
    try:
        with transaction.atomic():
            SavedView.objects.filter(pk=view.pk).update(name=name)
    except IntegrityError:
        raise _taken() from None


def share_view(*, view: SavedView, shared: bool, by: User) -> None:
    """Lets others of the tracker open the view by its link, or ends that."""
    _check_own(view, by)
    SavedView.objects.filter(pk=view.pk).update(shared=shared)


def open_first(*, view: SavedView, first: bool, by: User) -> None:
    """Makes the view what its person's tracker opens with, in place of another; or lets it open with all."""
    _check_own(view, by)
    with transaction.atomic():
        SavedView.objects.filter(person=view.person_id, team=view.team_id).update(opens_first=False)
        SavedView.objects.filter(pk=view.pk).update(opens_first=first)


def delete_view(*, view: SavedView, by: User) -> None:
    """Lets the view go; its link leads nowhere from then on."""
    _check_own(view, by)
    SavedView.objects.filter(pk=view.pk).delete()


def _check_own(view: SavedView, by: User) -> None:
    if view.person_id != by.pk:
        raise Invalid("Only the person whose view this is can change it.")
    require(by, view.team, "view_tracker")


def _taken() -> Invalid:
    return Invalid("You have a view of this name: choose another.", "name")
