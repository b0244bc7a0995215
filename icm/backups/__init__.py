"""Copies of the database: made while people work, encrypted, checked, brought back (ADR 0043)."""


class Refused(Exception):
    """It cannot or may not be done; the text is one sentence for the operator."""
