"""Why a row of a file must not be stored as it is, as far as the file alone tells: nobody's, too long,
or a PIN that stands on two rows.
"""

from collections.abc import Iterator, Sequence

from tracker.workbook.headings import EXTRA_MOST, FIELDS
from tracker.workbook.reading import Row
from tracker.workbook.words import loose_pin

NOBODY = "The row has neither a PIN nor a person."
_LIMITS = {field.key: field.most for field in FIELDS if field.most is not None}


def too_long(row: Row) -> tuple[str, int, int] | None:
    """Give the first text that is too long: its key or heading, its length, what may be kept."""
    values = row.values()
    for key, most in [*_LIMITS.items(), *((heading, EXTRA_MOST) for heading in row.extra)]:
        text = row.extra.get(key) if key in row.extra else values.get(key)
        if isinstance(text, str) and len(text) > most:
            return key, len(text), most
    return None


def doubles(rows: Sequence[Row], *, to_the_letter: bool) -> Iterator[tuple[Row, Row]]:
    """Give each row with the PIN of an earlier one, and that one (design, section 5).

    The same but for letter case, spaces and leading zeros counts as the same, but in an export of ours.
    """
    first: dict[str, Row] = {}
    for row in rows:
        if not row.pin:
            continue
        pin = "".join(row.pin.split()).casefold() if to_the_letter else loose_pin(row.pin)
        earlier = first.setdefault(pin, row)
        if earlier is not row:
            yield row, earlier
