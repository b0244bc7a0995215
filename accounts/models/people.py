"""A person who signs in. What they may do comes from their memberships, never from here."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone


class PeopleManager(BaseUserManager["User"]):
    """Makes people and finds them by e-mail in any letter case."""

    def create_user(self, email: str, name: str, password: str | None = None) -> "User":
        """A person without any membership; without a password nobody can sign in as them yet."""
        person = self.model(email=email.strip().lower(), name=name.strip())
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person of this e-mail address."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """One person: signs in by e-mail, there is no user name and no superuser."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField("name", max_length=120)
    is_active = models.BooleanField("may sign in", default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = PeopleManager()

    # What accounts/permissions.py has answered during this request; None outside of one.
    rights_seen: dict[Any, Any] | None = None
    # The officer who sees as this person during this request (accounts/seeing_as.py); mostly nobody.
    seen_by: "User | None" = None

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """The first letters of the parts of the name: "Jo Bell" is JB."""
        return "".join(part[0] for part in self.name.replace("-", " ").split() if part).upper()
