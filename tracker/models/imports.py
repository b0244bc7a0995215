"""A workbook that was read and waits for its person's word."""

import uuid

from django.db import models
from django.utils import timezone

from accounts.models import Team, User


class ParkedImport(models.Model):
    """What reading an uploaded workbook gave, for the hour in which its person may confirm it.

    The file itself is kept only while it cannot be read without an answer: `question` is what is asked,
    `answer` what was said so far. `decisions` are what the person chose in the preview. All of them are
    JSON as text, because a database's own JSON refuses characters that a file may hold.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="parked_imports")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="parked_imports")
    reading = models.TextField(blank=True)
    file = models.BinaryField(null=True)
    question = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    decisions = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"parked import {self.pk}"
