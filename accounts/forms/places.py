"""The name of a locality or a team, and who answers for a locality."""

from django import forms

from accounts.forms.offered import offer
from accounts.models import User
from accounts.permissions import officers


class PlaceForm(forms.Form):
    """A locality or a team by its name; the changes say whether it is taken."""

    name = forms.CharField(max_length=80)


class ContactForm(forms.Form):
    """The performance officer whom refusals and help pages of the locality name."""

    officer = forms.ModelChoiceField(
        label="Contact officer", queryset=User.objects.none(), empty_label="Choose…"
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # passed on as they come
        offer(self, "officer", officers())
