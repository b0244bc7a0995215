"""What the application has told a person: put away once read; and the mails that did not go."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import anyone_signed_in, council_view
from accounts.changes.notices import forget_failed_mail, read_notice
from accounts.models import Notice
from icm.http import AuthenticatedRequest


@anyone_signed_in("one's own notices only")
@require_POST
def notice(request: AuthenticatedRequest, notice_id: int) -> HttpResponse:
    """Puts one of the person's own notices away."""
    read_notice(notice=get_object_or_404(Notice, pk=notice_id, person=request.user))
    return redirect("home")


@council_view("manage_people")
@require_http_methods(["GET", "POST"])
def mail(request: AuthenticatedRequest) -> HttpResponse:
    """The notices whose mail the server did not take; their people read them after signing in."""
    if request.method == "POST":
        forget_failed_mail(by=request.user)
        return redirect("mail")
    lost = Notice.objects.filter(mail_failed=True).select_related("person")
    return render(request, "accounts/mail.html", {"lost": lost})
