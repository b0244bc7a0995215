"""Text files as Excel, Power BI and other programs write them: encodings, separators, quoting.

Gives records and says which of them cannot be read; what they mean is not known here.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

SEPARATORS = (",", ";", "\t", "|")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEP_LINE = re.compile(r'"?sep=(.)"?[ \t]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Record:
    """One record: its number from 1 on, and its fields. `broken` says why these cannot be told apart."""

    number: int
    fields: tuple[str, ...]
    broken: str = ""


def decode(data: bytes) -> tuple[str, str]:
    """Give the text and the name of its encoding. Bytes that are no UTF-8 are read as Windows-1252.

    A few such bytes among signs that are UTF-8 are damage: they alone are lost, not the names beside them.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, errors="replace"), name
    if guessed := _utf_16_without_mark(data):
        return data.decode(guessed, errors="replace"), guessed
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text = data.decode("utf-8", errors="replace")
        lost = text.count("\ufffd")
        if sum(sign > "\x7f" for sign in text) > 2 * lost:
            return text, "utf-8"
        return data.decode("cp1252", errors="replace"), "windows-1252"


def _utf_16_without_mark(data: bytes) -> str | None:
    """Every second byte of a text in a European language is zero in UTF-16."""
    start = data[:400]
    if len(start) < 4:
        return None
    odd, even = start[1::2].count(0) / len(start[1::2]), start[::2].count(0) / len(start[::2])
    if odd > 0.8 and even < 0.2:
        return "utf-16-le"
    return "utf-16-be" if even > 0.8 and odd < 0.2 else None


def without_separator_line(text: str) -> tuple[str, str | None]:
    """Take off the line by which Excel is told the separator, and give it."""
    match = _SEP_LINE.match(text)
    return (text[match.end() :], match[1]) if match else (text, None)


def records(text: str, separator: str, *, width: int = 0) -> Iterator[Record]:
    """Give the records. A field in quotation marks may hold separators, line breaks and doubled marks.

    Where the marks of a record do not pair, its first line alone is given as broken, and reading goes
    on with the next line: one bad row does not swallow those below it. Nor does one that has another
    number of fields than `width`, and runs over several lines.
    """
    splitting = _Splitting(text, separator, width)
    number = 0
    while splitting.at < len(text):
        number += 1
        yield splitting.next_record(number)


class _Splitting:
    """A text on its way into records, and how far it has come."""

    def __init__(self, text: str, separator: str, width: int) -> None:
        self.text, self.separator, self.width, self.at = text, separator, width, 0
        mark = re.escape(separator)
        self.plain = re.compile(rf"[^{mark}\r\n]*")
        # White space before the opening mark is what some programs put after a comma.
        self.opening = re.compile(r' *"')

    def next_record(self, number: int) -> Record:
        start, fields = self.at, []
        while True:
            field = self._field()
            if field is None:
                return self._broken(number, start)
            fields.append(field)
            if self.text.startswith(self.separator, self.at):
                self.at += len(self.separator)
                continue
            if self._swallows(fields, start):
                return self._broken(number, start)
            self._pass_line_end()
            return Record(number, tuple(fields))

    def _swallows(self, fields: list[str], start: int) -> bool:
        """Whether a mark too many has made one record of several; a note under the table has one field."""
        if not self.width or len(fields) == self.width or not any("\n" in f or "\r" in f for f in fields):
            return False
        return self._first_line(start).count(self.separator) >= self.width - 1 or len(fields) > 1

    def _first_line(self, start: int) -> str:
        end = _LINE_END.search(self.text, start)
        return self.text[start : end.start() if end else len(self.text)]

    def _field(self) -> str | None:
        opening = self.opening.match(self.text, self.at)
        if opening is None:
            # Each pattern matches at least nothing: there is always an answer.
            plain = self.plain.match(self.text, self.at)
            self.at = plain.end() if plain else self.at
            return plain[0] if plain else ""
        found = self._closing(opening.end())
        if found is None:
            return None
        value, self.at = found
        return value

    def _closing(self, start: int) -> tuple[str, int] | None:
        """The text up to the mark that closes it, and where that ends; by hand, as texts may be long."""
        at = start
        while (mark := self.text.find('"', at)) >= 0:
            if self.text.startswith('""', mark):
                at = mark + 2
                continue
            end = mark + 1
            while self.text.startswith(" ", end):
                end += 1
            if end == len(self.text) or self.text[end] in (self.separator, "\r", "\n"):
                return self.text[start:mark].replace('""', '"'), end
            return None
        return None

    def _broken(self, number: int, start: int) -> Record:
        line = self._first_line(start)
        self.at = start + len(line)
        self._pass_line_end()
        return Record(number, (line,), "has quotation marks that do not pair")

    def _pass_line_end(self) -> None:
        end = _LINE_END.match(self.text, self.at)
        if end:
            self.at = end.end()
