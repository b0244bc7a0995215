"""The Toolkit as headings with their ideas, for the tab of an exported workbook."""

from toolkit.default_ideas import OPENING_NOTE
from toolkit.models import Idea
from toolkit.shelves import FOR_THE_MEETING, by_stage


def sections() -> list[tuple[str, list[str]]]:
    """The opening note, then the ideas by need in the list's order, by stage, and for the meeting."""
    by_need: dict[str, list[str]] = {}
    offered = Idea.objects.shown().filter(need__reviewed=True, need__retired=False)
    for label, text in offered.order_by("need__order", "order", "pk").values_list("need__label", "text"):
        by_need.setdefault(label, []).append(text)
    others = list(Idea.objects.shown().filter(need__isnull=True))
    # A stage's idea is a question that follows the stage and a colon.
    stages = [f"{stage.label}: {idea.text}" for stage, of_it in by_stage(others) for idea in of_it]
    meeting = [idea.text for idea in others if idea.for_meeting]
    return [
        ("About these ideas", [OPENING_NOTE]),
        *by_need.items(),
        ("Questions for each stage", stages),
        (FOR_THE_MEETING, meeting),
    ]
