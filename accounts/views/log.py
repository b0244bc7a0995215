"""The officers' pages of the log: everything by person, kind, team and day; its check; the access review."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access_review, audit
from accounts.access import council_view
from accounts.chain.seal import seal
from accounts.chain.verify import heads
from accounts.forms.log import LogForm
from accounts.log import lines, page_of
from accounts.models import AuditEvent, AuditLink, Membership, User
from accounts.xlsx import listed
from icm.http import AuthenticatedRequest, neighbours

# Heads of so many days are shown; `manage.py log_heads` prints all.
HEADS = 14


@council_view("view_all_logs")
@require_safe
def log(request: AuthenticatedRequest) -> HttpResponse:
    """All entries, newest first, narrowed by the address: numbers, days and kinds, no names."""
    form = LogForm(request.GET)
    page = page_of(request, form.narrow(AuditEvent.objects.all()))
    # What is no number, day or kind is not repeated: it may be a name.
    told = {key: request.GET[key] for key in form.fields if request.GET.get(key)} if form.is_valid() else {}
    audit.record(AuditEvent.Kind.LOG, by=request.user, purpose="read the log", request=request, filter=told)
    context = {
        "form": form,
        "page": page,
        "lines": lines(page),
        "narrowed": bool(told),
        **neighbours(request.GET, page),
    }
    return render(request, "accounts/log/log.html", context, status=200 if form.is_valid() else 422)


@council_view("view_all_logs")
@require_http_methods(["GET", "POST"])
def log_check(request: AuthenticatedRequest) -> HttpResponse:
    """How far the log is sealed and when it was checked last; a post seals, then checks."""
    if request.method == "POST":
        seal(everything=True)
        audit.check_log(by=request.user)
        return redirect("log_check")
    checks = AuditEvent.objects.filter(kind=AuditEvent.Kind.LOG, purpose=audit.CHECK_OF_LOG)
    context = {
        "last": AuditLink.objects.order_by("-number").first(),
        "check": checks.first(),
        "heads": reversed(heads()[-HEADS:]),
    }
    return render(request, "accounts/log/check.html", context)


@council_view("view_all_logs")
@require_http_methods(["GET", "POST"])
def review(request: AuthenticatedRequest) -> HttpResponse:
    """Says what the access review is; a post downloads it and leaves its entry."""
    today = timezone.localdate()
    if request.method == "POST":
        purpose = "access review"
        audit.record(AuditEvent.Kind.EXPORT, by=request.user, purpose=purpose, request=request)
        return listed(
            "access-review",
            title="Access review",
            what="Access review",
            by=audit.acting_person(request.user).name,
            headings=access_review.HEADINGS,
            lines=access_review.reviewed(today),
        )
    last = AuditEvent.objects.filter(kind=AuditEvent.Kind.EXPORT, purpose="access review").first()
    people = User.objects.filter(is_active=True)
    active = Membership.objects.active(today)
    have = people.filter(pk__in=active.values("person")).count()
    context = {"last": last, "people": people.count(), "have": have}
    return render(request, "accounts/log/review.html", context)
