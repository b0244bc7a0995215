"""Every template that a template names is there: found before somebody opens the page."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"
NAMED = re.compile(r'{%\s*(?:include|extends)\s+"([^"]+)"')


def test_every_template_that_is_named_is_there() -> None:
    named = {
        (path.relative_to(TEMPLATES).as_posix(), name)
        for path in TEMPLATES.rglob("*.html")
        for name in NAMED.findall(path.read_text())
    }

    assert {(page, name) for page, name in named if not (TEMPLATES / name).is_file()} == set()
