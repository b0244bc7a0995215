"""A person's own page: the address of their calendar, and whether a mail with counts comes."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import anyone_signed_in, public
from accounts.changes.digests import choose_digest
from accounts.changes.keys import end_key, make_key
from accounts.forms.mine import NONE, DigestForm
from accounts.links import reader_of
from accounts.models import AddressKey, Digest
from accounts.permissions import own_teams
from icm.http import AuthenticatedRequest

OWN = "one's own calendar and mail only"


@anyone_signed_in(OWN)
@require_GET
def mine(request: AuthenticatedRequest) -> HttpResponse:
    """What there is, and the buttons that make, renew and end it."""
    return _page(request)


@anyone_signed_in(OWN)
@require_POST
def mine_calendar(request: AuthenticatedRequest) -> HttpResponse:
    """Makes the calendar's address or renews it, and shows it: this once, for only a digest is kept."""
    key = make_key(opens=AddressKey.Opens.CALENDAR, by=request.user)
    return _page(request, address=f"{settings.SITE_ADDRESS}{reverse('calendar', args=[key])}")


@anyone_signed_in(OWN)
@require_POST
def mine_calendar_end(request: AuthenticatedRequest) -> HttpResponse:
    """Ends the calendar's address."""
    found = AddressKey.objects.filter(person=request.user, opens=AddressKey.Opens.CALENDAR).first()
    if found:
        end_key(key=found, by=request.user)
        messages.success(request, "The address opens nothing any more.")
    return redirect("mine")


@anyone_signed_in(OWN)
@require_POST
def mine_mail(request: AuthenticatedRequest) -> HttpResponse:
    """Chooses how often the mail comes."""
    form = DigestForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form)
    choose_digest(person=request.user, rhythm=form.chosen)
    messages.success(request, "You will get the mail." if form.chosen else "You will get no mail.")
    return redirect("mine")


@csrf_exempt  # a mail program posts here for its reader (RFC 8058); the signed link says who that is
@public("whoever has the link out of a mail may end that mail, signed in or not")
@require_http_methods(["GET", "POST"])
def mail_end(request: HttpRequest, reader: str) -> HttpResponse:
    """Asks once, and ends the mail by a post. What scans links in mail only gets, and ends nothing."""
    person = reader_of(reader)
    if person is None:
        raise Http404
    if request.method == "POST":
        choose_digest(person=person, rhythm=None)
    going = Digest.objects.filter(person=person).exists()
    return render(request, "accounts/mail_end.html", {"going": going})


def _page(
    request: AuthenticatedRequest, *, form: DigestForm | None = None, address: str = ""
) -> HttpResponse:
    digest = Digest.objects.filter(person=request.user).first()
    context = {
        "calendar": AddressKey.objects.filter(person=request.user, opens=AddressKey.Opens.CALENDAR).first(),
        "address": address,
        "teams": own_teams(request.user).select_related("locality"),
        "digest": digest,
        "mail_goes": bool(settings.EMAIL_HOST),
        "form": form or DigestForm(initial={"rhythm": digest.rhythm if digest else NONE}),
    }
    return render(request, "accounts/mine.html", context, status=422 if form else 200)
