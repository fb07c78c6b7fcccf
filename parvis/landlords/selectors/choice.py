"""The accounts of a credential, to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from parvis.kit.text import fold


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account of a credential, as the choice of accounts shows it."""

    reference: str
    login_id: str
    name: str
    siret: str
    office: str


@dataclass(frozen=True, slots=True)
class AccountsPage:
    """One page of the choice; ``before`` and ``after`` are references to page from, empty at the ends."""

    lines: list[AccountLine]
    before: str
    after: str


# Keyed by folded name then id; the reference of the last line shown leads to the next page.
_ACCOUNTS = """
WITH mine AS (
  SELECT a.id, a.reference, a.login_id, l.siret, o.name AS office,
         COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)) AS name
  FROM identity_account a JOIN landlords_landlord l ON l.partner_id = a.partner_id
  LEFT JOIN LATERAL (SELECT office.name FROM landlords_thirdpartynumber n
    JOIN landlords_office office ON office.caf_code = n.office_id
    WHERE n.landlord_id = l.partner_id ORDER BY n.absent_since NULLS FIRST, n.user_number = a.user_number DESC, n.id LIMIT 1) o ON true
  WHERE a.credential_id = %(credential)s AND a.state NOT IN ('disabled', 'frozen')
), keyed AS (SELECT *, parvis_fold(name) AS key FROM mine)
SELECT reference, login_id, name, siret, COALESCE(office, '') FROM keyed
WHERE parvis_fold(concat_ws(' ', name, login_id, siret, office)) LIKE ALL (%(words)s)
  AND (%(edge)s = '' OR (key, id) {sign} (SELECT k.key, k.id FROM keyed k WHERE k.reference = %(edge)s))
ORDER BY key {order}, id {order} LIMIT %(limit)s
"""
_FORWARD = _ACCOUNTS.format(sign=">", order="ASC")
_BACKWARD = _ACCOUNTS.format(sign="<", order="DESC")


def accounts_of(
    credential_id: int, *, words: str = "", after: str = "", before: str = "", size: int = 25
) -> AccountsPage:
    """The open accounts of a credential by name: those whose name, SIRET, identifier or office hold all the words."""
    joined = "".join(words.split())
    terms = [joined] if joined.isdigit() else fold(words).split()
    escaped = [term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for term in terms]
    values: dict[str, Any] = {
        "credential": credential_id,
        "words": [f"%{term}%" for term in escaped] or ["%"],
        "edge": before or after,
        "limit": size + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BACKWARD if before else _FORWARD, values)
        found = [AccountLine(*row) for row in cursor.fetchall()]
    more, lines = len(found) > size, found[:size]
    if before:
        lines.reverse()
    has_before, has_after = (more, bool(lines)) if before else (bool(after), more)
    return AccountsPage(
        lines,
        before=lines[0].reference if lines and has_before else "",
        after=lines[-1].reference if lines and has_after else "",
    )
