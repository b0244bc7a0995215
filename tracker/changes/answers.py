"""Answering a row's difficulty: written, worded anew, withdrawn. Each wording stays in the row's history."""

from uuid import UUID

from accounts.models import User
from accounts.permissions import require
from tracker.changes.act import Act, acting, answered_once
from tracker.changes.act import Answer as ActAnswer
from tracker.changes.refusals import Invalid
from tracker.choices import ChangeKind
from tracker.models import Answer, Difficulty, TrackerRow

FIELD = "answer"
NOTHING_TO_ANSWER = "The team has taken the difficulty off this case: there is nothing to answer any more."
ANOTHER = "The difficulty is “{}” by now. Look at it again before you answer."
ANSWERED = "{} has answered meanwhile: “{}”. Save again to put yours in its place."


@answered_once
def answer_difficulty(
    *,
    row: TrackerRow,
    difficulty: Difficulty,
    text: str,
    base: int,
    by: User,
    op: UUID | None = None,
) -> ActAnswer:
    """Answers the difficulty that was seen; an empty text withdraws the answer.

    `base` is the version of the answer that was seen. Raises `Invalid` where the difficulty is another
    one by now or somebody else has answered, `RowGone`, and `Refused` without the right.
    """
    require(by, row.team, "answer_difficulty")
    with acting("answer", teams=[row.team], by=by, op=op) as act:
        current = act.row(row.pk)
        before = Answer.objects.standing().filter(row=current).select_related("by").first()
        _check(current, difficulty, before, text, base)
        old = before.text if before else ""
        if text != old:
            write_answer(act, current, difficulty, by, old=old, new=text)
    return act.answer


def _check(row: TrackerRow, difficulty: Difficulty, before: Answer | None, text: str, base: int) -> None:
    if row.difficulty is None:
        raise Invalid(NOTHING_TO_ANSWER, FIELD)
    if row.difficulty != difficulty:
        raise Invalid(ANOTHER.format(row.difficulty), FIELD)
    if base != row.rev(FIELD) and before and text != before.text:
        raise Invalid(ANSWERED.format(before.by.name, before.text), FIELD)


def write_answer(act: Act, row: TrackerRow, difficulty: Difficulty, by: User, *, old: str, new: str) -> None:
    """Writes the answer and its entry within an act that is under way."""
    change = act.note(row, ChangeKind.ANSWER, FIELD, old, new)
    Answer.objects.filter(row=row).delete()
    if new:
        Answer.objects.create(row=row, difficulty=difficulty, text=new, by=by, at=change.at)
