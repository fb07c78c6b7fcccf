"""The topics of « À faire »: bank details, papers awaited, what was declared or begun, the review of rights, July rents, direct payment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from parvis.changes.selectors.awaited import PaperLine, awaited_by_office
from parvis.changes.selectors.direct_payment import OfferLine, offers_to
from parvis.changes.selectors.requests import bank_changes_waiting_for
from parvis.contact.selectors.own import answers_to_read
from parvis.declarations.models import Kind
from parvis.declarations.selectors.bundles.unfinished import Unfinished, asked_again, begun
from parvis.declarations.selectors.campaign import CampaignCard
from parvis.identity.models import Nature
from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import day_and_month, moment
from parvis.landlords.selectors.supervised import own_review_due_on
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.home.tasks import Keyed, Sources, Task, numbered
from parvis.web.landlord.views.tenants import campaign_of

MOST = 20
"""Of the bank changes on their way at once."""


def _july(request: PageRequest, after: str, limit: int) -> Iterable[Keyed]:
    return numbered(_of_july(request), after, limit)


def _of_july(request: PageRequest) -> list[Task]:
    """What the open campaign asks, each state with its place in the grid."""
    card = campaign_of(request)
    if not request.actor.may(Right.DECLARE) or card is None or day_in_paris(request.now) < card.opens_on:
        return []
    account = request.standing.account_reference
    grid, check = reverse("july-rents", args=[account]), reverse("july-rents-check", args=[account])
    to_type, typed = f"{grid}?etat=a-saisir", f"{grid}?etat=saisis"
    until = _until(card, day_in_paris(request.now))
    unusual = f"Écart avec juillet {card.year - 1}. Confirmez ou corrigez."
    asked = [
        (card.rejected, "Corriger", "refusé", "Votre caisse dit pourquoi sur chaque ligne.", "alert", "bad", to_type),
        (card.to_correct, "Corriger", "à corriger", "Le montant saisi n’a pas été compris.", "edit", "bad", typed),
        (card.to_confirm, "Vérifier", "inhabituel", unusual, "alert", "warm", typed),
        (card.drafted, "Transmettre", "saisi", "Saisis, mais votre caisse ne les a pas encore.", "send", "info", check),
        (card.to_declare, "Saisir", "à déclarer", until, "euro", "warm", to_type),
    ]
    return [
        Task(f"{verb} {_rents(count, words)}", url, text, icon, kind)
        for count, verb, words, text, icon, kind, url in asked
        if count
    ]


def _until(card: CampaignCard, today: date) -> str:
    """Until when rents are to be typed, which is not the same day at every office."""
    on = card.next_deadline(today)
    if on is None:
        return "La date conseillée est passée."
    if card.late(today):
        over = [office.name for office in card.owing_offices if office.deadline_on < today]
        names = over[0] if len(over) == 1 else f"{len(over)}\u00a0caisses"
        return f"La date est passée\u00a0: {names}. Les autres, avant le {day_and_month(on)}."
    return f"À faire avant le {day_and_month(on)}{', selon la caisse' if card.owing_offices else ''}."


def _asked_again(request: PageRequest, after: str, limit: int) -> Iterable[Keyed]:
    """What was declared and waits for a word."""
    if not request.actor.may(Right.DECLARE):
        return []
    found = asked_again(request.actor, today=day_in_paris(request.now), after=after, limit=limit)
    return _taken_up(request, found)


def _review(request: PageRequest, after: str, limit: int) -> Iterable[Keyed]:
    """The yearly review of rights, until somebody who administers confirms it."""
    is_shared = request.standing.nature == Nature.CORPORATE
    due_on = own_review_due_on(request.actor) if is_shared else None
    if due_on is None:
        return []
    place = reverse("rights-review", args=[request.standing.account_reference])
    text = f"Qui peut entrer, et ce que chacun peut faire. À revoir depuis le {day_and_month(due_on)}."
    return numbered([Task("Revoir les droits de votre organisme", place, text, "users", "warm")], after, limit)


def _begun(request: PageRequest, after: str, limit: int) -> Iterable[Keyed]:
    """The declarations begun and not sent: nothing leaves by itself."""
    if not request.actor.may(Right.DECLARE):
        return []
    return _taken_up(request, begun(request.actor, after=after, limit=limit))


def _taken_up(request: PageRequest, lines: list[Unfinished]) -> list[Keyed]:
    account = request.standing.account_reference
    return [Keyed(line.edge, _of_unfinished(line, account)) for line in lines]


def _of_unfinished(line: Unfinished, account: str) -> Task:
    if line.declaration is None:
        place, kept = (
            reverse("declare", args=[account, line.tenancy]),
            "Vos réponses sont gardées, votre caisse ne les a pas.",
        )
        verb, icon = ("Transmettre", "send") if line.is_ready else ("Terminer", "edit")
        return Task(f"{verb}\u00a0: {line.name}", place, kept, icon, "info")
    place = reverse("declaration", args=[account, line.declaration])
    if Kind.MOVE_OUT in line.kinds:
        gone = "Le locataire a-t-il rendu les clés ce jour-là\u00a0?"
        return Task(f"Préciser le départ\u00a0: {line.name}", place, gone, "truck", "warm")
    if Kind.PREVIOUS_JULY_RENT in line.kinds:
        again = "Votre caisse l’a refusé. Déclarez-le à nouveau, avec la quittance si vous l’avez."
        return Task(f"Juillet de l’an dernier\u00a0: {line.name}", place, again, "alert", "bad")
    settled = "Un plan, un paiement\u00a0? Dites-le à votre caisse."
    return Task(f"Faire le point sur l’impayé\u00a0: {line.name}", place, settled, "nopay", "warm")


def _bank(request: PageRequest, after: str, limit: int) -> Iterable[Keyed]:
    return numbered(_of_bank(request), after, limit)


def _of_bank(request: PageRequest) -> list[Task]:
    """One's own bank changes whose code was not typed; those of a colleague that wait for another person's agreement."""
    account = request.standing.account_reference
    begun, asked = bank_changes_waiting_for(request.actor, limit=MOST, at=request.now)
    to_prove = [
        Task(
            f"Confirmer votre IBAN, fin {change.last4}",
            reverse("bank-change-code", args=[account, change.opaque]),
            "Tapez le code reçu par mail. Sans lui, rien n’est changé.",
            "bank",
            "warm",
        )
        for change in begun
    ]
    to_agree = [
        Task(
            "Donner votre accord au changement d’IBAN",
            reverse("change", args=[account, change.number]),
            f"Demandé par {change.person}, avant le {moment(change.until)}.",
            "shield",
            "warm",
        )
        for change in asked
    ]
    return to_prove + to_agree


def _papers(request: PageRequest, after: str, limit: int) -> Iterable[Keyed]:
    """The papers that an officer awaits to go on."""
    account, today = request.standing.account_reference, day_in_paris(request.now)
    found = awaited_by_office(request.actor, after=after, limit=limit)
    return [Keyed(paper.edge, _of_paper(paper, account, today)) for paper in found]


def _of_paper(paper: PaperLine, account: str, today: date) -> Task:
    return Task(
        f"Ajouter une pièce\u00a0: {', '.join(part for part in (paper.title, paper.name) if part)}",
        reverse("awaited-paper", args=[account, paper.opaque]),
        f"{paper.words}, {_by(paper, today)}.",
        "file",
        "bad" if paper.is_late(today) else "warm",
    )


def _by(paper: PaperLine, today: date) -> str:
    late = paper.is_late(today)
    return f"{'attendue depuis le' if late else 'au plus tard le'} {day_and_month(paper.answer_by)}"


def _answers(request: PageRequest, after: str, limit: int) -> Iterable[Keyed]:
    """What the office answered, until one says that it is settled or writes again."""
    account = request.standing.account_reference
    found = answers_to_read(request.actor, limit=MOST)
    tasks = [
        Task(
            f"Lire la réponse\u00a0: {line.topic_words}",
            reverse("conversation", args=[account, line.opaque]),
            f"{line.office_name}{f', le {moment(line.answered_at)}' if line.answered_at else ''}.",
            "mail",
            "info",
        )
        for line in found
    ]
    return numbered(tasks, after, limit)


def _offers(request: PageRequest, after: str, limit: int) -> Iterable[Keyed]:
    """The office's offers of direct payment: no answer is a refusal."""
    if not request.actor.may(Right.DECLARE):
        return []
    account = request.standing.account_reference
    found = offers_to(request.actor, today=day_in_paris(request.now), after=after, limit=limit)
    return [Keyed(offer.edge, _of_offer(offer, account)) for offer in found]


def _of_offer(offer: OfferLine, account: str) -> Task:
    return Task(
        f"Répondre au versement direct\u00a0: {offer.name}",
        reverse("direct-payment-offer", args=[account, offer.opaque]),
        f"Sans réponse le {day_and_month(offer.answer_by)}, c’est un refus.",
        "bank",
        "warm",
    )


def _rents(count: int, words: str) -> str:
    """``2 loyers refusés``: « à déclarer » and the like keep their writing in the plural."""
    many = count > 1
    return f"{count}\u00a0loyer{'s' if many else ''} {words}{'s' if many and not words.startswith('à ') else ''}"


SOURCES: Sources = (
    (10, _bank),
    (12, _answers),
    (15, _papers),
    (18, _asked_again),
    (19, _review),
    (20, _begun),
    (30, _july),
    (40, _offers),
)
"""What is asked, and in which order; the number is in the addresses of the pages after the first."""
