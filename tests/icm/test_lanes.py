"""Which of the server's sides takes a request."""

from typing import Any

import pytest

from icm.lanes import Lanes

LANES = Lanes(streams="streams", files="files", pages="pages")


def lane(method: str, path: str) -> Any:
    """The side that such a request goes to."""
    return LANES.lane_of({"type": "http", "method": method, "path": path})


@pytest.mark.parametrize(
    "path",
    [
        "/teams/7/import/",
        "/teams/7/import/11111111-1111-1111-1111-111111111111/",
        "/teams/7/export/",
        "/imports/",
        "/imports/11111111-1111-1111-1111-111111111111/next/",
        "/subject-access/7/file/",
        "/log/pin/",
        "/log/access-review/",
    ],
)
def test_what_brings_or_makes_a_file_waits_for_files_alone_and_its_form_is_a_page(path: str) -> None:
    assert (lane("POST", path), lane("GET", path)) == ("files", "pages")


@pytest.mark.parametrize(
    "path", ["/teams/7/", "/teams/7/changes/", "/rows/7/cell/", "/imports.txt", "/teams/7/imported/", "/log/"]
)
def test_everything_else_is_a_page(path: str) -> None:
    assert (lane("POST", path), lane("GET", path)) == ("pages", "pages")


def test_the_stream_is_neither() -> None:
    assert lane("GET", "/live/") == "streams"
