"""What browsers get without comments is what is written: the same modules, the same rules of style."""

import json
import re
from pathlib import Path

import plotly
import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from playwright.sync_api import Page, Route

from icm.storage import COMMENTS, IMPORT, STYLES
from scripts.environment import ROOT

# Nothing listens there: /written/ is the folder of sources, /served/ what is collected from it.
ORIGIN = "http://127.0.0.1:9"
TEXT = re.compile(r"`[^`\n]*`")
EXPORTS = (
    """async (names) => Promise.all(names.map(async (name) => [name, Object.keys(await import(name))]))"""
)
# Rules as the browser read them, so that only a difference in meaning is one. It keeps what a custom property
# holds as it was written, with the blanks that came with it.
RULES = r"""async (text) => {
  const sheet = new CSSStyleSheet();
  await sheet.replace(text);
  const plain = (text) => text.replace(/\s+/g, " ")
    .replace(/(?<=[,(]) | (?=\))/g, "").replace(/\(([\w-]+): /g, "($1:");
  return [...sheet.cssRules].flatMap((rule) => rule.cssRules ? [...rule.cssRules] : [rule])
    .map(({ cssText }) => plain(cssText));
}"""


@pytest.fixture
def blank(page: Page) -> Page:
    page.route(f"{ORIGIN}/**", answer)
    page.goto(f"{ORIGIN}/")
    return page


def answer(route: Route) -> None:
    folder, _, path = route.request.url.removeprefix(f"{ORIGIN}/").partition("/")
    if path:
        route.fulfill(path=(ROOT / "static" if folder == "written" else settings.STATIC_ROOT) / path)
    else:
        route.fulfill(body="<!doctype html><title>Modules</title>", content_type="text/html")


def served(name: str) -> str:
    return str(staticfiles_storage.stored_name(name))  # type: ignore[attr-defined] # the manifest storage has it


def modules() -> list[str]:
    """Those that only give something: an element starts by itself, and can be defined once."""
    folder = ROOT / "static"
    paths = sorted(
        path for part in ("grid", "lib", "meeting") for path in (folder / "js" / part).glob("*.js")
    )
    return [path.relative_to(folder).as_posix() for path in paths]


def test_every_module_gives_what_is_written_in_it(blank: Page) -> None:
    names = modules()
    written = blank.evaluate(EXPORTS, [f"/written/{name}" for name in names])
    got = blank.evaluate(EXPORTS, [f"/served/{served(name)}" for name in names])

    assert [exports for _, exports in got] == [exports for _, exports in written]
    assert len(names) > 40


def test_no_module_is_served_with_its_comments() -> None:
    for name in ["js/app.js", *modules()]:
        text = (settings.STATIC_ROOT / served(name)).read_text()
        assert "/**" not in text, name
        assert "\n// " not in text, name


def test_texts_are_served_as_they_are_written() -> None:
    """Blanks within nested texts: a tool that took them away made the badge say "Offline:6 changes wait."."""
    for name in modules():
        written = (ROOT / "static" / name).read_text()
        got = (settings.STATIC_ROOT / served(name)).read_text()
        left_out = COMMENTS.sub("", written)
        assert all(text in got for text in TEXT.findall(left_out)), name


def test_the_served_style_sheet_has_the_rules_that_are_written(blank: Page) -> None:
    folder = ROOT / "static" / "css"
    parts = IMPORT.findall((ROOT / "static" / STYLES).read_text())
    written = "\n".join(f"@layer {layer} {{ {(folder / name).read_text()} }}" for name, layer in parts)

    got = blank.evaluate(RULES, (settings.STATIC_ROOT / served(STYLES)).read_text())

    wanted = blank.evaluate(RULES, written)
    assert len(wanted) > 300
    assert got[1:] == wanted, json.dumps(
        [pair for pair in zip(got[1:], wanted, strict=False) if pair[0] != pair[1]][:3]
    )


def test_a_file_out_of_a_package_is_served_as_it_came() -> None:
    came = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"

    assert (settings.STATIC_ROOT / served("plotly/plotly.min.js")).read_bytes() == came.read_bytes()
