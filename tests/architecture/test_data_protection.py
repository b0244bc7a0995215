"""docs/data-protection.md names every field that is stored, each once, and none that is not."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from tracker.mentions import TEXTS

PAGE = Path(__file__).parents[2] / "docs" / "data-protection.md"
NAMED = re.compile(r"`([\w.]+)`")
# The columns of its tables: record, fields, what for, who sees it, how long.
COLUMNS = 5


def lines() -> Iterator[list[str]]:
    """The lines of its tables, cell by cell."""
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            yield cells


def written() -> Counter[tuple[str, str]]:
    """Record and field, as the page has them."""
    return Counter(
        (NAMED.findall(record)[0], field) for record, fields, *_ in lines() for field in NAMED.findall(fields)
    )


def stored() -> set[tuple[str, str]]:
    """Record and field, as the database has them; a record's own number is not named."""
    return {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if field.name != "id"
    }


def test_every_stored_field_is_on_the_page_and_no_other() -> None:
    assert stored() - set(written()) == set(), "stored, and not said what for and how long"
    assert set(written()) - stored() == set(), "said to be stored, and is not"


def test_no_field_is_told_twice() -> None:
    assert [field for field, times in written().items() if times > 1] == []


def test_each_line_says_what_for_who_sees_it_and_how_long() -> None:
    assert [line for line in lines() if len(line) != COLUMNS or not all(line)] == []


def test_what_is_said_to_be_swept_is_swept() -> None:
    said = {NAMED.findall(line[0])[0] for line in lines() if "swept" in line[-1]}

    assert said == {model._meta.label for model, _ in TEXTS}
