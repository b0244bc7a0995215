"""What browsers get, joined and without comments, is what is written: the same modules, the same styles."""

import json
from pathlib import Path

import plotly
import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from playwright.sync_api import Page, Route

from icm.joining import ELEMENTS, PARSER, Joining, inside, lean, leaves, said
from icm.storage import IMPORT, STYLES
from scripts.environment import ROOT

# Nothing listens there: /written/ is the folder of sources, /served/ what is collected from it.
ORIGIN = "http://127.0.0.1:9"
EXPORTS = (
    """async (names) => Promise.all(names.map(async (name) => [name, Object.keys(await import(name))]))"""
)
# What a module gives within the file that holds it.
SPACES = """async (places) => Promise.all(places.map(async ([name, file, space]) => {
  const found = await import(file);
  return [name, Object.keys(space ? found[space] : found)];
}))"""
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


@pytest.fixture(scope="module")
def joining() -> Joining:
    """The project's modules as the storage joins them."""
    folder = ROOT / "static"
    paths = sorted((folder / "js").rglob("*.js"))
    return Joining({path.relative_to(folder).as_posix(): path.read_text() for path in paths})


def given(joining: Joining) -> list[str]:
    """Modules that give something: an element starts by itself, and can be defined once."""
    return [name for name, one in joining.modules.items() if one.exports and not name.startswith(ELEMENTS)]


def test_every_module_gives_what_is_written_in_it(blank: Page, joining: Joining) -> None:
    names = given(joining)
    places = [
        [name, f"/served/{served(file)}", joining.modules[name].space if file not in joining.later else ""]
        for name in names
        for file in [joining.file[name]]
    ]

    written = blank.evaluate(EXPORTS, [f"/written/{name}" for name in names])
    got = blank.evaluate(SPACES, places)

    assert [sorted(exports) for _, exports in got] == [sorted(exports) for _, exports in written]
    assert len(names) > 40


def test_no_module_is_served_with_its_comments(joining: Joining) -> None:
    for file in joining.members:
        root = PARSER.parse((settings.STATIC_ROOT / served(file)).read_bytes()).root_node
        assert [said(word) for word in leaves(root) if word.type == "comment"] == [], file


def program(text: str) -> list[tuple[str, str]]:
    """What the code is: its parts in order, without comments, and the words that are no part of others."""
    root = PARSER.parse(text.encode()).root_node
    assert not root.has_error, text
    parts = [node for node in inside(root) if node.is_named and node.type != "comment"]
    return [(node.type, "" if node.children else said(node)) for node in parts]


def test_a_module_without_its_blanks_is_the_same_program(joining: Joining) -> None:
    for name in joining.modules:
        text = (ROOT / "static" / name).read_text()
        assert program(lean(text)) == program(text), name


@pytest.mark.parametrize(
    ("written", "leaner"),
    [
        ("if (a) {\n  b();\n}\nc();\n", "if(a){b()}c();\n"),
        ("if (a) {\n  b();\n}\n", "if(a){b()}\n"),
        ("if (a) {\n  while (b());\n}\n", "if(a){while(b());}\n"),
        ("if (a) {\n  for (;;);\n}\n", "if(a){for(;;);}\n"),
        ("class A {\n  #b = 1;\n\n  c() {}\n  d() {}\n  #e = {};\n}\n", "class A{#b=1;c(){}d(){}#e={}}\n"),
        ("const a = `;\n}`;\n", "const a=`;\n}`;\n"),
    ],
)
def test_what_ends_a_statement_twice_is_written_once(written: str, leaner: str) -> None:
    assert lean(written) == leaner
    assert program(leaner) == program(written)


def test_texts_are_served_as_they_are_written(joining: Joining) -> None:
    """Blanks within nested texts: a tool that took them away made the badge say "Offline:6 changes wait."."""
    for name, module in joining.modules.items():
        got = (settings.STATIC_ROOT / served(joining.file[name])).read_text()
        texts = [said(word) for word in leaves(module.root) if word.type in {"template_string", "regex"}]
        assert [text for text in texts if text not in got] == [], name


def test_a_page_asks_for_few_files(joining: Joining) -> None:
    """One that every page has, one for each element, and what is fetched when somebody wants it."""
    elements = {name for name in joining.modules if name.startswith("js/elements/")}

    assert set(joining.members) == {"js/app.js", *elements, *joining.later}


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
