"""What nobody types by hand, sent to every address: each is answered, none of it breaks the application."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.architecture.test_addresses import address_in, holder, signed_table, undone, whole
from tests.conftest import World
from tests.factories import cleaned, make_row
from tracker.changes.lifecycle import add_case

__all__ = ["whole"]

# Beyond what a database keeps, what Python turns into a number, what PostgreSQL takes into a text.
BAD = {
    "a NUL": "a\x00b",
    "more digits than Python reads": "9" * 5000,
    "a number with 18 digits": "9" * 18,
}
TYPED = "application/x-www-form-urlencoded"
# What views read without a form.
UNFORMED = {
    *("after", "base", "cells", "done", "dry", "entry", "heading", "id", "ids", "list", "meeting", "name"),
    *("officer", "on", "page", "pin", "query", "row", "rows", "skip", "tab", "teams", "text", "this_page"),
    *("value", "view", "way", "width", "withdraw", "word", "act", "sort", "stage", "owner", "need"),
    "colleagues",
}


def every_form(of: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    """Every form of the application."""
    for one in of.__subclasses__():
        yield one
        yield from every_form(one)


@cache
def every_name() -> set[str]:
    """Every name that something is sent under."""
    return {name for form in every_form() for name in getattr(form, "base_fields", {})} | UNFORMED


def told(bad: str) -> tuple[str, str]:
    """The bad text under every name, and under all but those that a view looks at first."""
    everything: dict[str, Any] = dict.fromkeys(sorted(every_name()), bad.encode("utf-8", "surrogatepass"))
    right = {"op": str(uuid4()), "base": "0", "act": "rename", "kind": "paste", "field": "action"}
    return urlencode(everything), urlencode(everything | right)


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_bad_input_is_answered_at_every_address(
    whole: World, sign_in: Callable[[User], Client], bad: str
) -> None:
    broken = {}

    for address in signed_table():
        if address.name in ("live", "account_logout"):
            continue
        with undone():
            client = sign_in(holder(whole, address))
            client.raise_request_exception = False
            where = address_in(whole, address, whole.team)
            everything, with_some_right = told(bad)
            codes = [client.get(f"{where}?{everything}").status_code]
            if "POST" in address.methods:
                codes += [
                    client.post(where, sent, content_type=TYPED).status_code
                    for sent in (everything, with_some_right)
                ]
        if max(codes) >= 500:
            broken[address.name] = codes

    assert broken == {}


WRONG: tuple[Any, ...] = (None, 7, 10**30, "a\x00b", "\ud83d", [[]], [{}], {"a": 1}, True, [None] * 500)


def test_cells_of_the_wrong_kind_are_refused(whole: World, sign_in: Callable[[User], Client]) -> None:
    row = make_row(team=whole.team, by=whole.officer)
    where = reverse("cells", args=[whole.team.pk])
    client = sign_in(whole.coordinator)
    client.raise_request_exception = False
    cell = {"row": row.pk, "field": "action", "value": "x", "base": 0}
    broken = []

    for name, wrong in product(
        ("kind", "cells", "skip", "tab", "op", "reason", *cell, "pin", "after_op"), WRONG
    ):
        inside = name in cell or name in ("pin", "after_op")
        body: dict[str, Any] = {"op": str(uuid4()), "cells": [cell | ({name: wrong} if inside else {})]}
        body |= {} if inside else {name: wrong}
        with undone():
            code = client.post(where, json.dumps(body), content_type="application/json").status_code
        if code >= 500:
            broken.append((name, wrong))

    assert broken == []


def test_the_number_of_somebody_elses_act_is_refused_in_words(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    taken = uuid4()
    add_case(team=world.team, values={"person": cleaned("person", "A")}, by=world.officer, op=taken)

    answer = sign_in(world.coordinator).post(
        reverse("add_case", args=[world.team.pk]), {"person": "B", "op": str(taken)}
    )

    assert (answer.status_code, b"somebody else" in answer.content) == (409, True)
