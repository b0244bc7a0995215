"""Colours of cells as six hexadecimal digits: from the ways a workbook has to name one, to the
nearest of the tracker's palette, and the palette as an export shows it.
"""

import colorsys
import re
from collections.abc import Mapping, Sequence

WHITE = "FFFFFF"

# The row colours of the tracker as fills: light, so that black text stays readable.
PALETTE = {
    "red": "F8CBAD",
    "amber": "FFE0A3",
    "yellow": "FFFBB0",
    "green": "C6E0B4",
    "blue": "BDD7EE",
    "purple": "DCC9EC",
    "grey": "D9D9D9",
}
# Hues in degrees up to which a colour counts as the one named; red begins again after purple.
_HUES = ((30, "red"), (52, "amber"), (70, "yellow"), (165, "green"), (255, "blue"))
_LAST_HUES = ((340, "purple"), (361, "red"))
_GREY_BELOW = 0.08  # saturation

# The palette of old that `indexed` counts in (ECMA-376 part 1, 18.8.27), from index 0.
INDEXED = (
    "000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF",
    "000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF",
    "800000", "008000", "000080", "808000", "800080", "008080", "C0C0C0", "808080",
    "9999FF", "993366", "FFFFCC", "CCFFFF", "660066", "FF8080", "0066CC", "CCCCFF",
    "000080", "FF00FF", "FFFF00", "00FFFF", "800080", "800000", "008080", "0000FF",
    "00CCFF", "CCFFFF", "CCFFCC", "FFFF99", "99CCFF", "FF99CC", "CC99FF", "FFCC99",
    "3366FF", "33CCCC", "99CC00", "FFCC00", "FF9900", "FF6600", "666699", "969696",
    "003366", "339966", "003300", "333300", "993300", "993366", "333399", "333333",
)  # fmt: skip


def read_colour(attributes: Mapping[str, str], *, theme: Sequence[str], indexed: Sequence[str]) -> str | None:
    """Give the colour that an element's attributes name, or None when they name none we know."""
    if "rgb" in attributes:
        base = attributes["rgb"].upper()[-6:]
    elif "theme" in attributes:
        base = _item(theme, attributes["theme"])
    else:
        base = _item(indexed, attributes.get("indexed", ""))
    if not re.fullmatch(r"[0-9A-F]{6}", base):
        return None
    return tinted(base, _tint(attributes))


def nearest(colour: str) -> str:
    """Give the name in the palette that comes nearest to a colour, by its hue."""
    hue, saturation, _ = colorsys.rgb_to_hsv(*_parts(colour))
    if saturation < _GREY_BELOW:
        return "grey"
    return next(name for limit, name in _HUES + _LAST_HUES if hue * 360 < limit)


def tinted(colour: str, tint: float) -> str:
    """Make a colour darker (tint below 0) or lighter (above), -1 being black and 1 white."""
    if not tint:
        return colour
    hue, light, saturation = colorsys.rgb_to_hls(*_parts(colour))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, light, saturation))


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


def _item(colours: Sequence[str], index: str) -> str:
    return colours[int(index)] if index.isdecimal() and len(index) < 4 and int(index) < len(colours) else ""


def _tint(attributes: Mapping[str, str]) -> float:
    return max(-1.0, min(1.0, float(attributes.get("tint") or 0)))
