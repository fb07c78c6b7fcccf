"""The accounts of a credential, to choose from: as cheap to read for five hundred as for ten (performance.md, P5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection

from parvis.kit.db import one_row
from parvis.kit.text import fold

PAGE = 10
RECENT = 3
LONGEST_REFERENCE = 12


class Which(StrEnum):
    """Which accounts are shown, by their word in the address."""

    ALL = ""
    OWING = "a-declarer"
    FAVOURITE = "favoris"


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked of the choice: words, an office, some of the accounts; ``after`` and ``before`` are references."""

    words: str = ""
    office: str = ""
    which: Which = Which.ALL
    after: str = ""
    before: str = ""
    size: int = PAGE

    @property
    def is_plain(self) -> bool:
        """Whether nothing was asked: the whole list, from its beginning or not."""
        return not (self.words or self.office or self.which)


class AccountLine(NamedTuple):
    """One account of a credential, as the choice of accounts shows it. ``is_ready``: no step of sign-in is owed there."""

    id: int
    reference: str
    login_id: str
    name: str
    siret: str
    office: str
    state: str
    closed_at: datetime | None
    is_favourite: bool
    is_ready: bool

    @property
    def is_closed(self) -> bool:
        """Whether nobody may enter any more."""
        return self.state in ("disabled", "frozen")


@dataclass(frozen=True, slots=True)
class AccountsPage:
    """One page of the choice; ``before`` and ``after`` are references to page from, empty at the ends.

    ``first`` is the place of the first line among the ``found`` ones; ``held`` counts all accounts, closed ones included,
    ``open`` those that may be entered. ``offices`` are pairs (code, name).
    """

    lines: list[AccountLine]
    before: str
    after: str
    recent: list[AccountLine] = field(default_factory=list)
    first: int = 0
    found: int = 0
    held: int = 0
    open: int = 0
    favourites: int = 0
    offices: list[tuple[str, str]] = field(default_factory=list)


# The key of names without accents costs a tenth of that of the others, and sorts the same.
_ACCOUNTS = """
WITH newest AS (
  SELECT DISTINCT ON (kind) id FROM identity_textversion WHERE published_at <= %(at)s ORDER BY kind, version DESC
), mine AS MATERIALIZED (
  SELECT a.id, a.reference, a.login_id, a.state, a.disabled_at, a.is_favourite, a.visited_at, l.siret,
         a.state IN ('disabled', 'frozen') AS closed,
         COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)) AS name,
         COALESCE(n.office_id, (SELECT own.office_id FROM landlords_thirdpartynumber own WHERE own.landlord_id = a.partner_id
                                ORDER BY own.absent_since NULLS FIRST, own.id LIMIT 1)) AS caf_code
  FROM identity_account a JOIN landlords_landlord l ON l.partner_id = a.partner_id
  LEFT JOIN landlords_thirdpartynumber n ON n.user_number = a.user_number AND n.landlord_id = a.partner_id
  WHERE a.credential_id = %(credential)s
), keyed AS (
  SELECT m.*, COALESCE(o.name, '') AS office, (CASE WHEN octet_length(m.name) = length(m.name)
           THEN translate(lower(m.name COLLATE "C"), '-.''', '   ') ELSE parvis_fold(m.name) END) COLLATE "C" AS key
  FROM mine m LEFT JOIN landlords_office o ON o.caf_code = m.caf_code
), edge AS (
  SELECT closed, key, id FROM keyed WHERE reference = %(edge)s
), placed AS (
  SELECT k.*, row_number() OVER (ORDER BY closed, key, id) AS place, count(*) OVER () AS found FROM keyed k WHERE {held}
), shown AS (
  (SELECT true AS listed, p.* FROM placed p WHERE {beyond} ORDER BY p.place {order} LIMIT %(size)s)
  UNION ALL
  (SELECT false, k.*, 0, 0 FROM keyed k WHERE %(recent)s > 0 AND k.visited_at IS NOT NULL AND NOT k.closed
   ORDER BY k.visited_at DESC, k.id LIMIT %(recent)s)
), held AS (
  SELECT count(*) AS held, count(*) FILTER (WHERE NOT closed) AS open, count(*) FILTER (WHERE is_favourite) AS favourites,
         array_agg(DISTINCT caf_code || office) FILTER (WHERE office <> '') AS offices FROM keyed
)
SELECT h.held, h.open, h.favourites, h.offices, s.listed, s.place, s.found,
       s.id, s.reference, s.login_id, s.name, s.siret, s.office, s.state, s.disabled_at, s.is_favourite,
       NOT s.closed AND {ready}
FROM held h LEFT JOIN shown s ON true LEFT JOIN identity_account a ON a.id = s.id
ORDER BY s.listed DESC, s.place, s.visited_at DESC, s.id
"""
IS_READY = """a.opened_at IS NOT NULL AND a.first_name <> '' AND a.last_name <> ''
 AND (SELECT count(*) FROM identity_acceptance x WHERE x.account_id = a.id AND x.text_id IN (SELECT id FROM newest))
     = (SELECT count(*) FROM newest)
 AND EXISTS (SELECT 1 FROM landlords_habilitation h WHERE h.account_id = a.id AND h.right = 'declare'
             AND (h.ended_at IS NULL OR h.ended_at > %(at)s))"""
"""Whether an account ``a`` owes no step of its own before its pages, and may declare; wants ``newest``, ``%(at)s``."""
_WORDS = "parvis_fold(concat_ws(' ', name, login_id, siret, office)) LIKE ALL (%(words)s)"
_NAME = """
SELECT COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name))
FROM identity_account a JOIN landlords_landlord l ON l.partner_id = a.partner_id
WHERE a.reference = %(reference)s AND a.credential_id = %(credential)s AND a.state NOT IN ('disabled', 'frozen')
"""
_BEYOND = "(NOT EXISTS (SELECT 1 FROM edge) OR (p.closed, p.key, p.id) {} (SELECT closed, key, id FROM edge))"


def choice_of(credential_id: int, asked: Choice, *, owing: Iterable[int] = (), at: datetime) -> AccountsPage:
    """The accounts of a credential by name, closed ones last; ``owing`` says which have rents to declare.

    The accounts opened last are told too, when the whole list is asked for. One statement.
    """
    conditions = {
        _WORDS: bool(asked.words),
        "k.caf_code = %(office)s": bool(asked.office),
        "k.is_favourite": asked.which is Which.FAVOURITE,
        "k.id = ANY(%(owing)s)": asked.which is Which.OWING,
    }
    return _read(
        credential_id,
        asked,
        [condition for condition, wanted in conditions.items() if wanted],
        {"at": at, "owing": list(owing), "recent": RECENT if asked.is_plain else 0},
    )


def open_account_name(credential_id: int, reference: str) -> str:
    """The name of an open account of this very credential; nothing for any other, or none."""
    if not reference.isalnum():
        return ""
    values = {"credential": credential_id, "reference": reference[:LONGEST_REFERENCE]}
    row = one_row(_NAME, values)
    return str(row[0]) if row else ""


def accounts_of(
    credential_id: int, *, words: str = "", after: str = "", before: str = "", size: int = 25
) -> AccountsPage:
    """The open accounts of a credential by name: those whose name, SIRET, identifier or office hold all the words."""
    asked = Choice(words=words, after=after, before=before, size=size)
    conditions = ["NOT k.closed", *([_WORDS] if words else [])]
    return _read(credential_id, asked, conditions, {"at": None, "recent": 0})


def _read(credential_id: int, asked: Choice, conditions: list[str], values: dict[str, Any]) -> AccountsPage:
    edge = (asked.before or asked.after)[:LONGEST_REFERENCE]
    beyond = _BEYOND.format("<" if asked.before else ">") if edge else "true"
    query = _ACCOUNTS.format(
        held=" AND ".join(conditions) or "true",
        beyond=beyond,
        order="DESC" if asked.before else "ASC",
        ready=IS_READY,
    )
    values |= {"credential": credential_id, "edge": edge, "size": asked.size, "office": asked.office}
    values["words"] = _patterns(asked.words)
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows = cursor.fetchall()
    return _page(rows)


def _patterns(words: str) -> list[str]:
    """What the folded text of an account must be like, all of them; digits are read without their blanks."""
    joined = "".join(words.split())
    terms = [joined] if joined.isdigit() else fold(words).split()
    escaped = [term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for term in terms]
    return [f"%{term}%" for term in escaped] or ["%"]


def _page(rows: list[tuple[Any, ...]]) -> AccountsPage:
    held, is_open, favourites, offices, *_ = rows[0]
    listed = [row for row in rows if row[4]]
    lines = [AccountLine(*row[7:]) for row in listed]
    first, last, found = (listed[0][5], listed[-1][5], listed[0][6]) if listed else (0, 0, 0)
    return AccountsPage(
        lines,
        before=lines[0].reference if first > 1 else "",
        after=lines[-1].reference if last < found else "",
        recent=[AccountLine(*row[7:]) for row in rows if row[4] is False],
        first=first,
        found=found,
        held=held,
        open=is_open,
        favourites=favourites,
        offices=sorted(((text[:3], text[3:]) for text in offices or []), key=lambda pair: fold(pair[1])),
    )
