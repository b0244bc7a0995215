"""A picture written small: at most 256 colours, packed well. The browser packs quickly instead."""

import math
import struct
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_COLOURS = 256
CLOSE = 6
PALETTE = 3  # PNG's colour type of pictures that name their colours by number
CHANNELS = 4

Colour = tuple[int, int, int]


def packed(pixels: bytes, width: int) -> bytes:
    """The PNG of pixels in rows of this width, four bytes each: red, green, blue and how opaque."""
    colours = list(zip(pixels[0::CHANNELS], pixels[1::CHANNELS], pixels[2::CHANNELS], strict=True))
    found = Counter(colours)
    palette = chosen(found)
    number = {colour: palette.index(nearest(colour, palette)) for colour in found}
    indices = bytes(number[colour] for colour in colours)
    # Before each row stands how it is predicted: not at all, which suits text best.
    rows = b"".join(b"\0" + indices[start : start + width] for start in range(0, len(indices), width))
    header = struct.pack(">IIBBBBB", width, len(indices) // width, 8, PALETTE, 0, 0, 0)
    parts = {b"IHDR": header, b"PLTE": bytes(sum(palette, ())), b"IDAT": zlib.compress(rows, 9), b"IEND": b""}
    return SIGNATURE + b"".join(_chunk(kind, content) for kind, content in parts.items())


def chosen(found: Mapping[Colour, int]) -> list[Colour]:
    """The most frequent colours, none close to another: else the edges of letters leave small signs none."""
    palette: list[Colour] = []
    # Of two as frequent always the same comes first, so that a picture is the same each time.
    for colour in sorted(found, key=lambda one: (-found[one], one)):
        if len(palette) < MOST_COLOURS and all(distance(colour, one) > CLOSE for one in palette):
            palette.append(colour)
    return palette


def nearest(colour: Colour, palette: Sequence[Colour]) -> Colour:
    """The colour of the palette that differs least."""
    return min(palette, key=lambda one: distance(colour, one))


def distance(one: Colour, other: Colour) -> float:
    """How far two colours are from each other: 0 for the same, 441 for black and white."""
    return math.dist(one, other)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
