"""Which static files are somebody else's, and that they are served as their packages brought them."""

from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage

from icm.storage import PLOTLY, PLOTLY_IN_PACKAGE, PlotlyFinder, refuse_changed
from scripts.environment import ROOT


def test_plotlys_script_is_the_only_file_that_is_not_ours() -> None:
    found = [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])]

    others = [path for path in found if not path.is_relative_to(ROOT / "static")]

    assert others == [Path(PlotlyFinder().find(PLOTLY))]
    assert len(found) > len(others)


def test_a_file_that_was_changed_after_its_package_was_installed_is_not_collected(tmp_path: Path) -> None:
    finder = PlotlyFinder()
    came = Path(finder.find(PLOTLY))
    (tmp_path / came.name).write_bytes(came.read_bytes() + b"\n")
    finder.storage = FileSystemStorage(location=tmp_path)

    with pytest.raises(ImproperlyConfigured, match="is not the file that plotly brought"):
        list(finder.list([]))


def test_a_file_that_no_package_brought_is_not_collected(tmp_path: Path) -> None:
    (tmp_path / "theirs.js").write_text("")

    with pytest.raises(ImproperlyConfigured, match=r"theirs\.js is not the file"):
        refuse_changed("plotly", "plotly/package_data/theirs.js", tmp_path / "theirs.js")


def test_the_installed_file_is_the_one_that_its_package_brought() -> None:
    refuse_changed("plotly", PLOTLY_IN_PACKAGE, Path(PlotlyFinder().find(PLOTLY)))
