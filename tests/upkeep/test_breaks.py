"""Each invariant holds of an instance in order, and names the first row of whatever breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from parvis.audit import sealing
from parvis.upkeep.invariants import verifying
from tests.factories.landlords import Owner
from tests.upkeep import broken_acts, broken_rest
from tests.upkeep.breaking import AT, BREAKS, Break, in_order

pytestmark = pytest.mark.django_db
ALL = (broken_acts, broken_rest)
"""Where the ways to break are."""


@pytest.fixture
def who(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Owner:
    monkeypatch.setattr(sealing, "heads_path", lambda: tmp_path / "heads.jsonl")
    return in_order(tmp_path)


@pytest.mark.parametrize(("says", "break_it"), [pytest.param(*one, id=one[1].__name__) for one in BREAKS])
def test_what_is_broken_is_named(who: Owner, says: str, break_it: Break) -> None:
    (invariant,) = (one for one in verifying.INVARIANTS if one.says == says)
    assert invariant.find(AT) is None, "it holds of an instance in order"
    broken = break_it(who)
    fault = invariant.find(AT)
    assert fault is not None
    assert fault.row == broken or fault.row.startswith(f"{broken} (")


def test_every_invariant_is_broken_once_here() -> None:
    assert {says for says, _ in BREAKS} == {one.says for one in verifying.INVARIANTS}
    asked = {one.code for one in verifying.INVARIANTS}
    assert asked == {f"I{number}" for number in range(1, 25)}
