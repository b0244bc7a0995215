"""Each judge of a fault finds what it is there for, and nothing where all is well."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from scripts.faults import watchers
from scripts.faults.injected import (
    cut_streams,
    deaf_reader,
    ended_access,
    held_lock,
    killed_database,
    tampered_log,
)
from scripts.faults.injected.copies_meanwhile import as_of
from scripts.faults.injected.deaf_reader import Spell
from scripts.faults.injected.ended_access import Leaver
from scripts.faults.injected.killed_database import Fall
from scripts.faults.ledger import ACKNOWLEDGED, REFUSED, UNKNOWN, Tried
from scripts.faults.politeness import Heard, impolite
from scripts.faults.watchers import Seen

SAVED, TOLD_LATER = Heard(1.0, 0.1, 200), Heard(2.0, 0.1, 503, "2")


def test_who_is_told_when_to_come_again_in_time_is_told_politely() -> None:
    assert impolite([SAVED, TOLD_LATER]) == []


@pytest.mark.parametrize(
    ("heard", "sentence"),
    [
        (replace(TOLD_LATER, status=500), "1 requests were answered 500"),
        (replace(TOLD_LATER, again=""), "without a time to come again"),
        (Heard(2.0, 0.1, 0), "1 requests were not answered"),
        (replace(SAVED, took=8.1), "later than after 8 s"),
    ],
)
def test_what_nobody_must_be_told_is_found(heard: Heard, sentence: str) -> None:
    [said] = impolite([SAVED, heard])

    assert sentence in said


GONE = Leaver([(1.0, 200), (3.0, 404), (3.1, 401), (3.2, 403)], ended=2.0, closed=2.9)


def test_who_is_refused_at_once_and_whose_stream_ends_has_lost_access() -> None:
    assert ended_access.wrong_of(GONE) == []


@pytest.mark.parametrize(
    ("leaver", "sentence"),
    [
        (replace(GONE, saves=[*GONE.saves, (3.3, 200)]), "Sent after the end and answered 200"),
        (replace(GONE, saves=[*GONE.saves, (3.3, 503)]), "Sent after the end and answered 503"),
        (replace(GONE, saves=GONE.saves[:3]), "Too little was sent after the end"),
        (replace(GONE, saves=GONE.saves[1:]), "Nothing was saved before"),
        (replace(GONE, closed=None), "never closed"),
        (replace(GONE, closed=7.1), "closed 5.1 s after"),
    ],
)
def test_access_that_goes_on_after_its_end_is_found(leaver: Leaver, sentence: str) -> None:
    assert any(sentence in said for said in ended_access.wrong_of(leaver)), sentence


FAST = [Heard(float(number), 0.1, 200) for number in range(20)]
EXPORTS = [Heard(20.0, 12.0, 200)]


def test_a_lock_that_holds_up_only_who_saves_is_well() -> None:
    assert held_lock.wrong_of([SAVED, TOLD_LATER], FAST, EXPORTS, timed=True) == []


@pytest.mark.parametrize(
    ("saves", "reads", "exports", "sentence"),
    [
        ([SAVED], FAST, EXPORTS, "held nobody up"),
        ([TOLD_LATER], [*FAST, TOLD_LATER], EXPORTS, "1 fast requests or exports were refused"),
        ([TOLD_LATER], FAST, [TOLD_LATER], "1 fast requests or exports were refused"),
        ([TOLD_LATER], FAST, [replace(EXPORTS[0], status=0)], "not answered"),
        ([TOLD_LATER], [replace(one, took=1.2) for one in FAST], EXPORTS, "took up to 1.2 s"),
        ([replace(TOLD_LATER, took=9.0)], FAST, EXPORTS, "later than after 8 s"),
    ],
)
def test_a_lock_that_holds_up_others_is_found(
    saves: Sequence[Heard], reads: Sequence[Heard], exports: Sequence[Heard], sentence: str
) -> None:
    said = held_lock.wrong_of(saves, reads, exports, timed=True)

    assert any(sentence in one for one in said), sentence


FALLS = [Fall(1.5, 3.0), Fall(6.0, 8.0)]


def test_requests_that_fail_only_while_the_database_is_away_are_well() -> None:
    heard = [SAVED, TOLD_LATER, replace(SAVED, sent=4.0), replace(TOLD_LATER, sent=7.0)]

    assert killed_database.wrong_of(heard, FALLS, timed=True) == []


@pytest.mark.parametrize(
    ("heard", "sentence"),
    [
        ([SAVED], "Nobody noticed"),
        ([replace(TOLD_LATER, sent=4.0)] * 3, "3 requests failed after the database was back"),
        ([replace(TOLD_LATER, sent=9.0)] * 3, "3 requests failed after the database was back"),
        ([replace(TOLD_LATER, status=500)], "answered 500"),
    ],
)
def test_a_database_that_is_back_and_not_found_is_told(heard: Sequence[Heard], sentence: str) -> None:
    said = killed_database.wrong_of(heard, FALLS, timed=True)

    assert any(sentence in one for one in said), said


def test_without_limits_in_seconds_only_what_was_told_counts() -> None:
    late = [replace(TOLD_LATER, took=60.0)]

    slow = [replace(one, took=60.0) for one in FAST]
    assert held_lock.wrong_of(late, slow, EXPORTS, timed=False) == []
    assert killed_database.wrong_of(late, FALLS, timed=False) == []


def test_of_a_copy_only_what_was_acknowledged_before_it_began_must_be_there() -> None:
    tried = [
        Tried("1", 7, "action", "before", ACKNOWLEDGED, 200),
        Tried("2", 7, "action", "after", ACKNOWLEDGED, 200),
        Tried("3", 7, "action", "too late", REFUSED, 409),
    ]

    before, after, refused = as_of(tried, 1)

    assert (before.outcome, after.outcome, refused.outcome) == (ACKNOWLEDGED, UNKNOWN, REFUSED)
    assert refused.status == 0, "whether it is kept for its author is known of the database alone"


DRAWN = {7: "<tr>Ring the school</tr>", 8: "<tr>Visit</tr>"}
EQUAL = Seen(began=3, head=5, shown=[4, 5], rows=DRAWN, lost=1)


def test_a_page_that_shows_each_change_once_and_what_the_server_draws_is_well() -> None:
    assert watchers.wrong_of(EQUAL, 5, DRAWN) == []
    assert cut_streams.noticed([EQUAL, EQUAL], 2) == []


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (replace(EQUAL, head=4, shown=[4]), "A page stands at number 4, the server at 5"),
        (replace(EQUAL, shown=[5]), "Change 4 was shown 0 times"),
        (replace(EQUAL, shown=[4, 4, 5]), "Change 4 was shown 2 times"),
        (replace(EQUAL, shown=[3, 4, 5]), "Changes [3] were shown to a page that had them"),
        (replace(EQUAL, again=[4]), "Change 4 was told to somebody who had it"),
        (replace(EQUAL, rows=DRAWN | {7: "<tr>Before</tr>"}), "Row 7 is not what the server draws"),
        (replace(EQUAL, rows={7: DRAWN[7]}), "Row 8 is not what the server draws"),
        (replace(EQUAL, rows=DRAWN | {9: "<tr>Gone</tr>"}), "Row 9 is not what the server draws"),
        (replace(EQUAL, redrawn=1), "drawn anew 1 times"),
    ],
)
def test_a_page_that_is_not_as_the_server_or_shows_a_change_twice_is_found(seen: Seen, sentence: str) -> None:
    [said] = watchers.wrong_of(seen, 5, DRAWN)

    assert sentence in said


def test_streams_that_were_cut_and_that_no_page_lost_are_told() -> None:
    assert cut_streams.noticed([EQUAL, EQUAL], 3) == ["Of 3 cuts the pages noticed 2"]


WHOLE = b'1f\r\nid: 7:4\nevent: change\ndata: {"seq":4}\n\n\r\n'
HALVED = b'1f\r\nid: 7:5\nevent: change\ndata: {"seq":5}\n'


def test_of_a_stream_that_was_cut_within_a_message_only_whole_ones_count() -> None:
    async def heard() -> list[tuple[str, dict[str, int]]]:
        reader = asyncio.StreamReader()
        reader.feed_data(b"retry: 2000\n\n" + WHOLE + HALVED)
        reader.feed_eof()
        return [one async for one in watchers.messages(reader)]

    # The browser tests keep a loop in this thread.
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(heard())).result() == [("change", {"seq": 4})]


SAVES = [Heard(float(number), 0.1, 200) for number in range(20)]
UNNOTICED = Spell(met=1, still=0, signed_in=True, paused=True, equal=5.0)


def test_a_bell_that_nobody_misses_is_well() -> None:
    a_little_slower = [replace(one, took=0.14) for one in SAVES]

    assert deaf_reader.failed(SAVES, SAVES, a_little_slower, [UNNOTICED, UNNOTICED], timed=True) == []


@pytest.mark.parametrize(
    ("spell", "sentence"),
    [
        (replace(UNNOTICED, met=0), "The fault met nobody"),
        (replace(UNNOTICED, still=2), "2 pages did not ask by themselves"),
        (replace(UNNOTICED, signed_in=False), "Nobody could sign in"),
        (replace(UNNOTICED, paused=False), "the right one was taken"),
        (replace(UNNOTICED, equal=None), "never heard its stream again"),
        (replace(UNNOTICED, equal=15.1), "equal 15.1 s after"),
    ],
)
def test_a_bell_without_which_something_stops_is_found(spell: Spell, sentence: str) -> None:
    [said] = deaf_reader.failed(SAVES, SAVES, SAVES, [UNNOTICED, spell], timed=True)

    assert sentence in said


@pytest.mark.parametrize(
    ("saves", "meanwhile", "sentence"),
    [
        ([*SAVES, TOLD_LATER], SAVES, "1 saves failed"),
        ([*SAVES, Heard(2.0, 0.1, 0)], SAVES, "1 saves failed"),
        (SAVES, [replace(one, took=0.16) for one in SAVES], "took up to 160 ms, usually 100"),
        (SAVES, [], "Nothing was saved for a while"),
    ],
)
def test_saves_that_need_the_bell_are_found(
    saves: Sequence[Heard], meanwhile: Sequence[Heard], sentence: str
) -> None:
    [said] = deaf_reader.failed(saves, SAVES, meanwhile, [UNNOTICED], timed=True)

    assert sentence in said


def test_on_a_busy_machine_a_save_may_be_told_to_come_again_and_no_other_no() -> None:
    slow = [replace(one, took=9.0) for one in SAVES]
    late = replace(UNNOTICED, equal=60.0)

    assert deaf_reader.failed([*SAVES, TOLD_LATER], SAVES, slow, [late], timed=False) == []
    assert deaf_reader.failed([Heard(2.0, 0.1, 500)], SAVES, slow, [late], timed=False) == ["1 saves failed"]


def test_the_process_that_serves_a_connection_is_in_the_first_messages_of_the_database() -> None:
    allowed = b"R" + (8).to_bytes(4) + bytes(4)
    told = b"K" + (12).to_bytes(4) + (4711).to_bytes(4) + bytes(4)

    assert deaf_reader.backend_of(allowed + told) == 4711
    assert deaf_reader.backend_of(allowed) == 0


@pytest.mark.parametrize(
    ("wanted", "found", "it"),
    [
        ("History of team 1, change 6", "History of team 1, change 6", True),
        ("History of team 1, change 6", "History of team 1, change 60", False),
        ("Link 9, the head of", "Link 9, the head of 02/11/26", True),
        ("Link 9, the head of", "Link 19, the head of 02/11/26", False),
        ("History of team 1, change 6", "", False),
    ],
)
def test_tampering_counts_as_found_only_at_its_entry(wanted: str, found: str, it: bool) -> None:
    assert tampered_log.is_it(wanted, found) == it
