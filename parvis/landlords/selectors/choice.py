"""The accounts of a credential, to choose from: as cheap to read for five hundred as for ten (performance.md, P5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from parvis.kit.db import all_rows, one_row
from parvis.kit.text import fold

PAGE = 10
RECENT = 3
LONGEST_REFERENCE = 12
MOST_WORDS = 10


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


class Owing(NamedTuple):
    """The accounts that have rents to declare, and how many each, as the database tells them: two arrays it is handed back.

    A room above knows them; there may be hundreds, of which a page shows ten.
    """

    ids: str = "{}"
    counts: str = "{}"


NOBODY = Owing()


class AccountLine(NamedTuple):
    """One account of a credential, as the choice of accounts shows it.

    ``is_ready``: no step of sign-in is owed there. ``remaining`` rents are to be declared, as :class:`Owing` says.
    """

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
    remaining: int

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


# Whose accounts they are is asked of a sub-select, which hides it from the planner: the plan is then the same for everybody
# and kept, for planning takes longer than reading hundreds of accounts. In the order of their names ten are read off the
# index, the others are counted in it: only what is shown is looked up further.
_MINE = "a.credential_id = (SELECT %(credential)s::bigint)"
_CLOSED = "(a.state IN ('disabled', 'frozen'))"
_ACCOUNTS = f"""
WITH newest AS (
  SELECT DISTINCT ON (kind) id, published_at FROM identity_textversion WHERE published_at <= %(at)s
  ORDER BY kind, version DESC
), edge AS (
  SELECT {_CLOSED} AS closed, a.sort_name AS key, a.id FROM identity_account a WHERE {_MINE} AND a.reference = %(edge)s
), asked AS {{kept}} (
  SELECT a.id, {_CLOSED} AS closed, a.sort_name AS key FROM identity_account a WHERE {_MINE} AND {{asked}}
), shown AS (
  (SELECT true AS listed, k.id, NULL::timestamptz AS visited_at FROM asked k WHERE {{beyond}}
   ORDER BY k.closed {{order}}, k.key {{order}}, k.id {{order}} LIMIT {{size}})
  UNION ALL
  (SELECT false, a.id, a.visited_at FROM identity_account a WHERE {_MINE} AND a.visited_at IS NOT NULL AND NOT {_CLOSED}
   ORDER BY a.visited_at DESC, a.id LIMIT {{recent}})
), held AS (
  SELECT count(*) AS held, count(*) FILTER (WHERE NOT {_CLOSED}) AS open FROM identity_account a WHERE {_MINE}
)
SELECT h.held, h.open, (SELECT count(*) FROM identity_account a WHERE {_MINE} AND a.is_favourite),
       {{offices}}, {{found}}, {{before}}, s.listed, s.id, a.reference, a.login_id,
       COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)), l.siret, COALESCE((
         SELECT o.name FROM landlords_thirdpartynumber n JOIN landlords_office o ON o.caf_code = n.office_id
         WHERE n.landlord_id = a.partner_id
         ORDER BY n.office_id = ANY(COALESCE((SELECT m.offices FROM landlords_membership m WHERE m.account_id = a.id), '{{{{}}}}')) DESC,
                  n.user_number = a.user_number DESC, n.absent_since NULLS FIRST, n.id LIMIT 1), ''),
       a.state, a.disabled_at, a.is_favourite, NOT {_CLOSED} AND {{ready}}, COALESCE(w.remaining, 0)
FROM held h LEFT JOIN shown s ON true LEFT JOIN identity_account a ON a.id = s.id
LEFT JOIN landlords_landlord l ON l.partner_id = a.partner_id
LEFT JOIN unnest(%(owing)s::bigint[], %(remaining)s::int[]) w (id, remaining) ON w.id = s.id
ORDER BY s.listed DESC, s.visited_at DESC, {_CLOSED}, a.sort_name, s.id
"""
_OFFICES = f"""(SELECT array_agg(o.caf_code || o.name) FROM landlords_office o WHERE o.caf_code IN (
  SELECT n.office_id FROM identity_account a JOIN landlords_thirdpartynumber n ON n.landlord_id = a.partner_id WHERE {_MINE}))"""
_FOUND = "(SELECT count(*) FROM asked)"
_PLACE = """(SELECT count(*) FROM asked k WHERE EXISTS (SELECT 1 FROM edge)
  AND (k.closed, k.key, k.id) {} (SELECT closed, key, id FROM edge))"""
IS_READY = """a.opened_at IS NOT NULL AND a.first_name <> '' AND a.last_name <> ''
 AND (a.opened_at >= (SELECT max(published_at) FROM newest) OR NOT EXISTS (SELECT 1 FROM newest WHERE NOT EXISTS (
   SELECT 1 FROM identity_acceptance x WHERE x.account_id = a.id AND x.text_id = newest.id)))
 AND EXISTS (SELECT 1 FROM landlords_habilitation h WHERE h.account_id = a.id AND h.right = 'declare'
             AND (h.ended_at IS NULL OR h.ended_at > %(at)s))"""
"""Whether an account ``a`` owes no step of its own before its pages, and may declare; wants ``newest``, ``%(at)s``.

An account opens when the texts then in force have been accepted: acceptances are looked up for newer texts only."""
# The key is folded already; offices are folded once, and asked only of accounts that do not hold the word themselves, where
# some office is called so at all: else each account of five hundred would be looked up for nothing. So is a SIRET, of digits only.
_WORD = """(a.sort_name LIKE (SELECT %({word})s::text) OR a.login_id LIKE (SELECT upper(%({word})s)) OR {siret} (
  EXISTS (SELECT 1 FROM landlords_office o WHERE parvis_fold(o.name) LIKE %({word})s) AND EXISTS (
    SELECT 1 FROM landlords_thirdpartynumber n WHERE n.landlord_id = a.partner_id AND n.office_id = ANY (ARRAY(
      SELECT o.caf_code FROM landlords_office o WHERE parvis_fold(o.name) LIKE %({word})s)))))"""
_SIRET = "(SELECT l.siret FROM landlords_landlord l WHERE l.partner_id = a.partner_id) LIKE %({word})s OR"
_OFFICE = """EXISTS (SELECT 1 FROM landlords_thirdpartynumber n
  WHERE n.landlord_id = a.partner_id AND n.office_id = %(office)s)"""
_NAME = """
SELECT COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name))
FROM identity_account a JOIN landlords_landlord l ON l.partner_id = a.partner_id
WHERE a.reference = %(reference)s AND a.credential_id = %(credential)s AND a.state NOT IN ('disabled', 'frozen')
"""
_BEYOND = "(NOT EXISTS (SELECT 1 FROM edge) OR (k.closed, k.key, k.id) {} (SELECT closed, key, id FROM edge))"


def choice_of(credential_id: int, asked: Choice, *, owing: Owing = NOBODY, at: datetime) -> AccountsPage:
    """The accounts of a credential by name, closed ones last; ``owing`` says which have rents to declare.

    The accounts opened last are told too, when the whole list is asked for. One statement.
    """
    conditions = {
        _OFFICE: bool(asked.office),
        "a.is_favourite": asked.which is Which.FAVOURITE,
        "a.id IN (SELECT unnest(%(owing)s::bigint[]))": asked.which is Which.OWING,
    }
    return _read(
        credential_id,
        asked,
        [condition for condition, wanted in conditions.items() if wanted],
        owing,
        at=at,
        recent=RECENT if asked.is_plain else 0,
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
    return _read(credential_id, asked, [f"NOT {_CLOSED}"], NOBODY, at=None, recent=0)


def _read(
    credential_id: int, asked: Choice, conditions: list[str], owing: Owing, *, at: datetime | None, recent: int
) -> AccountsPage:
    edge, backward = (asked.before or asked.after)[:LONGEST_REFERENCE], bool(asked.before)
    patterns = account_words(asked.words)
    conditions = [*conditions, *(_holding(word, pattern) for word, pattern in patterns.items())]
    query = _ACCOUNTS.format(
        asked=" AND ".join(conditions) or "true",
        kept="MATERIALIZED" if conditions else "NOT MATERIALIZED",
        beyond=_BEYOND.format("<" if backward else ">") if edge else "true",
        order="DESC" if backward else "ASC",
        offices=_OFFICES if at else "NULL::text[]",
        found=_FOUND if conditions else "h.held",
        before=_PLACE.format("<" if backward else "<=") if edge else "0",
        ready=IS_READY,
        size=int(asked.size),
        recent=recent,
    )
    values = {"credential": credential_id, "edge": edge, "office": asked.office, "at": at, **patterns}
    return _page(all_rows(query, values | {"owing": owing.ids, "remaining": owing.counts}), backward=backward)


def _holding(word: str, pattern: str) -> str:
    siret = _SIRET.format(word=word) if pattern.strip("%").isdigit() else ""
    return _WORD.format(word=word, siret=siret)


def account_words(words: str) -> dict[str, str]:
    """What the folded text of an account must be like, all of them, by name of value; digits are read without their blanks."""
    joined = "".join(words.split())
    terms = [joined] if joined.isdigit() else fold(words).split()
    escaped = [term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for term in terms]
    return {f"word{rank}": f"%{term}%" for rank, term in enumerate(escaped[:MOST_WORDS])}


def _page(rows: list[tuple[Any, ...]], *, backward: bool) -> AccountsPage:
    held, is_open, favourites, offices, found, passed, *_ = rows[0]
    lines = [AccountLine(*row[7:]) for row in rows if row[6]]
    # Backwards, ``passed`` counts the rows before the edge; an edge nobody has leads to the last page.
    if backward:
        passed = (passed or found) - len(lines)
    return AccountsPage(
        lines,
        before=lines[0].reference if lines and passed else "",
        after=lines[-1].reference if lines and passed + len(lines) < found else "",
        recent=[AccountLine(*row[7:]) for row in rows if row[6] is False],
        first=passed + 1 if lines else 0,
        found=found,
        held=held,
        open=is_open,
        favourites=favourites,
        offices=sorted(((text[:3], text[3:]) for text in offices or []), key=lambda pair: fold(pair[1])),
    )
