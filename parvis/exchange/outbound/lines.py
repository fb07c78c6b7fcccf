"""declarations.jsonl: the exact text of each line, made by PostgreSQL for the whole delivery at once."""

from __future__ import annotations

from parvis.kit.merging import literal

JULY_DETAILS = {
    "july_rent": ("year", "rent_cents", "charges_cents", "furnished", "lease_holders", "amount_is"),
    "previous_july_rent": ("year", "rent_cents"),
}
"""The order of the details the format publishes; those of other kinds come as the database keeps them."""

_BEFORE_IT_WAS_STATED = {
    "amount_is": "CASE WHEN (d.details ->> 'lease_holders')::int > 1 THEN '\"share\"' ELSE '\"whole\"' END"
}
"""What a detail is where the declaration was typed before the format had it; what was sent cannot be written again."""

_PAPERS = "CASE WHEN d.details ? 'papers' THEN ', \"papers\": ' || (d.details -> 'papers')::text ELSE '' END"
"""The receipt of the July before, where one was joined."""
_REASON = "CASE WHEN d.details ? 'reason' THEN ', \"reason\": ' || (d.details -> 'reason')::text ELSE '' END"
"""Why a July that was taken in is corrected."""
_WITHDRAWN = "CASE WHEN d.details ? 'withdrawn' THEN d.details::text ELSE"
"""What takes a July before back says that, and nothing else."""


def _details() -> str:
    """One expression a kind: a JSON object of PostgreSQL forgets the order of its keys."""
    cases = []
    for kind, names in JULY_DETAILS.items():
        inner = " || ', ' || ".join(
            f"{literal(f'{chr(34)}{name}{chr(34)}: ')} || COALESCE((d.details -> {literal(name)})::text, "
            f"{_BEFORE_IT_WAS_STATED.get(name, literal('null'))})"
            for name in names
        )
        cases.append(f"WHEN {literal(kind)} THEN {_WITHDRAWN} '{{' || {inner} || {_PAPERS} || {_REASON} || '}}' END")
    return f"CASE d.kind {' '.join(cases)} ELSE d.details::text END"


# Moments in Paris, to the second, with the offset of the day: 2026-07-21T10:26:03+02:00.
_MOMENT = (
    "to_char(d.submitted_at AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD\"T\"HH24:MI:SS') || '+'"
    " || to_char((d.submitted_at AT TIME ZONE 'Europe/Paris') - (d.submitted_at AT TIME ZONE 'UTC'), 'HH24:MI')"
)

_FIELDS = (
    ("declaration_ref", "to_json(d.reference)"),
    ("kind", "to_json(d.kind)"),
    ("caf_code", "to_json(x.caf_code)"),
    ("claimant_number", "to_json(x.claimant_number)"),
    ("tenancy_ref", "to_json(x.tenancy_ref)"),
    ("tiers_number", "to_json(n.number)"),
    ("submitted_at", f"to_json({_MOMENT})"),
    ("submitted_by", "to_json(a.login_id)"),
    ("channel", "to_json(d.channel)"),
    ("corrects", "COALESCE(to_json(before.reference)::text, 'null')"),
    ("rule", "COALESCE(to_json(NULLIF(d.rule, ''))::text, 'null')"),
    ("confirmed_warnings", "d.confirmed"),
    ("details", _details()),
)

LINE = (
    "'{' || "
    + " || ', ' || ".join(f"{literal(f'{chr(34)}{name}{chr(34)}: ')} || ({value})::text" for name, value in _FIELDS)
    + " || '}'"
)

INSERT = f"""
INSERT INTO exchange_outgoingline (delivery_id, position, declaration_id, line)
SELECT %(delivery)s, leaving.position, d.id, {LINE}
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS leaving (id, position)
JOIN declarations_declaration d ON d.id = leaving.id
JOIN tenancies_tenancy x ON x.id = d.tenancy_id
JOIN LATERAL (
  SELECT number FROM landlords_thirdpartynumber own
  WHERE own.landlord_id = d.landlord_id AND (own.office_id = x.caf_code OR own.id = x.third_party_number_id)
  ORDER BY own.id = x.third_party_number_id DESC, own.absent_since DESC NULLS FIRST, own.id LIMIT 1
) n ON true
JOIN identity_account a ON a.id = d.account_id
LEFT JOIN declarations_declaration before ON before.id = d.corrects_id
"""

# In the order landlords sent them; locked, so that none is corrected while it leaves. The number of the line is the
# declaring landlord's, even where the tenancy has another one by now.
LEAVING = """
SELECT id FROM declarations_declaration WHERE state IN ('submitted', 'corrected') AND sent_at IS NULL
ORDER BY submitted_at, id FOR UPDATE
"""

# A thousand lines at a time: few rows to fetch, little memory.
CONTENT = """
SELECT string_agg(line, E'\\n' ORDER BY position) || E'\\n' FROM exchange_outgoingline
WHERE delivery_id = %s GROUP BY position / 1000 ORDER BY position / 1000
"""
