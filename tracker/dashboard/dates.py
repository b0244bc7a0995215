"""Dates as lists have them that are typed by no person: which part comes first, and none between them."""

import re
from collections.abc import Iterable

_PARTS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}(?!\d).*", re.DOTALL)
_COMPACT = re.compile(r"(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")


def is_month_first(texts: Iterable[str]) -> bool:
    """Whether a column can only be month first, as an American computer writes: 10/13/2026, no 13/10/2026."""
    parts = [(int(match[1]), int(match[2])) for text in texts if (match := _PARTS.fullmatch(text))]
    return any(second > 12 for _, second in parts) and not any(first > 12 for first, _ in parts)


def may_be_either(text: str) -> bool:
    """Whether the date is another one with the month first."""
    match = _PARTS.fullmatch(text)
    if match is None:
        return False
    first, second = int(match[1]), int(match[2])
    return first != second and max(first, second) <= 12


def spelled_out(text: str) -> str:
    """20261009 as databases write it, with its parts apart; any other text as it is."""
    match = _COMPACT.fullmatch(text)
    return "-".join(match.groups()) if match else text
