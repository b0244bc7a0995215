"""What views share about requests: who asks, whether our script or a plain form does, how much may come."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, QueryDict

if TYPE_CHECKING:
    from django.core.paginator import _SupportsPagination

    from accounts.models import User

R = TypeVar("R")

View = TypeVar("View", bound=Callable[..., Any])

MEGABYTE = 1024 * 1024
# No id of a database has more digits.
LONGEST_ID = 18
# Of a request to a view that says nothing else: a council's workbooks, all at once.
MOST_BYTES = 110 * MEGABYTE


class AuthenticatedRequest(HttpRequest):
    """A request behind sign-in: `user` is a person, never anonymous."""

    user: "User"


def drawn_for(request: HttpRequest) -> str:
    """The number of the person for whom the asking page was drawn; empty where it does not say.

    Somebody else may have signed in in the same browser since: nothing the first one typed is taken then.
    """
    return request.headers.get("X-ICM-Person") or request.GET.get("drawn_for", "")


def from_script(request: HttpRequest) -> bool:
    """Whether our own script asks (it sends `X-ICM: script`) and wants a fragment or JSON, not a page."""
    return request.headers.get("X-ICM") == "script"


def by_itself(view: View) -> View:
    """Marks what pages send by themselves: it is no sign that somebody sits there."""
    view.by_itself = True  # type: ignore[attr-defined] # a function may carry one more fact
    return view


def is_an_act(request: HttpRequest, view: Callable[..., Any]) -> bool:
    """Whether somebody did something: opened a page or sent something. What scripts fetch is none.

    That keys are pressed on an open page, the page says itself (accounts/views/session.py).
    """
    if getattr(view, "by_itself", False):
        return False
    return request.method == "POST" or not from_script(request)


def whole_number(text: str | None) -> int | None:
    """The number that an address or a form names; None for what is none, or larger than any id.

    Python refuses to read thousands of digits, and a database to compare with what it cannot hold.
    """
    return int(text) if text and text.isdecimal() and len(text) <= LONGEST_ID else None


def asked_page(request: HttpRequest, found: "_SupportsPagination[R]", size: int) -> "Page[R]":
    """The page of what was found that the address asks for, or the first; 404 where there is none."""
    pages = Paginator(found, size)
    wanted = whole_number(request.GET.get("page", "1")) or 0
    if not 1 <= wanted <= pages.num_pages:
        raise Http404
    return pages.page(wanted)


def neighbours(address: QueryDict, page: "Page[R]") -> dict[str, str]:
    """The addresses of the pages before and after, under the same filter; empty where there is none."""
    return {
        "before": with_told(address, page=str(page.number - 1)) if page.has_previous() else "",
        "after": with_told(address, page=str(page.number + 1)) if page.has_next() else "",
    }


def with_told(address: QueryDict, **told: str) -> str:
    """The query of an address with these parameters set."""
    changed = address.copy()
    for name, value in told.items():
        changed[name] = value
    return f"?{changed.urlencode()}"


def a_line(text: str, most: int) -> str:
    """A short text that is read without a form, cut to so many letters, without what no database takes."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode().strip()[:most]


def takes_at_most(size: int) -> Callable[[View], View]:
    """States how many bytes a request to this view may have: more is refused before any of it is read."""

    def decorate(view: View) -> View:
        view.most_bytes = size  # type: ignore[attr-defined] # a function may carry one more fact
        return view

    return decorate
