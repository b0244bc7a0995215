"""What the application has to tell one person: shown after sign-in, and sent by mail where there is mail."""

from django.db import models
from django.utils import timezone

from accounts.models.people import User


class Notice(models.Model):
    """One sentence for one person, with the page it is about. It names staff and places, never a child."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    text = models.CharField(max_length=500)
    address = models.CharField("the page it is about", max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    mail_failed = models.BooleanField("the mail server did not take it", default=False)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(name="unread_notices", fields=("person",), condition=models.Q(read_at=None)),)

    def __str__(self) -> str:
        return self.text
