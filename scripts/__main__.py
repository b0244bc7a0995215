"""`python3 -m scripts COMMAND`: the commands behind the Makefile, on the standard library alone."""

import subprocess
import sys

OLDEST_PYTHON = (3, 11)


def main() -> int:
    """Run the command named on the command line; its exit status is given back."""
    if sys.version_info < OLDEST_PYTHON:
        wanted = f"{OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]}"
        found = f"{sys.version_info[0]}.{sys.version_info[1]}"
        sys.stderr.write(
            f"This needs Python {wanted} or newer, and {sys.executable} is {found}. "
            f"Name another one: make run PYTHON=python{wanted}\n"
        )
        return 1
    # Only now: these modules are written for the Python just asked for.
    from scripts import checks, environment, instance, releases, sbom, suite
    from scripts.bench import bench
    from scripts.faults import faults
    from scripts.pictures import pictures

    commands = {
        "run": instance.serve,
        "install": instance.install,
        "test": suite.run,
        "test-all": suite.run_all,
        "bench": bench.run,
        "faults": faults.run,
        "faults-all": faults.run_all,
        "check": checks.run,
        "fix": checks.fix,
        "lock": environment.lock,
        "sbom": sbom.run,
        "pictures": pictures.run,
        "release": releases.run,
    }
    name, *arguments = sys.argv[1:] or [""]
    if name not in commands:
        sys.stderr.write(f"No such command. There are: {', '.join(commands)}.\n")
        return 2
    try:
        return commands[name](arguments)
    except environment.Explained as problem:
        sys.stderr.write(f"\n{problem}\n")
        return 1
    except subprocess.CalledProcessError as failure:
        sys.stderr.write(f"\nThis step failed: {' '.join(map(str, failure.cmd))}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
