"""What one typed into a page without script before one was signed out: to send it now, or to leave it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import anyone_signed_in
from accounts.typed import kept_for, let_go
from icm.http import AuthenticatedRequest


@anyone_signed_in("one's own words only")
@require_http_methods(["GET", "POST"])
def typed(request: AuthenticatedRequest) -> HttpResponse:
    """The form as it was sent; a post throws it away. Home for whoever has nothing kept."""
    found = kept_for(request, request.user)
    if found is None:
        return redirect("home")
    if request.method == "POST":
        let_go(request)
        return redirect("home")
    return render(request, "account/typed.html", {"kept": found, "words": list(found.words())})
