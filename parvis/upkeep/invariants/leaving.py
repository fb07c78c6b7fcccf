"""What leaves for the office, what comes from it, and when: whole, told once, never late without somebody seeing it."""

from __future__ import annotations

import json
from datetime import datetime

from parvis.changes.models import ChangeKind
from parvis.exchange.models import OutgoingChange
from parvis.exchange.outbound.changes import column_of
from parvis.kit.encryption import CannotOpen, blind_index, open_
from parvis.upkeep.invariants.invariant import Fault, Invariant, none_of


def _another_account(at: datetime) -> Fault | None:
    """The first bank change whose sealed line is not of the account that the code, the colleague and the agent saw."""
    sealed = OutgoingChange.objects.filter(change__kind=ChangeKind.BANK_DETAILS).select_related("change").order_by("pk")
    for one in sealed.iterator(chunk_size=500):
        try:
            iban = str(json.loads(open_(bytes(one.line), column_of(one.change)))["details"]["iban"])
        except (CannotOpen, KeyError, ValueError):
            iban = ""
        if blind_index(iban, "iban") != bytes(one.change.iban_index or b"") or iban[-4:] != one.change.iban_last4:
            return Fault(f"exchange_outgoingchange {one.pk}", f"demande {one.change.number}")
    return None


LEAVING = (
    Invariant("I13", "Le compte bancaire parti est celui qui a été confirmé.", _another_account),
    none_of("I13", "Aucune coordonnée bancaire ne part sans le second accord qu’elle attendait, ni d’une demande arrêtée.", """
      SELECT 'changes_changerequest ' || c.id FROM changes_changerequest c
      JOIN exchange_outgoingchange o ON o.change_id = c.id
      WHERE c.kind = 'bank_details' AND (c.held_until IS NULL OR c.sent_at IS NULL
        OR c.state NOT IN ('sent', 'manual', 'done', 'refused') OR c.agreed_by_id = c.account_id
        OR (c.agreement_until IS NOT NULL AND c.agreed_by_id IS NULL))"""),
    # One lives at a time, a landlord and office: whatever was confirmed later left later.
    none_of("I13", "Aucune coordonnée bancaire ne part après une plus récente.", """
      SELECT 'changes_changerequest ' || c.id FROM changes_changerequest c
      JOIN exchange_outgoingchange o ON o.change_id = c.id
      JOIN changes_changerequest b ON b.landlord_id = c.landlord_id AND b.office_id = c.office_id AND b.kind = c.kind
        AND b.proved_at > c.proved_at AND b.sent_at < c.sent_at
      WHERE c.kind = 'bank_details'"""),
    none_of("I15", "Chaque compte bancaire confirmé par son code a son entrée au journal, et une seule.", """
      SELECT 'changes_changerequest ' || c.id FROM changes_changerequest c, moment
      WHERE c.kind = 'bank_details' AND c.proved_at > moment.now - interval '180 days'
        AND (SELECT count(*) FROM audit_entry e WHERE e.subject = c.number AND e.event = 'changes.bank_asked') <> 1"""),
    none_of("I15", "Chaque livraison sortante a son entrée au journal, et une seule.", """
      SELECT 'exchange_outgoingdelivery ' || o.id FROM exchange_outgoingdelivery o, moment
      WHERE o.produced_at > moment.now - interval '180 days' AND (SELECT count(*) FROM audit_entry e
        WHERE e.subject = 'outgoing ' || lpad(o.sequence::text, greatest(6, length(o.sequence::text)), '0')
          AND e.event IN ('exchange.sealed', 'exchange.reconciled')) <> 1"""),
    none_of("I17", "Une livraison est chargée quand tous ses fichiers le sont.", """
      SELECT 'exchange_deliveryfile ' || f.id FROM exchange_deliveryfile f JOIN exchange_delivery d ON d.id = f.delivery_id
      WHERE d.state = 'loaded' AND f.state <> 'loaded'"""),
    none_of("I17", "Un numéro de livraison n’est accepté qu’une fois.", """
      SELECT 'exchange_delivery ' || max(id) FROM exchange_delivery WHERE state <> 'refused'
      GROUP BY sequence HAVING count(*) > 1"""),
    none_of("I19", "Aucune livraison de la caisse n’est en cours depuis plus d’un jour.", """
      SELECT 'exchange_delivery ' || d.id FROM exchange_delivery d, moment
      WHERE d.state = 'loading' AND d.started_at < moment.now - interval '1 day'"""),
    none_of("I19", "Aucune livraison sortante n’attend d’être écrite depuis plus d’un jour.", """
      SELECT 'exchange_outgoingdelivery ' || o.id FROM exchange_outgoingdelivery o, moment
      WHERE (o.written_at IS NULL AND o.produced_at < moment.now - interval '1 day')
         OR o.again_asked_at < moment.now - interval '1 day'"""),
    # Measured by what has left since: where nothing leaves any more, the task's own alarm says so.
    none_of("I19", "Rien de ce qui devait partir n’est resté derrière une livraison partie depuis.", """
      WITH left_at AS (
        SELECT least(max(o.produced_at) - interval '1 hour', max(moment.now) - interval '3 days') AS last
        FROM exchange_outgoingdelivery o, moment)
      SELECT 'declarations_declaration ' || d.id FROM declarations_declaration d, left_at
      WHERE d.state IN ('submitted', 'corrected') AND d.sent_at IS NULL AND d.submitted_at < left_at.last
      UNION ALL SELECT 'changes_awaitedpaper ' || p.id FROM changes_awaitedpaper p, left_at
      WHERE p.state = 'given' AND p.sent_at IS NULL AND p.given_at < left_at.last"""),
    # Of a month, so that it stays quick whatever the years; the lines of a transfer are found by index.
    none_of("I21", "Un virement du mois vaut la somme de ses lignes.", """
      SELECT 'tenancies_transfer ' || told.least FROM (
        SELECT landlord_id, paid_on, transfer_ref, min(reference::text) AS least, sum(aid_cents) AS aid,
          sum(back_payment_cents) AS back, sum(recovery_cents) AS recovery, sum(lines) AS lines
        FROM tenancies_transfer, moment WHERE paid_on > (moment.now - interval '31 days')::date
        GROUP BY landlord_id, paid_on, transfer_ref) told
      CROSS JOIN LATERAL (
        SELECT COALESCE(sum(amount_cents) FILTER (WHERE kind = 'aid'), 0) AS aid,
          COALESCE(sum(amount_cents) FILTER (WHERE kind = 'back_payment'), 0) AS back,
          COALESCE(sum(amount_cents) FILTER (WHERE kind = 'recovery'), 0) AS recovery, count(*) AS lines
        FROM tenancies_payment p
        WHERE p.landlord_id = told.landlord_id AND p.paid_on = told.paid_on AND p.transfer_ref = told.transfer_ref) own
      WHERE (told.aid, told.back, told.recovery, told.lines) <> (own.aid, own.back, own.recovery, own.lines)"""),
)  # fmt: skip
