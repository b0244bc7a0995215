"""The style sheet as browsers get it: one file, in the order and the layers that app.css states."""

import re

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

from icm.storage import IMPORT
from scripts.environment import ROOT


def test_the_collected_style_sheet_asks_for_no_other() -> None:
    name = staticfiles_storage.stored_name("css/app.css")  # type: ignore[attr-defined] # the manifest storage has it
    text = (settings.STATIC_ROOT / name).read_text()
    source = (ROOT / "static" / "css" / "app.css").read_text()

    assert "@import" not in text
    assert re.findall(r"@layer (\w+)\{", text) == [layer for _, layer in IMPORT.findall(source)]
    assert len(text) > 20_000


def test_the_collected_style_sheet_keeps_the_spaces_that_mean_inside() -> None:
    name = staticfiles_storage.stored_name("css/app.css")  # type: ignore[attr-defined] # the manifest storage has it
    served = (settings.STATIC_ROOT / name).read_text()
    css = ROOT / "static" / "css"
    sources = [(css / path).read_text() for path, _ in IMPORT.findall((css / "app.css").read_text())]

    assert insides(served) == sum(insides(source) for source in sources) > 0


def insides(text: str) -> int:
    """How often a selector says `a :is(b)`, which is a `b` inside of an `a`."""
    rules = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return len(re.findall(r"[\w\])*]\s+:[a-z-]+", re.sub(r"\{[^{}]*\}", "{}", rules)))
