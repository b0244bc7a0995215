"""The table in which several processes count wrong passwords together; on SQLite there is none."""

from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    """Makes what CACHES names; there already or not named, nothing happens."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_people_ask_and_stand_in")]
    operations = [migrations.RunPython(make_table, migrations.RunPython.noop)]
