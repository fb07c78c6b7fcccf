"""Declarations, receipts, what leaves for the office: every way to break what must be true of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from parvis.audit.journal import record
from parvis.audit.models import Entry
from parvis.changes.models import AwaitedPaper
from parvis.correspondence.models import Message
from parvis.declarations.bulk.models import RentFile
from parvis.declarations.models import CampaignEntry, Declaration, Receipt
from parvis.exchange import events
from parvis.exchange.models import Delivery, DeliveryFile, OutgoingChange, OutgoingDelivery
from parvis.exchange.outbound import changes
from parvis.kit.actors import system
from parvis.kit.encryption import close
from tests.factories.awaited import paper_awaited_about
from tests.factories.changes import ANOTHER, IBAN, address_asked, bank_asked
from tests.factories.landlords import Owner, owner
from tests.upkeep.breaking import AT, breaks, by_force, first, row


@breaks("Chaque accusé que le journal annonce existe.")
def the_journal_tells_of_a_receipt_that_is_gone(_: Owner) -> str:
    by_force("UPDATE audit_entry SET subject = 'AR-2026-07-999999' WHERE event = 'declarations.submitted'")
    return first(Entry, event="declarations.submitted")


@breaks("Chaque accusé écrit à quelqu’un existe, et lui appartient.")
def a_mail_carries_a_receipt_that_is_gone(_: Owner) -> str:
    by_force("UPDATE correspondence_message SET attachment_subject = -1 WHERE attachment = 'receipt'")
    return first(Message, attachment="receipt")


@breaks("Chaque déclaration transmise attend son départ ou est dans une livraison, et une seule.")
def a_declaration_said_to_have_left_is_in_no_delivery(_: Owner) -> str:
    by_force("DELETE FROM exchange_outgoingline")
    return first(Declaration)


@breaks("Chaque pièce partie est dans une livraison, et aucune autre n’y est.")
def a_paper_said_to_have_left_is_in_no_delivery(who: Owner) -> str:
    paper = paper_awaited_about(who, Declaration.objects.order_by("pk")[0])
    AwaitedPaper.objects.filter(pk=paper.pk).update(sent_at=AT)
    return row(paper)


@breaks("Chaque livraison sortante a autant de lignes qu’elle l’annonce.")
def a_delivery_announces_a_paper_it_has_not(_: Owner) -> str:
    OutgoingDelivery.objects.update(paper_rows=1)
    return first(OutgoingDelivery)


@breaks("Chaque livraison sortante est, à l’octet près, celle qui a été scellée.")
def a_line_was_changed_after_sealing(_: Owner) -> str:
    by_force("UPDATE exchange_outgoingline SET line = line || ' ' WHERE position = 1")
    return first(OutgoingDelivery)


@breaks("Une correction demandée et non décidée en corrige une que la caisse a prise en compte.")
def a_correction_is_asked_of_nothing(_: Owner) -> str:
    asked = Declaration.objects.order_by("pk")[0]
    by_force(f"UPDATE declarations_declaration SET revises = true WHERE id = {asked.pk}")
    return row(asked)


@breaks("Chaque déclaration transmise a son accusé, et aucune autre n’en a.")
def a_declaration_has_no_receipt(_: Owner) -> str:
    by_force("UPDATE declarations_declaration SET receipt_id = NULL WHERE state = 'sent'")
    return first(Declaration)


@breaks("Chaque accusé compte ses déclarations, et en porte l’empreinte.")
def what_was_declared_was_changed(_: Owner) -> str:
    by_force("UPDATE declarations_declaration SET details = details || '{\"rent_cents\": 1}'")
    return first(Receipt)


@breaks("Chaque accusé compte ses déclarations, et en porte l’empreinte.")
def a_receipt_counts_more_than_it_holds(_: Owner) -> str:
    by_force("UPDATE declarations_receipt SET count = 9")
    return first(Receipt)


TYPED = "Un loyer saisi est sur sa ligne de la campagne tant qu’il n’est pas transmis, et nulle part ailleurs."


def _first_line() -> str:
    return min(
        f"declarations_campaignentry {year} {tenancy}"
        for year, tenancy in CampaignEntry.objects.values_list("year", "tenancy_id")
    )


@breaks(TYPED)
def a_rent_that_was_sent_is_a_draft_still(_: Owner) -> str:
    by_force("UPDATE declarations_campaignentry SET draft_saved_at = now()")
    return _first_line()


@breaks(TYPED)
def a_rent_that_is_typed_is_nowhere(_: Owner) -> str:
    by_force("UPDATE declarations_campaignentry SET state = 'to_confirm'")
    return _first_line()


@breaks(TYPED)
def a_draft_is_a_declaration(_: Owner) -> str:
    by_force("UPDATE declarations_declaration SET state = 'draft' WHERE kind = 'july_rent'")
    return first(Declaration)


@breaks("Une location a au plus un loyer de juillet vivant par année.")
def two_july_rents_of_one_tenancy(_: Owner) -> str:
    one, two = Declaration.objects.filter(kind="july_rent").order_by("pk")[:2]
    by_force(f"UPDATE declarations_declaration SET tenancy_id = {one.tenancy_id} WHERE id = {two.pk}")
    return row(one.tenancy)


@breaks("Ce qui est refusé n’a rien changé\u00a0: livraison, fichier de loyers, déclaration.")
def a_refused_delivery_was_loaded(_: Owner) -> str:
    refused = Delivery.objects.create(sequence=1, state="refused", started_at=AT)
    file = DeliveryFile.objects.create(
        delivery=refused, position=1, name="x", kind="x", mode="full", rows=1, sha256="", state="loaded"
    )
    return row(file)


@breaks("Ce qui est refusé n’a rien changé\u00a0: livraison, fichier de loyers, déclaration.")
def a_file_that_was_given_up_kept_something(who: Owner) -> str:
    return row(rent_file(who, state="abandoned", kept=1))


@breaks("Ce qui est refusé n’a rien changé\u00a0: livraison, fichier de loyers, déclaration.")
def a_refused_declaration_is_to_take_effect(_: Owner) -> str:
    by_force("UPDATE declarations_declaration SET state = 'rejected', effect_on = now()")
    return first(Declaration)


@breaks("Aucune coordonnée bancaire ne part sans preuve, attente écoulée et accord d’un agent si elle est signalée.")
def bank_details_left_without_proof(who: Owner) -> str:
    change = bank_asked(who, at=AT)
    OutgoingChange.objects.create(delivery=OutgoingDelivery.objects.get(), position=1, change=change, line=b"x")
    by_force("UPDATE changes_changerequest SET proved_at = NULL")
    return row(change)


def _bank_left(who: Owner, *, iban: str = IBAN, ago: int = 0) -> OutgoingChange:
    """A bank change that has left with that account, days ago."""
    change = bank_asked(who, at=AT)
    line = close(changes.line_of(change, iban), changes.column_of(change))
    by_force(
        f"UPDATE changes_changerequest SET state = 'sent', sent_at = now() - interval '{ago} days',"
        f" held_until = now() - interval '9 days' WHERE id = {change.pk}"
    )
    delivery = OutgoingDelivery.objects.get()
    position = delivery.changes.count() + 1
    return OutgoingChange.objects.create(delivery=delivery, position=position, change=change, line=line)


@breaks("Le compte bancaire parti est celui qui a été confirmé.")
def another_account_left(who: Owner) -> str:
    return row(_bank_left(who, iban=ANOTHER))


@breaks("Aucune coordonnée bancaire ne part sans le second accord qu’elle attendait, ni d’une demande arrêtée.")
def bank_details_left_without_the_colleague(who: Owner) -> str:
    change = _bank_left(who).change
    by_force("UPDATE changes_changerequest SET agreement_until = now()")
    return row(change)


@breaks("Aucune coordonnée bancaire ne part après une plus récente.")
def former_bank_details_left_last(who: Owner) -> str:
    former = _bank_left(who).change
    _bank_left(who, ago=1)
    by_force(f"UPDATE changes_changerequest SET proved_at = now() - interval '5 days' WHERE id = {former.pk}")
    return row(former)


@breaks("Chaque compte bancaire confirmé par son code a son entrée au journal, et une seule.")
def a_bank_change_was_never_recorded(who: Owner) -> str:
    change = bank_asked(who, at=AT)
    by_force("DELETE FROM audit_entry WHERE event = 'changes.bank_asked'")
    return row(change)


@breaks("Chaque livraison sortante a son entrée au journal, et une seule.")
def a_delivery_was_recorded_twice(_: Owner) -> str:
    with transaction.atomic():
        record(events.SEALED, subject="outgoing 000001", by=system("tests"), at=AT)
    return first(OutgoingDelivery)


@breaks("Une livraison est chargée quand tous ses fichiers le sont.")
def a_loaded_delivery_has_a_file_outside(_: Owner) -> str:
    loaded = Delivery.objects.create(sequence=1, state="loaded", started_at=AT)
    return row(
        DeliveryFile.objects.create(delivery=loaded, position=1, name="x", kind="x", mode="full", rows=1, sha256="")
    )


@breaks("Un numéro de livraison n’est accepté qu’une fois.")
def a_delivery_was_taken_twice(_: Owner) -> str:
    Delivery.objects.create(sequence=1, state="loaded", started_at=AT)
    two = Delivery.objects.create(sequence=2, state="loaded", started_at=AT)
    by_force("UPDATE exchange_delivery SET sequence = 1")
    return row(two)


@breaks("Aucune livraison de la caisse n’est en cours depuis plus d’un jour.")
def a_delivery_never_comes_to_its_end(_: Owner) -> str:
    return row(Delivery.objects.create(sequence=1, state="loading", started_at=AT - timedelta(days=2)))


@breaks("Aucune livraison sortante n’attend d’être écrite depuis plus d’un jour.")
def a_sealed_delivery_was_never_written(_: Owner) -> str:
    OutgoingDelivery.objects.update(written_at=None, produced_at=AT - timedelta(days=2))
    return first(OutgoingDelivery)


@breaks("Rien de ce qui devait partir n’est resté derrière une livraison partie depuis.")
def a_declaration_was_left_behind(_: Owner) -> str:
    by_force(
        "UPDATE declarations_declaration SET state = 'submitted', sent_at = NULL, submitted_at = now() - interval '9 days'"
    )
    return first(Declaration)


@breaks("Rien d’un bailleur ne tient à un autre.")
def a_receipt_is_of_the_account_of_another(_: Owner) -> str:
    by_force(f"UPDATE declarations_receipt SET account_id = {owner().account.pk}")
    return first(Receipt)


@breaks("Rien d’un bailleur ne tient à un autre.")
def a_declaration_is_of_another_than_its_receipt(_: Owner) -> str:
    by_force(f"UPDATE declarations_declaration SET landlord_id = '{owner().landlord.pk}'")
    return first(Declaration)


@breaks("Rien d’un bailleur ne tient à un autre.")
def a_change_is_of_the_number_of_another(who: Owner) -> str:
    (change,) = address_asked(who, at=AT)
    other = owner().landlord.third_party_numbers.get()
    by_force(f"UPDATE changes_changerequest SET third_party_number_id = {other.pk}")
    return row(change)


@breaks("Rien d’un bailleur ne tient à un autre.")
def a_message_to_one_is_in_the_file_of_another(_: Owner) -> str:
    Message.objects.update(partner_id=owner().landlord.pk)
    return first(Message)


@breaks("Les livraisons chargées se suivent sans trou.")
def a_delivery_was_never_loaded(_: Owner) -> str:
    return row(Delivery.objects.create(sequence=3, state="loaded", started_at=AT))


@breaks("Une livraison libérée l’a été par une autre personne que celle qui le demandait.")
def one_agent_released_alone(_: Owner) -> str:
    told = {"asked_by": "a.bernard", "released_by": "a.bernard", "released_at": AT}
    return row(Delivery.objects.create(sequence=1, state="loaded", started_at=AT, **told))


@breaks("Les livraisons sortantes se suivent sans trou.")
def an_outgoing_number_is_missing(_: Owner) -> str:
    OutgoingDelivery.objects.update(sequence=7)
    return first(OutgoingDelivery)


@breaks("Aucun flux n’a rouvert un loyer transmis.")
def a_rent_that_was_sent_is_to_declare_again(_: Owner) -> str:
    by_force("UPDATE declarations_campaignentry SET state = 'to_declare'")
    return min(f"declarations_campaignentry {one.year} {one.tenancy_id}" for one in CampaignEntry.objects.all())


@breaks("Un fichier de loyers a autant de lignes jugées qu’il en compte, une pour une.")
def a_file_counts_lines_it_has_not(who: Owner) -> str:
    return row(rent_file(who, state="ready", counts={"ready": 3}))


@breaks("Un fichier confirmé n’a gardé ni plus ni moins que ce qu’il proposait.")
def a_file_kept_more_than_its_lines(who: Owner) -> str:
    return row(rent_file(who, state="confirmed", kept=2, confirmed_at=AT))


def rent_file(who: Owner, **fields: Any) -> RentFile:
    """A file of July rents without a line."""
    known: dict[str, Any] = {"landlord": who.landlord, "account": who.account, "year": 2026, "name": "loyers.csv"}
    return RentFile.objects.create(received_at=AT, reference=uuid4(), **known, **fields)
