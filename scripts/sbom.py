"""`make sbom`: what is shipped, as CycloneDX has it, and the page of licences in docs/.

The versions and hashes of it all are in requirements/; why each package is there, in pyproject.toml.
"""

import json
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts import environment
from scripts.environment import BIN, LOCAL, LOCKS, PYTHON, ROOT, say

SBOM = LOCAL / "sbom.json"
LICENCES = ROOT / "docs" / "licences.md"
CYCLONEDX = (
    str(BIN / "cyclonedx-py"),
    "environment",
    "--pyproject",
    "pyproject.toml",
    "--output-reproducible",
)
UNSTATED = "not stated, read its files"
# What a package says of itself in the words of the package index, of which only the end says something.
CLASSIFIER = re.compile(r"^License :: (OSI Approved :: )?")


def run(arguments: Sequence[str]) -> int:
    """Write `.local/sbom.json`, checked against CycloneDX's own schema, and docs/licences.md."""
    environment.ensure("dev")
    LOCAL.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="icm-sbom-") as folder:
        write_bill(shipped(Path(folder) / "shipped"), SBOM, "--validate")
        installed = Path(folder) / "installed.json"
        write_bill(PYTHON, installed, "--no-validate")
        LICENCES.write_text(page(licences(installed)))
    say(f"{SBOM.relative_to(ROOT)}\n{LICENCES.relative_to(ROOT)}")
    return 0


def shipped(folder: Path) -> Path:
    """Make an environment of what an installation gets and nothing else, and give its Python."""
    environment.run([str(PYTHON), "-m", "venv", "--without-pip", str(folder)])
    environment.install("runtime", "--target", str(next(folder.glob("lib/*/site-packages"))))
    return folder / "bin" / "python"


def write_bill(python: Path, target: Path, *options: str) -> None:
    """Write down, as CycloneDX has it, what the environment of this Python holds."""
    environment.run([*CYCLONEDX, *options, "--output-file", str(target), str(python)])


def licences(bill: Path) -> dict[str, str]:
    """The licence of each package of a bill, in the package's own words, by its name as locks write it."""
    components = json.loads(bill.read_text())["components"]
    return {plain(one["name"]): in_words(one.get("licenses", [])) for one in components}


def in_words(stated: Iterable[Mapping[str, Any]]) -> str:
    """All that a package states: some state a licence twice, others two to choose from.

    Each is an expression, or the name of a licence, known or free: the values differ in type, so Any.
    """
    texts = [one.get("expression") or one["license"].get("id") or one["license"]["name"] for one in stated]
    return "; ".join(dict.fromkeys(CLASSIFIER.sub("", text) for text in texts)) or UNSTATED


def plain(name: str) -> str:
    """A package's name as the locks write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str) -> dict[str, str]:
    """The version of each package that a lock names, by its name."""
    text = (LOCKS / f"{lock}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9][\w.-]*)==([^\s;]+)", text, re.MULTILINE))


def page(stated: Mapping[str, str]) -> str:
    """The page of licences: first what is shipped, then what only those need who work on the program."""
    runtime, dev = pins("runtime").keys(), pins("dev").keys()
    return PAGE.format(
        shipped=table(stated, sorted(runtime & stated.keys())),
        development=table(stated, sorted((dev - runtime) & stated.keys())),
    )


def table(stated: Mapping[str, str], names: Iterable[str]) -> str:
    """Rows of a Markdown table."""
    return "\n".join(f"| {name} | {stated[name]} |" for name in names)


PAGE = """# Licences

Written by `make sbom` out of what the packages say of themselves; a test compares it with what is installed.
[Dependencies](dependencies.md) says how they are chosen and renewed.

## Shipped

| package | licence |
| --- | --- |
{shipped}

## For those who work on the program

| package | licence |
| --- | --- |
{development}
"""
