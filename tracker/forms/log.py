"""Which child the log is asked about."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from accounts.forms.log import DaysForm


class PinForm(DaysForm):
    """Which child, by PIN, and when: what is asked within 72 hours of a breach."""

    pin = forms.CharField(label="PIN", max_length=20)
    field_order = ("pin", "since", "until")

    @classmethod
    def blank(cls) -> "PinForm":
        """The last thirty days."""
        today = timezone.localdate()
        return cls(initial={"since": today - timedelta(days=30), "until": today})
