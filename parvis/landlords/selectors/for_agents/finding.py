"""« Rechercher un bailleur »: every number, name or address leads to its file, the likeliest first.

Each way of looking is one branch of one statement, read by an index of its own; a name that thousands bear is read no further
than ``READ_AT_MOST``. What belongs to other offices than the agent's is not found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.identity.models import Nature
from parvis.kit.actors import Actor, Duty
from parvis.kit.encryption import blind_index
from parvis.kit.text import like_literal
from parvis.landlords.selectors.for_agents.asked import Asked, How

SHOWN = 25
READ_AT_MOST = 200
_LAST = "\U0010ffff"
NAME_WORDS = "to_tsvector('simple'::regconfig, translate({0}, '/@:_', '    '))"
"""The words of a folded name, letter for letter as the indexes landlord_by_word and account_by_word hold them."""
_FORMS = "^(s ?c ?i|s ?a ?r ?l|s ?a ?s|s ?a|e ?u ?r ?l|association|agence|cabinet) "
"""What a caller leaves out before the name of an organisation."""
PERSON = "parvis_fold(((a.first_name)::text || ' '::text) || (a.last_name)::text)"


class Elsewhere(NamedTuple):
    """A landlord another room knows by what was typed: a claimant, a receipt, a change, a letter."""

    partner_id: UUID
    how: How
    what: str


class FoundNumber(NamedTuple):
    """One third-party number of a landlord that was found."""

    office: str
    number: str
    user_number: str
    city: str


@dataclass(frozen=True, slots=True)
class Found:
    """One landlord of the results: who, and by what; ``what`` is empty where saying it would tell a NIR or a mailbox."""

    partner_id: UUID
    name: str
    nature: Nature
    siret: str
    how: How
    what: str
    numbers: tuple[FoundNumber, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """The likeliest landlords; ``more`` says that there are others."""

    found: list[Found]
    more: bool


def office_codes(actor: Actor, duty: Duty = Duty.OPEN_FILES) -> list[str] | None:
    """The offices an agent's files are limited to; None for all of them."""
    held = actor.offices_of(duty)
    return None if held is None else sorted(held)


def find(actor: Actor, asked: Asked, elsewhere: Iterable[Elsewhere] = ()) -> Results:
    """The landlords of the agent's offices that what was typed may mean."""
    others = list(elsewhere)[:READ_AT_MOST]
    values: dict[str, Any] = {"offices": office_codes(actor), "shown": SHOWN + 1, "most": READ_AT_MOST}
    values |= {
        "other_ids": [other.partner_id for other in others],
        "other_hows": [other.how.name for other in others],
        "other_whats": [other.what for other in others],
    }
    branches = [_branch(*part) for part in _by_number(asked, values) + _by_address(asked, values)]
    branches += [_branch(*part) for part in _by_name(asked, values)]
    with connection.cursor() as cursor:
        cursor.execute(_FOUND.replace("{branches}", "".join(branches)), values)
        rows = cursor.fetchall()
    return Results([_found(row) for row in rows[:SHOWN]], len(rows) > SHOWN)


# Those of other rooms were looked for within the agent's offices already; the landlord must be of one of them all the same.
_FOUND = """
WITH hit AS (
  SELECT o.id, 0 AS rank, o.how, o.what
  FROM unnest(%(other_ids)s::uuid[], %(other_hows)s::text[], %(other_whats)s::text[]) o (id, how, what){branches}
), best AS (
  SELECT DISTINCT ON (id) id, rank, how, what FROM hit ORDER BY id, rank, how
)
SELECT l.partner_id, COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)), p.nature, l.siret,
  b.how, b.what, ARRAY(
    SELECT ARRAY[f.name, n.office_id || ' ' || n.number, n.user_number, n.city]
    FROM landlords_thirdpartynumber n JOIN landlords_office f ON f.caf_code = n.office_id
    WHERE n.landlord_id = l.partner_id AND (%(offices)s::text[] IS NULL OR n.office_id = ANY(%(offices)s))
    ORDER BY n.absent_since NULLS FIRST, n.id LIMIT 3)
FROM best b JOIN landlords_landlord l ON l.partner_id = b.id JOIN identity_partner p ON p.id = l.partner_id
WHERE %(offices)s::text[] IS NULL OR EXISTS (
  SELECT 1 FROM landlords_thirdpartynumber n WHERE n.landlord_id = l.partner_id AND n.office_id = ANY(%(offices)s))
ORDER BY b.rank, l.sort_name, l.partner_id LIMIT %(shown)s
"""
_WITHIN = """ AND (%(offices)s::text[] IS NULL OR EXISTS (
    SELECT 1 FROM landlords_thirdpartynumber w WHERE w.landlord_id = {0} AND w.office_id = ANY(%(offices)s)))"""
_LANDLORD = "landlords_landlord l", "l.partner_id"
_NUMBER = "landlords_thirdpartynumber n", "n.landlord_id"
_ACCOUNT = "identity_account a", "a.partner_id"
_MAILBOX = "identity_account a JOIN identity_credential c ON c.id = a.credential_id", "a.partner_id"

Part = tuple[tuple[str, str], int, How, str, str]
"""Tables and the column of the landlord; rank; by what; the value shown as SQL; the condition."""


def _branch(source: tuple[str, str], rank: int, how: How, shown: str, condition: str) -> str:
    tables, owner = source
    return f"""
  UNION ALL (SELECT {owner}, {rank:d}, '{how.name}', {shown} FROM {tables} WHERE {condition}{_WITHIN.format(owner)} LIMIT %(most)s)"""


def _by_number(asked: Asked, values: dict[str, Any]) -> list[Part]:
    values |= {"digits": asked.digits, "login": asked.login, "logins": asked.login + "_%"}
    parts: list[Part] = []
    if len(asked.digits) == 14:
        parts += [
            (_LANDLORD, 0, How.SIRET, "l.siret", "l.siret = %(digits)s AND l.siret <> ''"),
        ]
    if asked.user_number:
        values |= {"user_number": asked.user_number, "user_numbers": asked.user_number + "_%"}
        parts += [
            (_NUMBER, 0, How.USER_NUMBER, "n.user_number", "n.user_number = %(user_number)s"),
            (_ACCOUNT, 0, How.USER_NUMBER, "a.user_number", "a.user_number = %(user_number)s"),
            (_NUMBER, 2, How.USER_NUMBER, "n.user_number", "n.user_number LIKE %(user_numbers)s"),
        ]
    if len(asked.digits) == 9:
        values |= {"siren": asked.digits + "00000", "siren_high": asked.digits + "99999"}
        siren = "l.siret BETWEEN %(siren)s AND %(siren_high)s AND l.siret <> ''"
        parts.append((_LANDLORD, 1, How.SIREN, "l.siret", siren))
    if asked.nir:
        values["nir"] = blind_index(asked.nir, "nir")
        of_person = "landlords_landlord l JOIN identity_partner q ON q.id = l.partner_id", "l.partner_id"
        parts.append((of_person, 0, How.NIR, "''", "q.person_index = %(nir)s"))
    for office, number in asked.third_party_numbers:
        values |= {"office": office, "number": number}
        at = " AND n.office_id = %(office)s" if office else ""
        shown = "n.office_id || ' ' || n.number"
        parts.append((_NUMBER, 0, How.THIRD_PARTY, shown, f"n.number = %(number)s{at}"))
    if asked.login:
        parts.append((_ACCOUNT, 0, How.LOGIN, "a.login_id", "a.login_id = %(login)s"))
        parts.append((_ACCOUNT, 2, How.LOGIN, "a.login_id", "a.login_id LIKE %(logins)s"))
    return parts


def _by_address(asked: Asked, values: dict[str, Any]) -> list[Part]:
    if len(asked.email) < 4:
        return []
    values |= {"email": asked.email, "emails": like_literal(asked.email) + "%"}
    rank = 1 if "@" in asked.email else 5
    return [
        (_MAILBOX, rank, How.EMAIL, "''", "c.email LIKE %(emails)s"),
        (_ACCOUNT, rank, How.EMAIL, "''", "lower(a.claimed_email) LIKE %(emails)s AND a.claimed_email <> ''"),
        (_NUMBER, rank, How.EMAIL, "''", "lower(n.email) LIKE %(emails)s AND n.email <> ''"),
    ]


def _by_name(asked: Asked, values: dict[str, Any]) -> list[Part]:
    """The whole name, its beginning, its beginning in one word, its words; then those of the users."""
    if asked.digits or not asked.words or "@" in asked.email:
        return []
    joined = "".join(asked.words)
    values |= {
        "name": asked.name,
        "name_high": asked.name + _LAST,
        "joined": joined,
        "joined_high": joined + _LAST,
        "words": " & ".join(f"'{word}'" for word in asked.words),
        "beginnings": " & ".join(f"'{word}':*" for word in asked.words),
    }
    of_name, of_person = NAME_WORDS.format("l.sort_name"), NAME_WORDS.format(PERSON)
    in_one = "replace(l.sort_name, ' ', '')"
    proper = f"replace(regexp_replace(l.sort_name, '{_FORMS}', ''), ' ', '')"
    beginnings = "to_tsquery('simple'::regconfig, %(beginnings)s)"
    return [
        (_LANDLORD, 1, How.NAME, "''", "l.sort_name = %(name)s"),
        (_LANDLORD, 2, How.NAME, "''", "l.sort_name >= %(name)s AND l.sort_name < %(name_high)s"),
        (_LANDLORD, 3, How.NAME, "''", f"{of_name} @@ to_tsquery('simple'::regconfig, %(words)s)"),
        (_LANDLORD, 4, How.NAME, "''", f"{in_one} >= %(joined)s AND {in_one} < %(joined_high)s"),
        (_LANDLORD, 4, How.NAME, "''", f"{proper} >= %(joined)s AND {proper} < %(joined_high)s"),
        (_LANDLORD, 5, How.NAME, "''", f"{of_name} @@ {beginnings}"),
        (_ACCOUNT, 6, How.PERSON, "btrim(a.first_name || ' ' || a.last_name)", f"{of_person} @@ {beginnings}"),
    ]


def _found(row: tuple[Any, ...]) -> Found:
    partner_id, name, nature, siret, how, what, numbers = row
    told = tuple(FoundNumber(*number) for number in numbers)
    return Found(partner_id, name, Nature(nature), siret, How[how], what, told)
