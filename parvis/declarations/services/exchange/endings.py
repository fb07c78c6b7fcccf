"""A departure, a death or an end of management that the office took in: the tenancy goes to the former ones.

An end of management is told up to six months ahead and decided long before its day: the daily work ends it then, once. A
departure to come is first confirmed by its landlord. Whatever a later file of the office says of the tenancy wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.declarations import events
from parvis.declarations.models import OPEN_STATES
from parvis.declarations.services import campaigns
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.merging import execute, rows
from parvis.tenancies.services.endings import end_tenancies

# The last day of the aid: of a departure as its page says it (CCH R.823-14), of a death the end of its month (R.823-12). What is
# still to come ends nothing yet; who stays in the dwelling keeps it.
_MONTH_END = "(date_trunc('month', ({0})::date) + interval '1 month - 1 day')::date"
# A death whose day the landlord does not know came before they told of it. Who may stay, they need not know: the right of who died
# ends, and who stays makes a claim of their own, that the office's files bring.
_DIED_ON = "COALESCE(d.details ->> 'died_on', ((d.submitted_at AT TIME ZONE 'Europe/Paris')::date)::text)"
_TOLD = f"""
CREATE TEMP TABLE feed_endings ON COMMIT DROP AS
SELECT DISTINCT ON (x.tenancy_id) x.tenancy_id, x.landlord_id, x.ends_on FROM (
  SELECT d.tenancy_id, d.landlord_id, d.decided_at,
    (CASE d.kind WHEN 'move_out' THEN d.details ->> 'keys_on' WHEN 'end_of_management' THEN d.details ->> 'on'
      ELSE {_DIED_ON} END)::date AS happens_on,
    CASE
      WHEN d.kind = 'end_of_management' THEN (d.details ->> 'on')::date
      WHEN d.kind = 'death' THEN CASE WHEN d.details ->> 'who' = 'claimant' AND d.details ->> 'somebody_stays' <> 'yes'
        THEN {_MONTH_END.format(_DIED_ON)} END
      WHEN d.details ->> 'notice_respected' = 'no' AND d.details ->> 'last_month_paid' = 'false'
        THEN (d.details ->> 'keys_on')::date
      ELSE {_MONTH_END.format("d.details ->> 'keys_on'")} END AS ends_on
  FROM declarations_declaration d
  WHERE d.id = ANY(%(ids)s) AND d.kind IN ('move_out', 'end_of_management', 'death') AND d.state = 'integrated'
    AND d.details -> 'withdrawn' IS NULL) x
WHERE x.ends_on IS NOT NULL AND x.happens_on <= %(today)s ORDER BY x.tenancy_id, x.decided_at DESC
"""


_DECIDED = """
SELECT id FROM declarations_outcome
WHERE applies AND status = 'integrated' AND kind IN ('move_out', 'end_of_management', 'death') ORDER BY id
"""


# A later end of management of the same tenancy says another day: the earlier one then takes effect no more. What takes one back says
# no day: the one it replaces was replaced already (_REPLACE).
_REPLACED = """
UPDATE declarations_declaration d SET effect_on = NULL FROM declarations_outcome o
WHERE o.applies AND o.status = 'integrated' AND o.kind = 'end_of_management' AND d.tenancy_id = o.tenancy_id AND d.id <> o.id
  AND d.effect_on IS NOT NULL AND o.details -> 'withdrawn' IS NULL
"""
_TO_COME = """
UPDATE declarations_declaration d SET effect_on = (o.details ->> 'on')::date FROM declarations_outcome o
WHERE o.id = d.id AND o.applies AND o.status = 'integrated' AND o.kind = 'end_of_management'
  AND (o.details ->> 'on')::date > %(today)s
"""
# Whose campaign lists a dwelling whose day has come: in the order in which a delivery of decisions locks them.
_TURN = """
SELECT c.year FROM declarations_campaigncount c WHERE (c.landlord_id, c.year) IN (
  SELECT e.landlord_id, e.year FROM declarations_declaration d
  JOIN declarations_campaignentry e ON e.tenancy_id = d.tenancy_id WHERE d.effect_on <= %(today)s)
ORDER BY c.year, c.landlord_id FOR UPDATE OF c
"""
_HOLD = "SELECT id FROM declarations_declaration WHERE effect_on <= %(today)s ORDER BY id FOR UPDATE"
_COME = "UPDATE declarations_declaration SET effect_on = NULL WHERE id = ANY(%(ids)s) AND effect_on <= %(today)s RETURNING id"
_STILL_ASKED = """
SELECT 1 FROM feed_endings x JOIN declarations_campaignentry e ON e.tenancy_id = x.tenancy_id
WHERE e.state = ANY(%(open)s) AND x.ends_on < make_date(e.year, 7, 1) LIMIT 1
"""


def end_decided(*, today: date) -> int:
    """End the tenancies of what is taken in in ``declarations_outcome``, in the transaction of the decision; how many.

    An end of management whose day is still to come is left to :func:`end_due`.
    """
    execute(_REPLACED)
    execute(_TO_COME, {"today": today})
    return end_told([declaration for (declaration,) in rows(_DECIDED)], today=today)


def end_told(declarations: Sequence[int], *, today: date) -> int:
    """End the tenancies of these declarations, where they are taken in and their day has come; how many."""
    if not declarations:
        return 0
    execute("DROP TABLE IF EXISTS feed_endings")
    execute(_TOLD, {"ids": list(declarations), "today": today})
    return end_tenancies("feed_endings")


def end_due(*, by: Actor, at: datetime) -> int:
    """End the tenancies of the ends of management whose day has come; their July rents are no more asked for; how many.

    Each once: a second worker, or the next day, finds nothing, and what a file of the office says afterwards stays. The
    campaigns are looked at again only if one still asks for such a rent, and once nothing of the endings is held any more.
    """
    ended, still_asked = _end_come(by=by, at=at)
    if still_asked:
        campaigns.refresh_entries(by=by, at=at)
    return ended


@transaction.atomic
def _end_come(*, by: Actor, at: datetime) -> tuple[int, bool]:
    """In the order of a delivery of decisions: the counts of campaigns, the declarations, then the tenancies."""
    today = {"today": day_in_paris(at)}
    execute(_TURN, today)
    held = [declaration for (declaration,) in rows(_HOLD, today)]
    come = [declaration for (declaration,) in rows(_COME, {**today, "ids": held})]
    ended = end_told(come, today=today["today"])
    if not ended:
        return 0, False
    record(events.ENDED, subject="declarations", by=by, at=at, count=ended)
    return ended, bool(rows(_STILL_ASKED, {"open": [state.value for state in OPEN_STATES]}))
