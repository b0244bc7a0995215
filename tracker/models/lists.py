"""A dashboard's list that was read and waits for its person's word."""

import uuid

from django.db import models
from django.utils import timezone

from accounts.models import Locality, User


class ParkedList(models.Model):
    """What reading a list gave, for the hour in which its person may confirm it. The file is never kept.

    `reading` is JSON as text, because a database's own JSON refuses characters that a file may hold.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="parked_lists")
    locality = models.ForeignKey(Locality, on_delete=models.CASCADE, related_name="parked_lists")
    reading = models.TextField()
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"parked list {self.pk}"
