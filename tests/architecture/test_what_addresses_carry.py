"""What stands in addresses behind a `?`: numbers, codes, days and keys. What somebody typed is posted.

Addresses lie in the logs of proxies and in the history of browsers (ADR 0047).
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms

from accounts.forms.log import LogForm, RowLogForm
from scripts.environment import ROOT
from summary.forms import SinceForm
from tests.architecture.test_one_way_to_write import APPS
from toolkit.forms import InMeetingForm
from tracker.forms.past import StoodForm

# Every use of an address: what is read, or what it is given to.
NUMBERS = {
    "accounts/log.py: page",
    "accounts/views/people.py: page",
    "icm/http.py: drawn_for",
    "icm/http.py: page",
    "summary/views/since.py: page",
    "toolkit/views/editing.py: idea",
    "tracker/access.py: teams",
    "tracker/views/deliveries.py: page",
    "tracker/views/grid.py: after",
    "tracker/views/grid.py: entry",
    "tracker/views/grid.py: ids",
    "tracker/views/history.py: page",
    "tracker/views/look.py: view",
    "tracker/views/importing.py: page",
    "tracker/views/live.py: after",
    "tracker/views/live.py: colleagues",
    "tracker/views/live.py: ids",
    "tracker/views/live.py: pages",
    "tracker/views/meeting.py: entry",
    "tracker/views/meeting.py: row",
    "tracker/views/rows.py: meeting",
    "tracker/views/words.py: word",
}
CODES = {
    "toolkit/views/editing.py: tied",
    "toolkit/views/editing.py: way",
    "tracker/views/history.py: field",
    "tracker/views/words.py: list",
    "tracker/views/words.py: way",
}
KEYS = {"tracker/views/undo.py: tab", "tracker/views/worklist.py: done"}
# Their fields are looked at below; those of the tracker's filter in tests/tracker/test_filters.py.
FORMS = {
    "accounts/views/log.py: LogForm",
    "accounts/views/log.py: field of form",
    "summary/views/since.py: SinceForm",
    "toolkit/views/ideas.py: InMeetingForm",
    "tracker/views/as_it_stood.py: StoodForm",
    "tracker/views/look.py: filter_of",
    "tracker/views/seen.py: RowLogForm",
    "tracker/views/seen.py: field of form",
}
# Asked whether there is anything, or which names.
NO_VALUE = {
    "summary/views/closures.py: set",
    "summary/views/difficulties.py: set",
    "tracker/views/grid.py: not",
    "tracker/views/look.py: set",
}
# Carried on to the next page of the same list.
CARRIED = {
    "accounts/views/log.py: neighbours",
    "summary/views/cases.py: copy",
    "tracker/views/seen.py: neighbours",
}
# Every form that puts its fields into an address, and the class of these fields.
GET_FORMS = {
    "accounts/log/_filter.html": (LogForm, RowLogForm),
    "summary/since.html": (SinceForm,),
    "tracker/as_it_stood.html": (StoodForm,),
}
TEMPLATES = ROOT / "templates"
FORM_TAG = re.compile(r"<form\b[^>]*>")
SENDS_OTHERWISE = ('method="post"', 'method="dialog"')


def uses(path: Path) -> Iterator[str]:
    """What the file reads of addresses, as the table says it."""
    tree = ast.parse(path.read_text())
    above = {part: whole for whole in ast.walk(tree) for part in ast.iter_child_nodes(whole)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "GET":
            yield f"{path.relative_to(ROOT).as_posix()}: {read(above[node], above)}"


def read(use: ast.AST, above: dict[ast.AST, ast.AST]) -> str:
    """`page` for `.get("page")`, `LogForm` for `LogForm(request.GET)`."""
    if isinstance(use, ast.Call):
        return ast.unparse(use.func)
    if isinstance(use, ast.UnaryOp):
        return "not"
    if isinstance(use, ast.Subscript):
        return name_of(use.slice)
    assert isinstance(use, ast.Attribute), ast.unparse(use)
    call = above[use]
    assert isinstance(call, ast.Call), ast.unparse(call)
    return name_of(call.args[0]) if call.args else use.attr


def name_of(key: ast.expr) -> str:
    """The name of a parameter; one that is no text in the code goes over a form's fields."""
    return str(key.value) if isinstance(key, ast.Constant) else "field of form"


def test_every_use_of_an_address_is_known() -> None:
    found = {use for app in APPS for path in (ROOT / app).rglob("*.py") for use in uses(path)}

    assert found == NUMBERS | CODES | KEYS | FORMS | NO_VALUE | CARRIED


def test_every_form_that_is_not_posted_is_known() -> None:
    found = {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.html")
        for tag in FORM_TAG.findall(path.read_text())
        if not any(way in tag for way in SENDS_OTHERWISE)
    }

    assert found == GET_FORMS.keys()


@pytest.mark.parametrize(
    "form", [InMeetingForm, *(form for several in GET_FORMS.values() for form in several)]
)
def test_a_form_in_an_address_takes_no_text_but_the_days_of_a_calendar(form: type[forms.Form]) -> None:
    texts = [field for field in form.base_fields.values() if type(field) is forms.CharField]

    assert [field.label for field in texts if getattr(field.widget, "input_type", "") != "date"] == []
