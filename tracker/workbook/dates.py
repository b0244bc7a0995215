"""Reads dates the way people type them, day first always, and shows them as dd/mm/yy.
Cells that hold real dates are the business of `cells`.
"""

import re
import unicodedata
from calendar import day_name, month_name, monthrange
from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 2000, 2099

MONTHS = tuple(name.lower() for name in month_name[1:])
WEEKDAYS = tuple(name.lower() for name in day_name)

_WEEKDAY = r"(?P<weekday>mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?"
# A time of day after a date, as programs write it or people: 10:30, at 2pm, - 10.30am. It is left out.
_CLOCK = r"\d{1,2}[:.]\d{2}(?::\d{2}(?:\.\d+)?)? ?(?:am|pm|hrs)?|\d{1,2} ?(?:am|pm)|noon"
_ZONE = r"(?:z| ?(?:gmt|utc|bst)(?:[+-]\d{2}:?\d{2})?(?: \(.*\))?|[+-]\d{2}:\d{2})?"
_TIME = rf"(?:(?:t| ?(?:,|@|-|–) ?| )(?:at |@ )?(?:{_CLOCK}){_ZONE})?"
_YEAR = r"(?P<year>'?\d{2}|\d{4})"
_GAP = r" ?[/.\\ \-\u2010\u2011–\u2044,] ?"

_NUMBERS = re.compile(rf"(?P<day>\d{{1,2}}){_GAP}(?P<month>\d{{1,2}})(?:{_GAP}{_YEAR})?\.?{_TIME}")
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})[/.\-](?P<month>\d{{1,2}})[/.\-](?P<day>\d{{1,2}}){_TIME}")
_NAMED = re.compile(
    r"(?P<day>\d{1,2}) ?(?:st|nd|rd|th)?(?: ?[/.,\-] ?| of | the )? ?"
    rf"(?P<month>[a-z]{{3,9}})\.?(?: ?[/.,\- ] ?)?(?:{_YEAR})?{_TIME}"
)
_MONTH_FIRST = re.compile(
    rf"(?P<month>[a-z]{{3,9}})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}}){_TIME}"
)
_LEADING_WORD = re.compile(r"\A(?:by|due|on|before)(?: the)?:? (?=.*\d)")
_LEADING_WEEKDAY = re.compile(rf"{_WEEKDAY},? (?P<rest>.*\d.*)")
_DAYS_ON = re.compile(r"\+ ?(\d{1,4})(?: ?d(?:ays?)?)?")


class DateUnreadable(ValueError):
    """Says in one plain sentence why a text is not a date we can use."""


def show(day: date) -> str:
    """Give `day` as dd/mm/yy, the form of the guide."""
    return f"{day.day:02}/{day.month:02}/{day.year % 100:02}"


def read_date(text: str, *, today: date, base: date | None = None) -> date:
    """Give the date that `text` means to somebody in a meeting on `today`.

    Day first always. Two-digit years are 2000s. A day and month alone mean the nearest such date
    to today, before or after (equally near: after), because nobody plans a year ahead here. A
    weekday alone is the next one, never today. `+7` is seven days after `base`, or after today.

    Raises DateUnreadable, with the reason, for anything else: impossible dates are not rolled
    over, and month-first ones are not guessed.
    """
    seen = "".join(c for c in text if unicodedata.category(c) != "Cf")
    words = _LEADING_WORD.sub("", " ".join(seen.lower().split()).rstrip(",;").removeprefix("'"), count=1)
    special = _read_relative(words, today=today, base=base or today)
    if special is not None:
        return _in_range(special)
    weekday, words = _without_weekday(words)
    found = _read_calendar_date(words, shown=text.strip(), today=today)
    if weekday is not None and found.weekday() != weekday:
        raise DateUnreadable(f"{show(found)} is a {day_name[found.weekday()]}, not a {day_name[weekday]}.")
    return found


def depends_on_today(text: str, *, today: date) -> bool:
    """Tell whether a readable date would mean another day in two years' time.

    It does when the year, or more, had to be worked out: a reader of an old file must say so.
    """
    later = today + timedelta(days=2 * 365)
    try:
        return read_date(text, today=later) != read_date(text, today=today)
    except DateUnreadable:
        return True


def _read_relative(words: str, *, today: date, base: date) -> date | None:
    if words in ("today", "tomorrow"):
        return today + timedelta(days=words == "tomorrow")
    if days_on := _DAYS_ON.fullmatch(words):
        return base + timedelta(days=int(days_on[1]))
    weekday = _weekday(words.rstrip("."))
    if weekday is None:
        return None
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _weekday(word: str) -> int | None:
    """Give Monday as 0, for a full name or one shortened to three letters or more."""
    word = {"weds": "wed"}.get(word, word)
    if len(word) < 3:
        return None
    return next((i for i, name in enumerate(WEEKDAYS) if name.startswith(word)), None)


def _without_weekday(words: str) -> tuple[int | None, str]:
    match = _LEADING_WEEKDAY.fullmatch(words)
    if match is None or _weekday(words.split()[0].rstrip(".,")) is None:
        return None, words
    return _weekday(match["weekday"]), match["rest"]


def _read_calendar_date(words: str, *, shown: str, today: date) -> date:
    if match := _YEAR_FIRST.fullmatch(words) or _NUMBERS.fullmatch(words):
        month = int(match["month"])
    elif match := _NAMED.fullmatch(words) or _MONTH_FIRST.fullmatch(words):
        month = _month(match["month"], shown=shown)
    else:
        raise DateUnreadable(f"“{_short(shown)}” is not a date. Write it like 20/01/22.")
    day, year = int(match["day"]), match["year"]
    if month > 12 >= day and 0 < month <= 31:
        raise DateUnreadable(
            f"“{shown}” has the month first, as in America. Write the day first: {month}/{day}."
        )
    if year is None:
        return _nearest(day, month, shown=shown, today=today)
    full_year = int(year) if len(year) == 4 else 2000 + int(year.lstrip("'"))
    return _date(full_year, month, day, shown=shown)


def month_named(word: str) -> int:
    """Give January as 1, for a name in small letters, in full or shortened; 0 where no month begins so."""
    word = {"sept": "sep"}.get(word, word)
    return next((number for number, name in enumerate(MONTHS, start=1) if name.startswith(word)), 0)


def _month(word: str, *, shown: str) -> int:
    if number := month_named(word):
        return number
    raise DateUnreadable(f"“{_short(shown)}” is not a date: there is no month “{word}”.")


def _date(year: int, month: int, day: int, *, shown: str) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateUnreadable(f"“{shown}”: the year {year} is outside {FIRST_YEAR} to {LAST_YEAR}.")
    if not 1 <= month <= 12:
        raise DateUnreadable(f"“{shown}” is not a date: there is no month {month}.")
    if not 1 <= day <= monthrange(year, month)[1]:
        raise DateUnreadable(
            f"“{shown}” is not a date: {MONTHS[month - 1].title()} {year} "
            f"has {monthrange(year, month)[1]} days."
        )
    return date(year, month, day)


def _in_range(day: date) -> date:
    return _date(day.year, day.month, day.day, shown=show(day))


def _nearest(day: int, month: int, *, shown: str, today: date) -> date:
    candidates = []
    reason = DateUnreadable(f"“{shown}” needs a year.")
    for year in (today.year, today.year - 1, today.year + 1):
        try:
            candidates.append(_date(year, month, day, shown=shown))
        except DateUnreadable as error:
            reason = error
    if not candidates:
        raise reason
    return min(candidates, key=lambda found: (abs(found - today), today - found))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
