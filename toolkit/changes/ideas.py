"""The ideas of the Toolkit, kept by performance officers: add, change, order, retire, put back (ADR 0030)."""

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.models import AuditEvent, User
from accounts.permissions import require_global
from toolkit.models import Idea, IdeaVersion, Tie
from tracker.changes.refusals import Invalid
from tracker.workbook.words import clean

STEP = 10
TEXT_MOST = Idea._meta.get_field("text").max_length or 0


@transaction.atomic
def add_idea(*, text: str, tie: Tie, by: User) -> Idea:
    """A new idea at the end of what it is tied to. Raises `Invalid` where it stands there already."""
    require_global(by, "manage_toolkit")
    text = checked_text(text, tie)
    last = Idea.objects.tied_to(tie).aggregate(last=Max("order"))["last"] or 0
    idea = Idea.objects.create(text=text, order=last + STEP, **tie.fields)
    _keep(idea, "add idea", by)
    return idea


@transaction.atomic
def change_idea(*, idea: Idea, text: str, tie: Tie, base: int, by: User) -> Idea:
    """Another text or another place; what moves stands last in its new place.

    `base` is the number of the version that the person saw: raises `Invalid` where there is a newer one.
    """
    require_global(by, "manage_toolkit")
    current = _locked(idea)
    _check_seen(current, base)
    text = checked_text(text, tie, but=current)
    if (text, tie) != (current.text, current.tie):
        _write(current, text, tie)
        _keep(current, "change idea", by)
    return current


@transaction.atomic
def put_back(*, version: IdeaVersion, by: User) -> Idea:
    """Writes the text and the place of an older version again, as a new version, and shows the idea."""
    require_global(by, "manage_toolkit")
    current = _locked(version.idea)
    text = checked_text(version.text, version.tie, but=current)
    current.retired = False
    _write(current, text, version.tie)
    _keep(current, "put back idea", by)
    return current


@transaction.atomic
def retire_idea(*, idea: Idea, by: User) -> None:
    """Takes the idea out of the Toolkit; it can be brought back."""
    _show(idea, False, "retire idea", by)


@transaction.atomic
def bring_back(*, idea: Idea, by: User) -> None:
    """Shows a retired idea again."""
    _show(idea, True, "bring back idea", by)


@transaction.atomic
def move_idea(*, idea: Idea, down: bool, by: User) -> None:
    """One place up or down among the shown ideas of the same place; at its end nothing happens."""
    require_global(by, "manage_toolkit")
    # All of them are locked, in one order: two officers who move at once take turns.
    ideas = list(Idea.objects.shown().tied_to(idea.tie).order_by("pk").select_for_update())
    ideas.sort(key=lambda one: (one.order, one.pk))
    place = ideas.index(idea) if idea in ideas else -1
    other = place + (1 if down else -1)
    if place < 0 or not 0 <= other < len(ideas):
        return
    ideas[place], ideas[other] = ideas[other], ideas[place]
    for number, one in enumerate(ideas, start=1):
        one.order = number * STEP
    Idea.objects.bulk_update(ideas, ["order"])
    audit.record(AuditEvent.Kind.TOOLKIT, by=by, purpose="move idea", idea=idea.pk, place=other + 1)


def checked_text(text: str, tie: Tie, *, but: Idea | None = None) -> str:
    """The text as it is kept. Raises `Invalid` where it is blank, too long, or stands there already."""
    text = " ".join(clean(text).split())
    if not text:
        raise Invalid("Write the idea.", "text")
    if len(text) > TEXT_MOST:
        raise Invalid(f"An idea takes {TEXT_MOST} characters; this has {len(text)}. Shorten it.", "text")
    others = Idea.objects.tied_to(tie).exclude(pk=but.pk if but else 0)
    found = others.filter(text__iexact=text).first()
    if found:
        raise Invalid(
            "This idea is among the retired ones. Bring it back there."
            if found.retired
            else "This idea stands there already.",
            "text",
        )
    return text


def _locked(idea: Idea) -> Idea:
    return Idea.objects.select_for_update().get(pk=idea.pk)


def _check_seen(idea: Idea, base: int) -> None:
    newest = idea.newest
    if newest and newest.pk != base:
        who = newest.by_name or "Somebody"
        raise Invalid(
            f"{who} has changed this idea meanwhile; it says now: “{idea.text}”. Compare, then save again.",
            "text",
        )


def _write(idea: Idea, text: str, tie: Tie) -> None:
    if tie != idea.tie:
        last = Idea.objects.tied_to(tie).aggregate(last=Max("order"))["last"] or 0
        idea.order = last + STEP
    idea.text = text
    for name, value in tie.fields.items():
        setattr(idea, name, value)
    idea.save(update_fields=["text", "order", "retired", *tie.fields])


def _show(idea: Idea, shown: bool, purpose: str, by: User) -> None:
    require_global(by, "manage_toolkit")
    current = _locked(idea)
    if current.retired != shown:
        return
    current.retired = not shown
    current.save(update_fields=["retired"])
    _keep(current, purpose, by)


def _keep(idea: Idea, purpose: str, by: User) -> None:
    """The version that stands now, in the idea's history and in the log."""
    version = IdeaVersion.objects.create(
        idea=idea, text=idea.text, tied_to=idea.tie.code, retired=idea.retired, by_id=by.pk, by_name=by.name
    )
    audit.record(AuditEvent.Kind.TOOLKIT, by=by, purpose=purpose, idea=idea.pk, version=version.pk)
