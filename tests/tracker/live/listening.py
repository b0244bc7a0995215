"""What tests of the stream do by hand: open it as a browser would, read its messages, change a cell."""

import http.client
import json
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.test import Client

from accounts import seeing_as
from accounts.models import Team, User
from tests.factories import cleaned
from tracker.changes.edit import edit_cell
from tracker.models import TrackerRow

# Sums up what a busy machine may take: each test asks for what it promises, and for nothing tighter.
PATIENCE = 10.0

Message = dict[str, Any]


class Listener:
    """One open stream; `raw` is every byte of it so far."""

    def __init__(self, site: str, cookie: str, query: str, headers: dict[str, str] | None = None) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=PATIENCE)
        named = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"} if cookie else {}
        sent = {"Accept": "text/event-stream", **named, **(headers or {})}
        self.connection.request("GET", f"/live/{query}", headers=sent)
        self.answer = self.connection.getresponse()
        self.status = self.answer.status
        self.raw = b""

    def next(self, *kinds: str, within: float = PATIENCE) -> Message:
        """The next message of one of these kinds, with `id` and `told`; others are passed over."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            message = self._read()
            if message["kind"] in kinds:
                return message
        raise AssertionError(f"No {kinds} within {within} s")

    def ended(self) -> bool:
        """Whether the server has closed the stream: waits for its last byte."""
        return self.answer.readline() == b""

    def close(self) -> None:
        """Leaves, as a closed tab does."""
        self.answer.close()
        self.connection.close()

    def _read(self) -> Message:
        told: Message = {"kind": "", "id": "", "told": {}}
        while line := self._line():
            name, _, value = line.partition(": ")
            if name == "event":
                told["kind"] = value
            elif name == "id":
                told["id"] = value
            elif name == "data":
                told["told"] = json.loads(value)
        return told

    def _line(self) -> str:
        line = self.answer.readline()
        if not line:
            raise AssertionError("The stream has ended")
        self.raw += line
        return line.decode().rstrip("\n")


def post(site: str, person: User, path: str, fields: dict[str, str]) -> int:
    """What a page's script sends; gives the status of the answer."""
    token = "a" * 32
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=PATIENCE)
    cookies = f"{settings.SESSION_COOKIE_NAME}={session_of(person)}; {settings.CSRF_COOKIE_NAME}={token}"
    headers = {
        "Cookie": cookies,
        "X-CSRFToken": token,
        "X-ICM": "script",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", path, urlencode(fields), headers)
    status = connection.getresponse().status
    connection.close()
    return status


def session_of(person: User, seen: User | None = None) -> str:
    """The key of a new session in which the person is signed in, or sees as somebody else."""
    client = Client()
    client.force_login(person)
    if seen:
        session = client.session
        session[seeing_as.KEY] = seen.pk
        session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def listen(site: str, person: User, *teams: Team, query: str = "", **headers: str) -> Listener:
    """The person's stream about these teams, past its hello."""
    listener = Listener(site, session_of(person), f"?teams={ids(*teams)}{query}", headers)
    assert listener.status == 200
    return listener


def ids(*teams: Team) -> str:
    """As the address names them."""
    return ",".join(str(team.pk) for team in teams)


def saved_by(person: User, row: TrackerRow, field: str, value: Any) -> None:
    """One committed change of one cell."""
    row = TrackerRow.objects.with_all().select_related("team__locality").get(pk=row.pk)
    edit_cell(row=row, field=field, new=cleaned(field, value), base=row.rev(field), by=person)
