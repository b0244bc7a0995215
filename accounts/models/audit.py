"""The log of everything that is not a change of a row: who looked, who signed in, who gave access.

The database itself refuses to change or delete any of these records (accounts/chain/triggers.py).
"""

from django.db import models
from django.utils import timezone


class AuditEvent(models.Model):
    """One thing that one person did. Text and numbers only, no foreign keys: it outlives what it tells of."""

    class Kind(models.TextChoices):
        VIEW = "view", "Looked at cases"
        EXPORT = "export", "Exported"
        IMPORT = "import", "Imported"
        SIGN_IN = "sign_in", "Signed in"
        SIGN_IN_FAILED = "sign_in_failed", "Sign-in failed"
        SIGN_OUT = "sign_out", "Signed out"
        ACCESS = "access", "Access changed"
        PLACES = "places", "Localities or teams changed"
        WORDS = "words", "Lists of words changed"
        TOOLKIT = "toolkit", "Toolkit changed"
        LOG = "log", "Log read or checked"
        RETENTION = "retention", "Kept or erased"
        BACKUP = "backup", "Copied, checked or brought back"

    at = models.DateTimeField(default=timezone.now, db_index=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    actor_id = models.BigIntegerField("who, by number", null=True)
    actor_name = models.CharField("who, by name then", max_length=120, blank=True)
    address = models.GenericIPAddressField("network address", null=True)
    purpose = models.CharField("page or act", max_length=80)
    team_id = models.BigIntegerField("team, by number", null=True)
    locality_id = models.BigIntegerField("locality, by number", null=True)
    row_ids = models.JSONField("rows, by number", default=list)
    detail = models.JSONField(default=dict)
    # Rows that reached an opened page later are an entry of their own, which names the page's.
    page_id = models.BigIntegerField("entry of the page", null=True, db_index=True)
    digest = models.CharField("keyed digest of all this", max_length=100)

    class Meta:
        ordering = ("-at", "-pk")
        # What the pages of the log ask for, each newest first.
        indexes = (
            models.Index(fields=("actor_id", "at"), name="entries_of_a_person"),
            models.Index(fields=("team_id", "at"), name="entries_of_a_team"),
            models.Index(fields=("kind", "at"), name="entries_of_a_kind"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.purpose}"
