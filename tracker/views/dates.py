"""Says how a typed date is read, before it is kept: the one reader of dates answers, in the page too."""

from datetime import date

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import anyone_signed_in
from tracker.workbook.dates import DateUnreadable, read_date, show

# Nobody types a longer date.
LONGEST = 40


@anyone_signed_in("reads a date, and knows nothing of anybody")
@require_POST
def said(request: HttpRequest) -> JsonResponse:
    """`text` as it would be read, with its weekday; `base` (ISO) is the date in the cell, for `+7`.

    Answers {"said": "Tue 20/01/26"}, or {"refused": the sentence}; a blank text says nothing.
    """
    text = request.POST.get("text", "").strip()[:LONGEST]
    if not text:
        return JsonResponse({})
    try:
        base = date.fromisoformat(request.POST.get("base", ""))
    except ValueError:
        base = None
    try:
        day = read_date(text, today=timezone.localdate(), base=base)
    except DateUnreadable as unreadable:
        return JsonResponse({"refused": str(unreadable)})
    return JsonResponse({"said": f"{day:%a} {show(day)}"})
