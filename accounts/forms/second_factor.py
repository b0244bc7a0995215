"""Codes of a second factor, and the password again before it is changed."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.cache import cache

# Longer than any code is good for: none is taken twice.
REMEMBERED = 120
OF_APPS = 6  # figures
OF_RECOVERY = 8


class CodeField(forms.CharField):
    """An app's code as people type and paste it: blanks and hyphens between the figures do not matter."""

    figures: tuple[int, ...] = (OF_APPS,)
    no_code = f"A code has {OF_APPS} figures."
    widget = forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
    )

    def to_python(self, value: Any) -> str:
        """The figures alone."""
        code = "".join(str(super().to_python(value) or "").replace("-", " ").split())
        if code and not (code.isascii() and code.isdecimal() and len(code) in self.figures):
            raise forms.ValidationError(self.no_code)
        return code


class AnyCodeField(CodeField):
    """An app's code or a recovery code."""

    figures = (OF_APPS, OF_RECOVERY)
    no_code = f"A code has {OF_APPS} figures, a recovery code {OF_RECOVERY}."


class CodeForm(AuthenticateForm):  # type: ignore[misc] # allauth ships no types
    """The second step of signing in."""

    code = AnyCodeField(
        label="Code",
        max_length=40,
        help_text="The 6 figures that your authenticator app shows now, or one of your recovery codes.",
    )

    def clean_code(self) -> str:
        """A code that is right and has never been taken before."""
        code: str = super().clean_code()
        if not cache.add(f"second-factor-{self.user.pk}-{code}", "used", REMEMBERED):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SetUpForm(ActivateTOTPForm):  # type: ignore[misc] # allauth ships no types
    """The first code of an app, which shows that it has taken the secret."""

    code = CodeField(label="Code", max_length=40, help_text="The 6 figures that the app shows now.")


class AgainForm(ReauthenticateForm):  # type: ignore[misc] # allauth ships no types
    """The password of the person who is signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].widget.attrs["autofocus"] = True
