"""What leaves is what the published JSON Schemas say, for every kind."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from parvis.changes.models import ChangeKind, ChangeRequest
from parvis.changes.rules import COMMITMENTS, Contacts
from parvis.changes.services import direct_payment, information, leaving, offers
from parvis.exchange.services import outbound
from parvis.kit.actors import system
from tests.changes.test_leaving import BY, lines
from tests.factories.changes import NOW, address_asked, bank_asked
from tests.factories.landlords import owner
from tests.factories.tenancies import tenancy
from tests.schemas import faults, schema_in

SCHEMAS = Path(leaving.__file__).parents[1] / "schemas"


def test_every_kind_has_its_schema() -> None:
    assert {path.stem for path in SCHEMAS.glob("*.json")} == set(ChangeKind.values)


@pytest.mark.django_db
def test_every_kind_of_line_validates(tmp_path: Path) -> None:
    who, office = owner(), system("office")
    wanted, paid, offered = (
        tenancy(who.landlord, last_name=name, direct_payment=name == "Payé") for name in ("Voulu", "Payé", "Offert")
    )
    address_asked(who)
    information.change_contacts(
        Contacts(phone="0240112233", email="gestion@ailleurs.example"), key=uuid4(), by=who.actor, at=NOW
    )
    bank_asked(who)
    direct_payment.ask_direct_payment([wanted.reference], list(COMMITMENTS), key=uuid4(), by=who.actor, at=NOW)
    direct_payment.stop_direct_payment(paid.reference, key=uuid4(), by=who.actor, at=NOW)
    offer = offers.offer_direct_payment("441", offered.claimant_number, offered.tenancy_ref, by=office, at=NOW)
    direct_payment.answer_direct_payment(
        offer.opaque, accepted=True, commitments=list(COMMITMENTS), key=uuid4(), by=who.actor, at=NOW
    )
    until = ChangeRequest.objects.get(kind="bank_details").held_until
    assert until is not None
    leaving.release_due(by=BY, at=until)
    outbound.send(tmp_path, by=BY, at=until)
    written = lines(tmp_path)
    assert {line["kind"] for line in written} == set(ChangeKind.values)
    for line in written:
        schema = schema_in(SCHEMAS, str(line["kind"]))
        assert faults(line, schema) == []
        assert faults({**line, "details": {}}, schema) != []
