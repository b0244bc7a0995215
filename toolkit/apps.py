"""The app's name, and its part in what the tracker exports."""

from django.apps import AppConfig


class ToolkitConfig(AppConfig):
    name = "toolkit"
    verbose_name = "Toolkit"

    def ready(self) -> None:
        """Gives the Toolkit tab of exported workbooks its ideas: the tracker cannot reach up to them."""
        from toolkit.sections import sections
        from tracker import exporting

        if sections not in exporting.toolkit_tab:
            exporting.toolkit_tab.append(sections)
