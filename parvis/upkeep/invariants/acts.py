"""Declarations, receipts, what leaves for the office: nothing is lost, doubled or altered."""

from __future__ import annotations

from datetime import datetime

from parvis.exchange.models import OutgoingDelivery
from parvis.exchange.services.outbound import is_identical
from parvis.upkeep.invariants.invariant import Fault, Invariant, none_of


def _altered(at: datetime) -> Fault | None:
    """Whether each sealed delivery still is what its manifest says, byte for byte."""
    for delivery in OutgoingDelivery.objects.order_by("sequence"):
        if not is_identical(delivery):
            return Fault(f"exchange_outgoingdelivery {delivery.pk}", f"livraison {delivery}")
    return None


ACTS = (
    none_of("I2", "Chaque déclaration transmise attend son départ ou est dans une livraison, et une seule.", """
      SELECT 'declarations_declaration ' || d.id FROM declarations_declaration d
      LEFT JOIN exchange_outgoingline l ON l.declaration_id = d.id
      WHERE d.submitted_at IS NOT NULL AND (d.sent_at IS NULL) <> (l.id IS NULL)"""),
    none_of("I2", "Chaque livraison sortante a autant de lignes qu’elle l’annonce.", """
      SELECT 'exchange_outgoingdelivery ' || o.id FROM exchange_outgoingdelivery o
      WHERE o.rows <> (SELECT count(*) FROM exchange_outgoingline l WHERE l.delivery_id = o.id)
         OR o.change_rows <> (SELECT count(*) FROM exchange_outgoingchange c WHERE c.delivery_id = o.id)
         OR o.paper_rows <> (SELECT count(*) FROM exchange_outgoingpaper p WHERE p.delivery_id = o.id)"""),
    none_of("I2", "Chaque pièce partie est dans une livraison, et aucune autre n’y est.", """
      SELECT 'changes_awaitedpaper ' || p.id FROM changes_awaitedpaper p
      LEFT JOIN exchange_outgoingpaper o ON o.paper_id = p.id
      WHERE (p.sent_at IS NULL) <> (o.id IS NULL)"""),
    Invariant("I2", "Chaque livraison sortante est, à l’octet près, celle qui a été scellée.", _altered),
    none_of("I3", "Chaque déclaration transmise a son accusé, et aucune autre n’en a.", """
      SELECT 'declarations_declaration ' || id FROM declarations_declaration
      WHERE (submitted_at IS NULL) <> (receipt_id IS NULL)"""),
    none_of("I3", "Chaque accusé compte ses déclarations, et en porte l’empreinte.", """
      SELECT 'declarations_receipt ' || r.id FROM declarations_receipt r
      WHERE r.count <> (SELECT count(*) FROM declarations_declaration d
          WHERE d.receipt_id = r.id AND (NOT r.is_of_rents OR d.kind = 'july_rent'))
         OR r.content_hash IS DISTINCT FROM declarations_receipt_content(r.id)"""),
    none_of("I4", "Une location a au plus un loyer de juillet vivant par année.", """
      SELECT 'tenancies_tenancy ' || tenancy_id FROM declarations_declaration
      WHERE kind IN ('july_rent', 'previous_july_rent') AND state IN ('submitted', 'sent', 'integrated', 'manual')
        AND year IS NOT NULL
      GROUP BY tenancy_id, kind, year HAVING count(*) > 1"""),
    none_of("I13", "Aucune coordonnée bancaire ne part sans preuve, attente écoulée et accord d’un agent si elle est signalée.", """
      SELECT 'changes_changerequest ' || c.id FROM changes_changerequest c
      JOIN exchange_outgoingchange o ON o.change_id = c.id
      WHERE c.kind = 'bank_details'
        AND (c.proved_at IS NULL OR c.held_until > c.sent_at OR (cardinality(c.flags) > 0 AND c.approved_by = ''))"""),
    none_of("I17", "Les livraisons chargées se suivent sans trou.", """
      SELECT 'exchange_delivery ' || d.id FROM exchange_delivery d WHERE d.state = 'loaded' AND d.sequence > 1
        AND NOT EXISTS (SELECT 1 FROM exchange_delivery b WHERE b.state = 'loaded' AND b.sequence = d.sequence - 1)"""),
    none_of("I17", "Une livraison libérée l’a été par une autre personne que celle qui le demandait.", """
      SELECT 'exchange_delivery ' || id FROM exchange_delivery
      WHERE released_at IS NOT NULL AND (released_by = '' OR released_by = asked_by)"""),
    none_of("I17", "Les livraisons sortantes se suivent sans trou.", """
      SELECT 'exchange_outgoingdelivery ' || d.id FROM exchange_outgoingdelivery d WHERE d.sequence > 1
        AND NOT EXISTS (SELECT 1 FROM exchange_outgoingdelivery b WHERE b.sequence = d.sequence - 1)"""),
)  # fmt: skip
