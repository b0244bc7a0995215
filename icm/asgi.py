"""The server's entrance: static files first, every page on WSGI threads (ADR 0002)."""

import os
from typing import cast

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from servestatic import ServeStaticASGI

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "icm.settings")

# Pages are synchronous Django: eight threads answer them, each with a database connection that lasts.
PAGE_THREADS = 8

application = ServeStaticASGI(
    WSGIMiddleware(cast("WSGIApp", get_wsgi_application()), workers=PAGE_THREADS),
    root=settings.STATIC_ROOT,
    prefix=settings.STATIC_URL,
    allow_all_origins=False,
)
