"""« Contacter votre caisse »: the offices of this account, and what to tell them of the thing one comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpResponse

from parvis.changes.selectors.requests import change_of
from parvis.changes.services.keeping import own_numbers
from parvis.declarations.selectors.history import declaration_of
from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.kit.money import NBSP, euros
from parvis.kit.periods import day
from parvis.kit.refusals import NotFound
from parvis.landlords.models import ThirdPartyNumber
from parvis.landlords.selectors import OfficeContact, offices
from parvis.tenancies.selectors.payments.statement import statement_of
from parvis.tenancies.selectors.sheet import tenancy_of
from parvis.web.frame.page import account_pages, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.july import clean, reference

Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class About:
    """What the message is about: its office where that is known, the words of the subject, what to tell."""

    office: str = ""
    subject: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Letterbox:
    """One office of the account: how it is reached, and a mail begun with what is to be told, where it has an address."""

    contact: OfficeContact
    user_number: str
    mail: str


@page(account_pages)
def contact_office(request: PageRequest) -> HttpResponse:
    """How the office is reached. What the address names and this person may not see is left out."""
    abouts = _abouts(request)
    about = abouts[0] if abouts else About()
    facts = [fact for one in abouts for fact in one.facts]
    codes = {one.office for one in abouts if one.office}
    numbers = [number for number in own_numbers(request.actor) if not codes or number.office_id in codes]
    known = {office.code: office for office in offices()}
    boxes = [
        Letterbox(
            known[number.office_id],
            number.user_number,
            _mail(request, number, known[number.office_id].email, about, facts),
        )
        for number in numbers
    ]
    context = {
        "boxes": boxes,
        "about": about,
        "facts": facts,
        "asked": request.GET.urlencode() if abouts else "",
        "message": _message(request, facts, numbers[0].user_number if len(numbers) == 1 else ""),
    }
    return render(request, "landlord/contact/contact.html", context)


def about_of(request: PageRequest) -> About:
    """What the address names, to begin a message about it; nothing where it names nothing one may see."""
    return next(iter(_abouts(request)), About())


def _abouts(request: PageRequest) -> list[About]:
    return [about for name in _ABOUT if (about := _about(request, name))]


def _about(request: PageRequest, name: str) -> About | None:
    """What one part of the address names; somebody else's, or nothing, is no subject."""
    asked = clean(request.GET.get(name, ""))[:40]
    try:
        return _ABOUT[name](request, asked) if asked else None
    except NotFound:
        return None


def _tenant(request: PageRequest, asked: str) -> About | None:
    """Name and number are on the statements of payment too; where the tenant lives is not, and is left out for who sees these alone."""
    tenancy = reference(asked)
    sees_dwelling = any(request.actor.may(right) for right in (Right.CONSULT, Right.DECLARE))
    if tenancy is None or not (sees_dwelling or request.actor.may(Right.PAYMENTS)):
        return None
    sheet = tenancy_of(request.actor, tenancy)
    facts: tuple[tuple[str, str], ...] = (("Locataire", sheet.name), ("N° allocataire", sheet.claimant_number))
    if sees_dwelling:
        place = ", ".join(part for part in (sheet.address_1, sheet.address_2, f"{sheet.postcode} {sheet.city}") if part)
        facts += (("Logement", place),)
    return About(sheet.caf_code, f"Locataire n° {sheet.claimant_number}", facts)


def _declaration(request: PageRequest, asked: str) -> About | None:
    opaque = reference(asked)
    if opaque is None or not request.actor.may(Right.CONSULT):
        return None
    sent = declaration_of(request.actor, opaque)
    at = day(day_in_paris(sent.submitted_at))
    facts = (
        ("Déclaration", f"{sent.title}, transmise le {at}"),
        ("Référence", sent.reference),
        ("Accusé d’enregistrement", sent.receipt_number),
        ("Locataire", f"{sent.name}, n° allocataire {sent.claimant_number}"),
    )
    return About(tenancy_of(request.actor, sent.tenancy).caf_code, f"{sent.title}, {sent.reference}", facts)


def _transfer(request: PageRequest, asked: str) -> About | None:
    opaque = reference(asked)
    if opaque is None or not request.actor.may(Right.PAYMENTS):
        return None
    found = statement_of(request.actor, opaque)
    facts = (("Versement", f"{euros(found.total_cents)} le {day(found.paid_on)}"), ("Référence", found.transfer_ref))
    return About(found.caf_code, f"Versement du {day(found.paid_on)}", facts)


def _change(request: PageRequest, asked: str) -> About | None:
    line, _ = change_of(request.actor, asked)
    facts = (("Demande", f"{line.kind_label}, le {day(day_in_paris(line.asked_at))}"), ("Numéro", line.number))
    return About(line.office_code, f"{line.kind_label}, {line.number}", facts)


_ABOUT: dict[str, Callable[[PageRequest, str], About | None]] = {
    "declaration": _declaration,
    "demande": _change,
    "versement": _transfer,
    "locataire": _tenant,
}


def _message(request: PageRequest, facts: Facts, user_number: str) -> str:
    """What to copy into a mail: who writes, about what."""
    who = [("Bailleur", request.standing.landlord_name), *([("N° d’utilisateur", user_number)] if user_number else [])]
    return "\n".join(["Bonjour,", "", *(f"{words}{NBSP}: {value}" for words, value in (*who, *facts))])


def _mail(request: PageRequest, number: ThirdPartyNumber, address: str, about: About, facts: Facts) -> str:
    """The address of a mail begun; nothing where the office has no mail."""
    if not address:
        return ""
    subject = f"{about.subject} - N° d’utilisateur {number.user_number}".removeprefix(" - ")
    body = _message(request, facts, number.user_number).replace("\n", "\r\n")
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject)}&body={quote(body)}"
