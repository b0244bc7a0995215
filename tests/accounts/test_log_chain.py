"""The chain over the logs: what is altered in the database is found, at the entry where it was altered."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from accounts import audit
from accounts.chain import triggers
from accounts.chain.digests import digest_of, salt
from accounts.chain.logs import content_of
from accounts.chain.seal import FIRST, said, seal
from accounts.chain.verify import heads, verify
from accounts.models import AuditErased, AuditEvent, AuditLink, AuditRow, AuditSwitch
from tests.commands import run
from tests.conftest import World
from tests.factories import cleaned, make_row
from tracker.changes.edit import edit_cell
from tracker.models import Change, TeamLog, TrackerRow

# Each way of tampering is tried so often.
TIMES = 10


@pytest.fixture
def written(world: World) -> World:
    """Two teams with a history and a log, all of it sealed."""
    for team in (world.team, world.neighbour):
        for number in range(4):
            row = make_row(team=team, by=world.officer, person=f"Child {number}")
            edit_cell(
                row=row, field="owner", new=cleaned("owner", f"Owner {number}"), base=0, by=world.officer
            )
            audit.record(
                AuditEvent.Kind.VIEW,
                by=world.officer,
                purpose="row",
                team=team,
                row_ids=[row.pk],
                number=number,
            )
    seal()
    return world


def test_what_nobody_has_touched_is_fine(written: World) -> None:
    audit.record(AuditEvent.Kind.SIGN_IN, by=written.officer, purpose="sign in")
    make_row(team=written.team, by=written.officer)

    report = verify()

    assert (report.faults, report.waiting) == ([], 2)
    assert report.links == AuditEvent.objects.count() - 1 + Change.objects.count() - 1
    assert seal() == 2
    assert seal(everything=True) == 0


@contextmanager
def tampered() -> Iterator[None]:
    """Somebody with the database's password, who took the guards away; undone at the end."""
    with transaction.atomic():
        triggers.remove()
        yield
        transaction.set_rollback(True)


def sql(statement: str, *values: Any, **names: str) -> list[tuple[Any, ...]]:
    """Straight in the database; `names` are put in as they are."""
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**TABLES, **names), values)
        return cursor.fetchall() if cursor.description else []


TABLES = {"events": "accounts_auditevent", "changes": "tracker_change", "links": "accounts_auditlink"}


def an_event(rng: random.Random) -> AuditEvent:
    return rng.choice(list(AuditEvent.objects.order_by("pk")))


def a_change(rng: random.Random) -> Change:
    return rng.choice(list(Change.objects.order_by("pk")))


def in_words(entry: AuditEvent | Change) -> str:
    if isinstance(entry, AuditEvent):
        return f"Audit log, entry {entry.pk}"
    return f"History of team {entry.team_id}, change {entry.seq}"


def edit_event(rng: random.Random) -> str:
    event = an_event(rng)
    column, value = rng.choice(
        [
            ("actor_id", 999), ("actor_name", "Another"), ("purpose", "nothing"), ("row_ids", "[987654]"),
            ("at", "2026-01-01 00:00+00:00"), ("kind", "sign_out"), ("detail", '{"a": 1}'),
            ("digest", "a:b:c"), ("address", "10.0.0.1"), ("team_id", 999),
        ]
    )  # fmt: skip
    sql("UPDATE {events} SET {column} = %s WHERE id = %s", value, event.pk, column=column)
    return in_words(event)


def edit_change(rng: random.Random) -> str:
    change = a_change(rng)
    column, value = rng.choice(
        [
            ("old", "never so"), ("new", "never so"), ("by_id", 999), ("by_name", "Another"),
            ("field", "person"),
            ("at", "2026-01-01 00:00:00+00:00"), ("row_id", 999), ("reason", "because"), ("kind", "close"),
        ]
    )  # fmt: skip
    sql("UPDATE {changes} SET {column} = %s WHERE id = %s", value, change.pk, column=column)
    return in_words(change)


def delete_event(rng: random.Random) -> str:
    event = an_event(rng)
    sql("DELETE FROM {events} WHERE id = %s", event.pk)
    return in_words(event)


def delete_change(rng: random.Random) -> str:
    change = a_change(rng)
    sql("DELETE FROM {changes} WHERE id = %s", change.pk)
    return in_words(change)


def swap_events(rng: random.Random) -> str:
    one, other = rng.sample(list(AuditEvent.objects.order_by("pk")), 2)
    for old, new in ((one.pk, -1), (other.pk, one.pk), (-1, other.pk)):
        sql("UPDATE {events} SET id = %s WHERE id = %s", new, old)
    return in_words(min(one, other, key=lambda event: event.pk))


def swap_changes(rng: random.Random) -> str:
    one, other = rng.sample(list(Change.objects.order_by("pk")), 2)
    first = in_words(min(one, other, key=lambda change: (change.team_id, change.seq)))
    for change, team, seq in ((one, 0, 0), (other, one.team_id, one.seq), (one, other.team_id, other.seq)):
        sql("UPDATE {changes} SET team_id = %s, seq = %s WHERE id = %s", team or one.team_id, seq, change.pk)
    return first


def insert_event(rng: random.Random) -> str:
    told = "at, kind, actor_id, actor_name, address, purpose, team_id, locality_id, row_ids, detail"
    columns = f"{told}, page_id, digest"
    number = sql("SELECT max(id) + 1 FROM {events}")[0][0]
    sql(
        "INSERT INTO {events} (id, {columns}) SELECT %s, {columns} FROM {events} WHERE id = %s",
        number,
        an_event(rng).pk,
        columns=columns,
    )
    if rng.random() < 0.5:
        sql("UPDATE {events} SET purpose = 'made up' WHERE id = %s", number)
    if rng.random() < 0.5:
        seal()
    return f"Audit log, entry {number}"


def insert_change(rng: random.Random) -> str:
    change = a_change(rng)
    change.pk, change.seq = None, TeamLog.head_of(change.team_id) + 1
    change.save(force_insert=True)
    sql("UPDATE tracker_teamlog SET head = head + 1 WHERE team_id = %s", change.team_id)
    if rng.random() < 0.5:
        seal()
    return in_words(change)


def cut_tail(rng: random.Random) -> str:
    last = AuditLink.objects.latest("number").number
    cut = last - rng.randint(0, 5)
    for link in AuditLink.objects.filter(number__gte=cut):
        if link.log == "audit":
            sql("DELETE FROM {events} WHERE id = %s", link.position)
        else:
            sql("DELETE FROM {changes} WHERE team_id = %s AND seq = %s", link.stream, link.position)
    sql("DELETE FROM {links} WHERE number >= %s", cut)
    for team in TeamLog.objects.all():
        newest = Change.objects.filter(team_id=team.pk).order_by("-seq").first()
        sql("UPDATE tracker_teamlog SET head = %s WHERE team_id = %s", newest.seq if newest else 0, team.pk)
    return f"Link {last}, the head of"


def rewrite(rng: random.Random) -> str:
    """From a link on, everything is chained anew by somebody who has no key."""
    first = rng.choice(list(AuditLink.objects.order_by("number")))
    before = AuditLink.objects.get(number=first.number - 1).chained if first.number > 1 else FIRST
    for link in AuditLink.objects.filter(number__gte=first.number):
        key = link.chained.partition(":")[0]
        link.chained = before = f"{key}::{sha256(said(link, before)).hexdigest()}"
        sql("UPDATE {links} SET chained = %s WHERE number = %s", link.chained, link.number)
    return f"(link {first.number})"


def swap_links(rng: random.Random) -> str:
    one, other = sorted(rng.sample(list(AuditLink.objects.values_list("number", flat=True)), 2))
    for old, new in ((one, 0), (other, one), (0, other)):
        sql("UPDATE {links} SET number = %s WHERE number = %s", new, old)
    return f"(link {one})"


WAYS = (
    edit_event, edit_change, delete_event, delete_change, swap_events, swap_changes,
    insert_event, insert_change,    cut_tail, rewrite, swap_links,
)  # fmt: skip


@pytest.mark.parametrize("tamper", WAYS)
def test_tampering_straight_in_the_database_is_found_at_its_entry(
    written: World, tamper: Callable[[random.Random], str]
) -> None:
    kept = heads()
    missed = []

    for seed in range(TIMES):
        with tampered():
            wanted = tamper(random.Random(f"{tamper.__name__} {seed}"))
            triggers.install()
            faults = [fault.where for fault in verify(kept=kept).faults]
        # Of the place more may be said: 6 is not 60.
        if not faults or f" {wanted} " not in f" {faults[0]} ":
            missed.append((wanted, faults))

    assert missed == []
    assert verify(kept=kept).fine


def test_who_has_the_key_and_writes_all_anew_is_found_by_the_heads_kept_elsewhere(written: World) -> None:
    kept = heads()

    with tampered():
        entry = AuditEvent.objects.order_by("pk").first()
        assert entry is not None
        entry.actor_name = "Another"
        entry.digest = digest_of(content_of(entry), salt())
        entry.save()
        AuditLink.objects.all().delete()
        AuditRow.objects.all().delete()
        seal()
        triggers.install()
        alone, beside = verify(), verify(kept=kept)

    assert alone.fine
    assert [fault.where[:4] for fault in beside.faults] == ["Link"]


@pytest.mark.sqlite
@pytest.mark.parametrize("gone", [0, 1, 2])
def test_an_entry_that_was_deleted_before_it_was_sealed_is_missed(written: World, gone: int) -> None:
    entries = [audit.record(AuditEvent.Kind.LOG, by=None, purpose=f"{number}") for number in range(3)]

    with tampered():
        sql("DELETE FROM {events} WHERE id = %s", entries[gone].pk)
        before = [str(fault) for fault in verify().faults]
        seal()
        after = [str(fault) for fault in verify().faults]

    missed = f"Audit log, entry {entries[gone].pk}: deleted before it was sealed."
    assert missed in before
    assert missed in after


@pytest.mark.sqlite
def test_what_was_undone_with_its_act_is_not_missed(written: World) -> None:
    with transaction.atomic():
        audit.record(AuditEvent.Kind.LOG, by=None, purpose="undone")
        transaction.set_rollback(True)
    audit.record(AuditEvent.Kind.LOG, by=None, purpose="kept")

    assert verify().faults == []


@pytest.mark.parametrize("record", [AuditEvent, Change, AuditLink, AuditRow])
def test_the_database_refuses_to_change_or_delete(written: World, record: Any) -> None:
    one = record.objects.order_by("pk").first()
    column = {"AuditLink": "content", "AuditRow": "row_id"}.get(record.__name__, "kind")

    with pytest.raises(DatabaseError, match=triggers.SENTENCE), transaction.atomic():
        record.objects.filter(pk=one.pk).update(**{column: 1})
    with pytest.raises(DatabaseError, match=triggers.SENTENCE), transaction.atomic():
        record.objects.filter(pk=one.pk).delete()

    assert record.objects.filter(pk=one.pk).exists()


@pytest.mark.postgresql
def test_postgresql_refuses_to_empty_a_log_as_well(written: World) -> None:
    with pytest.raises(DatabaseError, match=triggers.SENTENCE), transaction.atomic():
        sql("TRUNCATE {events}")


def test_a_guard_that_was_taken_away_is_missed(written: World) -> None:
    with tampered():
        faults = verify().faults

    assert "kept_accounts_auditevent_delete" in " ".join(fault.where for fault in faults)


def test_retention_erases_a_child_and_the_chain_still_verifies(written: World) -> None:
    row = TrackerRow.objects.filter(team=written.team).latest("pk")
    child = Change.objects.filter(row=row)
    make_row(team=written.team, by=written.officer)
    places = set(child.values_list("team_id", "seq"))

    with audit.erasing(purpose="retention", by=None) as told:
        child.filter(field="owner").update(old="", new="")
        child.exclude(field="owner").delete()
        AuditEvent.objects.filter(row_ids=[row.pk]).delete()
        told["rows"] = 1

    assert verify().faults == []
    assert set(AuditErased.objects.filter(log="change").values_list("stream", "position")) == places
    entry = AuditEvent.objects.get(kind=AuditEvent.Kind.RETENTION)
    assert (entry.detail["rows"], entry.detail["entries"]) == (1, len(places) + 1)
    assert not AuditSwitch.objects.exclude(run=None).exists()
    seal()
    assert verify().fine


def test_an_erasing_that_fails_leaves_everything_and_the_guards_shut(written: World) -> None:
    before = Change.objects.count()

    def fails() -> None:
        with audit.erasing(purpose="retention", by=None):
            Change.objects.all().delete()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()

    assert Change.objects.count() == before
    with pytest.raises(DatabaseError), transaction.atomic():
        Change.objects.all().delete()


def test_who_opens_the_switch_without_the_key_is_found(written: World) -> None:
    event = AuditEvent.objects.latest("pk")

    AuditSwitch.objects.update(run="12345678-1234-5678-1234-567812345678")
    event.delete()
    AuditSwitch.objects.update(run=None)

    assert [fault.what for fault in verify().faults] == [
        "not made by retention, or its list was altered",
        "deleted",
    ]


def test_another_key_seals_from_now_on_and_the_one_before_still_checks(
    written: World, settings: Settings
) -> None:
    settings.LOG_KEY = "the first key"
    audit.record(AuditEvent.Kind.SIGN_IN, by=None, purpose="sign in")
    seal()
    settings.LOG_KEY, settings.LOG_KEYS_BEFORE = "the second key", ["the first key"]
    audit.record(AuditEvent.Kind.SIGN_IN, by=None, purpose="sign in")
    seal()

    assert verify().fine
    settings.LOG_KEYS_BEFORE = []
    assert "which is not here" in verify().faults[0].what


def test_the_commands_seal_print_the_heads_and_check(written: World, tmp_path: Any) -> None:
    sealed = run("seal_log")
    kept = run("log_heads")
    file = tmp_path / "heads.txt"
    file.write_text(kept[1])

    fine = run("verify_log", "--heads", str(file), "--json")
    last = AuditLink.objects.latest("number")
    with tampered():
        sql("DELETE FROM {links} WHERE number = %s", last.number)
        triggers.install()
        cut = run("verify_log", "--heads", str(file))

    assert sealed[0] == kept[0] == fine[0] == 0
    assert kept[1].strip() in sealed[1]
    assert json.loads(fine[1])["fine"] is True
    assert cut[0] == 1
    assert f"Link {last.number}, the head of" in cut[1]
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.LOG, purpose="check the log").exists()


@pytest.mark.parametrize("text", ["", "no head", "2026-11-24 x abc"])
def test_heads_that_cannot_be_read_are_refused_in_words(db: None, tmp_path: Any, text: str) -> None:
    file = tmp_path / "heads.txt"
    file.write_text(text)

    status, _, told = run("verify_log", "--heads", str(file if text else tmp_path / "none"))

    assert (status, len(told.splitlines())) == (2, 1)
