"""The pictures of README.md: which there are, and how they are written small."""

import re
import struct
import zlib
from collections.abc import Iterator

import pytest

from scripts.environment import ROOT
from scripts.pictures import camera, png
from scripts.pictures.pictures import FOLDER
from scripts.pictures.scenes import SCENES

MOST_BYTES = 150_000
WHITE, BLACK, RED = (255, 255, 255), (0, 0, 0), (176, 32, 32)


def named() -> dict[str, str]:
    """The pictures of README.md with their alternative texts."""
    text = (ROOT / "README.md").read_text()
    return {path: words for words, path in re.findall(r"!\[([^]]*)\]\(([^)]+)\)", text)}


def pixels(*colours: png.Colour) -> bytes:
    """Opaque pixels of these colours, as a browser gives them."""
    return b"".join(bytes((*colour, 255)) for colour in colours)


def chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts of a PNG, each proved by its sum."""
    assert picture.startswith(png.SIGNATURE)
    at = len(png.SIGNATURE)
    while at < len(picture):
        (length,) = struct.unpack_from(">I", picture, at)
        kind, content = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", picture, at + 8 + length) == (zlib.crc32(kind + content),)
        yield kind, content
        at += length + 12


def test_readme_names_every_picture_and_no_other() -> None:
    there = {f"docs/pictures/{path.name}" for path in FOLDER.iterdir()}

    assert set(named()) == there == {f"docs/pictures/{name}.png" for name in SCENES}


def test_each_picture_says_in_words_what_is_seen() -> None:
    words = list(named().values())

    assert len(set(words)) == len(words)
    assert all(len(said.split()) >= 10 for said in words)


@pytest.mark.parametrize("name", SCENES)
def test_each_picture_is_as_wide_as_the_screen_and_small(name: str) -> None:
    picture = (FOLDER / f"{name}.png").read_bytes()

    header = dict(chunks(picture))[b"IHDR"]
    assert struct.unpack_from(">II", header) == (camera.WIDTH, camera.HEIGHT)
    assert len(picture) <= MOST_BYTES


def test_a_packed_picture_holds_the_pixels_it_was_made_of() -> None:
    drawn = [WHITE, WHITE, RED, BLACK, WHITE, WHITE]

    parts = dict(chunks(png.packed(pixels(*drawn), 3)))

    palette = [parts[b"PLTE"][at : at + 3] for at in range(0, len(parts[b"PLTE"]), 3)]
    data = zlib.decompress(parts[b"IDAT"])
    rows = [data[at : at + 4] for at in range(0, len(data), 4)]
    assert struct.unpack(">IIBBBBB", parts[b"IHDR"]) == (3, 2, 8, png.PALETTE, 0, 0, 0)
    assert [row[0] for row in rows] == [0, 0]
    assert [tuple(palette[number]) for row in rows for number in row[1:]] == drawn


def test_a_rare_colour_of_its_own_stays_and_one_close_to_another_goes() -> None:
    """The green dot of the badge is seen beside hundreds of greys of letters."""
    greys = {(shade, shade, shade): 1000 for shade in range(256)}

    palette = png.chosen({**greys, RED: 1})

    assert RED in palette
    assert len(palette) < png.MOST_COLOURS
    assert all(png.distance(grey, png.nearest(grey, palette)) <= png.CLOSE for grey in greys)
