"""Rows as the page gets them: what people wrote stays text, whatever they wrote."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from tests.conftest import World
from tests.factories import make_row
from tracker.fields import COLUMNS, Field, Kind
from tracker.grid import Cell, columns_of, grid_for
from tracker.markup import cell_html, row_html
from tracker.models import TrackerRow

HOSTILE = """</td><script>alert("x")</script>' onclick='y' & "z" &lt;"""
ALLOWED = {"tr", "th", "td", "span", "time", "a"}
BY_KEY = {field.key: field for field in COLUMNS}


class Seen(HTMLParser):
    """The elements of a piece of HTML with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes an element."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Notes a text."""
        self.text += data


def cell(key: str, **facts: object) -> Cell:
    """A cell of one of the ten columns."""
    return Cell(**({"field": BY_KEY[key], "raw": "", "text": "", "rev": 0, "readonly": False} | facts))  # type: ignore[arg-type] # each test gives what it is about


@pytest.mark.parametrize(
    "field", [*COLUMNS, *(Field(f"x{kind}", HOSTILE, kind, options=(HOSTILE,)) for kind in Kind)]
)
def test_a_hostile_text_stays_a_text_in_every_kind_of_cell(field: Field) -> None:
    html = cell_html(Cell(field, HOSTILE, HOSTILE, 1, readonly=False, note=HOSTILE))

    seen = Seen(html)
    attributes = {name for _, facts in seen.elements for name in facts}
    assert {tag for tag, _ in seen.elements} <= ALLOWED
    assert {name for name in attributes if not name.startswith("data-")} <= {
        "scope", "tabindex", "class", "datetime",
    }  # fmt: skip
    assert seen.elements[0][1]["data-label"] == field.label
    assert HOSTILE in seen.text or field.kind == Kind.TICK


def test_a_row_says_whose_it_is_without_letting_its_texts_out(world: World) -> None:
    row = make_row(team=world.team, person=HOSTILE, action=HOSTILE, owner="AN", pin="0001")
    row = TrackerRow.objects.with_all().get(pk=row.pk)
    grid = grid_for(world.coordinator, world.team, date(2026, 11, 2), columns_of(world.team))

    seen = Seen(row_html(grid.line(row), index=7, stop=True))

    tags = [tag for tag, _ in seen.elements]
    facts = seen.elements[0][1]
    assert set(tags) <= ALLOWED
    assert (facts["id"], facts["data-row"], facts["aria-rowindex"]) == (f"row-{row.pk}", str(row.pk), "7")
    assert [one["tabindex"] for tag, one in seen.elements if tag in {"td", "th"}].count("0") == 1
    assert seen.elements[1][0] == "th"
    assert ("a", f"Open {HOSTILE}") in [(tag, one.get("aria-label")) for tag, one in seen.elements]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (cell("stage"), "Stage not set"),
        (cell("stage", raw="decided", text="Decided to close"), "Decided to close"),
        (cell("by_when", raw="2026-11-01", text="01/11/26", days_over=1), "01/11/26 1 day over"),
        (cell("next_meeting", raw="2026-10-01", text="01/10/26", days_over=32), "01/10/26 32 days ago"),
        (cell("by_when", text=""), ""),
        (
            # Half past eleven in the evening by the sun is the next day by London's summer clock.
            cell("difficulty", text="Legal", answered=datetime(2026, 6, 30, 23, 30, tzinfo=UTC)),
            "Legal answered 01/07/26",
        ),
        (cell("person", text="Ed Test", note="open 3 months"), "Ed Testopen 3 months"),
        (Cell(Field("x1", "Seen", Kind.TICK), "yes", "yes", 0, readonly=False), "✓ yes"),
    ],
)
def test_a_cell_says_what_it_holds_and_what_stands_beside_it(made: Cell, words: str) -> None:
    assert Seen(cell_html(made)).text == words


def test_only_a_value_that_differs_from_its_words_is_told_apart() -> None:
    same = Seen(cell_html(cell("owner", raw="AN", text="AN"))).elements[0][1]
    other = Seen(cell_html(cell("needed", raw="4", text="Write up", readonly=True))).elements[0][1]

    assert "data-raw" not in same
    assert (other["data-raw"], other["aria-readonly"]) == ("4", "true")
