"""One bad setting a row, and the sentence that is said of it; good ones pass in silence."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from secrets import token_urlsafe

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from icm.deployment import TAG, options
from icm.environment import secret_key
from scripts.environment import ROOT

GOOD = {
    "DEBUG": False,
    "DEMO": False,
    "SECRET_KEY": token_urlsafe(60),
    "LOG_KEY": token_urlsafe(60),
    "ALLOWED_HOSTS": ["icm.council.example"],
    "HTTPS": True,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
    "SITE_ADDRESS": "https://icm.council.example",
    "EMAIL_HOST": "mail.council.example",
    "EMAIL_USE_TLS": True,
    "DEFAULT_FROM_EMAIL": "icm@council.example",
}
MAKE = "Make one with `openssl rand -base64 48` and set it in the environment"
KEEP = "put the one of now into LOG_KEYS_BEFORE"
PEOPLE = "Write the name under which people reach this server."
# What is set, by its name in icm/settings.py; which look finds it; what is said of it, word for word.
BAD = [
    (
        {"DEBUG": True},
        "debug",
        "DEBUG is on: an error would show everybody what is in memory. Take DEBUG out of the environment.",
    ),
    ({"SECRET_KEY": "the council's own secret"}, "secret_key", f"SECRET_KEY can be guessed. {MAKE}."),
    ({"SECRET_KEY": "abc" * 20}, "secret_key", f"SECRET_KEY can be guessed. {MAKE}."),
    (
        {"SECRET_KEY": "public: only the invented people of the tests sign in with this key"},
        "secret_key",
        f"SECRET_KEY is the one of the tests, which everybody can read. {MAKE}.",
    ),
    ({"LOG_KEY": ""}, "log_key", f"LOG_KEY is not set: the logs would be sealed by SECRET_KEY. {MAKE}."),
    ({"LOG_KEY": GOOD["SECRET_KEY"]}, "log_key", f"LOG_KEY is the same as SECRET_KEY. {MAKE}; {KEEP}."),
    ({"LOG_KEY": "short"}, "log_key", f"LOG_KEY can be guessed. {MAKE}; {KEEP}."),
    (
        {"ALLOWED_HOSTS": ["icm.council.example", "*"]},
        "any_host",
        f"ALLOWED_HOSTS takes every name: links in mails could be made to lead elsewhere. {PEOPLE}",
    ),
    (
        {"ALLOWED_HOSTS": ["localhost", "127.0.0.1"]},
        "no_host",
        f"ALLOWED_HOSTS names this machine only: everybody else would be refused. {PEOPLE}",
    ),
    (
        {"HTTPS": False},
        "plain_http",
        "HTTPS is off: passwords and names would travel readable. Take HTTPS=0 out of the environment.",
    ),
    (
        {"SECURE_PROXY_SSL_HEADER": None},
        "proxy",
        "BEHIND_PROXY is not set: pages that the proxy asks for would be sent to https again without end. "
        "Set BEHIND_PROXY=1, and let the proxy alone reach this server.",
    ),
    (
        {"ALLAUTH_TRUSTED_PROXY_COUNT": 0},
        "addresses",
        "TRUSTED_PROXIES is 0: the log would know nobody's address but the proxy's. "
        "Set how many proxies of yours stand before this server, mostly TRUSTED_PROXIES=1.",
    ),
    (
        {"SITE_ADDRESS": "http://127.0.0.1:8000"},
        "site_address",
        "SITE_ADDRESS is http://127.0.0.1:8000: links in invitations would lead there. "
        "Write https:// and the name under which people reach this server.",
    ),
    (
        {"EMAIL_USE_TLS": False},
        "mail",
        "EMAIL_USE_TLS is off: invitations would travel readable. Take EMAIL_USE_TLS out.",
    ),
    (
        {"DEFAULT_FROM_EMAIL": "icm@localhost"},
        "mail",
        "EMAIL_FROM is icm@localhost: mail servers refuse such letters. "
        "Write an address of the council, or take EMAIL_HOST out.",
    ),
]


@pytest.fixture
def good(settings: Settings) -> Settings:
    """Settings of a council's installation in which nothing is bad."""
    for name, value in GOOD.items():
        setattr(settings, name, value)
    return settings


def said() -> list[tuple[str | None, str]]:
    """What is found in the settings alone, each with its name."""
    found = run_checks(tags=[TAG], include_deployment_checks=True)
    return [(one.id, one.msg) for one in found]


def test_good_settings_are_passed_in_silence(good: Settings) -> None:
    assert said() == []


@pytest.mark.parametrize(("bad", "look", "sentence"), BAD, ids=[row[1] for row in BAD])
def test_a_bad_setting_is_refused_with_its_own_sentence(
    good: Settings, bad: dict[str, object], look: str, sentence: str
) -> None:
    for name, value in bad.items():
        setattr(good, name, value)

    assert said() == [(f"icm.{look}", sentence)]


def test_an_empty_key_is_said_before_django_stumbles_over_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SECRET_KEY", " ")

    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY is empty\. Make one with"):
        secret_key(tmp_path / "key")

    assert not (tmp_path / "key").exists()


def test_no_other_command_looks(good: Settings) -> None:
    good.DEBUG = True

    assert run_checks(tags=[TAG]) == []


def test_mail_within_this_machine_needs_no_encryption(good: Settings) -> None:
    good.EMAIL_HOST, good.EMAIL_USE_TLS = "localhost", False

    assert said() == []


# As Linux lists what is mounted; the network drive's name has a blank in it.
MOUNTED = [
    "/dev/vda / ext4 rw 0 0",
    "//files/icm /srv/the\\040council cifs rw 0 0",
    "files:/icm /srv/over nfs4 rw 0 0",
    "/dev/vdb /srv/over ext4 rw 0 0",
]


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("/srv/the council/icm.sqlite3", "cifs"),
        ("/srv/the council2/icm.sqlite3", "ext4"),
        ("/srv/over/icm.sqlite3", "ext4"),
        ("/var/icm.sqlite3", "ext4"),
    ],
)
def test_the_nearest_mount_says_on_what_a_file_lies(file: str, kind: str) -> None:
    assert options.file_system(file, MOUNTED) == kind


def test_sqlite_on_a_network_drive_is_refused_also_through_a_link(
    good: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mounted = tmp_path / "mounts"
    mounted.write_text(f"/dev/vda / ext4 rw 0 0\nfiles:/icm {tmp_path}/drive nfs4 rw 0 0\n")
    (tmp_path / "drive").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "drive")
    monkeypatch.setattr(options, "MOUNTS", mounted)
    sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "link" / "icm.sqlite3")}
    monkeypatch.setitem(good.DATABASES, "default", sqlite)

    assert said() == [
        (
            "icm.network_drive",
            "The SQLite database lies on a network drive (nfs4), where saves can be lost. "
            "Move it to a disk of this machine, or set DATABASE_URL to a PostgreSQL.",
        )
    ]


def keys_in_the_source() -> Iterator[str]:
    """Every text that the source gives to SECRET_KEY or LOG_KEY, in a table of variables or in a call."""
    for folder in ("accounts", "icm", "scripts", "summary", "tests", "toolkit", "tracker"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                yield from (text(value) for name, value in pairs(node) if text(name) in NAMES)


def pairs(node: ast.AST) -> Iterable[tuple[ast.expr | None, ast.expr]]:
    """Of a table its names and values, of a call each argument with the next."""
    if isinstance(node, ast.Dict):
        return zip(node.keys, node.values, strict=True)
    if isinstance(node, ast.Call):
        return zip(node.args, node.args[1:], strict=False)
    return ()


def text(node: ast.expr | None) -> str:
    """What a text in the source says; nothing for another thing."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


NAMES = {"SECRET_KEY", "LOG_KEY"}


def test_every_key_in_the_source_is_weak_or_says_that_it_is_public() -> None:
    keys = set(keys_in_the_source())

    assert any(map(options.public, keys))
    assert [key for key in keys if not (options.public(key) or options.weak(key))] == []
