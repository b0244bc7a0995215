"""All settings, read from the environment through icm/environment.py."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.urls import reverse_lazy

from icm.databases import database
from icm.environment import flag, number, one_of, secret_key, text, words
from icm.single_sign_on import PROVIDER, providers

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL = BASE_DIR / ".local"

# What this installation is
COUNCIL_NAME = text("COUNCIL_NAME", "Demonstration council")
DASHBOARD_URL = text("DASHBOARD_URL", "")
# Whom the accessibility statement names to everybody, also to who cannot sign in.
ACCESSIBILITY_EMAIL = text("ACCESSIBILITY_EMAIL", "")
DEMO = flag("DEMO", default=False)
DEBUG = flag("DEBUG", default=False)
HTTPS = flag("HTTPS", default=True)
SECRET_KEY = secret_key(LOCAL / "secret-key")
# The logs' digests: one key of their own; keys of before still check what they sealed (ADR 0031).
LOG_KEY = text("LOG_KEY", "")
LOG_KEYS_BEFORE = words("LOG_KEYS_BEFORE", "")
# Copies of the database (ADR 0043): where they lie, and apart from them the key, by its file or by itself.
BACKUP_FOLDER = text("BACKUP_FOLDER", str(LOCAL / "backups"))
BACKUP_KEY_FILE = text("BACKUP_KEY_FILE", "")
BACKUP_KEY = text("BACKUP_KEY", "")
BACKUPS_KEPT = max(1, number("BACKUPS_KEPT", 14))  # days
# The folder of pg_dump and pg_restore, where they are neither Debian's nor on PATH.
POSTGRESQL_PROGRAMS = text("POSTGRESQL_PROGRAMS", "")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS", "")
# Limits of the coordinator's worklist (specs: domain, timescales)
FIRST_MEETING_WORKING_DAYS = number("FIRST_MEETING_WORKING_DAYS", 10)
NEXT_MEETING_WEEKS = number("NEXT_MEETING_WEEKS", 6)

# Pages are synchronous Django: so many threads answer them, each with a database connection that lasts. Only
# one computes at a time: more threads take that from each other at every statement (ADR 0052).
PAGE_THREADS = 4
# Whole files are read and written on their own: nobody's save waits for twenty exports (ADR 0055).
FILE_THREADS = 2

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "accounts",
    "tracker",
    "summary",
    "toolkit",
    "icm",
]

MIDDLEWARE = [
    "icm.logs.RequestsAreNumbered",
    "django.middleware.security.SecurityMiddleware",
    "icm.compression.CompressedPages",
    "icm.headers.PrivateAnswers",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "icm.errors.UploadsAreBounded",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.seeing_as.SeeingAs",
    "accounts.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "icm.errors.BusyIsSaidPolitely",
    "icm.errors.RefusalsAreSaid",
]

ROOT_URLCONF = "icm.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.page",
            ],
            "libraries": {"modules": "icm.modules"},
        },
    },
]

DATABASES = {"default": database(text("DATABASE_URL", f"sqlite:///{LOCAL / 'icm.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Signing in (ADR 0006). Only people whom a performance officer added have an account.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.sign_in.ByEmail"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "accounts.passwords.AtMost"},
    {"NAME": "accounts.passwords.DenyList"},
    {"NAME": "accounts.passwords.OwnWords"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("home")
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("account_login")
ACCOUNT_ADAPTER = "accounts.sign_in.ClosedSignUp"
ACCOUNT_FORMS = {
    "login": "accounts.forms.sign_in.SignInForm",
    "reauthenticate": "accounts.forms.second_factor.AgainForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Ten wrong passwords in five minutes stop an account. An office has one address: it gets far more.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "100/m/ip,10/5m/key",
    "reset_password": "30/m/ip,3/5m/key",
}
# How many proxies of ours stand before this: only what they say of an address is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = number("TRUSTED_PROXIES", 0)
# A second factor (ADR 0033): who may do nothing without one. There is no value that lets officers off.
SECOND_FACTOR = one_of("SECOND_FACTOR", "officers", {"officers": "officers", "everybody": "everybody"})
MFA_ADAPTER = "accounts.second_factor.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = f"ICM {COUNCIL_NAME}"
MFA_TOTP_TOLERANCE = 1  # a code more, for phones whose clock is off; none is taken twice
MFA_FORMS = {
    "authenticate": "accounts.forms.second_factor.CodeForm",
    "activate_totp": "accounts.forms.second_factor.SetUpForm",
}
# Whoever changes it has signed in, or given the password again, within so many seconds.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# Single sign-on by OpenID Connect (ADR 0034): offered where it is set, to whom officers have added.
SSO_PROVIDER = PROVIDER
SSO_NAME = text("SSO_NAME", "your council account")
SOCIALACCOUNT_PROVIDERS = providers(
    issuer=text("SSO_ISSUER", "").rstrip("/"),
    client_id=text("SSO_CLIENT_ID", ""),
    secret=text("SSO_CLIENT_SECRET", ""),
    name=SSO_NAME,
    domains=words("SSO_EMAIL_DOMAINS", ""),
)
SOCIALACCOUNT_ADAPTER = "accounts.single_sign_on.CouncilAccounts"
# A session ends with the browser, after an hour without an act, and 12 hours after signing in (ADR 0029).
SESSION_ENGINE = "accounts.sessions"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_AGE = 60 * 60
# Permissions are granted to groups and asked for by accounts/permissions.py alone (ADR 0003): guardian
# is used for its tables, so its backend, its anonymous person and its additions to User stay out.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
SILENCED_SYSTEM_CHECKS = [
    "guardian.W001",  # guardian's backend would answer from user.groups, which know no end date
]

CACHES = {
    # Wrong passwords are counted here: by all processes together where there can be several.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"}
    if DATABASES["default"]["ENGINE"].endswith("postgresql")
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Who may do what (accounts/permissions.py), under the number that every change of it raises.
    "rights": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "rights",
        "TIMEOUT": 60,
        "OPTIONS": {"MAX_ENTRIES": 5000},
    },
    # Which rows the log says an open page has shown (accounts/audit.py): never more than the log itself says.
    "looked": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "looked",
        "TIMEOUT": SESSION_COOKIE_AGE,
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
    # Rendered rows (tracker/fragments.py): of this process, and so short that no word in them grows old.
    "rows": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "rows",
        "TIMEOUT": 5,
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}

# Mail. Without a server nothing is sent: whoever would have had a mail reads the same after signing in.
EMAIL_HOST = text("EMAIL_HOST", "")
EMAIL_PORT = number("EMAIL_PORT", 587)
EMAIL_HOST_USER = text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 5  # seconds, within a person's request
DEFAULT_FROM_EMAIL = text("EMAIL_FROM", "icm@localhost")
# Where people reach this installation: links in mails begin with it.
SITE_ADDRESS = text("SITE_ADDRESS", "http://127.0.0.1:8000").rstrip("/")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# Static files: names carry a hash of the content, scripts import each other by those names.
STATIC_URL = "static/"
STATIC_ROOT = Path(text("STATIC_ROOT", str(LOCAL / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "icm.storage.PlotlyFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "icm.storage.HashedStaticFiles"},
}

# An upload of a workbook is at most 5 MB; a paste of 200 cells at most 10,000 signs each.
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

# The browser's side (ADR 0005)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen",
        "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb",
    )
}  # fmt: skip
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "icm.errors.refused_post"
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    if flag("BEHIND_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# One line an event, without names (ADR 0032): `json` for programs that collect logs, `plain` for a terminal.
LOG_FORMAT = one_of("LOG_FORMAT", "json", {"json": "icm.logs.JsonLine", "plain": "icm.logs.Line"})
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": LOG_FORMAT}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Django's own would mail errors with all that was posted; the server's would print whole exceptions.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "uvicorn": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
        "uvicorn.access": {"handlers": [], "propagate": False},
    },
}
