"""NIR and IBAN of landlords are bound to the person and to the third-party number they are of (security.md T52)."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from parvis.kit.merging import rebind

NIR = "'landlords_landlord.nir'"
PERSON = f"{NIR} || '|' || COALESCE(encode(p.person_index, 'hex'), '')"
READ_NIR = """
SELECT l.partner_id, l.nir, {}, {} FROM landlords_landlord l JOIN identity_partner p ON p.id = l.partner_id
WHERE l.partner_id > %s AND l.nir IS NOT NULL ORDER BY l.partner_id LIMIT %s
"""
WRITE_NIR = """
UPDATE landlords_landlord l SET nir = v.newer FROM unnest(%s::uuid[], %s::bytea[], %s::bytea[]) v (id, former, newer)
WHERE l.partner_id = v.id AND l.nir = v.former
"""
IBAN = "'landlords_thirdpartynumber.iban'"
NUMBER = f"{IBAN} || '|' || office_id || number"
READ_IBAN = """
SELECT id, iban, {}, {} FROM landlords_thirdpartynumber WHERE id > %s AND iban IS NOT NULL ORDER BY id LIMIT %s
"""
WRITE_IBAN = """
UPDATE landlords_thirdpartynumber n SET iban = v.newer FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) v (id, former, newer)
WHERE n.id = v.id AND n.iban = v.former
"""
NOBODY = "00000000-0000-0000-0000-000000000000"


def forth(*_: Any) -> None:
    """Close anew what is bound to its column only."""
    rebind(READ_NIR.format(NIR, PERSON), WRITE_NIR, first=NOBODY)
    rebind(READ_IBAN.format(IBAN, NUMBER), WRITE_IBAN)


def back(*_: Any) -> None:
    """As the former code opens it."""
    rebind(READ_NIR.format(PERSON, NIR), WRITE_NIR, first=NOBODY)
    rebind(READ_IBAN.format(NUMBER, IBAN), WRITE_IBAN)


class Migration(migrations.Migration):
    """An IBAN copied to another number opens no more, nor a NIR to another person."""

    atomic = False
    dependencies = [("landlords", "0016_administrator_confirmation"),
        ("identity", "0020_who_published"),
    ]
    operations = [migrations.RunPython(forth, back)]
