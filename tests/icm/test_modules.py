"""Pages name the modules of the elements they hold, and ask for all that those import at once."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from icm.modules import imported, module, stored
from scripts.environment import ROOT

TEMPLATES = ROOT / "templates"
ELEMENT = re.compile(r"<([a-z]+(?:-[a-z]+)+)\b")
PART = re.compile(r"""{% include ["']([^"']+)["']""")
ELEMENTS = {path.stem for path in (ROOT / "static" / "js" / "elements").glob("*.js")}


def held(template: Path) -> set[str]:
    """The elements in a template and in its parts."""
    text = template.read_text()
    parts = [TEMPLATES / part for part in PART.findall(text)]
    return ELEMENTS.intersection(ELEMENT.findall(text)).union(*(held(part) for part in parts))


PAGES = {
    path.relative_to(TEMPLATES).as_posix(): path
    for path in sorted(TEMPLATES.rglob("*.html"))
    if "{% extends" in path.read_text() and held(path)
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_the_module_of_each_element_it_holds(page: str) -> None:
    named = re.findall(r"js/elements/([a-z-]+)\.js", PAGES[page].read_text())

    assert set(named) == held(PAGES[page])


def test_what_a_module_imports_is_asked_for_with_it_once_each() -> None:
    text = module("js/elements/connection-badge.js", "js/elements/tracker-grid.js")

    links = re.findall(r'<link rel="modulepreload" href="/static/([^"]+)">', text)
    assert links == [stored("js/app.js")]
    assert all((settings.STATIC_ROOT / link).exists() for link in links)


def test_what_a_page_may_need_later_is_not_asked_for() -> None:
    assert stored("js/grid/preview.js") not in imported(stored("js/elements/tracker-grid.js"))
