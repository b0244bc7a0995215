"""How long a plan has been open, in the bands that councils report (specs: domain, metrics 2).

It counts from CIN start, which comes from the dashboard, and not from the day the row was added here.
"""

from datetime import date

from django.db.models import Q

from tracker.months import months_before

# Key, words, from so many months on, up to so many.
BANDS = (
    ("under-3", "Under 3 months", 0, 3),
    ("3-6", "3 to 6 months", 3, 6),
    ("6-9", "6 to 9 months", 6, 9),
    ("9-12", "9 to 12 months", 9, 12),
    ("12-18", "12 to 18 months", 12, 18),
    ("over-18", "Over 18 months", 18, None),
)
UNKNOWN = "none"
UNKNOWN_LABEL = "CIN start not known"


def open_for(start: date, today: date) -> str:
    """How long a plan has been open, in whole months; in days before there is one."""
    months = (today.year - start.year) * 12 + today.month - start.month - (today.day < start.day)
    number, what = (months, "month") if months > 0 else (max(0, (today - start).days), "day")
    return f"{number} {what}{'' if number == 1 else 's'}"


def in_band(key: str, today: date) -> Q:
    """The condition on rows whose plan has been open for so long today."""
    if key == UNKNOWN:
        return Q(case__cin_start__isnull=True)
    _, _, least, most = next(band for band in BANDS if band[0] == key)
    condition = (
        Q(case__cin_start__lte=months_before(today, least)) if least else Q(case__cin_start__isnull=False)
    )
    return condition & Q(case__cin_start__gt=months_before(today, most)) if most else condition
