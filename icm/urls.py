"""Every address, app by app."""

from django.urls import URLPattern, URLResolver, include, path

from icm.views import health, livez, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("accounts.urls")),
    path("", include("tracker.urls")),
    path("", include("summary.urls")),
    path("", include("toolkit.urls")),
    path("health/", health, name="health"),
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
]

handler400 = "icm.errors.bad_request"
handler403 = "icm.errors.refused"
handler404 = "icm.errors.not_found"
handler500 = "icm.errors.broken"
