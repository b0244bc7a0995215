"""The app's name, and what is found when the application starts."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and places"

    def ready(self) -> None:
        """Finds what each app lists on the home page (accounts/waiting.py)."""
        autodiscover_modules("waiting")
