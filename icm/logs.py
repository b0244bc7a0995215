"""What the log says: one line an event, with the request's number, and numbers in place of names.

A log is read by people who may not read a tracker. Our own sentences are written for it. What a library
says may hold anything that somebody typed, and so may the words of an exception: of a library's message the
template is kept and not what was put into it, of an exception its kind and the places in the code.
"""

import json
import logging
import threading
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
# Whose sentences are written with care for who reads them; uvicorn's are about the server alone.
OWN = frozenset({"accounts", "icm", "summary", "toolkit", "tracker", "uvicorn"})

_request: ContextVar[str] = ContextVar("request", default="")
logger = logging.getLogger(__name__)


class RequestsAreNumbered:
    """Gives each request a number that stands in its answer and on each line that is logged meanwhile.

    The number is made here: one that comes with a request could be anything.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = uuid4().hex
        # It stays: Django logs how the request ended once this has returned. The next one has its own.
        _request.set(number)
        response = self.get_response(request)
        response.headers[HEADER] = number
        return response


class Line(logging.Formatter):
    """An event in plain words, for a terminal: level, where from, what, and where in the code it broke."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and one more for each place in the code."""
        return "\n".join([f"{record.levelname} {record.name} {said(record)}", *places(record)])


class JsonLine(logging.Formatter):
    """The same as one JSON object a line, for programs that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Without what is empty."""
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": _request.get(),
            "said": said(record),
            "places": places(record),
        }
        return json.dumps({key: value for key, value in told.items() if value})


def said(record: logging.LogRecord) -> str:
    """The sentence, as far as it is known to hold nothing that somebody typed."""
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        return about(request, getattr(record, "status_code", 500))
    family = record.name.partition(".")[0]
    if family in OWN:
        return record.getMessage()
    # What a library put into its sentence stays out. Where it gave a whole sentence, so does that.
    return str(record.msg) if record.args else f"(words of {family} left out)"


def about(request: HttpRequest, status: int) -> str:
    """What was asked and how it ended: the address as a pattern and the numbers in it, nothing else of it."""
    match = request.resolver_match
    if match is None:
        return f"{status} {request.method} (no address of ours)"
    numbers = {key: value for key, value in match.kwargs.items() if isinstance(value, int)}
    return f"{status} {request.method} /{match.route} {json.dumps(numbers)}"


def places(record: logging.LogRecord) -> list[str]:
    """The kind of the exception and the places in the code it went through, with none of its words."""
    if not record.exc_info or record.exc_info[0] is None:
        return []
    kind, _, trace = record.exc_info
    frames = traceback.extract_tb(trace)
    return [kind.__name__, *(f"{one.filename}:{one.lineno} in {one.name}" for one in frames)]


def broke(told: threading.ExceptHookArgs) -> None:
    """For threads of ours that break: Python itself would print the exception's words."""
    trace: TracebackType | None = told.exc_traceback
    value = told.exc_value or told.exc_type()
    logger.error("A thread has ended", exc_info=(told.exc_type, value, trace))
