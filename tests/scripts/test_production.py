"""The files of a council's machine say what docs/operating.md promises, and name only what there is."""

import json
import re
import shlex
from configparser import ConfigParser
from pathlib import Path

import pytest
import uvicorn
from django.core.management import get_commands
from uvicorn.main import main as server_command

from scripts.environment import ROOT

FOLDER = ROOT / "scripts" / "production"
PROGRAM = "/opt/icm/.venv/bin/python"
UNITS = sorted(path.name for kind in ("service", "timer") for path in FOLDER.glob(f"*.{kind}"))
# What has to be done again and again, and how often.
DONE_BY_TIMERS = {
    "backup": "02:00",
    "purge_closed": "01:00",
    "purge_refused": "01:15",
    "seal_log": "*:0/5",
    "send_digests": "07:00",
    "verify_backup": "Sun 04:00",
    "verify_log": "03:30",
}


def unit(name: str) -> ConfigParser:
    """A unit of systemd, read strictly: nothing twice, nothing outside a section."""
    parser = ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign] # systemd's names have capitals
    parser.read_string((FOLDER / name).read_text())
    return parser


def nginx() -> str:
    """The configuration without its comments."""
    return re.sub(r"^\s*#.*\n", "", (FOLDER / "nginx.conf").read_text(), flags=re.MULTILINE)


def location(path: str) -> str:
    """What stands in one location of it."""
    found = re.search(rf"location {re.escape(path)} {{(.*?)}}", nginx(), re.DOTALL)
    assert found
    return found[1]


def variables() -> dict[str, str]:
    """The example of the settings."""
    lines = (FOLDER / "icm.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("# "))


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_has_only_sections_that_systemd_knows(name: str) -> None:
    known = {"Unit", "Timer", "Install"} if name.endswith(".timer") else {"Unit", "Service", "Install"}

    assert set(unit(name).sections()) <= known


def test_the_timers_do_what_has_to_be_done_again_and_again() -> None:
    timers = [unit(name)["Timer"] for name in UNITS if name.endswith(".timer")]

    done = {timer["Unit"]: timer["OnCalendar"] for timer in timers}
    assert done == {f"icm@{name}.service": often for name, often in DONE_BY_TIMERS.items()}
    assert DONE_BY_TIMERS.keys() <= get_commands().keys()
    assert unit("icm@.service")["Service"]["ExecStart"] == f"{PROGRAM} manage.py %i"


def test_server_and_timers_run_as_one_user_with_the_same_settings_and_may_write_in_one_place() -> None:
    server, command = (unit(name)["Service"] for name in ("icm.service", "icm@.service"))

    shared = (
        "User",
        "Group",
        "WorkingDirectory",
        "EnvironmentFile",
        "StateDirectory",
        "ProtectSystem",
        "UMask",
    )
    assert [server[name] for name in shared] == [command[name] for name in shared]
    assert server["ProtectSystem"] == "strict"
    assert Path(variables()["BACKUP_FOLDER"]).is_relative_to(f"/var/lib/{server['StateDirectory']}")


def serving(command: list[str]) -> dict[str, object]:
    """How uvicorn understands its arguments; it raises where it does not."""
    assert command[1:3] == ["-m", "uvicorn"]
    return server_command.make_context("uvicorn", command[3:]).params


def test_the_server_looks_before_it_starts_and_believes_no_proxy_by_itself() -> None:
    service = unit("icm.service")["Service"]

    served = serving(shlex.split(service["ExecStart"]))
    assert service["ExecStartPre"] == f"{PROGRAM} manage.py check --deploy --database default"
    assert served["app"] == "icm.asgi:application"
    assert served["proxy_headers"] is False
    assert served["timeout_graceful_shutdown"] == 3


def test_a_process_that_starts_on_a_busy_machine_is_given_time_to_answer_its_parent() -> None:
    served = serving(shlex.split(unit("icm.service")["Service"]["ExecStart"]))

    assert served["timeout_worker_healthcheck"] == 30


def test_the_container_takes_the_same_steps_and_serves_the_same_way() -> None:
    text = (FOLDER / "Containerfile").read_text()
    found = re.search(r"^CMD (\[.*\])$", text, re.MULTILINE)
    assert found

    inside = serving(json.loads(found[1]))
    outside = serving(shlex.split(unit("icm.service")["Service"]["ExecStart"]))
    assert {name for name in inside if inside[name] != outside[name]} == {"host"}
    assert "RUN make install\n" in text
    assert "USER icm\n" in text


def test_what_is_secret_or_made_here_stays_out_of_the_container() -> None:
    assert {".git", ".local", ".venv"} <= set((ROOT / ".dockerignore").read_text().split())


def test_every_variable_of_the_example_is_read_by_the_settings_or_by_the_server() -> None:
    read = (ROOT / "icm" / "settings.py").read_text() + (ROOT / "icm" / "environment.py").read_text()

    unread = [name for name in variables() if f'"{name}"' not in read]
    assert unread == ["WEB_CONCURRENCY"]
    assert uvicorn.Config("icm.asgi:application").workers == 1


def test_the_example_keeps_no_secret() -> None:
    assert {name: variables()[name] for name in ("SECRET_KEY", "LOG_KEY")} == {
        "SECRET_KEY": "",
        "LOG_KEY": "",
    }


def test_nginx_lets_the_stream_through_at_once() -> None:
    stream = location("= /live/")

    assert "proxy_buffering off;" in stream
    assert "proxy_cache off;" in stream
    assert "proxy_pass http://icm;" in stream
    assert "listen 443 ssl http2;" in nginx()


def test_nginx_says_where_a_request_came_from_and_passes_on_no_such_word_of_a_browser() -> None:
    text = nginx()

    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in text
    assert "$proxy_add_x_forwarded_for" not in text
    # One such line in a location would take all of the server's away there.
    assert "proxy_set_header" not in location("/") + location("= /live/")
    assert variables()["TRUSTED_PROXIES"] == variables()["BEHIND_PROXY"] == "1"


def test_nginx_logs_nothing_that_somebody_typed() -> None:
    found = re.search(r"log_format icm '(.*)';", nginx())
    assert found

    logged = set(re.findall(r"\$\w+", found[1]))
    assert logged & {"$args", "$query_string", "$request", "$request_uri", "$http_referer"} == set()
    assert nginx().count("access_log /var/log/nginx/icm.log icm;") == nginx().count("server {") == 2


def test_nginx_asks_the_server_where_it_listens() -> None:
    served = serving(shlex.split(unit("icm.service")["Service"]["ExecStart"]))

    assert f"server {served['host']}:{served['port']};" in nginx()
