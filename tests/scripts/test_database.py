"""The database of the tests is one that can be thrown away, and locks as the real one does."""

from pathlib import Path

import pytest
from django.db import connection


@pytest.mark.sqlite
@pytest.mark.django_db
def test_on_sqlite_the_tests_write_to_a_file_of_their_own(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA database_list")
        file = Path(cursor.fetchone()[2])

    assert file.is_relative_to(tmp_path_factory.getbasetemp())


@pytest.mark.postgresql
@pytest.mark.django_db
def test_on_postgresql_the_tests_have_a_database_of_their_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        (name,) = cursor.fetchone()

    assert name.startswith("test_")
