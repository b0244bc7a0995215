"""Canaries: invented names, PINs and texts that must not come out where they do not belong.

Nowhere in what is logged, whatever goes wrong; and of another locality nowhere at all.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from smtplib import SMTPException
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import AuditEvent, User
from accounts.roles import Role
from tests.architecture.test_addresses import address_in, holder, signed_table, undone, whole
from tests.architecture.test_bad_input import TYPED, every_name
from tests.conftest import World
from tests.factories import a_difficulty, a_need, make_closed_row, make_row
from tests.logged import everything_logged
from tests.tracker.transfer.acts import workbook
from tracker.models import TeamColumn

__all__ = ["whole"]

SignIn = Callable[[User], Client]
NAME, PIN, TEXT = "Zebedee Canaryname", "987123", "canarytext about a child"
CANARIES = ("Canaryname", PIN, "canarytext")
# Their entries have the name that a place was given: it is the council's, and no child's.
ABOUT_PLACES = ("places:", "locality:", "place_team:")
MOST = {"name": NAME, "person": NAME, "pin": PIN}


def planted(text: str) -> list[str]:
    """The canaries that the text holds."""
    return [one for one in CANARIES if one in text]


def body(answer: HttpResponseBase) -> str:
    """All that was answered, headers too; a stream is not read."""
    content = b"" if answer.streaming else getattr(answer, "content", b"")
    return content.decode("utf-8", "replace") + json.dumps(dict(answer.items()))


def typed() -> str:
    """A canary under every name that anything is sent under."""
    return urlencode({name: MOST.get(name, TEXT) for name in sorted(every_name())} | {"op": "", "base": "0"})


def raises(*args: object, **kwargs: object) -> None:
    """What a library says that breaks over a child's row."""
    raise ValueError(f"Key (pin)=({PIN}) {NAME} {TEXT}")


def no_mail(*args: object, **kwargs: object) -> None:
    """A mail server that repeats what it refuses."""
    raise SMTPException(f"{NAME} {TEXT}")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everything temporary is written meanwhile."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def walked(world: World, sign_in: SignIn) -> Iterator[str]:
    """Opens every address and posts canaries to it; what each left in the audit log."""
    for address in signed_table():
        if address.name in ("live", "account_logout"):
            continue
        with undone():
            client = sign_in(holder(world, address))
            client.raise_request_exception = False
            where = address_in(world, address, world.team)
            client.get(where)
            client.get(f"{where}?{typed()}")
            if "POST" in address.methods:
                client.post(where, typed(), content_type=TYPED)
            entries = AuditEvent.objects.values_list("purpose", "detail", "row_ids", "address")
            yield f"{address.name}: {list(entries)}"


def test_nothing_that_is_written_down_tells_of_a_child(
    whole: World,
    sign_in: SignIn,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    temporary: Path,
) -> None:
    settings.EMAIL_HOST = "mail.example"
    monkeypatch.setattr("django.core.mail.EmailMessage.send", no_mail)
    row = make_row(team=whole.team, by=whole.officer, person=NAME, pin=PIN, action=TEXT, owner=NAME)
    make_closed_row(team=whole.team, by=whole.officer, person=NAME, action=TEXT)
    files = {
        "a list": SimpleUploadedFile(f"{NAME}.xlsx", workbook({"person": NAME, "pin": PIN, "action": TEXT})),
        "no workbook": SimpleUploadedFile(f"{PIN}.xlsx", f"{NAME} {TEXT}".encode()),
    }
    client = sign_in(whole.manager)
    client.raise_request_exception = False

    with everything_logged() as lines:
        audit = list(walked(whole, sign_in))
        for file in files.values():
            client.post(reverse("import", args=[whole.team.pk]), {"file": file}, follow=True)
        client.post(reverse("cell", args=[row.pk]), {"field": "pin", "value": NAME, "base": 1})
        monkeypatch.setattr("tracker.views.grid.grid_for", raises)
        broken = client.get(reverse("tracker", args=[whole.team.pk]))

    assert broken.status_code == 500
    assert planted(body(broken)) == []
    assert [one for one in lines if planted(one)] == []
    assert [one for one in audit if planted(one) and not one.startswith(ABOUT_PLACES)] == []
    assert planted("".join(capfd.readouterr())) == []
    left = [path for path in temporary.rglob("*") if path.is_file()]
    assert [path for path in left if planted(path.name + path.read_bytes().decode("latin-1"))] == []


@pytest.mark.parametrize(
    "role", [role for role in Role if role != Role.PERFORMANCE_OFFICER], ids=lambda role: str(role)
)
def test_of_another_localitys_cases_nothing_comes_out_anywhere(
    whole: World, sign_in: SignIn, role: Role
) -> None:
    make_row(
        team=whole.foreign,
        by=whole.officer,
        person=NAME,
        pin=PIN,
        action=TEXT,
        update=TEXT,
        owner=NAME,
        needed=a_need(),
        difficulty=a_difficulty(),
    )
    make_closed_row(team=whole.foreign, by=whole.officer, person=NAME, action=TEXT)
    TeamColumn.objects.create(team=whole.foreign, heading=TEXT)
    make_row(team=whole.team, by=whole.officer)
    found = {}

    for address, team in product(signed_table(), (whole.team, whole.foreign)):
        if address.name in ("live", "account_logout"):
            continue
        with undone():
            client = sign_in(whole.person(role))
            where = address_in(whole, address, team)
            # Searched for, and typed where it would be refused: neither is to tell that it is there.
            answers = (
                [client.get(where), client.post(where)] if "POST" in address.methods else [client.get(where)]
            )
        if any(planted(body(answer)) for answer in answers):
            found[address.name, team.name] = [planted(body(answer)) for answer in answers]

    assert found == {}


def test_a_pin_of_another_locality_is_taken_as_if_it_were_nobodys(world: World, sign_in: SignIn) -> None:
    make_row(team=world.foreign, by=world.officer, person=NAME, pin=PIN)
    client = sign_in(world.coordinator)

    there, invented = (
        client.post(
            reverse("add_case", args=[world.team.pk]), {"person": "Ed Test", "pin": pin, "op": uuid4()}
        )
        for pin in (PIN, "000123")
    )

    assert there.status_code == invented.status_code == 302
