"""What measured.py measures it also finds, on pages that are made wrong for it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.measured import (
    covered,
    faint,
    in_forced_colours,
    lost,
    lost_at_twice_the_size,
    moving,
    on_paper,
    small,
    wrong_basics,
)

LINE = "<p style='height: 300px'>Text</p>"
BAR = "<div style='position: fixed; inset: auto 0 0; height: 60px; background: white'>Bar</div>"


@pytest.fixture(autouse=True)
def figures_reach_the_report() -> None:
    """What is wrong on purpose is no figure."""


@pytest.fixture
def blank(new_context: Callable[..., BrowserContext]) -> Page:
    """A page with nothing on it."""
    return new_context().new_page()


@pytest.mark.parametrize(
    ("measure", "body", "found"),
    [
        (covered, f"<a href='#'>One</a>{LINE * 4}<a href='#'>Two</a>{BAR}", ["K10 covered: A Two"] * 2),
        (
            small,
            "<input type='button' style='height: 9px; width: 9px'><button style='height: 30px'>B</button>",
            ["K9 small: INPUT"],
        ),
        (faint, "<a href='#' style='outline: 0'>One</a>", ["K11 no ring: A One"]),
        (faint, "<a href='#' style='outline: 2px solid #ccc'>One</a>", ["K11 faint ring: A One 2px"]),
        (faint, "<a href='#' style='outline: 1px solid #000'>One</a>", ["K11 faint ring: A One 1px"]),
        (
            faint,
            "<input id='one' style='border: 1px solid #ccc; outline: 2px solid #000'>",
            ["K11 faint edge: INPUT one"],
        ),
        (in_forced_colours, "<a href='#' style='outline: 0'>One</a>", ["K7 K11 no ring: A One"]),
        (lost, "<p style='width: 3000px'>Text</p>", ["K6 wide: 30", "spaced, K6 wide: 30"]),
        (
            lost,
            "<p style='width: 5em; overflow: hidden; white-space: nowrap'>One word</p>",
            ["spaced, K6 cut: P One word"],
        ),
        (
            lost,
            "<a href='#'>One</a><div style='margin-top: -0.8em'><a href='#'>Two</a></div>",
            ["K6 over each other: A One / A Two", "spaced, K6 over each other: A One / A Two"],
        ),
        (
            lost_at_twice_the_size,
            "<p style='font-size: 1rem; height: 1.5em; overflow: hidden; width: 70px'>Letters</p>",
            ["200 %, K6 cut: P Letters"],
        ),
        (moving, "<p style='transition: color 1s'>Text</p>", ["K8 moves: P"]),
        (on_paper, "<p style='width: 3000px'>Text</p>", ["K16 wider than the sheet: 30"]),
        (
            on_paper,
            "<textarea style='height: 1em; width: 9em'>One line, and another line below</textarea>",
            ["K16 cut on paper: TEXTAREA"],
        ),
        (on_paper, "<button>Save</button>", ["K16 a control on paper: BUTTON Save"]),
        (on_paper, "<p style='position: sticky'>Text</p>", ["K16 on every sheet: P Text"]),
        (
            on_paper,
            "<table><thead style='display: block'><tr><th>Text</table>",
            ["K16 headings not repeated: THEAD Text"],
        ),
        (on_paper, "<p style='background: black; color: white'>Text</p>", ["K16 faint on paper: P Text"]),
        (
            wrong_basics,
            "<a href='#'>One</a><table><tr><td>Two</td></tr></table>",
            ["K16 language", "K16 skip link", "K16 table without a name: Two"],
        ),
    ],
)
def test_a_page_that_is_wrong_is_found(
    blank: Page, measure: Callable[[Page], list[str]], body: str, found: list[str]
) -> None:
    blank.set_content(f"<!DOCTYPE html><body style='background: white; font: 16px sans-serif'>{body}")

    told = measure(blank)

    assert len(told) == len(found), told
    assert [one for one, start in zip(told, found, strict=True) if not one.startswith(start)] == []
