"""The looks of this package as checks of Django: `manage.py check --deploy --database default` runs them all.

What a look finds has its name, as `icm.debug`. Django's own checks stand beside them there.
"""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from icm.deployment import TAG, options, stored

NO_ANSWER = "The database does not answer. Look whether it runs, and at DATABASE_URL."


@register(TAG, deploy=True)
def options_are_safe(**_: Any) -> list[CheckMessage]:
    """What the settings alone tell."""
    return [found(look.__name__, sentence) for look in options.LOOKS if (sentence := look())]


@register(TAG, Tags.database, deploy=True)
def databases_are_safe(databases: Iterable[str] | None = None, **_: Any) -> list[CheckMessage]:
    """What those databases say that are to be asked: how they write, how new they are, who is in them."""
    return [one for alias in databases or () for one in in_database(connections[alias])]


def in_database(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """Where migrations are missing there may be no people to look at: then that is all that is said."""
    try:
        if sentence := stored.migrations(connection):
            return [found("migrations", sentence)]
        return [found(look.__name__, sentence) for look in stored.LOOKS if (sentence := look(connection))]
    except DatabaseError:
        return [found("database", NO_ANSWER)]


def found(look: str, sentence: str) -> CheckMessage:
    """An error of that name."""
    return Error(sentence, id=f"icm.{look}")
