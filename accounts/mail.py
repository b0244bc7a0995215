"""Mail to one person. A mail server that fails costs nobody their work: what is told waits as a notice."""

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

from accounts.models import User

logger = logging.getLogger(__name__)
# One letter after another, beside the pages.
later = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def send(person: User, *, subject: str, text: str, headers: Mapping[str, str] | None = None) -> bool:
    """Sends it; False where there is a mail server and it did not take it. Without one nothing is sent."""
    if not settings.EMAIL_HOST:
        return True
    try:
        EmailMessage(subject, text, to=[person.email], headers=dict(headers or {})).send()
    except (SMTPException, OSError) as problem:
        logger.warning("No mail to person %s: %s", person.pk, type(problem).__name__)
        return False
    return True


def send_later(person: User, *, subject: str, text: str) -> None:
    """The same without waiting for the mail server; that it failed stands in the log alone."""
    later.submit(send, person, subject=subject, text=text)
