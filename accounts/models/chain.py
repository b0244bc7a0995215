"""The chain over the logs: links, rows by entry, what retention erased, the switch that lets it."""

from collections.abc import Sequence

from django.db import connection, models

from accounts.models.audit import AuditEvent


class AuditLink(models.Model):
    """One sealed entry of one log: the digest of its content, and a digest over this link and the one before.

    An entry is known by its log, the stream within it (a team, or 0) and its position there. No content.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    log = models.CharField(max_length=10)
    stream = models.BigIntegerField()
    position = models.BigIntegerField()
    content = models.CharField(max_length=100)
    chained = models.CharField(max_length=100)
    sealed_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("log", "stream", "position"), name="one_link_per_entry"),
        )

    def __str__(self) -> str:
        return f"link {self.number}"


class AuditRow(models.Model):
    """That a sealed entry tells of a row: what finds the entries of a row without reading them all."""

    # The entry may be erased before this line: a number without a constraint.
    event = models.ForeignKey(
        AuditEvent, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="rows"
    )
    row_id = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("event", "row_id"), name="one_line_per_entry_and_row"),
        )
        indexes = (models.Index(fields=("row_id", "event"), name="entries_of_a_row"),)

    def __str__(self) -> str:
        return f"row {self.row_id} in entry {self.event_id}"

    @classmethod
    def list_rows_of(cls, events: Sequence[int]) -> None:
        """Lists entries by their rows: one statement, in which the database itself reads the entries."""
        rows_of = {
            "postgresql": "jsonb_array_elements_text(event.row_ids) AS told(value)",
            "sqlite": "json_each(event.row_ids) AS told",
        }
        statement = (
            f"INSERT INTO {cls._meta.db_table} (event_id, row_id)",
            "SELECT event.id, CAST(told.value AS bigint)",
            f"FROM {AuditEvent._meta.db_table} event, {rows_of[connection.vendor]}",
            f"WHERE event.id IN ({', '.join(['%s'] * len(events))})",
            "ON CONFLICT DO NOTHING",
        )
        with connection.cursor() as cursor:
            cursor.execute(" ".join(statement), list(events))


class AuditErased(models.Model):
    """One entry that a run of retention changed or deleted; the database writes it, never the application."""

    run = models.UUIDField()
    log = models.CharField(max_length=10)
    stream = models.BigIntegerField()
    position = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("run", "log", "stream", "position"), name="one_erasure_per_entry_and_run"
            ),
        )

    def __str__(self) -> str:
        return f"{self.log} {self.stream}/{self.position}"


class AuditSwitch(models.Model):
    """One record: the run of retention that may erase now, if any. Whoever seals holds its lock too."""

    run = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"retention {self.run}" if self.run else "closed"
