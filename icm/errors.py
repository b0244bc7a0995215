"""The pages for what did not work: each says what happened and who can help."""

import logging
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts import beside
from accounts.models import User
from accounts.permissions import Refused, officers_for, who_may
from accounts.roles import IN_WORDS
from accounts.seeing_as import ReadOnly
from icm.http import MEGABYTE, MOST_BYTES, from_script
from tracker.changes.refusals import Refusal

logger = logging.getLogger(__name__)

TITLES = {
    403: "Not allowed",
    404: "Not found",
    405: "Not to be had in this way",
    409: "Nothing was changed",
    413: "Too large",
}
RETRY_AFTER = "2"  # seconds


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for what does not exist and for what one may not see: it names the asker's officers."""
    message = "There is nothing at this address, or it is not yours to see."
    return _answer(request, 404, message, {"officers": _officers(request)})


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: one may see this and not do it; names the people who can."""
    if isinstance(exception, ReadOnly):
        return _answer(request, 403, exception.message, {})
    if not isinstance(exception, Refused):
        return _answer(request, 403, "This is not allowed.", {"officers": _officers(request)})
    message = f"You can see this, but not {IN_WORDS[exception.permission]}."
    can = who_may(exception.permission, exception.team)
    return _answer(request, 403, message, {"can": can, "officers": _officers(request)})


def refused_post(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old: signed in again elsewhere, or another site's form."""
    message = "This form is out of date. Go back, reload the page and send it again; nothing was changed."
    return _answer(request, 403, message, {})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a request that no page of ours sends, or more files than one request may bring."""
    message = "This request could not be read. Go back and try again."
    if isinstance(exception, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        message = f"At most {most} files can be sent at once. Put them into one zip, or send them in parts."
    return _answer(request, 400, message, {})


def broken(request: HttpRequest) -> HttpResponse:
    """500: says that it is our fault. It must not depend on a database or a signed-in person.

    503 where the database was busy or out of reach before a view was asked, when it was to say who asks.
    """
    error = sys.exception()
    if isinstance(error, DatabaseError) and out_of_reach(error):
        return busy(request, error)
    message = "Something went wrong on our side. Nothing you typed elsewhere is lost; try again in a minute."
    if from_script(request):
        return JsonResponse({"outcome": "broken", "message": message}, status=500)
    return HttpResponse(render_to_string("errors/broken.html", {"message": message}), status=500)


class UploadsAreBounded:
    """Refuses what is too large before any of it is read; it stands before whatever reads a form.

    Django alone would write a large file to a disk before a view could look at its size.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Answers in the view's place where the request itself says that it is larger: 413."""
        sent = request.META.get("CONTENT_LENGTH") or "0"
        most: int = getattr(view, "most_bytes", MOST_BYTES)
        if not sent.isdecimal() or int(sent) <= most:
            return None
        message = (
            f"This is too large: at most {most // MEGABYTE} MB can be sent here. Nothing was changed. "
            "Remove pictures and old tabs from the workbook, or send several in parts."
        )
        return _answer(request, 413, message, {})


def _named(error: DatabaseError) -> str:
    """An error by its kind and the database's own name or number of it; its words may hold what was asked."""
    cause = error.__cause__ or error
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "pgcode", None)
    return " ".join([type(cause).__name__, *([code] if code else [])])


def out_of_reach(error: DatabaseError) -> bool:
    """Whether the database was busy, or gone, and asking again may help.

    Of a connection that breaks during a COMMIT psycopg2 says only that something is wrong, without the number
    that PostgreSQL gives to all it refuses.
    """
    broke_off = type(error) is DatabaseError and getattr(error.__cause__, "pgcode", "") is None
    return isinstance(error, OperationalError) or broke_off


def busy(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    """503 with the time to wait."""
    logger.warning("The database could not answer: %s", _named(error))
    message = "The tracker is busy. Nothing is lost: try again in a few seconds."
    if from_script(request):
        answer: HttpResponse = JsonResponse({"outcome": "busy", "message": message}, status=503)
    else:
        # Only what needs no database: it is the database that does not answer.
        answer = HttpResponse(render_to_string("errors/broken.html", {"message": message}), status=503)
    answer.headers["Retry-After"] = RETRY_AFTER
    return answer


class BusyIsSaidPolitely:
    """A database that cannot take a write now is no fault of ours: 503 with the time to wait.

    The page keeps what was typed and tries again under the same number. No page leaves before its entry in
    the audit log is written.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        beside.expect(request)
        answer = self.get_response(request)
        try:
            beside.settle(request)
        except DatabaseError as error:
            if not out_of_reach(error):
                raise
            return busy(request, error)
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answers in the view's place where the database was busy or out of reach."""
        if isinstance(exception, DatabaseError) and out_of_reach(exception):
            return busy(request, exception)
        return None


class RefusalsAreSaid:
    """What a change refuses is said wherever its view did not foresee it: 409 with the sentence.

    So is what an address does not take (405), which Django answers with an empty page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        return _not_taken(request, answer) if isinstance(answer, HttpResponseNotAllowed) else answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answers in the view's place: nothing was changed, and why not."""
        return _answer(request, 409, exception.message, {}) if isinstance(exception, Refusal) else None


def _not_taken(request: HttpRequest, empty: HttpResponse) -> HttpResponse:
    """405 in words, with what the address does take."""
    message = "This page can be opened, but nothing can be sent to it. Nothing was changed."
    if request.method in ("GET", "HEAD"):
        message = "Nothing can be opened at this address: it only takes forms from pages of ours."
    answer = _answer(request, 405, message, {})
    answer.headers["Allow"] = empty.headers["Allow"]
    return answer


def _officers(request: HttpRequest) -> list[User]:
    return officers_for(request.user) if isinstance(request.user, User) else []


def _answer(request: HttpRequest, status: int, message: str, context: dict[str, Any]) -> HttpResponse:
    """The sentence as JSON for a script, in a page for a person."""
    if from_script(request):
        can = [person.name for person in context.get("can", [])]
        return JsonResponse({"outcome": "refused", "message": message, "can": can}, status=status)
    told = {"title": TITLES.get(status, "Not understood"), "asks": status in (403, 404), "message": message}
    return render(request, "errors/error.html", told | context, status=status)
