"""The figure that is given to Plotly."""

from summary.charts import durations_figure, stage_by_need_figure
from summary.places import by_duration
from summary.queries import stage_by_need
from tests.conftest import World
from tests.factories import a_need, make_row
from tracker.choices import Stage
from tracker.models import Need, TrackerRow


def test_the_figure_stacks_the_numbers_of_the_table(world: World) -> None:
    make_row(team=world.team, by=world.officer, stage=Stage.DECIDED, needed=a_need(2))
    table = stage_by_need(TrackerRow.objects.all(), Need.objects.all())

    figure = stage_by_need_figure(table)

    bars = {bar["name"]: bar["x"] for bar in figure["data"]}
    assert bars["Decided to close"][2] == 1
    assert sum(map(sum, bars.values())) == 1
    assert len(figure["layout"]["yaxis"]["ticktext"]) == len(table.lines)


def test_a_label_cannot_bring_tags_into_the_picture(world: World) -> None:
    word = Need.objects.create(label='<a href="//x.example">Ring</a> & write')
    table = stage_by_need(TrackerRow.objects.all(), [word])

    figure = stage_by_need_figure(table)

    label = figure["layout"]["yaxis"]["ticktext"][0]
    assert "<" not in label
    assert label.startswith("&lt;a href")


def test_a_bar_of_few_cases_has_no_half_cases_on_its_axis(world: World) -> None:
    make_row(team=world.team, by=world.officer, needed=a_need(0))
    few = stage_by_need(TrackerRow.objects.all(), Need.objects.all())

    assert stage_by_need_figure(few)["layout"]["xaxis"]["dtick"] == 1


def test_a_long_label_is_cut_for_the_axis(world: World) -> None:
    word = Need.objects.create(label="w" * 120)
    table = stage_by_need(TrackerRow.objects.all(), [word])

    label = stage_by_need_figure(table)["layout"]["yaxis"]["ticktext"][0]

    assert label == "w" * 39 + "…"


def test_the_bars_of_durations_are_the_numbers_of_their_table() -> None:
    told = by_duration({1: {"band-under-3": 2, "band-none": 1}, 2: {"band-under-3": 3}})

    figure = durations_figure(told)

    bars = dict(zip(figure["data"][0]["x"], figure["data"][0]["y"], strict=True))
    assert bars == {
        "Under 3": 5, "3 to 6": 0, "6 to 9": 0, "9 to 12": 0, "12 to 18": 0, "Over 18": 0, "Not known": 1,
    }  # fmt: skip
