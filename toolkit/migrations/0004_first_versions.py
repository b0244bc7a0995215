"""Each idea's history begins with what it said when histories came."""

from django.db import migrations


def tied_to(idea):
    """The code of its tie, as toolkit.models.Tie writes it."""
    if idea.need_id:
        return f"need:{idea.need_id}"
    return f"stage:{idea.stage}" if idea.stage else "meeting"


def add_versions(apps, schema_editor):
    """One version for each idea that has none; repeatable."""
    IdeaVersion = apps.get_model("toolkit", "IdeaVersion")
    IdeaVersion.objects.bulk_create(
        IdeaVersion(idea=idea, text=idea.text, tied_to=tied_to(idea), retired=idea.retired)
        for idea in apps.get_model("toolkit", "Idea").objects.filter(versions=None)
    )


class Migration(migrations.Migration):

    dependencies = [
        ('toolkit', '0003_history_of_ideas'),
    ]

    operations = [
        migrations.RunPython(add_versions, migrations.RunPython.noop),
    ]
