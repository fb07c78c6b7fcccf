"""Everybody whom some words name, in place and then former, a page at a time: whoever has a common name is found too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from parvis.declarations.selectors.tenant_list import TenantFilters, TenantRow, tenant_page
from parvis.kit.actors import Actor, Right
from parvis.tenancies.rules import read_search

PAGE = 10


class NamedPlace(NamedTuple):
    """After whom a page begins: a tenancy, and whether it is among the former ones."""

    is_former: bool
    reference: UUID


@dataclass(frozen=True, slots=True)
class NamedPage:
    """Those of one page, and after whom the next one begins."""

    rows: tuple[TenantRow, ...] = ()
    following: NamedPlace | None = None


def named_page(actor: Actor, words: str, *, after: NamedPlace | None = None, limit: int = PAGE) -> NamedPage:
    """The tenants whom ``words`` name, for who may see them; nobody where the words are no search.

    A place that is not in the actor's lists has nobody after it.
    """
    search = read_search(words) if words and actor.may(Right.CONSULT) else None
    if search is None:
        return NamedPage()
    found: list[tuple[bool, TenantRow]] = []
    for is_former in (False, True):
        if len(found) > limit or (after is not None and after.is_former and not is_former):
            continue
        place = after.reference if after is not None and after.is_former == is_former else None
        filters = TenantFilters(search=search, former=is_former)
        page = tenant_page(actor, filters=filters, year=None, after=place, limit=limit + 1 - len(found))
        found += [(is_former, row) for row in page.rows]
    shown = found[:limit]
    following = NamedPlace(shown[-1][0], shown[-1][1].reference) if len(found) > limit else None
    return NamedPage(tuple(row for _, row in shown), following)
