"""A valid form for every act of agents: posted by whoever may, each takes effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.factories.agent_stages import (
    Form,
    Real,
    Try,
    agent_paused,
    dates_typed,
    delegation_withdrawn,
    failed,
    held,
    individual,
    invited,
    new_campaign,
    newcomer,
    newcomers,
    of_a_user,
    of_two_offices,
    on_paper,
    password_of_long_ago,
    paused,
    prepared_batch,
    removed,
    replacement_asked,
    replacement_form,
    returned,
    right_suspended,
    suspended,
    task_idle,
    today,
    unopened,
    viewed,
    waiting_letter,
    wave,
)

WHY = {"reason": "Appel, identité vérifiée"}


@dataclass(frozen=True, slots=True)
class Act:
    """What is posted; ``prepare`` makes what must be there, and says what else stands in the address and in the form.

    What only looks something up answers 200 and ``shows`` it; ``?`` in the address is its query.
    """

    form: Form
    prepare: Callable[[Try], tuple[Real, Form]] | None = None
    status: int = 302
    shows: str = ""


_DAY = "%d/%m/%Y"
ACTS: dict[str, Act] = {
    "viewing-begin": Act({}),
    "viewing-leave": Act({}, viewed),
    "account-send": Act({**WHY, "way": "email", "in_spite": "on"}),
    "account-provisional": Act(WHY, unopened),
    "account-mailbox-letter": Act(WHY, individual),
    "account-unlock": Act(WHY, paused),
    "account-block": Act(WHY, of_a_user),
    "account-suspend": Act(WHY, of_a_user),
    "account-reinstate": Act(WHY, suspended),
    "account-email": Act({**WHY, "email": "juste@agence.example"}, unopened),
    "account-right": Act({**WHY, "choice": "declare"}, of_a_user),
    "account-right-back": Act({**WHY, "choice": "declare"}, right_suspended),
    "account-withdraw": Act({**WHY, "choice": "441"}, of_two_offices),
    "account-delegate": Act({**WHY, "choice": "441"}, delegation_withdrawn),
    "account-password": Act(WHY, password_of_long_ago),
    "account-administrator": Act(WHY, removed),
    "account-confirm": Act(WHY, newcomer),
    "file-replacement": Act({**WHY, "acte": "proposer"}, replacement_asked),
    "file-replacement-open": Act({**WHY, "becomes": "user"}, replacement_form),
    "file-change-stop": Act({"reason_code": "not_confirmed", "note": "Appel du titulaire"}),
    "file-reason": Act({"reason": "call", "note": ""}),
    "file-tenancies": Act({"asked": "Papier"}, status=200, shows="PAPIER"),
    "file-search": Act({"asked": "Papier"}, status=200),
    "agent-delivery-release": Act({"reason": "Vu au téléphone"}, held),
    "agent-messages": Act({}, failed),
    "agent-message": Act({"act": "retry"}, failed),
    "agent-outgoing": Act({}),
    "agent-feeds-start": Act({"sens": "envoi"}, task_idle),
    "agent-campaign-change": Act({**WHY, "step": "confirm"}, dates_typed),
    "agent-campaign-create": Act({**WHY, "step": "confirm", "seen_dates": ""}, new_campaign),
    "agent-campaign-waves": Act({"act": "pause", "way": "email", "office": ""}, wave),
    "agent-campaign-letters": Act({}, newcomers),
    "agent-invite": Act({
        "first_name": "Nour", "last_name": "Benali", "email": "nour.benali@caf.example", "login": "nour.benali",
        "role": "reception", "office": "441",
    }),
    "agent-sheet": Act({"role": "reception", "office": "441"}, invited),
    "agent-close": Act({}, invited),
    "agent-anew": Act({}, invited),
    "agent-home-address": Act({"street": "12 rue des Tilleuls", "postcode": "44220"}, invited),
    "agent-unlock": Act({}, agent_paused),
    "agent-batch": Act({"act": "approve"}, prepared_batch),
    "agent-letters": Act({"template": "", "office": ""}, waiting_letter),
    "agent-returns": Act({"reason": "unknown"}, returned),
    "agent-accepted": Act({
        "summary": "Une règle de plus.", "reason": "Loi nouvelle", "body": "## Règle un\n\nSoyez exact.", "publier": "1",
    }),
    "agent-text-add": Act({"key": "lease_ended", "sentence": "Le bail est fini.", "reason": "x", "publier": "1"}),
    "agent-text": Act({"sentence": "Cet IBAN n’est pas lisible.", "reason": "x", "publier": "1"}),
    "agent-declaration": Act({"status": "integrated", "note": "Bail vérifié"}),
    "agent-conversation": Act({"faire": "prendre"}),
    "agent-bank-change": Act({"decision": "approve", "reason_code": "", "note": "Rappelé"}),
    "agent-alert-close": Act({"outcome": "Vu avec elle"}),
    "agent-task-start": Act({}, task_idle),
    "agent-parameter": Act({"value": "60", "reason": "Essai"}),
    "agent-banners": Act(
        {"kind": "info", "title": "Maintenance", "body": "Le portail ferme.", "office": "", "publier": "1"},
        today(starts_on=_DAY, ends_on=_DAY),
    ),
    "agent-banner-withdraw": Act({}),
    "agent-time": Act({"min_weeks": "2", "max_weeks": "3", "reason": "Essai"}, today(measured_on=_DAY)),
    "agent-journal-export": Act({}, status=200),
    "agent-papers": Act({"number": "1234567"}, status=200),
    "agent-paper": Act({"rent": "525"}, on_paper),
}  # fmt: skip
"""By the name of the address: a new act joins them, or the square of roles and offices says so."""
