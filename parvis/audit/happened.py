"""What happened around one landlord, whoever keeps it: several tables read as one list, the newest first.

Each room says which of its rows are lines of that list (:class:`Branch`); one statement reads the first ones of each by its
index and puts them in order. A page costs what it shows: what a branch leaves out on the way is read ``READ_AT_MOST`` rows a page,
and where that was not enough the list says from where it goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Value

from parvis.audit.journal import QUIET
from parvis.audit.models import Entry
from parvis.kit.actors import ActorKind
from parvis.kit.merging import rows as rows_of

READ_AT_MOST = 2_000
MOST_PARTS = 4
"""What is rare is looked for in so many parts of the list, one after the other, before a page says that it found nothing."""


class Place(NamedTuple):
    """One line, or where a reading stopped: the page after it begins there. ``branch`` tells lines of one moment apart, then ``pk``."""

    at: datetime
    branch: str
    pk: int

    @property
    def word(self) -> str:
        """As the address carries it."""
        return f"{self.at.isoformat()}|{self.branch}|{self.pk}"


def read_place(word: str) -> Place | None:
    """What an address carried; None of what cannot be read: the list then begins at its beginning."""
    moment, _, rest = word.partition("|")
    branch, _, key = rest.partition("|")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    is_key = key.isascii() and key.isdecimal() and len(key) < 19
    is_place = at.tzinfo is not None and at.year >= 1900 and is_key and branch.isascii() and branch.isalpha()
    return Place(at, branch, int(key)) if is_place else None


@dataclass(frozen=True, slots=True)
class Branch:
    """The rows of one table around a landlord, found by an index in the order of ``at``; ``seen`` is which of them are lines."""

    rows: QuerySet[Any]
    at: str
    seen: Q | None = None


@dataclass(frozen=True, slots=True)
class HappenedPage:
    """Lines, the newest first, and where the next page begins; None at the end."""

    places: list[Place]
    next: Place | None


def happened(branches: Mapping[str, Branch], *, before: Place | None = None, limit: int) -> HappenedPage:
    """The lines of all branches beyond a place, in one statement; a few of them where much is left out on the way."""
    for _ in range(MOST_PARTS):
        places, stopped = _part(branches, before, limit)
        if places or stopped is None:
            break
        before = stopped
    if len(places) > limit:
        return HappenedPage(places[:limit], places[limit - 1])
    return HappenedPage(places, stopped)


# A materialized CTE is read lazily and in its own order: lines found early end the reading there.
_BRANCH = """{name}_read AS MATERIALIZED ({rows}),
{name}_line AS MATERIALIZED (SELECT moment, row_pk FROM {name}_read WHERE is_line LIMIT %s)"""
_LINES = """SELECT moment, '{name}' AS branch, row_pk, true AS is_line FROM {name}_line
UNION ALL (SELECT moment, '{name}', row_pk, false FROM {name}_read WHERE (SELECT count(*) FROM {name}_line) < %s OFFSET %s LIMIT 1)"""
_ORDER = 'ORDER BY moment DESC, branch COLLATE "C" DESC, row_pk DESC, is_line DESC LIMIT %s'


def _part(branches: Mapping[str, Branch], before: Place | None, limit: int) -> tuple[list[Place], Place | None]:
    """The lines down to where a branch stopped reading, if one did: further down some of its own may be missing."""
    reads: dict[str, tuple[str, tuple[Any, ...]]] = {}
    for name, branch in branches.items():
        with suppress(EmptyResultSet):
            reads[name] = _reading(name, branch, before).query.sql_with_params()
    if not reads:
        return [], None
    heads = ", ".join(_BRANCH.format(name=name, rows=sql) for name, (sql, _) in reads.items())
    lines = " UNION ALL ".join(_LINES.format(name=name) for name in reads)
    values = [value for _, told in reads.values() for value in (*told, limit + 1)]
    values += [limit + 1, READ_AT_MOST - 1] * len(reads) + [limit + 1 + len(reads)]
    places: list[Place] = []
    for at, name, pk, is_line in rows_of(f"WITH {heads} SELECT * FROM ({lines}) found {_ORDER}", values):
        place = Place(at, name, pk)
        if not is_line:
            return places, place
        places.append(place)
    return places, None


def _reading(name: str, branch: Branch, before: Place | None) -> QuerySet[Any]:
    """As many rows of a branch as one page may read, in their order."""
    rows = branch.rows
    if before is not None:
        rows = rows.filter(**{f"{branch.at}__lte": before.at})
    if before is not None and name >= before.branch:
        earlier = Q(**{f"{branch.at}__lt": before.at})
        rows = rows.filter(
            earlier | Q(**{branch.at: before.at, "pk__lt": before.pk}) if name == before.branch else earlier
        )
    is_line: Any = ExpressionWrapper(branch.seen, BooleanField()) if branch.seen else Value(True)
    shown: QuerySet[Any] = rows.annotate(moment=F(branch.at), row_pk=F("pk"), is_line=is_line)
    in_order: QuerySet[Any] = shown.order_by(f"-{branch.at}", "-pk").values_list("moment", "row_pk", "is_line")
    return in_order[:READ_AT_MOST]


BY_LANDLORD, BY_MACHINERY = "journal", "machinery"
"""The two branches of the journal: acts in the name of a landlord, and those on its accounts that are in nobody's."""


@dataclass(frozen=True, slots=True)
class Acts:
    """Which acts are lines: of these rooms, by the beginning of their code, or of all; by agents alone, by others alone, or by both
    (None); ``without`` the acts of these codes."""

    rooms: tuple[str, ...] = ()
    by_agents: bool | None = None
    without: frozenset[str] = frozenset()

    @property
    def seen(self) -> Q:
        """The condition of an entry."""
        of_rooms = Q()
        for room in self.rooms:
            of_rooms |= Q(event__startswith=f"{room}.")
        by = Q(actor_kind=ActorKind.AGENT.value)
        by_whom = Q() if self.by_agents is None else by if self.by_agents else ~by
        return ~Q(event__in=sorted(QUIET | self.without)) & of_rooms & by_whom


def journal_branches(
    partner_id: UUID, subjects: Collection[str], acts: Acts, *, offices: Collection[str] | None
) -> dict[str, Branch]:
    """The acts by a landlord, for it, or with the accounts named by ``subjects``; ``offices`` as for
    :func:`parvis.audit.selectors.journal_of_partner`, and the looks inside a file are left out as there."""
    seen = acts.seen
    if offices is not None:
        seen &= ~Q(details__has_key="office") | Q(details__office__in=["", *offices])
    own = Entry.objects.filter(partner_id=partner_id)
    others = Entry.objects.filter(subject__in=list(subjects)).exclude(partner_id=partner_id)
    return {BY_LANDLORD: Branch(own, "at", seen), BY_MACHINERY: Branch(others, "at", seen)}
