"""Whether the chain of the journal holds: the first entry that was changed, removed, moved, cut off or slipped in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from parvis.audit.chain import BEGINNING, linked, mark
from parvis.audit.models import ChainCheck, Seal
from parvis.audit.sealing import shipped
from parvis.kit.merging import rows

SEALED_WITHIN = timedelta(minutes=15)
"""An entry older than this that no pass has linked was slipped in, or the sealer stands still."""


@dataclass(frozen=True, slots=True)
class Broken:
    """What is wrong first, and at which row."""

    row: str
    sentence: str


_NOT_LINKED = """
SELECT e.id FROM audit_entry e WHERE e.at < %s AND NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.entry_id = e.id)
ORDER BY e.id LIMIT 1
"""


def broken(*, at: datetime) -> Broken | None:
    """The first fault of the chain; None where it holds from its beginning to the heads that left the machine."""
    return _of_links() or _of_heads() or _of_entries(at)


def check(*, at: datetime) -> Broken | None:
    """The same, and note what was found: whoever reads the journal is told when it was last verified."""
    found = broken(at=at)
    last = Seal.objects.order_by("-number").values_list("position", flat=True).first() or 0
    said = {"row": found.row, "sentence": found.sentence} if found else {}
    ChainCheck.objects.create(at=at, position=last, **said)
    return found


def _of_links() -> Broken | None:
    seals = {seal.position: seal for seal in Seal.objects.all()}
    begins = max((seal for seal in seals.values() if seal.purged), key=lambda seal: seal.position, default=None)
    position, before = (begins.position, bytes(begins.mac)) if begins else (0, BEGINNING)
    last = max(seals, default=0)
    for place, entry_id, mac, entry in linked(position):
        position += 1
        if place != position:
            return Broken(f"audit_link {position}", "Un maillon manque à cette place\u00a0: la chaîne a été coupée.")
        if entry is None:
            return Broken(f"audit_entry {entry_id}", "Cette entrée du journal a été supprimée.")
        before = mark(before, position, entry)
        if before != mac:
            return Broken(
                f"audit_entry {entry_id}", "Cette entrée, ou l’une de celles d’avant, n’est plus ce qu’elle était."
            )
        sealed = seals.get(position)
        if sealed is not None and bytes(sealed.mac) != before:
            return Broken(f"audit_seal {sealed.number}", "Ce sceau n’est pas celui de la chaîne.")
    if position < last:
        return Broken(f"audit_link {position + 1}", "La fin de la chaîne a été tronquée.")
    return None


def _of_heads() -> Broken | None:
    kept = {seal.number: (seal.position, bytes(seal.mac).hex()) for seal in Seal.objects.all()}
    for head in shipped():
        found = kept.get(head["number"])
        if found is None:
            return Broken(
                f"audit_seal {head['number']}", "Ce sceau est sorti de la machine et n’est plus dans la base."
            )
        if found != (head["position"], head["mac"]):
            return Broken(
                f"audit_seal {head['number']}",
                "Ce sceau diffère de celui qui est sorti\u00a0: la chaîne a été réécrite.",
            )
    return None


def _of_entries(at: datetime) -> Broken | None:
    found = rows(_NOT_LINKED, [at - SEALED_WITHIN])
    if not found:
        return None
    return Broken(
        f"audit_entry {found[0][0]}",
        "Cette entrée n’est dans aucun sceau\u00a0: glissée après coup, ou scellement arrêté.",
    )
