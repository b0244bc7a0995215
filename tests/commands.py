"""Commands of the application, as an operator sees them end."""

from io import StringIO

from django.core.management import call_command


def run(name: str, *arguments: str) -> tuple[int, str, str]:
    """Exit status, what the command said, and what it complained of."""
    out, err = StringIO(), StringIO()
    try:
        call_command(name, *arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()
