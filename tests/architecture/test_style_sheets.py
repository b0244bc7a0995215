"""The style sheets keep the house rules: raw values only in tokens.css, all files and tokens used."""

import re
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = settings.BASE_DIR / "static/css"
APP = (FOLDER / "app.css").read_text()
SHEETS = sorted(path for path in FOLDER.rglob("*.css") if path.name not in ("app.css", "tokens.css"))
NAMES = [str(path.relative_to(FOLDER)) for path in SHEETS]
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
MEDIA = re.compile(r"@media[^{]*")
RAW = re.compile(r"#[0-9a-f]{3,8}\b|\b\d*\.?\d+(?:px|pt|rem|em|m?s)\b|\b(?:rgb|hsl|oklch)a?\(")


@pytest.mark.parametrize("sheet", SHEETS, ids=NAMES)
def test_a_style_sheet_takes_its_colours_sizes_and_durations_from_tokens(sheet: Path) -> None:
    rules = MEDIA.sub("", COMMENT.sub("", sheet.read_text()))

    assert RAW.findall(rules) == []


def test_every_style_sheet_is_imported_once_into_a_layer() -> None:
    imported = re.findall(r'@import url\("([^"]+)"\) layer\(\w+\);', APP)

    assert sorted(imported) == sorted([*NAMES, "tokens.css"])


def test_every_token_that_is_used_is_set_somewhere() -> None:
    everything = "".join(path.read_text() for path in FOLDER.rglob("*.css"))

    used = set(re.findall(r"var\((--[\w-]+)", everything))

    assert used - set(re.findall(r"(--[\w-]+):", everything)) == set()


def test_nothing_is_marked_important_or_fetched_from_elsewhere() -> None:
    everything = "".join(path.read_text() for path in FOLDER.rglob("*.css"))

    assert re.findall(r"!important|url\(\"?(?:data:|https?:|//)", everything) == []
