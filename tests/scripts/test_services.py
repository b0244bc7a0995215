"""What tests get from outside is really there, and nothing further out is."""

import socket

import pytest
from playwright.sync_api import Page

from tests.services import is_here


def test_a_real_browser_draws_a_page(page: Page) -> None:
    page.set_content("<h1>Amber Valley</h1>")

    assert page.get_by_role("heading").inner_text() == "Amber Valley"


def test_a_test_with_a_browser_is_marked_as_one(page: Page, request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("browser")


def test_a_test_without_a_browser_is_not_marked(request: pytest.FixtureRequest) -> None:
    assert not request.node.get_closest_marker("browser")


def test_another_machine_is_out_of_reach() -> None:
    with socket.socket() as door, pytest.raises(AssertionError, match="tried to reach"):
        door.connect(("192.0.2.1", 80))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_is_within_reach(host: str) -> None:
    assert is_here(host)
