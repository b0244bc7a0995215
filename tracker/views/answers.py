"""The head of service's answer to one row's difficulty."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import audit
from icm.http import AuthenticatedRequest
from tracker.access import row_view
from tracker.changes.answers import answer_difficulty
from tracker.changes.refusals import Refusal
from tracker.forms.rows import AnswerForm
from tracker.models import Answer, TrackerRow


@row_view("answer_difficulty")
@require_http_methods(["GET", "POST"])
def answer(request: AuthenticatedRequest, row: TrackerRow) -> HttpResponse:
    """The difficulty with its answer, to write; a saved one leads to the list of the locality."""
    standing = Answer.objects.standing().filter(row=row).first()
    form = AnswerForm(request.POST or None, initial=first_values(row, standing))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            answer_difficulty(
                row=row,
                difficulty=told["difficulty"],
                text=told["answer"],
                base=told["base"],
                by=request.user,
                op=told["op"],
            )
        except Refusal as refused:
            form = _again(request, row, refused)
        else:
            messages.success(request, "Answered." if told["answer"] else "The answer is withdrawn.")
            return redirect("locality_difficulties", locality_id=row.team.locality_id)
    audit.viewed(request, "answer", rows=[row.pk], team=row.team)
    context = {"row": row, "team": row.team, "form": form, "standing": standing}
    return render(request, "tracker/answer.html", context, status=422 if form.errors else 200)


def first_values(row: TrackerRow, standing: Answer | None) -> dict[str, object]:
    """What an empty form of this row starts with."""
    return {
        "op": uuid4(),
        "base": row.rev("answer"),
        "difficulty": row.difficulty_id,
        "answer": standing.text if standing else "",
    }


def _again(request: AuthenticatedRequest, row: TrackerRow, refused: Refusal) -> AnswerForm:
    """The form with what was typed, against what stands by now: saving it again is a deliberate choice."""
    row.refresh_from_db()
    posted = request.POST.copy()
    for name, value in first_values(row, None).items():
        if name != "answer":
            posted[name] = str(value or "")
    form = AnswerForm(posted)
    form.add_error(None, refused.message)
    return form
