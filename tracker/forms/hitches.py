"""What a page counted of what went wrong."""

from django import forms


class HitchesForm(forms.Form):
    """What a page counted since it last said so; more of anything than this is no page's count."""

    parked = forms.IntegerField(min_value=0, max_value=1000)
    reconnects = forms.IntegerField(min_value=0, max_value=1000)
    offline = forms.IntegerField(min_value=0, max_value=7 * 24 * 60 * 60)
