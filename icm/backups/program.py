"""How far a database is, beside the program that is installed."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from icm.backups import Refused


def lacking(database: BaseDatabaseWrapper) -> int:
    """How many of the program's migrations the database has not had. Raises `Refused` where it is newer."""
    executor = MigrationExecutor(database)
    known = executor.loader.disk_migrations
    apps = {app for app, _ in known}
    if any(app in apps and (app, name) not in known for app, name in executor.loader.applied_migrations):
        raise Refused("The database is newer than this program: install the program that belongs to it.")
    return missing(executor)


def missing(executor: MigrationExecutor) -> int:
    """How many migrations are still to be made; a newer database lacks none."""
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
