"""Every kind, every stage of a debt, a whole building, papers and what is taken back: all that leaves is as published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from parvis.declarations import kinds
from parvis.declarations.kinds.arrears.following import STAGES
from parvis.declarations.models import Declaration, Kind
from parvis.declarations.services import bundles, campaigns, papers
from parvis.exchange.services import outbound
from parvis.kit.actors import system
from parvis.tenancies.models import JulyRent, Tenancy
from tests.declarations.bundles.test_bundles import OWED, answered, chosen, let, sent
from tests.declarations.kinds.test_kinds import ANSWERED
from tests.declarations.test_submission import behind_the_triggers
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW
from tests.factories.landlords import Owner
from tests.factories.papers import paper
from tests.factories.tenancies import tenancy
from tests.schemas import faults, schema_in

pytestmark = pytest.mark.django_db
FOLDER = Path(kinds.__file__).with_name("schemas")
OF_A_STAGE = {
    "plan": {"agreed_on": "20/07/2026", "agreed_monthly": "100", "owed": "1 300"},
    "progress": {"kept": "no", "owed": "900"},
    "settled": {"settled_on": "21/07/2026"},
}


def leaving(folder: Path) -> list[dict[str, Any]]:
    """What leaves now, each line held against its schemas."""
    (delivery,) = outbound.send(folder, by=system("export"), at=NOW)
    text = (folder / f"{delivery.sequence:06d}" / "declarations.jsonl").read_text(encoding="utf-8")
    lines: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        own = "withdrawal" if "withdrawn" in line["details"] else line["kind"]
        assert faults(line, schema_in(FOLDER, "line")) == [], line
        assert faults(line["details"], schema_in(FOLDER, own)) == [], line
    return lines


def declared(me: Owner, rented: Tenancy, kind: str, answers: dict[str, str], *, with_paper: bool = True) -> None:
    chosen(me, rented, kind)
    assert answered(me, rented, kind, answers)
    if with_paper:
        papers.join(me.actor, rented.reference, kind, paper(), at=NOW)
    sent(me, rented)


def test_every_kind_with_its_papers(tmp_path: Path) -> None:
    for kind, answers in {**ANSWERED, "arrears": OWED}.items():
        me, rented = let()
        declared(me, rented, kind, answers)
    me, rented = let()
    JulyRent.objects.filter(tenancy=rented).delete()
    campaigns.refresh_entries(by=CLOCK, at=NOW)
    chosen(me, rented, "july_rent")
    made.typed(me, rented, "525", previous="520")
    papers.join(me.actor, rented.reference, "july_rent", paper(), at=NOW)
    sent(me, rented)
    lines = leaving(tmp_path)
    assert {line["kind"] for line in lines} == set(Kind.values)
    without = {line["kind"] for line in lines if "papers" not in line["details"]}
    assert without == {"july_rent"}, "the receipt goes with the July of the year before"


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_of_a_debt_with_its_papers(stage: str, tmp_path: Path) -> None:
    me, rented = let()
    declared(me, rented, "arrears", OWED)
    (first,) = leaving(tmp_path)
    told = Declaration.objects.get()
    bundles.follow_up(me.actor, told.opaque, stage, at=NOW)
    assert answered(me, rented, "arrears", OF_A_STAGE[stage])
    papers.join(me.actor, rented.reference, "arrears", paper(), at=NOW)
    sent(me, rented)
    (line,) = leaving(tmp_path)
    assert (line["details"]["stage"], line["details"]["about"]) == (stage, first["declaration_ref"])
    assert "papers" in line["details"]


@pytest.mark.parametrize("kind", [*ANSWERED, "arrears"])
def test_what_is_taken_back(kind: str, tmp_path: Path) -> None:
    me, rented = let()
    declared(me, rented, kind, {**ANSWERED, "arrears": OWED}[kind], with_paper=False)
    leaving(tmp_path)
    bundles.ask_correction(me.actor, Declaration.objects.get().opaque, at=NOW, withdrawn=True)
    sent(me, rented)
    (line,) = leaving(tmp_path)
    assert line["details"] == {"withdrawn": True}
    assert line["corrects"]


def test_a_whole_building(tmp_path: Path) -> None:
    me, rented = let()
    for _ in range(2):
        tenancy(me.landlord, address_1=rented.address_1, postcode=rented.postcode, city=rented.city)
    declared(me, rented, "end_of_management", {**ANSWERED["end_of_management"], "building": "yes"})
    lines = leaving(tmp_path)
    assert len(lines) == 3
    assert all(line["details"]["whole_building"] for line in lines)


@pytest.mark.parametrize(("holders", "told"), [(1, "whole"), (2, "share")])
def test_a_july_rent_sent_before_the_format_said_whose_it_is(holders: int, told: str, tmp_path: Path) -> None:
    me, rented = let()
    made.typed(me, rented, "525")
    made.sent(me)
    rent = Declaration.objects.get()
    of_before = {name: rent.details[name] for name in rent.details if name != "amount_is"}
    behind_the_triggers(
        "UPDATE declarations_declaration SET details = %s", json.dumps({**of_before, "lease_holders": holders})
    )
    (line,) = leaving(tmp_path)
    assert line["details"]["amount_is"] == told


def test_a_departure_typed_before_two_questions_were_asked(tmp_path: Path) -> None:
    me, rented = let()
    chosen(me, rented, "move_out")
    assert answered(me, rented, "move_out", ANSWERED["move_out"])
    draft = Declaration.objects.get()
    of_before = {name: draft.details[name] for name in draft.details if name not in ("lease_ends_on", "why_late")}
    Declaration.objects.update(details=of_before)
    sent(me, rented)
    (line,) = leaving(tmp_path)
    assert line["details"] == draft.details
