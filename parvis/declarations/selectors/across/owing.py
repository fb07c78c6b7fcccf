"""Which accounts of a credential have July rents to declare, how many, and those of one page (performance.md, P5).

Only accounts that may declare and owe no step of sign-in are read: what a page of the account would not show is not
shown here either. Of hundreds of accounts a page is told sums, and the few whose rents it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from parvis.declarations.models import OPEN_STATES
from parvis.kit.clock import day_in_paris
from parvis.kit.db import all_rows, one_row
from parvis.kit.text import fold
from parvis.landlords.selectors.choice import IS_READY, Owing, account_words

FEW = 25
"""So many accounts are told one by one; of more, those a page shows."""
_REMAINING = " + ".join(f"c.{state}" for state in OPEN_STATES)
_WHOLE = f"({' + '.join(f'whole.{state}' for state in OPEN_STATES)})"

# Whose accounts they are is asked of a sub-select, which hides it from the planner: the plan is then the same for everybody
# and kept, for planning takes longer than reading hundreds of accounts.
# The campaign of each account is that of its own pages: the newest opened one, national or of an office of the landlord.
NEWEST = """
WITH newest AS (
  SELECT DISTINCT ON (kind) id, published_at FROM identity_textversion WHERE published_at <= %(at)s
  ORDER BY kind, version DESC
)"""
"""The texts in force, which ``IS_READY`` wants."""
_OWING = f"""{NEWEST}, opened AS (
  SELECT year, office_id FROM declarations_rentcampaign WHERE opens_on <= %(today)s
), national AS (
  SELECT max(year) AS year FROM opened WHERE office_id IS NULL
), early AS (
  SELECT year, office_id FROM opened WHERE office_id IS NOT NULL AND year > COALESCE((SELECT year FROM national), 0)
), owing AS MATERIALIZED (
  SELECT a.id, a.partner_id, a.reference, a.sort_name AS key, whole.year, COALESCE(m.offices, '{{}}') AS offices, CASE
    WHEN COALESCE(cardinality(m.offices), 0) = 0 THEN {_WHOLE}
    ELSE (SELECT COALESCE(sum({_REMAINING}), 0)::int FROM declarations_campaignofficecount c
          WHERE c.landlord_id = a.partner_id AND c.year = whole.year AND c.caf_code = ANY(m.offices))
    END AS remaining, CASE
    WHEN COALESCE(cardinality(m.offices), 0) = 0 THEN whole.drafted
    ELSE (SELECT COALESCE(sum(c.drafted), 0)::int FROM declarations_campaignofficecount c
          WHERE c.landlord_id = a.partner_id AND c.year = whole.year AND c.caf_code = ANY(m.offices))
    END AS drafted
  FROM identity_account a LEFT JOIN landlords_membership m ON m.account_id = a.id
  JOIN declarations_campaigncount whole ON whole.landlord_id = a.partner_id AND whole.year = CASE WHEN EXISTS (SELECT 1 FROM early)
    THEN COALESCE((SELECT max(e.year) FROM early e JOIN landlords_thirdpartynumber own ON own.office_id = e.office_id
                   WHERE own.landlord_id = a.partner_id
                     AND (COALESCE(cardinality(m.offices), 0) = 0 OR own.office_id = ANY(m.offices))), (SELECT year FROM national))
    ELSE (SELECT year FROM national) END
  WHERE a.credential_id = (SELECT %(credential)s::bigint) AND a.state NOT IN ('disabled', 'frozen') AND {_WHOLE} > 0 AND {IS_READY}
)
"""
EVERY = _OWING.replace(f" AND {_WHOLE} > 0", "")
"""The same of every account that may declare, also where nothing remains."""
_REMAINS = """SELECT count(*), COALESCE(sum(remaining), 0)::int, COALESCE(sum(drafted), 0)::int, count(*) FILTER (WHERE drafted > 0),
  COALESCE(array_agg(id)::text, '{}'), COALESCE(array_agg(remaining)::text, '{}') FROM owing WHERE remaining > 0"""
_DETAILS = """a.id, a.reference, a.partner_id, a.year, a.offices, a.remaining, a.drafted,
       EXISTS (SELECT 1 FROM landlords_habilitation h WHERE h.account_id = a.id AND h.right = 'payments'
               AND (h.ended_at IS NULL OR h.ended_at > %(at)s)),
       COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)),
       COALESCE(o.caf_code, ''), COALESCE(o.name, '')"""
OF_DETAILS = """LEFT JOIN identity_account held ON held.id = a.id LEFT JOIN landlords_landlord l ON l.partner_id = a.partner_id
LEFT JOIN LATERAL (SELECT own.office_id FROM landlords_thirdpartynumber own WHERE own.landlord_id = a.partner_id
  ORDER BY own.office_id = ANY(a.offices) DESC,
           own.user_number = held.user_number DESC, own.absent_since NULLS FIRST, own.id LIMIT 1) n ON true
LEFT JOIN landlords_office o ON o.caf_code = n.office_id"""
# IS FALSE, not NOT: this one is found in the index of the choice of accounts, the other is turned into a list of states first.
_SHARES_NAME = """EXISTS (SELECT 1 FROM identity_account x WHERE x.credential_id = held.credential_id
  AND (x.state IN ('disabled', 'frozen')) IS FALSE AND x.sort_name = a.key AND x.id <> a.id)"""
_ALL = f"""
SELECT {_DETAILS}, {_SHARES_NAME} FROM owing a {OF_DETAILS} WHERE a.remaining > 0 AND {{asked}} ORDER BY a.key, a.id
"""
# Of few accounts all are told. Of many, those from the edge on: each holds one rent at least, so a page needs no more.
_PAGE = f"""
, asked AS (
  SELECT a.* FROM owing a WHERE a.remaining > 0 AND {{asked}}
), edge AS (
  SELECT key, id FROM asked WHERE reference = %(edge)s
), told AS (
  SELECT count(*) AS accounts, COALESCE(sum(remaining), 0)::int AS rents, COALESCE(sum(drafted), 0)::int AS ready,
         count(*) FILTER (WHERE drafted > 0) AS ready_in FROM owing WHERE remaining > 0
), shown AS (
  SELECT a.*, EXISTS (SELECT 1 FROM asked k WHERE k.id = a.id) AS asked FROM owing a
  WHERE a.remaining > 0 AND (SELECT accounts FROM told) <= {FEW}
  UNION ALL
  (SELECT k.*, true FROM asked k WHERE (SELECT accounts FROM told) > {FEW} AND {{beyond}}
   ORDER BY k.key {{order}}, k.id {{order}} LIMIT {{limit}})
)
SELECT told.accounts, told.rents, told.ready, told.ready_in, {{chosen}}, (
  SELECT array_agg(o.caf_code || o.name) FROM landlords_office o WHERE o.caf_code IN (
    SELECT own.office_id FROM owing k JOIN landlords_thirdpartynumber own ON own.landlord_id = k.partner_id
    WHERE k.remaining > 0 AND (cardinality(k.offices) = 0 OR own.office_id = ANY(k.offices)))),
  a.asked, {_DETAILS}, {_SHARES_NAME}
FROM told LEFT JOIN shown a ON true {OF_DETAILS} ORDER BY a.key, a.id
"""
_CHOSEN = "(SELECT COALESCE(sum(remaining), 0)::int FROM asked)"
_BEYOND = "(k.key, k.id) {} (SELECT key, id FROM edge)"
_AT_OFFICE = """EXISTS (SELECT 1 FROM landlords_thirdpartynumber own WHERE own.landlord_id = a.partner_id
    AND own.office_id = %(office)s AND (cardinality(a.offices) = 0 OR own.office_id = ANY(a.offices)))"""
_WORD = """EXISTS (SELECT 1 FROM identity_account x JOIN landlords_landlord l ON l.partner_id = x.partner_id
    WHERE x.id = a.id AND concat_ws(' ', x.sort_name, lower(x.login_id), l.siret) LIKE %({word})s)"""
_TYPED = (
    _OWING.replace(
        "WHERE a.credential_id = (SELECT %(credential)s::bigint)",
        "WHERE a.credential_id = (SELECT %(credential)s::bigint) AND a.reference = %(reference)s",
    )
    + """
SELECT 1 FROM owing a JOIN declarations_campaignofficecount c ON c.landlord_id = a.partner_id AND c.year = a.year
WHERE c.drafted + c.to_confirm + c.to_correct > 0 AND (cardinality(a.offices) = 0 OR c.caf_code = ANY(a.offices)) LIMIT 1
"""
)


class OwingAccount(NamedTuple):
    """An account with July rents to declare; ``offices`` are those its person is limited to, none for all.

    ``drafted`` of the ``remaining`` ones are ready to leave; ``sees_aid`` says whether its person may see payments there.
    ``shares_name``: another account with rents to declare bears the same name.
    """

    id: int
    reference: str
    partner_id: UUID
    year: int
    offices: list[str]
    remaining: int
    drafted: int
    sees_aid: bool
    name: str
    caf_code: str
    office: str
    shares_name: bool

    @property
    def title(self) -> str:
        """Its name, with the office where several accounts bear that name."""
        return titled(self.name, self.office if self.shares_name else "")


def titled(name: str, office: str) -> str:
    """What an account is called among others: its name, with an office if one is told."""
    return f"{name}, {office}" if office else name


class Remaining(NamedTuple):
    """What remains in all accounts together: so many ``accounts`` have ``rents`` to declare, ``ready_in`` of them hold ``ready`` ones."""

    accounts: int
    rents: int
    ready: int
    ready_in: int


@dataclass(frozen=True, slots=True)
class Among:
    """Which accounts are asked for, all if nothing is said: by reference or by words of name, SIRET or identifier; by office."""

    account: str = ""
    office: str = ""


EVERYTHING = Among()


@dataclass(frozen=True, slots=True)
class OwingPage:
    """What a page of rents needs to know of the accounts that have some.

    ``accounts`` are those asked for, by name, from the edge of the page on and as many as it may show; ``all`` are all of a
    person who has few, empty for one who has many. ``chosen`` counts the rents of all those asked for.
    """

    told: Remaining
    chosen: int
    accounts: list[OwingAccount]
    all: list[OwingAccount]
    offices: list[tuple[str, str]]


def remaining_by_account(credential_id: int, *, at: datetime) -> tuple[Remaining, Owing]:
    """How many July rents remain: in all, and in each account of the credential that has some. One statement."""
    row = one_row(_OWING + _REMAINS, asked_by(credential_id, at))
    assert row is not None
    return Remaining(*row[:4]), Owing(*row[4:])


def accounts_owing(credential_id: int, among: Among = EVERYTHING, *, at: datetime) -> list[OwingAccount]:
    """All accounts with July rents to declare, of those asked for, by name."""
    conditions, values = _among(among)
    query = _OWING + _ALL.format(asked=" AND ".join(conditions) or "true")
    return [OwingAccount(*row) for row in all_rows(query, {**asked_by(credential_id, at), **values})]


def _among(among: Among) -> tuple[list[str], dict[str, Any]]:
    """What the accounts asked for must be, and the values of it."""
    words = account_words(among.account)
    conditions = [_AT_OFFICE] if among.office else []
    if among.account:
        named = " AND ".join(_WORD.format(word=word) for word in words) or "false"
        conditions.append(f"(a.reference = %(account)s OR ({named}))")
    return conditions, {**words, "account": among.account, "office": among.office}


def owing_page(
    credential_id: int, among: Among, *, edge: str = "", backward: bool = False, size: int, at: datetime
) -> OwingPage:
    """The accounts of one page of ``size`` rents, from the account ``edge`` on or, ``backward``, up to it. One statement.

    An account that has nothing left to declare, or is not among those asked for, is no edge: the first ones are told.
    """
    conditions, asked = _among(among)
    page = _PAGE.format(
        asked=" AND ".join(conditions) or "true",
        chosen=_CHOSEN if conditions else "told.rents",
        beyond=_BEYOND.format("<=" if backward else ">=") if edge else "true",
        order="DESC" if backward else "ASC",
        limit=size + 2,
    )
    values = {**asked_by(credential_id, at), **asked, "edge": edge}
    rows = all_rows(_OWING + page, values)
    *told, chosen, offices = rows[0][:6]
    found = [(row[6], OwingAccount(*row[7:])) for row in rows if row[6] is not None]
    if edge and chosen and not any(asked for asked, _ in found):
        return owing_page(credential_id, among, size=size, at=at)
    return OwingPage(
        Remaining(*told),
        chosen,
        [account for asked, account in found if asked],
        [account for _, account in found] if told[0] <= FEW else [],
        sorted(((text[:3], text[3:]) for text in offices or []), key=lambda pair: fold(pair[1])),
    )


def asked_by(credential_id: int, at: datetime) -> dict[str, Any]:
    """The values these statements take."""
    return {"credential": credential_id, "at": at, "today": day_in_paris(at)}


def has_unsent_rents(credential_id: int, reference: str, *, at: datetime) -> bool:
    """Whether July rents were typed and not sent in an account of this credential; never so in anybody else's."""
    return one_row(_TYPED, {**asked_by(credential_id, at), "reference": reference}) is not None
