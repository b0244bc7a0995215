"""A child's initials, as an export without names shows them and an import knows them again."""

from tracker.workbook.words import clean


def initials(person: str) -> str:
    """The first letters of the parts of the name, as a cell keeps them: "Ed Test" is ET."""
    parts = person.replace("-", " ").split()
    return clean("".join(part[0] for part in parts).upper()) or "?"
