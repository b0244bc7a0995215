"""Text as it is kept; words compared with the options of a list, PINs and names with those of other cases.

Which lists and cases there are is known to the callers.
"""

import re
import unicodedata
from collections.abc import Iterable

# Characters that no form accepts: C0 and C1 controls but the line feed, and lone surrogates.
_UNWANTED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_HYPHENS = re.compile("[\u2010-\u2015]")


def clean(text: str) -> str:
    """Give `text` as a cell of the tracker keeps it: NFC, line feeds, no controls, trimmed."""
    if text.isascii() and text.isprintable():  # nothing below finds anything in it, and most cells are so
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text)).strip()


def match_option(text: str, options: Iterable[str]) -> str | None:
    """Give the option that `text` is, when they differ at most in letter case or spaces.

    An option spelt exactly so wins over one that only differs in case or spaces.
    """
    options = list(options)
    if text in options:
        return text
    wanted = _without_case_or_spaces(text)
    return next((o for o in options if _without_case_or_spaces(o) == wanted), None)


def _without_case_or_spaces(text: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFC", text)).casefold()


def loose_pin(pin: str) -> str:
    """A PIN without what a spreadsheet loses or a hand mistypes: leading zeros, letter case and spaces."""
    pin = "".join(pin.split()).casefold()
    return pin.lstrip("0") or pin[-1:]


def loose_name(person: str) -> str:
    """A name as it is compared: no case, spaces, hyphens' and apostrophes' kinds; surname first or last."""
    text = unicodedata.normalize("NFKC", clean(person)).casefold().replace("’", "'").replace("‘", "'")
    surname, comma, forename = text.partition(",")
    return " ".join(_HYPHENS.sub("-", f"{forename} {surname}" if comma else text).split())


def like_formula(text: str) -> bool:
    """Whether a spreadsheet program takes the text for a formula, or its first sign for its own mark."""
    return text.startswith(("=", "+", "-", "@", "'", "\t", "\r"))


def as_text(text: str) -> str:
    """Give the text for a file that has no kinds of cells, such as .csv, so that it stays a text there."""
    return f"'{text}" if like_formula(text) else text
