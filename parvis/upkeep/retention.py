"""How long each kind is kept, and the erasing of what is past its time. What is still to leave is never erased (I23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from parvis.audit import purging
from parvis.audit.journal import record
from parvis.contact.models import ConversationMessage
from parvis.kit.actors import Actor
from parvis.kit.merging import execute, rows
from parvis.parameters import catalogue
from parvis.parameters.catalogue import Parameter
from parvis.parameters.selectors import duration
from parvis.upkeep import events

_BLOCK = 5_000


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of ``table`` that are past their time: ``past`` says which, of ``%(before)s``."""

    name: str
    label: str
    table: str
    past: str
    keep: Parameter


RULES = (
    Rule("returns", "courriers revenus", "correspondence_returnedletter",
         "settled_at IS NOT NULL AND EXISTS (SELECT 1 FROM correspondence_message m WHERE m.id = x.message_id"
         " AND m.sent_at < %(before)s)", catalogue.KEEP_MESSAGES),
    Rule("messages", "messages", "correspondence_message",
         "state IN ('sent', 'bounced', 'cancelled', 'failed') AND COALESCE(sent_at, due_at) < %(before)s"
         " AND NOT EXISTS (SELECT 1 FROM correspondence_message f WHERE f.after_id = x.id)"
         " AND NOT EXISTS (SELECT 1 FROM correspondence_returnedletter r WHERE r.message_id = x.id)", catalogue.KEEP_MESSAGES),
    Rule("lines", "lignes écartées", "exchange_setasideline",
         "state <> 'waiting' AND EXISTS (SELECT 1 FROM exchange_deliveryfile f WHERE f.id = x.file_id AND f.loaded_at < %(before)s)",
         catalogue.KEEP_SET_ASIDE),
    Rule("looks", "consultations de dossiers", "tenancies_filelook", "looked_at < %(before)s", catalogue.KEEP_LOOKS),
    Rule("openings", "ouvertures de dossiers par des agents", "agents_opening", "at < %(before)s", catalogue.KEEP_LOOKS),
    Rule("alerts", "alertes au contrôleur", "agents_alert", "closed_at < %(before)s", catalogue.KEEP_LOOKS),
    Rule("exports", "fichiers demandés à deux agents", "agents_exportrequest", "asked_at < %(before)s", catalogue.KEEP_LOOKS),
    Rule("viewings", "espaces lus par des agents", "agents_viewing", "begun_at < %(before)s", catalogue.KEEP_LOOKS),
    Rule("former_mailboxes", "anciennes boîtes mail", "identity_formermailbox", "told_until < %(before)s", catalogue.KEEP_PROOFS),
    Rule("chain_checks", "vérifications du journal", "audit_chaincheck", "at < %(before)s", catalogue.KEEP_JOURNAL),
    Rule("message_files", "pièces de messages terminés", "changes_attachment",
         f"starts_with(subject, '{ConversationMessage.FILES}') AND EXISTS (SELECT 1 FROM contact_conversationmessage m"
         " JOIN contact_conversation c ON c.id = m.conversation_id"
         f" WHERE x.subject = '{ConversationMessage.FILES}' || m.id AND c.state = 'closed' AND c.closed_at < %(before)s)",
         catalogue.KEEP_CONVERSATIONS),
    Rule("conversation_messages", "messages à la caisse", "contact_conversationmessage",
         "EXISTS (SELECT 1 FROM contact_conversation c WHERE c.id = x.conversation_id AND c.state = 'closed'"
         " AND c.closed_at < %(before)s)", catalogue.KEEP_CONVERSATIONS),
    Rule("conversations", "échanges avec la caisse", "contact_conversation",
         "state = 'closed' AND closed_at < %(before)s"
         " AND NOT EXISTS (SELECT 1 FROM contact_conversationmessage m WHERE m.conversation_id = x.id)", catalogue.KEEP_CONVERSATIONS),
    Rule("replacement_papers", "justificatifs de remplacements", "landlords_replacementpaper",
         "EXISTS (SELECT 1 FROM landlords_administratorreplacement r WHERE r.id = x.replacement_id AND r.closed_at < %(before)s)",
         catalogue.KEEP_LOOKS),
    Rule("remarks", "remarques écrites avec un avis", "opinions_remark", "month < %(before)s", catalogue.KEEP_OPINIONS),
    Rule("asked", "jours où un avis a été demandé", "opinions_asked", "asked_on < %(before)s", catalogue.KEEP_OPINIONS),
    Rule("delays", "délais mesurés par les caisses", "landlords_processingtime",
         "measured_on < %(before)s AND EXISTS (SELECT 1 FROM landlords_processingtime n WHERE n.office_id = x.office_id"
         " AND n.topic = x.topic AND n.measured_on > x.measured_on)", catalogue.KEEP_DELAYS),
    Rule("codes", "codes terminés", "identity_onetimecode", "expires_at < %(before)s", catalogue.KEEP_CODES),
    Rule("waiting_proofs", "preuves jamais données", "identity_pendingchange", "asked_at < %(before)s", catalogue.KEEP_PROOFS),
)  # fmt: skip
"""Declarations, receipts and what left for the office are evidence: the law of the business says how long, and erases by archive."""
BY_THEIR_ROOMS = frozenset({
    "agents_agentsession", "identity_session", "identity_throttle", "identity_captchause", "identity_trustedbrowser", "identity_datacopy",
    "changes_attachment", "changes_changedraft", "declarations_rentfile", "declarations_rentfileblock",
    "declarations_rentfilerow", "declarations_rentupload", "audit_entry", "audit_link", "audit_seal",
})  # fmt: skip
"""Tables that a task of their room, or the purge of the journal, erases in its time."""
WITH_THEIR_ACCOUNT = frozenset({
    "identity_account", "identity_credential", "identity_partner", "identity_acceptance", "identity_freezelink",
    "identity_mailboxletter", "landlords_landlord", "landlords_thirdpartynumber", "landlords_habilitation",
    "landlords_membership", "landlords_invitation", "landlords_handover", "landlords_administratorreplacement",
    "landlords_administratorconfirmation", "landlords_rightrequest", "landlords_suspendedright", "landlords_withdrawndelegation",
    "landlords_removedadministrator", "landlords_unusedwarning", "landlords_rightsreview",
    "agents_agent", "agents_post", "agents_recoverycode",
})  # fmt: skip
"""Tables whose rows live as long as the account, the landlord or the agent they are about."""
OF_THE_BUSINESS = frozenset({
    "tenancies_tenancy", "tenancies_julyrent", "tenancies_payment", "tenancies_transfer", "tenancies_transferchange",
    "tenancies_portfoliocount",
    "tenancies_portfolioofficecount", "declarations_declaration", "declarations_receipt", "declarations_campaigncount",
    "declarations_campaignentry", "declarations_campaignofficecount", "declarations_campaignreminder", "changes_awaitedpaper",
    "changes_changerequest", "changes_changestep", "changes_directpaymentoffer", "changes_stoplink", "exchange_outgoingchange",
    "exchange_outgoingdelivery", "exchange_outgoingline", "exchange_outgoingpaper", "declarations_bundle",
    "correspondence_letterbatch",
})  # fmt: skip
"""Tables of the business, which erases by archive. What is typed in a campaign and never sent goes by a task of its room."""
OF_NOBODY = frozenset({
    "opinions_opinionfigure", "opinions_helpfigure",
    "declarations_campaignday", "declarations_campaignfigure", "declarations_campaignwave", "declarations_rentcampaign",
    "exchange_delivery", "exchange_deliveryfile", "identity_textversion", "landlords_office",
    "parameters_banner", "parameters_editedtext", "parameters_parametervalue", "upkeep_taskrun", "audit_chaincheck", "upkeep_requestfigure",
    "kit_work_date",
    "django_content_type", "django_migrations",
})  # fmt: skip
"""Tables that say nothing of a person."""
DECIDED = BY_THEIR_ROOMS | WITH_THEIR_ACCOUNT | OF_THE_BUSINESS | OF_NOBODY | {rule.table for rule in RULES}
"""Every table of which somebody has decided how long its rows are kept: a new one joins them, or ``verify`` names it (I23)."""


def purge(by: Actor, at: datetime) -> dict[str, int]:
    """Erase everything that is past its time, in small transactions; how many of each."""
    erased = {rule.label: _purged(rule, at) for rule in RULES}
    erased["entrées du journal"] = purging.purge(before=at - duration(catalogue.KEEP_JOURNAL))
    if any(erased.values()):
        with transaction.atomic():
            record(
                events.PURGED, subject="retention", by=by, at=at, **{"erased": {k: n for k, n in erased.items() if n}}
            )
    return erased


def first_past(rule: Rule, *, at: datetime) -> str | None:
    """The first row that should have been erased, as ``table key``; None where all is well."""
    found = rows(
        f"SELECT id FROM {rule.table} x WHERE {rule.past} ORDER BY id LIMIT 1", {"before": at - duration(rule.keep)}
    )
    return f"{rule.table} {found[0][0]}" if found else None


def first_undecided() -> str | None:
    """The first table that nobody decided about; None where all are."""
    found = rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        " AND NOT (table_name = ANY(%(decided)s)) ORDER BY 1 LIMIT 1",
        {"decided": sorted(DECIDED)},
    )
    return str(found[0][0]) if found else None


def _purged(rule: Rule, at: datetime) -> int:
    statement = f"DELETE FROM {rule.table} WHERE id IN (SELECT id FROM {rule.table} x WHERE {rule.past} ORDER BY id LIMIT {_BLOCK})"
    erased, more = 0, _BLOCK
    while more == _BLOCK:
        with transaction.atomic():
            more = execute(statement, {"before": at - duration(rule.keep)})
        erased += more
    return erased
