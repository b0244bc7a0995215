"""What is written down about packages of others: which, under which licences, and why each is there."""

import json
import re
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from scripts import sbom
from scripts.environment import ROOT

PYPROJECT = ROOT / "pyproject.toml"
# What a lock for every system and every Python names, and this machine need not have.
FOR_OTHERS = {"colorama", "typing-extensions", "uvloop"}


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What this environment holds; the schema is left to `make sbom`, which takes its time over it."""
    target = tmp_path_factory.mktemp("sbom") / "sbom.json"
    sbom.write_bill(Path(sys.executable), target, "--no-validate")
    return target


@pytest.fixture
def components(bill: Path) -> dict[str, dict[str, Any]]:
    """Each component by its name; their values are of many types."""
    return {sbom.plain(one["name"]): one for one in json.loads(bill.read_text())["components"]}


def test_the_bill_names_every_package_that_is_shipped_with_its_version(
    components: dict[str, dict[str, Any]],
) -> None:
    here = {name: number for name, number in sbom.pins("runtime").items() if name in components}

    assert here == {name: version(name) for name in here}
    assert sbom.pins("runtime").keys() - here.keys() <= FOR_OTHERS


def test_the_bill_names_no_folder_and_no_index_of_this_machine(bill: Path) -> None:
    text = bill.read_text()

    assert "file:" not in text
    assert "/simple" not in text
    assert str(ROOT) not in text
    assert sys.prefix not in text


def test_the_page_of_licences_says_what_the_installed_packages_say(bill: Path) -> None:
    stated = sbom.licences(bill)
    listed = dict(re.findall(r"^\| (\S+) \| (.+) \|$", sbom.LICENCES.read_text(), re.MULTILINE))
    named = sbom.pins("dev").keys()

    wrong = {name for name in named & stated.keys() if listed.get(name) != stated[name]}

    assert wrong == set(), "make sbom writes the page anew"
    assert {name for name in listed if name not in {*named, "package", "---"}} == set()


def test_every_shipped_package_states_its_licence() -> None:
    shipped = sbom.LICENCES.read_text().split("## For those")[0]

    assert sbom.UNSTATED not in shipped


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ([], sbom.UNSTATED),
        ([{"expression": "MIT OR Apache-2.0"}], "MIT OR Apache-2.0"),
        (
            [
                {"license": {"id": "MIT"}},
                {"license": {"name": "License :: OSI Approved :: Apache Software License"}},
            ],
            "MIT; Apache Software License",
        ),
        ([{"license": {"id": "MIT"}}, {"license": {"id": "MIT"}}], "MIT"),
    ],
)
def test_a_licence_is_said_as_the_package_says_it(stated: list[dict[str, Any]], words: str) -> None:
    assert sbom.in_words(stated) == words


def wanted() -> list[str]:
    """Every package that pyproject.toml asks for, as it asks."""
    stated = tomllib.loads(PYPROJECT.read_text())
    groups = stated["dependency-groups"].values()
    return [*stated["project"]["dependencies"], *(one for group in groups for one in group)]


def test_every_dependency_says_on_its_line_what_it_is_for() -> None:
    lines = PYPROJECT.read_text().splitlines()
    reasons = {line.split('"')[1]: line.partition("# ")[2] for line in lines if line.startswith('  "')}

    assert [one for one in wanted() if not re.match(r"\w.*\w.*\w", reasons.get(one, ""))] == []
