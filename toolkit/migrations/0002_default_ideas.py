"""Loads the Toolkit's default copy (toolkit/default_ideas.py)."""

from django.db import migrations

from toolkit.default_ideas import BY_NEED, BY_STAGE, FOR_MEETING


def add_ideas(apps, schema_editor):
    """Adds what is missing; repeatable. Ideas for a need that was renamed before are left out."""
    Need = apps.get_model("tracker", "Need")
    for label, ideas in BY_NEED.items():
        need = Need.objects.filter(label__iexact=label).first()
        if need:
            _add(apps, ideas, need=need)
    for stage, ideas in BY_STAGE.items():
        _add(apps, ideas, stage=stage.value)
    _add(apps, FOR_MEETING, for_meeting=True)


def _add(apps, ideas, **tied_to):
    for place, text in enumerate(ideas, start=1):
        apps.get_model("toolkit", "Idea").objects.get_or_create(
            text=text, **tied_to, defaults={"order": place * 10}
        )


class Migration(migrations.Migration):

    dependencies = [
        ('toolkit', '0001_initial'),
    ]

    operations = [
        # Going back leaves the ideas: officers may have changed them by then.
        migrations.RunPython(add_ideas, migrations.RunPython.noop),
    ]
