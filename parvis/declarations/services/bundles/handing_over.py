"""A tenancy that has another landlord by now: what the former one had begun is given up, and they are asked nothing more."""

from __future__ import annotations

from django.db import transaction

from parvis.declarations.services import papers
from parvis.kit.merging import execute, rows

_ANOTHER_S = "tenancies_tenancy t WHERE t.id = d.tenancy_id AND t.landlord_id <> d.landlord_id"
# The July drafts are abandoned with their line of the campaign (services.campaigns).
_DRAFTS = f"""
UPDATE declarations_declaration d SET state = 'abandoned', remind_on = NULL FROM {_ANOTHER_S}
  AND d.state = 'draft' AND NOT (d.kind IN ('july_rent', 'previous_july_rent')) RETURNING d.id
"""
_BUNDLES = f"DELETE FROM declarations_bundle d USING {_ANOTHER_S}"
_ASKED = f"UPDATE declarations_declaration d SET remind_on = NULL FROM {_ANOTHER_S} AND d.remind_on IS NOT NULL"


@transaction.atomic
def give_up_of_former_landlords() -> int:
    """Abandon drafts and choices about tenancies handed over, erase their files, ask about none again; says how many drafts.

    Run after tenancies came in; again, it finds nothing. What was sent stays with the office, and readable by its sender.
    """
    drafts = [row[0] for row in rows(_DRAFTS)]
    papers.forget(drafts)
    execute(_BUNDLES)
    execute(_ASKED)
    return len(drafts)
