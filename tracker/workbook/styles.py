"""What a cell's style says about its value and its row: the number format and the fill.
Of fonts only a line through the text is read, of borders and the rest nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.workbook import guard
from tracker.workbook.colours import INDEXED, WHITE, read_colour
from tracker.workbook.package import Package, is_true

# Formats that every spreadsheet program knows by number (ECMA-376 part 1, 18.8.30).
_DATE_NUMBERS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_KNOWN_FORMATS = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
_NO_PLACEHOLDER = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')

# The theme counts light before dark; in the file dark comes first (18.8.3 and 20.1.6.2).
_THEME_ORDER = "lt1 dk1 lt2 dk2 accent1 accent2 accent3 accent4 accent5 accent6 hlink folHlink"


@dataclass(frozen=True)
class Style:
    """The format of a number, the fill behind it (six hexadecimal digits), and a line through it."""

    format: str = ""
    is_date: bool = False
    fill: str | None = None
    struck: bool = False


PLAIN = Style()


def read_styles(package: Package, part: str | None, theme: str | None) -> list[Style]:
    """Give the styles that cells refer to by number. Without a styles part there are none."""
    if part is None or part not in package:
        return []
    watcher = _StylesWatcher(_read_theme(package, theme))
    package.walk(part, watcher)
    return watcher.styles()


def _read_theme(package: Package, part: str | None) -> list[str]:
    if part is None or part not in package:
        return []
    colours: dict[str, str] = {}
    names = _THEME_ORDER.split()
    watcher = _ThemeWatcher(colours, names)
    package.walk(part, watcher)
    return [colours.get(name, "") for name in names]


class _ThemeWatcher:
    def __init__(self, colours: dict[str, str], names: list[str]) -> None:
        self.colours, self.names, self.current = colours, names, ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in self.names:
            self.current = name
        elif name in ("srgbClr", "sysClr") and self.current:
            value = attributes.get("lastClr") or attributes.get("val", "")
            self.colours.setdefault(self.current, value.upper())

    def end(self, name: str) -> None:
        if name == self.current:
            self.current = ""

    def text(self, data: str) -> None:
        """A theme says everything in attributes."""


@dataclass
class _StylesWatcher:
    theme: list[str]
    formats: dict[int, str] = field(default_factory=lambda: dict(_KNOWN_FORMATS))
    fills: list[Mapping[str, str] | None] = field(default_factory=list)
    indexed: list[str] = field(default_factory=list)
    struck: list[bool] = field(default_factory=list)
    cells: list[tuple[int, int, int]] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    solid: bool = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        inside = self.path[-1] if self.path else ""
        self.path.append(name)
        if name == "numFmt" and inside == "numFmts":
            self.formats[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
        elif name == "xf" and inside == "cellXfs":
            ids = (_number(attributes, name) for name in ("numFmtId", "fillId", "fontId"))
            self.cells.append((next(ids), next(ids), next(ids)))
            if len(self.cells) > guard.STYLES:
                raise guard.Refused(guard.TOO_LARGE_UNPACKED)
        elif name == "rgbColor":
            self.indexed.append(attributes.get("rgb", "").upper()[-6:])
        elif inside in ("fonts", "font"):
            self._start_font(name, attributes)
        elif inside in ("fills", "fill", "patternFill") and "fills" in self.path:
            self._start_fill(name, attributes)

    def _start_font(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "font" and self.path[-2] == "fonts":
            self.struck.append(False)
        elif name == "strike" and "fonts" in self.path and self.struck:
            self.struck[-1] = is_true(attributes.get("val", "1"))

    def _start_fill(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "fill":
            self.fills.append(None)
        elif name == "patternFill":
            self.solid = attributes.get("patternType") == "solid"
        elif name == "fgColor" and self.solid and self.fills:
            self.fills[-1] = dict(attributes)

    def end(self, name: str) -> None:
        self.path.pop()

    def text(self, data: str) -> None:
        """Styles say everything in attributes."""

    def styles(self) -> list[Style]:
        return [self._style(*ids) for ids in self.cells]

    def _style(self, number: int, fill: int, font: int) -> Style:
        code = self.formats.get(number, "")
        colour = self.fills[fill] if 0 <= fill < len(self.fills) else None
        read = colour and read_colour(colour, theme=self.theme, indexed=self.indexed or INDEXED)
        return Style(
            format=code,
            is_date=number in _DATE_NUMBERS or _is_date_format(code),
            fill=None if read == WHITE else read or None,
            struck=0 <= font < len(self.struck) and self.struck[font],
        )


def _number(attributes: Mapping[str, str], name: str) -> int:
    return int(attributes.get(name) or 0)


def _is_date_format(code: str) -> bool:
    shown = _NO_PLACEHOLDER.sub("", code.partition(";")[0]).casefold()
    return shown != "general" and any(letter in shown for letter in "dmyhs")
