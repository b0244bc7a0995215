"""The app's name, and what is found when the application starts."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and places"

    def ready(self) -> None:
        """Finds what each app lists on the home page (accounts/waiting.py) and which of its logs it seals."""
        autodiscover_modules("waiting", "sealing")
        post_migrate.connect(_guard_the_logs, sender=self)


def _guard_the_logs(**_: Any) -> None:
    """After a migration: the database refuses to change the logs."""
    from accounts.chain import triggers

    triggers.install()
