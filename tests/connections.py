"""Who is connected to the test's database."""

from django.db import connection

from accounts import beside


def others_leave() -> None:
    """Ends every connection to the test's database, this thread's own as well, and those beside pages."""
    beside._threads.shutdown()
    beside._threads = beside.threads()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    connection.close()
