"""Addresses of accounts."""

from django.urls import path

from accounts.views.health import livez, readyz
from accounts.views.home import home
from accounts.views.sign_in import sign_in, sign_out

urlpatterns = [
    path("", home, name="home"),
    path("sign-in/", sign_in, name="account_login"),
    path("sign-out/", sign_out, name="account_logout"),
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
]
