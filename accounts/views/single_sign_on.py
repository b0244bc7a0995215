"""Signing in with an account of the council: one address, by which people go there and come back."""

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from requests import RequestException

from accounts.access import council_view, public
from accounts.changes.single_sign_on import end_link
from accounts.models import User
from accounts.single_sign_on import CouncilProvider, say_failed
from icm.http import AuthenticatedRequest


@public("one signs in here with an account of the council; whom nobody has added gets no further")
@require_http_methods(["GET", "POST"])
def single_sign_on(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """A post leads to the provider, which sends back here. Without one set up there is the sign-in page."""
    if not settings.SOCIALACCOUNT_PROVIDERS:
        return redirect("account_login")
    provider = CouncilProvider(request, provider_id)
    try:
        if request.method == "POST":
            return there(request, OAuth2LoginView.adapter_view(provider)(request))
        answer: HttpResponseBase = OAuth2CallbackView.adapter_view(provider)(request)
    except (RequestException, KeyError, TypeError):
        # It does not answer, or not as a provider does.
        say_failed(request)
        return redirect("account_login")
    return answer


def there(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """A page that goes on by itself: our policy lets no form lead to another site, by no redirect either."""
    context = {"address": answer.headers["Location"], "name": settings.SSO_NAME}
    return render(request, "account/to_provider.html", context)


@council_view("manage_people")
@require_POST
def person_council_account(request: AuthenticatedRequest, person_id: int) -> HttpResponse:
    """Ends the link of a person to their account, for whoever got another one."""
    someone = get_object_or_404(User, pk=person_id)
    end_link(person=someone, by=request.user)
    messages.success(request, f"{someone.name} is linked anew when they next sign in with a council account.")
    return redirect("person", person_id=someone.pk)
