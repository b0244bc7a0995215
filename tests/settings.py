"""icm.settings as tests and type checks see them: plain http and quick passwords."""

import os

os.environ.setdefault("SECRET_KEY", "public: only the invented people of the tests sign in with this key")
os.environ.setdefault("HTTPS", "0")
# Playwright keeps an event loop in the test's thread, where Django would refuse to ask a database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from icm.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# An officer of the tests signs in without a code; test_second_factor.py asks for one.
SECOND_FACTOR = "nobody"
# Counts of wrong passwords end with each test; test_throttle.py counts on the database.
CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
