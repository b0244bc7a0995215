"""icm.settings as tests and type checks see them: plain http and quick passwords."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "only the invented people of the tests sign in with this key")
os.environ.setdefault("HTTPS", "0")
# Playwright keeps an event loop in the test's thread, where Django would refuse to ask a database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from icm.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file and not memory: several threads write in some tests, and only a file locks as it
    # does in use. The number of the process keeps two runs in one working copy apart.
    DATABASES["default"]["TEST"] = {
        "NAME": os.path.join(tempfile.gettempdir(), f"icm-test-{os.getpid()}.sqlite3")
    }
