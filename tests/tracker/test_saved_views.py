"""Saved views: one's own until shared, opened under the author's name, and never a trap."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import World
from tests.factories import make_row
from tracker.changes.refusals import Invalid
from tracker.changes.saved import MOST_VIEWS, delete_view, open_first, rename_view, save_view, share_view
from tracker.choices import Stage
from tracker.models import SavedView, TeamColumn

SignIn = Callable[[User], Client]


def saved(client: Client, world: World, name: str = "To close", query: str = "stage=decided") -> SavedView:
    """Saves a view through its page."""
    client.post(reverse("views", args=[world.team.pk]), {"name": name, "query": query})
    return SavedView.objects.get(name=name)


def act(client: Client, view: SavedView, **told: str) -> int:
    """Presses a button of the view; gives the answer's status."""
    return client.post(reverse("view", args=[view.team_id, view.pk]), told).status_code


def opened(client: Client, view: SavedView) -> str:
    """The tracker as the view's link opens it."""
    return client.get(reverse("view", args=[view.team_id, view.pk]), follow=True).content.decode()


def test_a_view_opens_the_tracker_with_its_filter(world: World, sign_in: SignIn) -> None:
    make_row(team=world.team, stage=Stage.DECIDED)
    make_row(team=world.team, stage=Stage.UNDERWAY)
    client = sign_in(world.manager)

    page = opened(client, saved(client, world))

    assert "1 of 2 shown, 1 hidden by Stage." in page
    assert "your view “To close”" in page


def test_a_view_of_a_name_opens_under_its_number_alone(world: World, sign_in: SignIn) -> None:
    for person in ("Ed Test", "Bob"):
        make_row(team=world.team, person=person)
    client = sign_in(world.manager)
    view = saved(client, world, query="person=Ed&stage=none")
    address = reverse("view", args=[world.team.pk, view.pk])

    assert client.get(address).headers["Location"] == f"/teams/{world.team.pk}/?view={view.pk}"
    assert "1 of 2 shown, 1 hidden by Person, Stage." in opened(client, view)


def test_the_trackers_button_brings_its_filter_to_the_page_of_views(world: World, sign_in: SignIn) -> None:
    make_row(team=world.team, person="Ed Test")
    client = sign_in(world.manager)
    tracker = client.post(reverse("tracker", args=[world.team.pk]), {"person": "Ed", "show": "all"})
    button = re.search(r'name="filter"\s+value="([^"]*)"', tracker.content.decode())
    assert button

    page = client.post(reverse("views", args=[world.team.pk]), {"filter": button[1], "query": ""})

    assert page.status_code == 200
    assert re.search(r'name="query" value="person=Ed"', page.content.decode())


def test_a_view_is_nobody_elses_until_it_is_shared(world: World, sign_in: SignIn) -> None:
    view = saved(sign_in(world.manager), world)
    other = sign_in(world.supervisor)
    address = reverse("view", args=[world.team.pk, view.pk])

    assert other.get(address).status_code == 404
    act(sign_in(world.manager), view, act="share")
    assert f"{world.manager.name}&#x27;s view “To close”" in opened(other, view).replace("'s", "&#x27;s")


def test_a_shared_view_is_changed_by_its_author_only(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.manager)
    view = saved(client, world)
    act(client, view, act="share")

    assert act(sign_in(world.supervisor), view, act="delete") == 404
    assert SavedView.objects.exists()


def test_a_view_of_a_tracker_that_one_may_not_see_is_not_there(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.manager)
    view = saved(client, world)
    act(client, view, act="share")
    stranger = sign_in(world.stranger)

    assert stranger.get(reverse("view", args=[world.team.pk, view.pk])).status_code == 404


def test_a_tracker_opens_with_the_chosen_view_and_show_all_shows_all(world: World, sign_in: SignIn) -> None:
    make_row(team=world.team, stage=Stage.UNDERWAY)
    client = sign_in(world.manager)
    view = saved(client, world)
    act(client, view, act="first")
    tracker = reverse("tracker", args=[world.team.pk])

    filtered = client.get(tracker, follow=True).content.decode()
    everything = client.get(tracker + "?show=all").content.decode()

    assert ("0 of 1 shown" in filtered, 'href="?show=all"' in filtered) == (True, True)
    assert "1 of 1 shown" in everything


def test_one_view_opens_first_and_its_person_alone(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.manager)
    first, second = saved(client, world), saved(client, world, "Late", "by_when=overdue")
    act(client, first, act="first")

    act(client, second, act="first")

    assert list(SavedView.objects.filter(opens_first=True)) == [second]
    assert sign_in(world.supervisor).get(reverse("tracker", args=[world.team.pk])).status_code == 200


@pytest.mark.parametrize("opens_first", [False, True])
def test_each_button_of_a_view_names_it(world: World, sign_in: SignIn, opens_first: bool) -> None:
    client = sign_in(world.manager)
    view = saved(client, world)
    if opens_first:
        act(client, view, act="first")

    page = client.get(reverse("views", args=[world.team.pk])).content.decode()

    [form] = re.findall(
        rf'action="{reverse("view", args=[world.team.pk, view.pk])}".*?</form>', page, re.DOTALL
    )
    buttons = re.findall(r"<button.*?</button>", form, re.DOTALL)
    assert len(buttons) == 4
    assert [button for button in buttons if view.name not in button] == []


def test_a_view_is_renamed_and_deleted(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.manager)
    view = saved(client, world)

    act(client, view, name="Soon closed")
    view.refresh_from_db()
    name = view.name
    act(client, view, act="delete")

    assert (name, SavedView.objects.count()) == ("Soon closed", 0)


def test_a_name_that_is_taken_and_a_filter_that_is_none_are_refused(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.manager)
    saved(client, world)
    address = reverse("views", args=[world.team.pk])

    same = client.post(address, {"name": "to CLOSE", "query": "stage=decided"})
    none = client.post(address, {"name": "Other", "query": "colour_of_hair=red"})

    assert (same.status_code, none.status_code, SavedView.objects.count()) == (422, 422, 1)


@pytest.mark.parametrize("asked", ["colour=red", "{own}=School", "sort=-{own}"])
def test_what_the_tracker_filters_and_sorts_by_is_kept_as_a_view(
    world: World, sign_in: SignIn, asked: str
) -> None:
    query = asked.format(own=TeamColumn.objects.create(team=world.team, heading="School").key)

    assert saved(sign_in(world.manager), world, query=query).query == query


def test_there_is_a_most_of_views(world: World, sign_in: SignIn) -> None:
    SavedView.objects.bulk_create(
        SavedView(person=world.manager, team=world.team, name=f"View {n}") for n in range(MOST_VIEWS)
    )

    answer = sign_in(world.manager).post(
        reverse("views", args=[world.team.pk]), {"name": "More", "query": ""}
    )

    assert "delete one first" in answer.content.decode()


def test_nobody_but_its_author_changes_a_view_whatever_a_page_forgot(world: World) -> None:
    view = save_view(team=world.team, name="To close", query="stage=decided", by=world.manager)
    acts: list[Callable[[], None]] = [
        lambda: rename_view(view=view, name="Mine", by=world.supervisor),
        lambda: share_view(view=view, shared=True, by=world.supervisor),
        lambda: open_first(view=view, first=True, by=world.supervisor),
        lambda: delete_view(view=view, by=world.supervisor),
    ]

    for act in acts:
        with pytest.raises(Invalid):
            act()

    assert SavedView.objects.get() == view
