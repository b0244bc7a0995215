"""Tells rows that stand under or between the cases of a list and are none: totals and notes."""

import re

from tracker.workbook.cells import without_prefix

_TOTAL = re.compile(
    r"(grand |sub-?)?(totals?|count)( (of )?(open |all )?(cases|plans|rows|children))?\W*\d*", re.IGNORECASE
)


def is_total(text: str) -> bool:
    """Tell whether what stands in a cell heads a row of totals."""
    return bool(_TOTAL.fullmatch(text))


def adds_up(pin: str, person: str) -> bool:
    """Tell whether a row adds up others: it says so where a PIN or a name would stand, and names nobody."""
    if is_total(pin):
        return not any(character.isalpha() for character in person)
    return is_total(person) and not pin


def is_key(text: str) -> bool:
    """Tell whether what stands under PIN begins an explanation: “Key:”."""
    return text.endswith(":") and not has_digit(text)


def has_digit(text: str) -> bool:
    """Tell whether a digit is in it, as in every PIN."""
    return any(character.isdigit() for character in text)


def is_note(text: str) -> bool:
    """Tell whether what stands alone in a row, under PIN, is a remark and no PIN."""
    text = without_prefix(text)
    words = text.split()
    if not has_digit(text) or not "".join(words).isalnum():
        return True
    return len(words) > 1 and any(word.isalpha() and len(word) > 2 for word in words)
