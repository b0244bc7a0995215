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
