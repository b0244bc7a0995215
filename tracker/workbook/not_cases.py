"""Tells rows that stand under or between the cases of a list and are none: totals and notes."""

import re

from tracker.workbook.cells import without_prefix

_TOTAL = re.compile(
    r"(grand |sub-?)?(totals?|count)( (of )?(open |all )?(cases|plans|rows|children))?\W*\d*", re.IGNORECASE
)


def is_total(text: str) -> bool:
    """Tell whether what stands in a cell heads a row of totals."""
    return bool(_TOTAL.fullmatch(text))


def is_note(text: str) -> bool:
    """Tell whether what stands alone in a row, under PIN, is a remark and no PIN."""
    text = without_prefix(text)
    words = text.split()
    if not any(character.isdigit() for character in text) or not "".join(words).isalnum():
        return True
    return len(words) > 1 and any(word.isalpha() and len(word) > 2 for word in words)
