"""The app's name, and what it tells the tracker that stands below it."""

from django.apps import AppConfig


class SummaryConfig(AppConfig):
    name = "summary"
    verbose_name = "Summary"

    def ready(self) -> None:
        """A check-in's note may name a child: an erasure hides that (tracker/mentions.py)."""
        from summary.models import CheckIn
        from tracker.mentions import TEXTS

        TEXTS.append((CheckIn, "note"))
