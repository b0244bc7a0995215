"""What is logged: one line an event with the request's number, and nothing that anybody typed."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from icm.environment import one_of
from icm.logs import HEADER, JsonLine, Line
from tests.conftest import World
from tests.factories import make_row
from tests.logged import everything_logged

SignIn = Callable[[User], Client]
CANARY = "Ed Canary"


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Everything that is logged meanwhile."""
    with everything_logged() as written:
        yield written


def told(lines: list[str]) -> list[object]:
    """The sentence of each line."""
    return [json.loads(one)["said"] for one in lines]


def raises(*args: object, **kwargs: object) -> None:
    """What a database says of a row that it refuses."""
    raise ValueError(f"Key (pin)=(000123) already exists, {CANARY}")


def test_an_error_is_one_line_with_the_number_that_its_answer_carries(
    world: World, sign_in: SignIn, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(world.manager)
    client.raise_request_exception = False
    monkeypatch.setattr("tracker.views.grid.grid_for", raises)

    answer = client.get(reverse("tracker", args=[world.team.pk]), {"stage": CANARY})

    line = next(one for one in map(json.loads, lines) if one["level"] == "error")
    assert line["request"] == answer.headers[HEADER]
    assert line["said"] == f'500 GET /teams/<int:team_id>/ {{"team_id": {world.team.pk}}}'
    assert line["places"][0] == "ValueError"
    assert any("grid.py" in place for place in line["places"])
    assert CANARY not in "".join(lines)
    assert "000123" not in "".join(lines)


def test_every_answer_has_a_number_of_its_own_whatever_the_browser_sends(
    world: World, sign_in: SignIn
) -> None:
    client = sign_in(world.manager)

    numbers = [client.get("/", headers={HEADER: "mine"}).headers[HEADER] for _ in range(2)]

    assert len({*numbers, "mine"}) == 3


def test_an_address_that_leads_nowhere_is_not_repeated(
    world: World, sign_in: SignIn, lines: list[str]
) -> None:
    sign_in(world.manager).get(f"/{CANARY}/", {"name": CANARY})

    assert told(lines) == ["404 GET (no address of ours)"]


def test_a_key_in_an_address_is_not_repeated(client: Client, db: None, lines: list[str]) -> None:
    client.get(reverse("calendar", args=["a-secret-key"]))

    assert "a-secret-key" not in "".join(lines)


@pytest.mark.parametrize("formatter", [JsonLine(), Line()])
@pytest.mark.parametrize(
    ("logger", "message", "arguments", "kept"),
    [
        ("tracker.live.reader", "Row %s is gone", (7,), "Row 7 is gone"),
        ("django.security", "Invalid host: %r", (CANARY,), "Invalid host: %r"),
        ("asyncio", f"Task broke: {CANARY}", (), "words of asyncio left out"),
    ],
)
def test_of_a_library_the_template_is_kept_and_not_what_was_put_into_it(
    formatter: logging.Formatter, logger: str, message: str, arguments: tuple[object, ...], kept: str
) -> None:
    record = logging.LogRecord(logger, logging.WARNING, "", 1, message, arguments, None)

    line = formatter.format(record)

    assert kept in line
    assert CANARY not in line


def test_a_format_that_there_is_not_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_FORMAT", "xml")

    with pytest.raises(ImproperlyConfigured, match="write json or plain"):
        one_of("LOG_FORMAT", "json", {"json": "", "plain": ""})


def test_a_request_that_was_not_matched_yet_can_be_logged() -> None:
    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "Broke: %s", ("/x/",), None)
    record.request = RequestFactory().get(f"/{CANARY}/")

    assert "no address of ours" in JsonLine().format(record)


def test_what_is_logged_of_a_row_is_its_number(world: World, sign_in: SignIn, lines: list[str]) -> None:
    row = make_row(team=world.foreign, person=CANARY)

    sign_in(world.manager).get(reverse("row", args=[row.pk]))

    assert told(lines) == [f'404 GET /rows/<int:row_id>/ {{"row_id": {row.pk}}}']
