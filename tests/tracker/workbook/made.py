"""The table of made files: each a function that builds the bytes, with what reading them must give."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from tests.tracker.workbook.files import HEADINGS, case
from tracker.workbook.headings import KEYS

Build = Callable[[], bytes]

# The two cases that an honest file has where it says nothing else.
FIRST = case()
SECOND = case(
    pin="001202", person="Ann Other", stage="Closed", action="Ring school", by_when=date(2026, 11, 30)
)
ROWS = [FIRST, SECOND]
TEXTS = [[str(v) if v is not None else "" for v in row] for row in ROWS]  # with ISO dates
TABLE = [HEADINGS, *TEXTS]
CELLS: list[list[object]] = [[*HEADINGS], *ROWS]


@dataclass(frozen=True)
class Made:
    """A file and what is right: rows by their number, codes told at cells, or words of the refusal.

    Of a file that is read no cell is told a warning about that is not in `told`.
    """

    build: Build
    rows: Mapping[int, Mapping[str, object]] | None = None
    told: Mapping[str, str] | None = None
    refused: str = ""

    @property
    def name(self) -> str:
        """Give its name in words."""
        return self.build.__name__.replace("_", " ")


HONEST: list[Made] = []
DISHONEST: list[Made] = []


def reads(
    *,
    at: tuple[int, ...] = (2, 3),
    told: Mapping[str, str] | None = None,
    rows: Mapping[int, Mapping[str, object]] | None = None,
    **first: object,
) -> Callable[[Build], Build]:
    """State that a file is read: the two cases at these rows, fields of the first one replaced.

    `rows` are other rows than these two: by number, the fields that matter.
    """

    def state(build: Build) -> Build:
        usual = (dict(zip(KEYS, row, strict=True)) for row in ROWS)
        expected = rows if rows is not None else dict(zip(at, usual, strict=False))
        if first:
            expected = {**expected, at[0]: {**expected[at[0]], **first}}
        HONEST.append(Made(build, expected, told or {}))
        return build

    return state


def is_refused(words: str) -> Callable[[Build], Build]:
    """State that a file is refused in a sentence with these words."""

    def state(build: Build) -> Build:
        DISHONEST.append(Made(build, refused=words))
        return build

    return state
