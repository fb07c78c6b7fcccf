"""Words of the back office that several pages share."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.agents.posts import Role
from parvis.landlords.selectors.offices import offices


def posts_in_words(posts: Iterable[tuple[Role, str]]) -> list[str]:
    """``Accueil — Caf de la Drôme``; a post held everywhere says so."""
    names = {office.code: office.name for office in offices()}
    return [f"{role.label} — {names.get(code, code) if code else 'toutes les caisses'}" for role, code in posts]
