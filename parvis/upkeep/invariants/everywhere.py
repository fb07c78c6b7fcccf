"""What holds of every table: no secret in clear, moments with their zone, no orphan, nothing past its time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import ForeignKey

from parvis.audit import verifying
from parvis.declarations.services.campaigns import forgetting
from parvis.kit.merging import rows
from parvis.upkeep import retention
from parvis.upkeep.invariants.invariant import Fault, Invariant, none_of

_GRACE = timedelta(days=2)
"""What is past its time is erased at night: a stop of the clockwork is told by its own alarm first."""

_IBAN = r"\y[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){3,7}\y"
_GAP = "[ \u00a0]"
_NIR_PARTS = ("[12]", "[0-9]{2}", "(0[1-9]|1[0-2])", "(2[AB]|[0-9]{2})", "[0-9]{3}", "[0-9]{3}")
_NIR = "|".join(rf"\y{gap.join(_NIR_PARTS)}({gap}[0-9]{{2}})?\y" for gap in ("", _GAP))
"""In one piece, or in groups as a card shows it; 2A and 2B are the departments of Corsica."""
_TEXTS = (
    ("audit_entry", ("details::text", "subject")),
    ("correspondence_message", ("body", "subject", "context::text", "failure")),
    ("changes_changerequest", ("details::text", "former::text", "reason")),
    ("changes_changestep", ("note",)),
    ("exchange_setasideline", ("sentence",)),
    ("exchange_delivery", ("sentence",)),
    ("exchange_deliveryfile", ("sentence", "header::text", "warnings::text")),
    ("exchange_outgoingdelivery", ("manifest",)),
    ("identity_session", ("notes::text",)),
    ("upkeep_taskrun", ("failure", "counts::text")),
    ("declarations_declaration", ("details::text", "answers::text", "printed::text")),
)


def _in_clear() -> str:
    """Every row of those texts in which something reads like a whole IBAN or NIR."""
    parts = []
    for name, columns in _TEXTS:
        either = " OR ".join(f"{column} ~ '{pattern}'" for column in columns for pattern in (_IBAN, _NIR))
        parts.append(f"SELECT '{name} ' || id FROM {name} WHERE {either}")
    return " UNION ALL ".join(parts)


def _chain(at: datetime) -> Fault | None:
    found = verifying.check(at=at)
    return Fault(found.row, found.sentence) if found else None


def _orphan(at: datetime) -> Fault | None:
    """The first row whose reference leads nowhere; only where the database itself does not check it."""
    for table, column, target, key in _unchecked():
        found = rows(
            f'SELECT c.ctid::text FROM "{table}" c LEFT JOIN "{target}" t ON t."{key}" = c."{column}"'
            f' WHERE c."{column}" IS NOT NULL AND t."{key}" IS NULL LIMIT 1'
        )
        if found:
            return Fault(f"{table} {found[0][0]}", f"{column} ne mène à rien")
    return None


def _unchecked() -> Iterator[tuple[str, str, str, str]]:
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, ForeignKey) and not getattr(field, "db_constraint", True):
                target = field.target_field
                yield model._meta.db_table, field.column, target.model._meta.db_table, str(target.column)


def _past_its_time(at: datetime) -> Fault | None:
    for rule in retention.RULES:
        found = retention.first_past(rule, at=at - _GRACE)
        if found:
            return Fault(found, rule.label)
    draft = forgetting.first_past(at=at - _GRACE)
    return Fault(draft, "loyers de juillet jamais transmis") if draft else None


def _undecided(at: datetime) -> Fault | None:
    found = retention.first_undecided()
    return Fault(found, "aucune durée n’est décidée pour cette table") if found else None


EVERYWHERE = (
    Invariant("I15", "Le journal est tel qu’il a été écrit, du premier maillon aux sceaux sortis de la machine.", _chain),
    none_of("I15", "Chaque accusé a son entrée au journal, et une seule.", """
      SELECT 'declarations_receipt ' || r.id FROM declarations_receipt r, moment
      WHERE r.at > moment.now - interval '180 days' AND (SELECT count(*) FROM audit_entry e WHERE e.subject = r.number
        AND e.event IN ('declarations.submitted', 'declarations.corrected', 'declarations.registered')) <> 1"""),
    none_of("I16", "Aucun IBAN ni NIR entier n’est en clair.", _in_clear().replace("%", "%%")),
    none_of("I22", "Tous les instants portent leur fuseau.", """
      SELECT table_name || '.' || column_name FROM information_schema.columns
      WHERE table_schema = 'public' AND data_type = 'timestamp without time zone'"""),
    Invariant("I23", "Rien n’est gardé plus longtemps que sa durée.", _past_its_time),
    Invariant("I23", "Chaque table a sa durée, ou ce qui la fait garder.", _undecided),
    Invariant("I24", "Aucune référence ne mène à rien.", _orphan),
)  # fmt: skip
