"""« Bienvenue »: the services this account may open, and where one comes from when one has just changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse

from parvis.declarations.selectors import has_unsent_rents
from parvis.identity.services.own import choice
from parvis.kit.actors import Right
from parvis.landlords.selectors import open_account_name
from parvis.web.frame.page import account_pages, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

LANDLORD_SPACE = (Right.CONSULT, Right.DECLARE, Right.PAYMENTS, Right.BANK_DETAILS)


@dataclass(frozen=True, slots=True)
class Tile:
    """One service: where it is, what one finds there."""

    label: str
    url: str
    text: str
    icon: str


_TILES: tuple[tuple[str, str, str, str, tuple[Right, ...]], ...] = (
    ("Espace bailleur", "landlord-home", "Vos locataires, vos déclarations, vos versements.", "building", LANDLORD_SPACE),
    ("Consulter dossier", "file-lookup", "Le dossier logement d’un allocataire.", "file", (Right.CONSULT_FILES,)),
    ("Utilisateurs et droits", "users", "Vos collègues, et ce que chacun peut faire.", "users", (Right.ADMINISTER,)),
    ("Mon profil", "profile", "Vos coordonnées, votre mot de passe, vos connexions.", "user", ()),
)  # fmt: skip


@page(account_pages)
def welcome(request: PageRequest) -> HttpResponse:
    """The first page of an account: its services, as tiles that appear by right."""
    since, before = request.GET.get("depuis", ""), ""
    if since:
        choice.visited(by=request.actor, at=request.now)
        before = open_account_name(request.standing.credential_id, since)
    context = {
        "standing": request.standing,
        "may_open": any(request.actor.may(right) for right in LANDLORD_SPACE),
        "tiles": _tiles(request),
        "arrived": bool(since),
        "previous": before if since != request.standing.account_reference else "",
        "unsent": bool(before) and has_unsent_rents(request.standing.credential_id, since, at=request.now),
        "previous_url": reverse("welcome", args=[since]) if before else "",
    }
    return render(request, "account/home/welcome.html", context)


def _tiles(request: PageRequest) -> list[Tile]:
    """The services of those this installation has which the account's rights open."""
    tiles = []
    for label, name, text, icon, rights in _TILES:
        if rights and not any(request.actor.may(right) for right in rights):
            continue
        try:
            url = reverse(name, args=[request.standing.account_reference])
        except NoReverseMatch:
            continue
        tiles.append(Tile(label, url, text, icon))
    return tiles
