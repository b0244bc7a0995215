"""The app of the wiring: it has no models, and registers what is looked at before a server starts."""

from django.apps import AppConfig


class IcmConfig(AppConfig):
    name = "icm"

    def ready(self) -> None:
        """Registers the checks of `manage.py check --deploy`; no other command runs them."""
        from icm.deployment import checks  # noqa: F401 # they register themselves, once models are there
