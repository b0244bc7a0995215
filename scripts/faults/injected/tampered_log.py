"""The history is altered in the database itself, by somebody with its password who took its guards away.

`manage.py verify_log` must name the right entry first. A tail that was cut away, and a chain that was written
anew with the key, only the heads show that are kept elsewhere. Each tampering is undone before the next.
"""

import json
import random
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.chain import triggers
from accounts.chain.seal import seal
from accounts.models import AuditLink
from scripts.faults.load import agreed
from scripts.faults.scene import Measured, Scene
from tracker.changes.edit import edit_cell
from tracker.models import Change, TrackerRow
from tracker.sealing import sign
from tracker.values import Cleaned

AMOUNTS = {"whole": 100, "short": 20, "test": 6}
SAVES = 60


def injected(scene: Scene) -> Measured:
    """Six ways, in turns, each at entries chosen at random."""
    _write(scene)
    call_command("seal_log", stdout=StringIO())
    heads = scene.folder / f"{scene.name}.heads"
    with heads.open("w") as file:
        call_command("log_heads", stdout=file)
    times = AMOUNTS[scene.size]
    missed = [sentence for number in range(times) if (sentence := _missed(WAYS[number % len(WAYS)], heads))]
    if first := _first_fault(heads):
        missed.append(f"With nothing altered it names {first}")
    return Measured(
        f"{times} tamperings", note=f"{times - len(missed)} found at the right entry", wrong=missed
    )


def _write(scene: Scene) -> None:
    """A history with some depth."""
    for number in range(SAVES):
        row = TrackerRow.objects.with_all().select_related("team__locality").get(pk=scene.rows[number % 5])
        text = agreed()
        edit_cell(
            row=row,
            field="action",
            new=Cleaned(text, text),
            base=row.rev("action"),
            by=scene.people[number % len(scene.people)],
        )


def _missed(tamper: Callable[[], str], heads: Path) -> str:
    """Tampers, and says what was not found; nothing where it was."""
    with transaction.atomic():
        triggers.remove()
        wanted = tamper()
        triggers.install()
        found = _first_fault(heads)
        transaction.set_rollback(True)
    if is_it(wanted, found):
        return ""
    return f"{tamper.__name__}: {wanted} was tampered with, {found or 'nothing'} found"


def is_it(wanted: str, found: str) -> bool:
    """Whether the very entry was found, of which more may be said: 6 is not 60."""
    return f" {wanted} " in f" {found} "


def _first_fault(heads: Path) -> str:
    """Where the command finds the first thing that is not as it was written."""
    said = StringIO()
    try:
        call_command("verify_log", heads=str(heads), json=True, stdout=said)
    except SystemExit:
        return str(json.loads(said.getvalue())["faults"][0]["where"])
    return ""


def edit() -> str:
    """One word of what was done becomes another."""
    change = _any()
    column = random.choice(("old", "new", "by_name", "reason"))
    Change.objects.filter(pk=change.pk).update(**{column: "never so"})
    return _says(change)


def delete() -> str:
    """It was never done."""
    change = _any()
    _sql("DELETE FROM tracker_change WHERE id = %s", change.pk)
    return _says(change)


def swap() -> str:
    """What was done first was done later."""
    one, other = sorted(random.sample(list(_of_one_team()), 2), key=lambda change: change.seq)
    for change, seq in ((one, 0), (other, one.seq), (one, other.seq)):
        _sql("UPDATE tracker_change SET seq = %s WHERE id = %s", seq, change.pk)
    return _says(one)


def insert() -> str:
    """Something was done that nobody did."""
    change = _any()
    head = _sql("SELECT head FROM tracker_teamlog WHERE team_id = %s", change.team_id)[0][0]
    change.pk, change.seq = None, head + 1
    change.save(force_insert=True)
    _sql("UPDATE tracker_teamlog SET head = %s WHERE team_id = %s", change.seq, change.team_id)
    return _says(change)


def cut_tail() -> str:
    """The last things were never done, and nothing of the chain tells of them."""
    last = AuditLink.objects.latest("number").number
    for link in AuditLink.objects.filter(number__gt=last - random.randint(1, 8)).order_by("-number"):
        if link.log == "change":
            _sql("DELETE FROM tracker_change WHERE team_id = %s AND seq = %s", link.stream, link.position)
            _sql(
                "UPDATE tracker_teamlog SET head = head - 1 WHERE team_id = %s AND head >= %s",
                link.stream,
                link.position,
            )
        else:
            _sql("DELETE FROM accounts_auditevent WHERE id = %s", link.position)
        _sql("DELETE FROM accounts_auditlink WHERE number = %s", link.number)
    return f"Link {last}, the head of"


def rewrite() -> str:
    """With the key of this machine: an entry is altered and signed, and the chain made anew from there on."""
    last = AuditLink.objects.latest("number").number
    change = _any()
    change.new = "never so"
    sign([change])
    change.save()
    first = AuditLink.objects.get(log="change", stream=change.team_id, position=change.seq).number
    _sql(
        "DELETE FROM accounts_auditrow WHERE event_id IN (SELECT position FROM accounts_auditlink"
        " WHERE log = 'audit' AND number >= %s)",
        first,
    )
    _sql("DELETE FROM accounts_auditlink WHERE number >= %s", first)
    seal(everything=True)
    return f"Link {last}, the head of"


WAYS = (edit, delete, swap, insert, cut_tail, rewrite)


def _of_one_team() -> QuerySet[Change]:
    """The changes of the team that has been written most."""
    team = Change.objects.order_by("-seq")[0].team_id
    return Change.objects.filter(team=team).order_by("seq")


def _any() -> Change:
    return random.choice(list(_of_one_team()))


def _says(change: Change) -> str:
    return f"History of team {change.team_id}, change {change.seq}"


def _sql(statement: str, *values: int | str | None) -> list[tuple[Any, ...]]:
    """Straight in the database, past the program."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []
