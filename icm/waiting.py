"""What of the installation itself waits for performance officers."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from accounts.permissions import may
from accounts.waiting import Waiting, waits
from icm.health import unwell


@waits
def health(user: User) -> Iterator[Waiting]:
    """What is not well, in a few words each."""
    if may(user, "manage_people"):
        for found in unwell():
            yield Waiting(f"{found.name}: {found.said}", reverse("health"))
