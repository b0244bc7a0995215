"""`scripts/mutate_permissions.py` names places of the source and tests: none of them goes astray unseen."""

import pytest

from scripts.environment import ROOT
from scripts.mutate_permissions import MUTANTS, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: f"{one.file}: {one.now.strip()}")
def test_a_mutant_fits_its_source_in_one_place_and_its_tests_are_there(mutant: Mutant) -> None:
    source = (ROOT / mutant.file).read_text()
    tests = [word for word in mutant.tests.split() if word.startswith("tests/")]

    assert source.count(mutant.was) == 1
    assert mutant.now != mutant.was
    assert tests != []
    assert [path for path in tests if not (ROOT / path).exists()] == []
