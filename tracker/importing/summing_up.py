"""What an import did or would do, in a sentence."""

from collections.abc import Mapping

from tracker.importing.plan import Plan

WORDS = {"added": "new", "changed": "changed", "unchanged": "unchanged", "held_back": "held back"}


def counted(counts: Mapping[str, int]) -> str:
    """The counts that are not nought: "23 new, 2 held back"."""
    told = [f"{counts[key]} {word}" for key, word in WORDS.items() if counts.get(key)]
    return ", ".join(told) or "no rows"


def summed_up(plan: Plan, *, dry_run: bool) -> str:
    """One sentence about the whole import."""
    told = f"{counted(plan.counts)}."
    if plan.conflicts:
        cells = "1 cell differs" if plan.conflicts == 1 else f"{plan.conflicts} cells differ"
        told += f" {cells} and may have been changed here since."
    if plan.missing:
        told += f" {len(plan.missing)} open on the tracker, not in the file: nothing is done about them."
    return f"{told} Nothing was changed: this was a dry run." if dry_run else told
