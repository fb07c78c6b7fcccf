"""What the page of a declaration says of what is missing, wrong or not confirmed; French, as the person reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from parvis.declarations.kinds.july_rent import PREVIOUS_UNKNOWN, SHARE_OR_WHOLE, percent
from parvis.declarations.models import EntryState
from parvis.declarations.selectors.bundles import DeclaredTenancy, Step
from parvis.declarations.selectors.grid import GridRow
from parvis.declarations.services.bundles.answering import names_of
from parvis.kit.money import NBSP, euros
from parvis.kit.text import of
from parvis.web.landlord.lines import ASK_REASON, REASONS_TO_CONFIRM


def names_on(shown: Step) -> set[str]:
    """The fields of the page that a sentence may lead to."""
    asked = {name for question in shown.questions for name in (question.name, *names_of(question))}
    ticked = {f"sur-{caution.code}" for caution in shown.pending}
    return asked | ticked | {"papers", "remind_on"}


def unticked(saved: Step, posted: QueryDict) -> dict[str, str]:
    """What the page already asked to confirm and was neither ticked nor changed, each with its sentence.

    A warning that is only now shown for the first time is no fault: ``a-confirmer`` carries those that were.
    """
    if saved.rent is not None:
        found = saved.rent.assessment
        if found.fault or posted.get("montant") != str(found.cents):
            return {}
        pending = [(warning.code, warning.confirm) for warning in found.pending]
    else:
        pending = [
            (caution.code, caution.confirm)
            for caution in saved.pending
            if posted.get(f"vu-{caution.code}", caution.mark) == caution.mark
        ]
    shown = posted.getlist("a-confirmer")
    return {
        f"sur-{code}": f"Cochez «{NBSP}{words}{NBSP}», ou corrigez votre réponse."
        for code, words in pending
        if code in shown
    }


def summary_title(shown: Step, answers: Mapping[str, str], errors: Mapping[str, str]) -> str:
    """The title above what is wrong, where the kind is sober: said without counting faults. Empty: the usual one."""
    if not shown.kind.sober:
        return ""
    count = len(errors)
    if any(answers.get(name) or name not in names_on(shown) for name in errors):
        return "Une réponse est à revoir." if count == 1 else "Des réponses sont à revoir."
    return "Il manque une réponse." if count == 1 else "Il manque des réponses."


def saved_meanwhile(row: GridRow) -> str:
    """What a July rent became since the page was shown, and what to do."""
    now = euros(row.rent_cents) if row.rent_cents is not None else row.typed or "aucun montant"
    return (
        f"Ce loyer a changé entre-temps{NBSP}: {now} est enregistré. Votre saisie est ci-dessous, non enregistrée{NBSP}: "
        "continuez pour la garder à la place."
    )


def rent_words(shown: Step, errors: Mapping[str, str], typed: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The line of the grid as its own page shows it, with what is wrong with it; with ``typed``, what was typed
    and not kept, in its place."""
    assert shown.rent is not None
    row = shown.rent
    if typed is not None:
        row = row._replace(typed=typed["rent"], previous_typed=typed["previous"], rent_cents=None, confirmed=[])
    found, faults = row.assessment, dict(errors)
    if found.fault:
        faults.setdefault("rent", found.fault)
    if found.previous_fault:
        faults.setdefault("previous", found.previous_fault)
    return {
        "row": row,
        "found": found,
        "faults": faults,
        "ask_reason": ASK_REASON,
        "reasons": [("", "Sans motif"), *((reason, reason) for reason in REASONS_TO_CONFIRM)],
        "errors": [(f"id_{name}", sentence) for name, sentence in faults.items()],
    }


def missing_rent(saved: Step) -> dict[str, str]:
    """The sentence of a July rent left empty."""
    if saved.rent is None or saved.rent.state != EntryState.TO_DECLARE:
        return {}
    return {"rent": f"Indiquez le loyer hors charges de juillet {saved.rent.year}."}


def rent_lines(row: GridRow) -> list[tuple[str, str]]:
    """A July rent on the check page: the amount, how far it is from the July before, and that it was confirmed."""
    before = f"Juillet {row.year - 1}"
    last = row.last_july_cents or row.previous_cents
    lines = [(f"Loyer hors charges de juillet {row.year}", euros(row.rent_cents or 0))]
    if row.previous_cents is not None:
        lines.append((before, euros(row.previous_cents)))
    elif row.last_july_cents is not None:
        lines.append((f"{before}, connu de votre caisse", euros(row.last_july_cents)))
    if last and row.rent_cents is not None and row.rent_cents != last:
        lines.append(("Écart", percent(row.rent_cents, last)))
    if row.whose:
        lines.append(("Colocation", row.whose))
    confirmed = [code for code in row.confirmed if code not in (PREVIOUS_UNKNOWN, SHARE_OR_WHOLE)]
    if confirmed:
        reason = f"{NBSP}: {row.confirmed_reason.lower()}" if row.confirmed_reason else ""
        lines.append(("Montant inhabituel", f"montant confirmé{reason}"))
    return lines


def rent_facts(shown: Step, tenancy: DeclaredTenancy) -> list[tuple[str, str]]:
    """What the office knows beside the July rent of a tenancy: what to compare it with, how it is shared, if furnished."""
    row = shown.rent
    assert row is not None
    last, known = row.last_july_cents, row.known_rent_cents
    facts = [
        (f"Juillet {row.year - 1}", euros(last) if last is not None else "non connu de votre caisse"),
        ("Loyer connu aujourd’hui", euros(known) if known is not None else "non connu"),
        (f"Meublé{NBSP}?", "Oui" if tenancy.furnished else "Non"),
    ]
    if row.lease_holders > 1:
        share = f"Oui, {row.lease_holders}{NBSP}titulaires du bail. Déclarez la part {of(tenancy.name)} seulement."
        facts.append((f"Colocation{NBSP}?", share))
    return facts
