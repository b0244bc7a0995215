"""The performance officers' pages about people: find, add, change what they reach, end it."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import council_view
from accounts.changes import invitations, people, stand_ins
from accounts.forms.pasted import COLUMNS, PastedForm
from accounts.forms.people import ApprovalForm, FindForm, MembershipForm, NameForm, PersonForm
from accounts.models import AuditEvent, Membership, StandInApproval, User
from accounts.second_factor import app_of
from accounts.single_sign_on import account_of
from icm.http import AuthenticatedRequest, whole_number

A_PAGE = 100
NEWEST = 20
HANDED_OVER = "invitation to hand over"


@council_view("manage_people")
@require_http_methods(["GET", "POST"])
def people_list(request: AuthenticatedRequest) -> HttpResponse:
    """Everybody, a hundred at a time; a post narrows the list. Nothing is changed here."""
    form = FindForm(request.POST if request.method == "POST" else None)
    today = timezone.localdate()
    active = Membership.objects.active(today).select_related("locality").prefetch_related("teams")
    everybody = User.objects.prefetch_related(Prefetch("memberships", active, to_attr="today"))
    found = form.narrow(everybody, today=today)
    number = request.POST.get("page") or request.GET.get("page")
    page = Paginator(found, A_PAGE).get_page(number)
    context = {"form": form, "page": page, "total": User.objects.count()}
    return render(request, "accounts/people/list.html", context)


@council_view("manage_people")
@require_http_methods(["GET", "POST"])
def people_add(request: AuthenticatedRequest) -> HttpResponse:
    """One person with their first role: all of it, or nothing."""
    today = timezone.localdate()
    data = request.POST if request.method == "POST" else None
    form, access = PersonForm(data), MembershipForm(data, today=today)
    if form.is_valid() and access.is_valid():
        try:
            person = people.add_with_access(
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                since=access.cleaned_data["since"],
                by=request.user,
                **access.access(),
            )
        except ValidationError as refused:
            place_errors(refused, form, access)
        else:
            messages.success(request, f"{person.name} is added.")
            _invite(request, person)
            return redirect("person", person_id=person.pk)
    context = {"form": form, "access": access}
    return render(request, "accounts/people/add.html", context, status=422 if data is not None else 200)


@council_view("manage_people")
@require_http_methods(["GET", "POST"])
def people_paste(request: AuthenticatedRequest) -> HttpResponse:
    """A pasted list: read and shown line by line, and only after that, with nothing wrong in it, given."""
    today = timezone.localdate()
    form = PastedForm(request.POST if request.method == "POST" else None, today=today)
    if form.is_valid() and form.all_fine and "confirm" in request.POST:
        try:
            new = people.add_many(lines=form.lines, by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, f"{len(form.lines)} people have their access; {new} of them are new.")
            if settings.EMAIL_HOST:
                invitations.invite_listed(emails=[line.email for line in form.lines], by=request.user)
            elif new:
                messages.info(request, "No mail goes out here: the page of each new person makes their link.")
            return redirect("people_list")
    wrong = form.is_bound and (bool(form.errors) or not form.all_fine)
    context = {"form": form, "columns": COLUMNS}
    return render(request, "accounts/people/paste.html", context, status=422 if wrong else 200)


@council_view("manage_people")
@require_http_methods(["GET", "POST"])
def person(request: AuthenticatedRequest, person_id: int) -> HttpResponse:
    """One person with all they reach and reached; a post gives them a role more."""
    someone = get_object_or_404(User, pk=person_id)
    form = MembershipForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if form.is_valid():
        try:
            people.add_membership(
                person=someone, since=form.cleaned_data["since"], by=request.user, **form.access()
            )
        except ValidationError as refused:
            place_errors(refused, form)
        else:
            messages.success(request, f"{someone.name} has the access.")
            return redirect("person", person_id=someone.pk)
    return _person_page(request, someone, form)


@council_view("manage_people")
@require_POST
def person_name(request: AuthenticatedRequest, person_id: int) -> HttpResponse:
    """Another name for the same person."""
    someone = get_object_or_404(User, pk=person_id)
    form = NameForm(request.POST)
    if form.is_valid():
        people.rename_person(person=someone, name=form.cleaned_data["name"], by=request.user)
        messages.success(request, f"The name is now {someone.name}.")
    else:
        messages.error(request, "A person needs a name of at most 120 letters.")
    return redirect("person", person_id=someone.pk)


@council_view("manage_people")
@require_http_methods(["GET", "POST"])
def membership(request: AuthenticatedRequest, person_id: int, membership_id: int) -> HttpResponse:
    """One role of a person: changed into another, or ended at once."""
    found = get_object_or_404(
        Membership.objects.select_related("person"),
        pk=membership_id,
        person=person_id,
        ended_at=None,
    )
    if "end" in request.POST:
        return _ended(request, found)
    initial = {
        "role": found.role,
        "locality": found.locality_id,
        "teams": [team.pk for team in found.teams.all()],
        "since": found.since,
        "until": found.until,
    }
    data = request.POST if request.method == "POST" else None
    form = MembershipForm(data, today=timezone.localdate(), initial=initial)
    del form.fields["since"]
    if form.is_valid():
        try:
            people.change_membership(membership=found, by=request.user, **form.access())
        except ValidationError as refused:
            place_errors(refused, form)
        else:
            messages.success(request, "The access is changed. What it was stays on record.")
            return redirect("person", person_id=person_id)
    context = {"membership": found, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/people/membership.html", context, status=status)


@council_view("manage_people")
@require_POST
def person_leaves(request: AuthenticatedRequest, person_id: int) -> HttpResponse:
    """The person has left: everything ends at once, their open pages too. Or they are back."""
    someone = get_object_or_404(User, pk=person_id)
    try:
        if "back" in request.POST:
            people.let_back_in(person=someone, by=request.user)
            messages.success(request, f"{someone.name} may sign in again. Give them a role below.")
        else:
            people.end_access(person=someone, by=request.user)
            messages.success(request, f"The access of {someone.name} has ended.")
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    return redirect("person", person_id=someone.pk)


@council_view("manage_people")
@require_POST
def person_invite(request: AuthenticatedRequest, person_id: int) -> HttpResponse:
    """A new link to set the password; `invite` says what becomes of the ones before."""
    someone = get_object_or_404(User, pk=person_id)
    if someone.is_active:
        _invite(request, someone)
    else:
        messages.error(request, f"{someone.name} has left. Let them in again first.")
    return redirect("person", person_id=someone.pk)


@council_view("manage_people")
@require_POST
def stand_in_approval(request: AuthenticatedRequest, person_id: int) -> HttpResponse:
    """Lets team managers of a locality name this person as stand-in, or no longer."""
    someone = get_object_or_404(User, pk=person_id)
    if withdrawn := request.POST.get("withdraw", ""):
        approval = get_object_or_404(StandInApproval, pk=whole_number(withdrawn) or 0, person=someone)
        stand_ins.withdraw_approval(approval=approval, by=request.user)
        messages.success(request, f"{someone.name} can no longer be named in {approval.locality}.")
        return redirect("person", person_id=someone.pk)
    form = ApprovalForm(request.POST)
    if form.is_valid():
        locality = form.cleaned_data["locality"]
        stand_ins.approve_stand_in(person=someone, locality=locality, by=request.user)
        messages.success(request, f"Team managers of {locality} can name {someone.name}.")
    else:
        messages.error(request, "Choose the locality.")
    return redirect("person", person_id=someone.pk)


def place_errors(refused: ValidationError, *forms: PersonForm | MembershipForm) -> None:
    """Puts each sentence beside the field that it is about; the others above the last form."""
    told = refused.message_dict if hasattr(refused, "error_dict") else {"": refused.messages}
    for field, sentences in told.items():
        form = next((one for one in forms if field in one.fields), forms[-1])
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)


def _invite(request: AuthenticatedRequest, someone: User) -> None:
    path = invitations.invite(person=someone, by=request.user)
    if invitations.send_invitation(someone, path):
        messages.success(request, f"The link to set a password is on its way to {someone.email}.")
    else:
        # Shown once, on the page that follows.
        request.session[HANDED_OVER] = {"person": someone.pk, "link": request.build_absolute_uri(path)}


def _ended(request: AuthenticatedRequest, found: Membership) -> HttpResponse:
    try:
        people.end_membership(membership=found, by=request.user)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    else:
        messages.success(request, f"“{found}” has ended for {found.person.name}.")
    return redirect("person", person_id=found.person_id)


def _person_page(request: AuthenticatedRequest, someone: User, form: MembershipForm) -> HttpResponse:
    held = someone.memberships.select_related("locality", "granted_by").prefetch_related("teams")
    today = timezone.localdate()
    handed = request.session.pop(HANDED_OVER, None)
    context = {
        "person": someone,
        "link": handed["link"] if handed and handed["person"] == someone.pk else "",
        "memberships": sorted(held, key=lambda one: (one.is_over(today), -one.pk)),
        "today": today,
        "approvals": someone.stand_in_approvals.select_related("locality", "by"),
        "form": form,
        "name_form": NameForm(initial={"name": someone.name}),
        # The form that gives a role asks for a locality too: each label is to lead to its own field.
        "approval_form": ApprovalForm(auto_id="approval_%s"),
        "second_factor": app_of(someone),
        "council_account": account_of(someone),
        "events": AuditEvent.objects.filter(kind=AuditEvent.Kind.ACCESS, detail__person=someone.pk)[:NEWEST],
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/people/person.html", context, status=status)
