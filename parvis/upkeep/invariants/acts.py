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
    none_of("I1", "Chaque accusé que le journal annonce existe.", """
      SELECT 'audit_entry ' || e.id FROM audit_entry e
      WHERE e.event IN ('declarations.submitted', 'declarations.corrected', 'declarations.registered')
        AND NOT EXISTS (SELECT 1 FROM declarations_receipt r WHERE r.number = e.subject)"""),
    none_of("I1", "Chaque accusé écrit à quelqu’un existe, et lui appartient.", """
      SELECT 'correspondence_message ' || m.id FROM correspondence_message m
      LEFT JOIN declarations_receipt r ON r.id = m.attachment_subject AND r.landlord_id = m.partner_id
      WHERE m.attachment = 'receipt' AND r.id IS NULL"""),
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
        AND year IS NOT NULL AND NOT revises
      GROUP BY tenancy_id, kind, year HAVING count(*) > 1"""),
    none_of("I4", "Une correction demandée et non décidée en corrige une que la caisse a prise en compte.", """
      SELECT 'declarations_declaration ' || d.id FROM declarations_declaration d
      WHERE d.revises AND d.state IN ('submitted', 'sent', 'manual') AND NOT EXISTS (
        WITH RECURSIVE version AS (
          SELECT b.corrects_id, b.state, b.revises FROM declarations_declaration b WHERE b.id = d.corrects_id
          UNION ALL SELECT b.corrects_id, b.state, b.revises FROM version v JOIN declarations_declaration b
            ON b.id = v.corrects_id WHERE v.revises)
        SELECT 1 FROM version WHERE state = 'integrated' AND NOT revises)"""),
    none_of("I4", "Un loyer saisi est sur sa ligne de la campagne tant qu’il n’est pas transmis, et nulle part ailleurs.", """
      SELECT 'declarations_campaignentry ' || year || ' ' || tenancy_id FROM declarations_campaignentry
      WHERE (draft_saved_at IS NULL) <> (state NOT IN ('drafted', 'to_confirm', 'to_correct'))
        OR state = 'drafted' AND draft_cents IS NULL
      UNION ALL SELECT 'declarations_declaration ' || id FROM declarations_declaration WHERE kind = 'july_rent' AND state = 'draft'"""),
    none_of("I10", "Ce qui est refusé n’a rien changé\u00a0: livraison, fichier de loyers, déclaration.", """
      SELECT 'exchange_deliveryfile ' || f.id FROM exchange_deliveryfile f JOIN exchange_delivery d ON d.id = f.delivery_id
      WHERE d.state = 'refused' AND f.state = 'loaded'
      UNION ALL SELECT 'declarations_rentfile ' || id FROM declarations_rentfile
      WHERE state IN ('refused', 'abandoned') AND (kept > 0 OR confirmed_at IS NOT NULL)
      UNION ALL SELECT 'declarations_declaration ' || id FROM declarations_declaration
      WHERE state = 'rejected' AND effect_on IS NOT NULL"""),
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
    none_of("I14", "Rien d’un bailleur ne tient à un autre.", """
      SELECT 'declarations_declaration ' || d.id FROM declarations_declaration d
      JOIN declarations_receipt r ON r.id = d.receipt_id WHERE r.landlord_id <> d.landlord_id
      UNION ALL SELECT 'declarations_receipt ' || r.id FROM declarations_receipt r
      JOIN identity_account a ON a.id = r.account_id WHERE a.partner_id <> r.landlord_id
      UNION ALL SELECT 'changes_changerequest ' || c.id FROM changes_changerequest c
      JOIN identity_account a ON a.id = c.account_id
      JOIN landlords_thirdpartynumber n ON n.id = c.third_party_number_id
      WHERE a.partner_id <> c.landlord_id OR n.landlord_id <> c.landlord_id
      UNION ALL SELECT 'correspondence_message ' || m.id FROM correspondence_message m
      JOIN identity_account a ON a.id = m.account_id WHERE a.partner_id <> m.partner_id"""),
    none_of("I18", "Aucun flux n’a rouvert un loyer transmis.", """
      SELECT 'declarations_campaignentry ' || e.year || ' ' || e.tenancy_id FROM declarations_campaignentry e
      JOIN declarations_declaration d ON d.tenancy_id = e.tenancy_id AND d.kind = 'july_rent' AND d.year = e.year
        AND d.landlord_id = e.landlord_id AND d.state IN ('submitted', 'sent', 'manual', 'integrated')
      WHERE e.state IN ('to_declare', 'drafted', 'to_confirm', 'to_correct')"""),
    none_of("I21", "Un fichier de loyers a autant de lignes jugées qu’il en compte, une pour une.", """
      SELECT 'declarations_rentfile ' || f.id FROM declarations_rentfile f
      CROSS JOIN LATERAL (SELECT COALESCE(sum(n.value::int), 0) AS told FROM jsonb_each_text(f.counts) n) counted
      CROSS JOIN LATERAL (SELECT count(*) AS lines, count(*) FILTER (WHERE r.state = 'ready') AS ready
        FROM declarations_rentfilerow r WHERE r.file_id = f.id) apart
      CROSS JOIN LATERAL (SELECT COALESCE(sum(cardinality(b.lines)), 0) AS lines,
        bool_or(cardinality(b.lines) <> cardinality(b.cents) OR cardinality(b.lines) <> cardinality(b.tenancies)) AS torn
        FROM declarations_rentfileblock b WHERE b.file_id = f.id) whole
      WHERE f.state IN ('ready', 'confirming', 'confirmed') AND (whole.torn OR counted.told <> apart.lines + whole.lines
        OR COALESCE((f.counts ->> 'ready')::int, 0) <> apart.ready + whole.lines)"""),
    none_of("I21", "Un fichier confirmé n’a gardé ni plus ni moins que ce qu’il proposait.", """
      SELECT 'declarations_rentfile ' || f.id FROM declarations_rentfile f
      WHERE f.state = 'confirmed' AND f.kept + f.left_out > (SELECT COALESCE(sum(n.value::int), 0) FROM jsonb_each_text(f.counts) n)"""),
)  # fmt: skip
