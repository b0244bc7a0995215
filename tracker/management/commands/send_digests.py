"""`manage.py send_digests`: the mails with counts that are due, for a timer; safe to repeat on one day."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.changes.digests import put_back_unsent, take_for_sending
from accounts.links import reader_key
from accounts.mail import send
from accounts.management.refusing import RefusingCommand
from accounts.models import Digest, User
from accounts.permissions import own_teams
from tracker.digests import counts_by_team, text_of

NO_SERVER = "No mail server is set (EMAIL_HOST): nothing was sent, and nothing counts as sent."


def due(today: date) -> QuerySet[Digest]:
    """Daily mails that have not gone today, weekly ones that have not gone since this week's Monday."""
    monday = today - timedelta(days=today.weekday())
    waits = Q(sent_on=None) | Q(rhythm=Digest.Rhythm.DAILY, sent_on__lt=today) | Q(sent_on__lt=monday)
    return Digest.objects.filter(waits, person__is_active=True).select_related("person").order_by("pk")


class Command(RefusingCommand):
    """Sends what is due. What the mail server does not take is sent by the next run."""

    help = "Sends the e-mail digests that are due today. Repeatable: a second run sends what failed."

    def handle(self, **options: Any) -> None:
        """Exits with 2 without a mail server, with 1 where it did not take every mail."""
        if not settings.EMAIL_HOST:
            self.refuse(NO_SERVER)
        today = timezone.localdate()
        counts = counts_by_team(today)
        sent = failed = 0
        for digest in due(today):
            teams = list(own_teams(digest.person).select_related("locality"))
            if not teams or not take_for_sending(digest=digest, today=today):
                continue
            end = f"{settings.SITE_ADDRESS}{reverse('mail_end', args=[reader_key(digest.person)])}"
            if self._sent(digest.person, text_of(teams, counts, end), end):
                sent += 1
            else:
                put_back_unsent(digest=digest)
                failed += 1
        self.stdout.write(f"{sent} sent, {failed} failed")
        if failed:
            raise SystemExit(1)

    def _sent(self, person: User, text: str, end: str) -> bool:
        headers = {"List-Unsubscribe": f"<{end}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return send(person, subject="ICM: your teams in numbers", text=text, headers=headers)
