"""A small tracker whose figures can be counted by hand, and how a page's numbers are read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape

from django.test import Client

from accounts.models import Team, User
from tests.factories import a_difficulty, a_need, make_closed_row, make_row
from tracker.choices import Stage

LINK = re.compile(r'<a href="([^"]+)"\s+data-cases="(\d+)"')
SHOWN = re.compile(r'data-shown="(\d+)"')


def fill(team: Team, *, by: User, today: date) -> None:
    """Six open cases and two closed ones, with near misses: due today, meeting today, nothing set."""
    yesterday = today - timedelta(days=1)
    make_row(team=team, by=by, stage=Stage.AWAITING, needed=a_need(0), by_when=today)
    make_row(team=team, by=by, stage=Stage.UNDERWAY, needed=a_need(1), by_when=yesterday)
    make_row(team=team, by=by, stage=Stage.UNDERWAY, needed=a_need(1), next_meeting=today)
    make_row(team=team, by=by, stage=Stage.IDENTIFIED, needed=a_need(1), difficulty=a_difficulty(0))
    make_row(team=team, by=by, stage=Stage.DECIDED, next_meeting=yesterday, difficulty=a_difficulty(2))
    make_row(team=team, by=by)
    for _ in range(2):
        make_closed_row(
            team=team,
            by=by,
            stage=Stage.DECIDED,
            needed=a_need(1),
            difficulty=a_difficulty(0),
            by_when=yesterday,
            next_meeting=yesterday,
        )


@dataclass(frozen=True)
class Link:
    """A number of a page and where it leads."""

    address: str
    cases: int


def numbers(page: str) -> Iterator[Link]:
    """Every number that a page links."""
    for address, cases in LINK.findall(page):
        yield Link(unescape(address), int(cases))


def cases_behind(client: Client, address: str) -> int:
    """How many cases the list at this address says it shows."""
    found = SHOWN.search(client.get(address).content.decode())
    assert found, address
    return int(found[1])


def disagreeing(client: Client, address: str, *, about: str = "") -> list[tuple[Link, int]]:
    """The numbers of a page, those whose address holds `about`, that differ from the list that they open."""
    found = numbers(client.get(address).content.decode())
    links = {link for link in found if about in link.address}
    assert links
    opened = {link: cases_behind(client, link.address) for link in links}
    return [(link, cases) for link, cases in opened.items() if cases != link.cases]
