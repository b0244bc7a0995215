"""Parks an uploaded workbook between upload and confirmation, and lets it go again: its reading, or the
question about it with the file, and what its person decided in the preview.
"""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import Team, User
from accounts.permissions import require
from tracker.importing.decisions import Decisions
from tracker.models import ParkedImport
from tracker.workbook.guard import ColumnsUnclear, Question, SheetsUnclear, question_from_json
from tracker.workbook.reading import Reading
from tracker.workbook.table import Answer

KEPT_FOR = timedelta(hours=1)


def park(*, reading: Reading, team: Team, by: User, now: datetime) -> ParkedImport:
    """Keeps the reading for an hour. What others left longer ago goes on this occasion."""
    return _parked(team, by, now, reading=_json(reading))


def park_question(*, question: Question, file: bytes, team: Team, by: User, now: datetime) -> ParkedImport:
    """Keeps the question and the file for the same hour: answering it uploads nothing twice."""
    return _parked(team, by, now, question=_json(question), file=file)


def parked_import(*, parked: UUID, team: Team, by: User, now: datetime) -> ParkedImport | None:
    """What this person parked for this team within the hour; None for anything else."""
    return ParkedImport.objects.filter(pk=parked, team=team, person=by, at__gte=now - KEPT_FOR).first()


def reading_of(parked: ParkedImport) -> Reading | None:
    """The reading; None where a question is open."""
    return Reading.from_json(json.loads(parked.reading)) if parked.reading else None


def question_of(parked: ParkedImport) -> tuple[Question, Answer] | None:
    """The open question and what was answered before it; None where there is none."""
    if not parked.question:
        return None
    answered = Answer(**json.loads(parked.answer)) if parked.answer else Answer()
    return question_from_json(json.loads(parked.question)), answered


def decisions_of(parked: ParkedImport) -> Decisions:
    """What its person decided so far."""
    return Decisions.from_json(json.loads(parked.decisions)) if parked.decisions else Decisions()


def answer_question(
    *, parked: ParkedImport, answer: Answer, found: Reading | Question, by: User, now: datetime
) -> None:
    """Takes an answer: the reading that it made possible, and the file goes; or the next question."""
    values: dict[str, object] = {"answer": json.dumps(asdict(answer)), "at": now}
    if isinstance(found, (ColumnsUnclear, SheetsUnclear)):
        values |= {"question": _json(found)}
    else:
        values |= {"question": "", "reading": _json(found), "file": None}
    ParkedImport.objects.filter(pk=parked.pk, person=by).update(**values)


def keep_decisions(*, parked: ParkedImport, decisions: Decisions, by: User) -> None:
    """Keeps what its person decided until it is confirmed."""
    ParkedImport.objects.filter(pk=parked.pk, person=by).update(decisions=json.dumps(decisions.to_json()))


def unpark(*, parked: UUID, by: User) -> None:
    """Lets it go: it was confirmed or given up."""
    ParkedImport.objects.filter(pk=parked, person=by).delete()


def let_go_of_imports(*, now: datetime) -> None:
    """Deletes what nobody confirmed within the hour."""
    ParkedImport.objects.filter(at__lt=now - KEPT_FOR).delete()


def _parked(team: Team, by: User, now: datetime, *, file: bytes | None = None, **texts: str) -> ParkedImport:
    require(by, team, "import_rows")
    let_go_of_imports(now=now)
    return ParkedImport.objects.create(person=by, team=team, at=now, file=file, **texts)


def _json(told: Reading | Question) -> str:
    return json.dumps(told.to_json())
