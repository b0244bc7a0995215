"""The Toolkit's places in the order in which people read them: needs, stages, running the meeting."""

from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.models import Idea, Tie
from tracker.choices import OPEN_STAGES, Stage
from tracker.models import Need

FOR_THE_MEETING = "Running the meeting"


@dataclass(frozen=True)
class Shelf:
    """One place and the ideas that stand there."""

    tie: Tie
    title: str
    ideas: Sequence[Idea]
    retired: bool = False


def by_need(ideas: Sequence[Idea]) -> list[tuple[Need, list[Idea]]]:
    """What people may choose, and what is retired and still has ideas; with the ideas of each."""
    found = [
        (need, [idea for idea in ideas if idea.need_id == need.pk])
        for need in Need.objects.filter(reviewed=True)
    ]
    return [(need, of_it) for need, of_it in found if of_it or not need.retired]


def by_stage(ideas: Sequence[Idea]) -> list[tuple[Stage, list[Idea]]]:
    """The open stages with their questions; Closed only where somebody wrote one for it."""
    found = [(stage, [idea for idea in ideas if idea.stage == stage]) for stage in Stage]
    return [(stage, of_it) for stage, of_it in found if of_it or stage in OPEN_STAGES]


def shelves(ideas: Sequence[Idea]) -> list[tuple[str, list[Shelf]]]:
    """All places under their three headings."""
    needs = [Shelf(Tie(need_id=need.pk), need.label, of_it, need.retired) for need, of_it in by_need(ideas)]
    stages = [Shelf(Tie(stage=stage), stage.label, of_it) for stage, of_it in by_stage(ideas)]
    meeting = Shelf(Tie(), FOR_THE_MEETING, [idea for idea in ideas if idea.for_meeting])
    return [
        ("By what is needed to progress", needs),
        ("By stage", stages),
        (FOR_THE_MEETING, [meeting]),
    ]


def places(but_also: Tie | None = None) -> list[tuple[str, list[tuple[str, str]]]]:
    """What an idea can be tied to, for a list to choose from; `but_also` is where it stands, if retired."""
    kept = but_also.need_id if but_also else None
    needs = Need.objects.choosable() | Need.objects.filter(pk=kept or 0)
    return [
        ("What is needed to progress", [(Tie(need_id=need.pk).code, need.label) for need in needs]),
        ("Stage", [(Tie(stage=stage).code, stage.label) for stage in Stage]),
        ("The meeting", [(Tie().code, FOR_THE_MEETING)]),
    ]


def names() -> dict[str, str]:
    """Code of a tie → what it is called, whether or not it is on offer; one statement."""
    needs = {Tie(need_id=need.pk).code: need.label for need in Need.objects.all()}
    stages = {Tie(stage=stage).code: str(stage.label) for stage in Stage}
    return {**needs, **stages, Tie().code: FOR_THE_MEETING}
