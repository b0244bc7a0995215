"""The Toolkit tab of an exported workbook."""

from io import BytesIO

from django.utils import timezone
from openpyxl import load_workbook

from tests.conftest import World
from tests.factories import a_need
from toolkit.changes.ideas import add_idea
from toolkit.models import Idea, Tie
from tracker.choices import Stage
from tracker.exporting import tracker_sheet
from tracker.workbook.write import write_workbook


def exported_texts(world: World) -> list[str]:
    """Every text of the tab, from top to bottom."""
    sheet = tracker_sheet(world.team, names="full", exported_by="Olive Officer", at=timezone.localtime())
    tab = load_workbook(BytesIO(write_workbook(sheet)))["Toolkit"]
    return [str(cell.value) for row in tab.iter_rows() for cell in row if cell.value]


def test_the_tab_holds_the_ideas_under_their_headings(world: World) -> None:
    texts = exported_texts(world)

    first = Idea.objects.filter(need=a_need()).earliest("order")
    assert texts.index(a_need().label) < texts.index(first.text) < texts.index(a_need(1).label)
    assert any(text.startswith("Decided to close: which tasks are left") for text in texts)
    assert "Running the meeting" in texts


def test_a_retired_idea_and_the_ideas_of_a_retired_need_stay_out(world: World) -> None:
    idea = Idea.objects.filter(need=a_need()).earliest("order")
    idea.retired = True
    idea.save()
    need = a_need(1)
    need.retired = True
    need.save()

    texts = exported_texts(world)

    assert idea.text not in texts
    assert need.label not in texts


def test_the_questions_of_a_stage_stand_together_in_the_order_of_the_stages(world: World) -> None:
    """A second question for the first stage has a later place in the list than the first of the last one."""
    add_idea(text="who else has been asked?", tie=Tie(stage=Stage.AWAITING), by=world.officer)

    texts = exported_texts(world)

    labels = [str(stage.label) for stage in Stage]
    stages = [text.partition(":")[0] for text in texts if text.partition(":")[0] in labels]
    assert stages.count(str(Stage.AWAITING.label)) > 1
    assert stages == sorted(stages, key=labels.index)
