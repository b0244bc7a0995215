"""Setting a password by a link, and asking for that link."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from accounts.models import User

RULES = "12 characters at least; three words that have nothing in common are good. You may paste it."


class ResetForm(forms.Form):
    """Where the link is to go."""

    email = forms.EmailField(
        label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


class PasswordForm(forms.Form):
    """A password twice, so that a slip of the finger locks nobody out."""

    password = forms.CharField(
        label="New password",
        help_text=RULES,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="The same again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data)
        self.person = person

    def clean_password(self) -> str:
        """A password that passes the rules of icm/settings.py for this person."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password

    def clean_again(self) -> str:
        """The same one; said only where the first was fine."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError("The two are not the same. Type both again.")
        return again
