"""The Toolkit's ideas beside the row's What is needed, with script and without."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.conftest import World
from tests.factories import a_need, make_row
from toolkit.models import Idea

PageAs = Callable[..., Page]


def test_the_ideas_stand_beside_the_form_of_the_row(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team, needed=a_need())
    page = page_as(world.coordinator)

    page.goto(f"/rows/{row.pk}/")

    idea = Idea.objects.filter(need=a_need()).earliest("order")
    expect(page.get_by_label("Ideas from the toolkit")).to_contain_text(idea.text)


def test_without_script_a_link_leads_to_them(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team, needed=a_need())
    page = page_as(world.coordinator, java_script_enabled=False)

    page.goto(f"/rows/{row.pk}/")
    page.get_by_role("link", name=f"Ideas for “{a_need().label}”").click()

    idea = Idea.objects.filter(need=a_need()).earliest("order")
    expect(page.get_by_text(idea.text)).to_be_visible()
