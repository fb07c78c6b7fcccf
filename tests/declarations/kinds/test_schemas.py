"""Every kind's details, and the line they leave in, hold against the schemas we publish."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.declarations import kinds
from parvis.declarations.kinds import KINDS
from parvis.declarations.kinds import july_rent as july
from parvis.declarations.kinds.july_rent.facts import Facts
from parvis.declarations.models import Declaration, Kind
from parvis.exchange.services import outbound
from parvis.kit.actors import system
from tests.declarations.bundles.test_bundles import OWED, answered, chosen, let, sent
from tests.declarations.kinds.test_kinds import ANSWERED, FACTS
from tests.factories import declarations as made
from tests.factories.declarations import NOW, norms
from tests.schemas import faults, schema_in

FOLDER = Path(kinds.__file__).with_name("schemas")
ALL = {**ANSWERED, "arrears": {**OWED, "plan": "yes", "plan_on": "01/07/2026", "plan_monthly": "50"}}
SINCE = {"move_out": {"lease_ends_on", "why_late"}}
"""Details that what was typed before they were asked does not have."""


def details_of(code: str) -> dict[str, Any]:
    if code == Kind.JULY_RENT:
        return july.details(Facts(norms(2026), FACTS.start_on), 52_500, furnished=False, lease_holders=1)
    if code == Kind.PREVIOUS_JULY_RENT:
        return july.previous_details(Facts(norms(2026), FACTS.start_on), 51_000)
    details = KINDS[code].read(ALL[code], FACTS).details
    assert details is not None
    return details


@pytest.mark.parametrize("code", Kind.values)
def test_the_details_of_every_kind_are_as_published(code: str) -> None:
    schema, details = schema_in(FOLDER, code), details_of(code)
    assert faults(details, schema) == []
    for name in details:
        without = faults({key: value for key, value in details.items() if key != name}, schema)
        assert bool(without) is (name not in SINCE.get(code, ())), name
    assert faults({**details, "extra": 1}, schema)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(ALL)), st.data())
def test_whatever_is_taken_is_as_published(code: str, data: st.DataObject) -> None:
    typed = dict(ALL[code])
    for question in KINDS[code].questions(FACTS):
        values = [value for value, _ in question.choices]
        offered = (
            st.sampled_from(values) if values else st.sampled_from(["10/07/2026", "525", "2", "", "05/2026", "a b"])
        )
        typed[question.name] = data.draw(st.one_of(st.just(typed.get(question.name, "")), offered))
    details = KINDS[code].read(typed, FACTS).details
    assert details is None or faults(details, schema_in(FOLDER, code)) == []


@pytest.mark.django_db
def test_a_whole_sending_leaves_as_published(tmp_path: Path) -> None:
    me, rented = let()
    chosen(me, rented, "july_rent", "arrears", "lease_holders")
    made.typed(me, rented, "525")
    assert answered(me, rented, "arrears", OWED)
    assert answered(me, rented, "lease_holders", {**ANSWERED["lease_holders"], "change": "both"})
    sent(me, rented)
    (delivery,) = outbound.send(tmp_path, by=system("export"), at=NOW)
    text = (tmp_path / f"{delivery.sequence:06d}" / "declarations.jsonl").read_text(encoding="utf-8")
    written = [json.loads(line) for line in text.splitlines()]
    assert len(written) == Declaration.objects.count() == 3
    for line in written:
        assert faults(line, schema_in(FOLDER, "line")) == []
        assert faults(line["details"], schema_in(FOLDER, line["kind"])) == []
    assert {line["kind"]: line["rule"] for line in written}["arrears"] == "2026"
