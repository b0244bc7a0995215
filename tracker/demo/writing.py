"""Chooses what the people of the demonstration write: words of the lists, actions, updates."""

import random
from dataclasses import dataclass

from tracker.choices import EXPECTED_CLOSURES, Stage
from tracker.demo.texts import (
    ACTIONS,
    AGENCIES,
    ANSWERS,
    DONE,
    GENERAL_ACTIONS,
    KIN,
    LONG_ACTIONS,
    NEW_WORRY,
    NOT_YET,
    SCHOOLS,
)
from tracker.models import Difficulty, Need, Outcome
from tracker.models.words import Word

# What is mostly needed in a stage.
USUAL_NEEDS: dict[str, tuple[str, ...]] = {
    Stage.AWAITING: ("Schedule/attend a meeting", "Schedule/attend a meeting", "Make a referral"),
    Stage.UNDERWAY: (
        "Visit or direct work with child", "Work with parents or carers", "Write up",
        "Engage family or renew consent", "Service to start or report", "Make the plan SMART",
        "Information from partner agency", "Make a referral", "Schedule/attend a meeting",
    ),
    Stage.IDENTIFIED: ("Step down or closure tasks", "Write up", "Family network plan or FGC"),
    Stage.DECIDED: (
        "Step down or closure tasks", "Step down or closure tasks", "Write up",
        "Management decision or sign-off",
    ),
}  # fmt: skip
USUAL_DIFFICULTY = "Difficulty stepping down to EH"
USUAL_OUTCOMES = ("Need met, no further service", "Stepped down to early or family help")


@dataclass(frozen=True)
class Words:
    """The words that people may choose, and the outcome of a row that moves to another team.

    `unreviewed` came in with a workbook: rows of that time have them.
    """

    needs: tuple[Need, ...]
    difficulties: tuple[Difficulty, ...]
    outcomes: tuple[Outcome, ...]
    moved: Outcome
    unreviewed: tuple[Word, Word] | None = None


def need(rng: random.Random, words: Words, stage: str) -> Need:
    """What a case in this stage needs."""
    usual = USUAL_NEEDS.get(stage, ())
    if usual and rng.random() < 0.85:
        label = rng.choice(usual)
        for word in words.needs:
            if word.label == label:
                return word
    return rng.choice(words.needs)


def difficulty(rng: random.Random, words: Words, stage: str) -> Difficulty:
    """What may need escalation in this stage."""
    usual = [word for word in words.difficulties if word.label == USUAL_DIFFICULTY]
    if usual and stage in EXPECTED_CLOSURES and rng.random() < 0.6:
        return usual[0]
    return rng.choice(words.difficulties)


def outcome(rng: random.Random, words: Words) -> Outcome:
    """How a case ended: two of three as one hopes."""
    hoped = [word for word in words.outcomes if word.label in USUAL_OUTCOMES]
    return rng.choice(hoped if hoped and rng.random() < 0.66 else words.outcomes)


def action(rng: random.Random, what: Need) -> str:
    """The next step, as somebody types it while others talk."""
    if rng.random() < 0.02:
        return filled(rng, rng.choice(LONG_ACTIONS))
    return filled(rng, rng.choice(ACTIONS.get(what.label, GENERAL_ACTIONS)))


def update(rng: random.Random, *, done: bool = True) -> str:
    """What became of the action before, or why nothing has."""
    if done and rng.random() < 0.45:
        return DONE[0]  # the guide's own example, and what most people write
    return filled(rng, rng.choice(DONE if done else NOT_YET))


def new_worry(rng: random.Random) -> str:
    """Why a case that was to close goes on."""
    return filled(rng, rng.choice(NEW_WORRY))


def answer(rng: random.Random) -> str:
    """What the head of service answers to a difficulty."""
    return rng.choice(ANSWERS)


def filled(rng: random.Random, text: str) -> str:
    """The text with a relative, a school and an agency in it, at the start of a sentence with a capital."""
    kin, school, agency = rng.choice(KIN), rng.choice(SCHOOLS), rng.choice(AGENCIES)
    capitals = {"Kin": _capital(kin), "School": _capital(school), "Agency": _capital(agency)}
    return text.format(kin=kin, school=school, agency=agency, **capitals)


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
