from datetime import timedelta

import pytest

from parvis.correspondence.models import Message
from parvis.correspondence.rendering.texts import words_of
from parvis.declarations.models import CampaignEntry, Declaration
from parvis.declarations.selectors import grid_rows
from parvis.declarations.selectors.grid import rows_named
from parvis.declarations.services import exchange
from parvis.identity.models import Credential
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile
from parvis.tenancies.models import JulyRent, Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, YEAR, typed
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


def one_sent(*, leave: bool = True) -> tuple[Owner, Tenancy, str]:
    who = owner()
    of = tenancy(who.landlord)
    july_rent(of, 2025, 52_400)
    made.campaign()
    typed(who, of, "525")
    made.sent(who)
    declaration = Declaration.objects.get()
    if leave:
        exchange.mark_sent([declaration.pk], by=CLOCK, at=NOW)
    return who, of, declaration.reference or ""


def decide(*lines: tuple[str, str, str, object]) -> exchange.OutcomeMerge:
    return exchange.record_outcomes(made.stage_outcomes(*lines), by=CLOCK, at=LATER)  # type: ignore[arg-type]


def test_a_declaration_leaves_once() -> None:
    _, _, _ = one_sent()
    declaration = Declaration.objects.get()
    assert (declaration.state, declaration.sent_at) == ("sent", NOW)
    with pytest.raises(ChangedMeanwhile):
        exchange.mark_sent([declaration.pk], by=CLOCK, at=LATER)
    assert Declaration.objects.get().sent_at == NOW


def test_only_the_machinery_sends_and_decides() -> None:
    who, _, reference = one_sent()
    with pytest.raises(ActNotPossible):
        exchange.mark_sent([1], by=who.actor, at=NOW)
    with pytest.raises(ActNotPossible):
        exchange.record_outcomes(made.stage_outcomes((reference, "integrated", "", LATER)), by=who.actor, at=LATER)
    assert Declaration.objects.get().state == "sent"


def test_an_integrated_rent_is_known_from_the_landlord() -> None:
    who, of, reference = one_sent()
    merge = decide((reference, "integrated", "", LATER))
    assert (merge.integrated, merge.changed, merge.faults) == (1, 1, ())
    assert Declaration.objects.get().decided_at == LATER
    assert JulyRent.objects.get(tenancy=of, year=YEAR).rent_cents == 52_500
    assert made.state_of(of) == "integrated"
    assert made.counts_are_true()
    again = decide((reference, "integrated", "", LATER))
    assert (again.changed, again.unchanged) == (0, 1)
    assert grid_rows(who.actor, YEAR).rows == []


def test_a_rejected_rent_is_open_again_with_its_reason() -> None:
    who, of, reference = one_sent()
    assert decide((reference, "rejected", "tenant_unknown", LATER)).rejected == 1
    assert made.state_of(of) == "rejected"
    (row,) = grid_rows(who.actor, YEAR).rows
    assert (row.reason_code, row.rent_cents, row.is_open) == ("tenant_unknown", None, True)
    assert not JulyRent.objects.filter(year=YEAR).exists()
    assert typed(who, of, "526").row.state == "drafted"
    assert typed(who, of, "").row.state == "rejected"
    for text in ("530", "", "531"):
        assert [typed(who, of, text).row] == rows_named(who.actor, YEAR, [of.reference])
    typed(who, of, "526")
    made.sent(who)
    assert Declaration.objects.filter(kind="july_rent").count() == 2
    assert made.counts_are_true()


def test_by_hand_then_integrated() -> None:
    _, of, reference = one_sent()
    assert decide((reference, "manual", "", LATER)).manual == 1
    assert made.state_of(of) == "submitted"
    assert decide((reference, "integrated", "", LATER + timedelta(days=1))).integrated == 1
    assert made.state_of(of) == "integrated"
    assert made.counts_are_true()


def test_an_older_decision_never_replaces_a_newer_one() -> None:
    _, _, reference = one_sent()
    decide((reference, "manual", "", LATER))
    assert decide((reference, "rejected", "old", LATER - timedelta(hours=1))).changed == 0
    assert Declaration.objects.get().state == "manual"


def test_of_two_decisions_in_one_file_the_later_counts() -> None:
    _, _, reference = one_sent()
    merge = decide((reference, "rejected", "x", LATER + timedelta(hours=1)), (reference, "manual", "", LATER))
    assert (merge.rejected, merge.manual) == (1, 0)
    assert Declaration.objects.get().state == "rejected"


def test_what_never_left_and_what_is_unknown_are_faults() -> None:
    _, of, reference = one_sent(leave=False)
    merge = decide((reference, "integrated", "", LATER), ("D-2026-000000000-A", "manual", "", LATER))
    assert [line for line, _ in merge.faults] == [2, 3]
    assert "n’est pas encore partie" in merge.faults[0][1]
    assert "Aucune déclaration" in merge.faults[1][1]
    assert merge.changed == 0
    assert made.state_of(of) == "submitted"


def test_the_july_before_is_known_once_an_agent_took_it_in() -> None:
    who = owner()
    of = tenancy(who.landlord)
    made.campaign()
    typed(who, of, "405", previous="400")
    made.sent(who)
    exchange.mark_sent(list(Declaration.objects.values_list("pk", flat=True)), by=CLOCK, at=NOW)
    before = Declaration.objects.get(kind="previous_july_rent")
    decide((before.reference or "", "manual", "", LATER))
    decide((before.reference or "", "integrated", "", LATER + timedelta(days=3)))
    assert JulyRent.objects.get(tenancy=of).year == 2025
    assert CampaignEntry.objects.get().last_july_cents == 40_000
    assert made.state_of(of) == "submitted"


def test_who_sent_is_told_once_of_what_was_refused_why_and_what_to_do() -> None:
    who, of, reference = one_sent()
    decide((reference, "rejected", "tenant_unknown", LATER))
    message = Message.objects.get(template="declarations/emails/refused")
    assert (message.to_email, message.account_id) == (who.account.credential.email, who.account.pk)
    assert message.context["count"] == 1
    body = words_of(message.template, message.context)
    assert body.startswith("1\u00a0déclaration refusée par votre caisse")
    assert "La caisse ne retrouve pas ce locataire" in body
    assert f"/c/{who.account.reference}/bailleur/loyers/" in body
    assert of.last_name not in body
    message.context.pop("revisions")
    assert words_of(message.template, message.context) == body, "queued by the former code, which knew no corrections"
    decide((reference, "rejected", "tenant_unknown", LATER))
    assert Message.objects.filter(template="declarations/emails/refused").count() == 1


def test_what_is_accepted_or_was_sent_without_a_mailbox_gives_no_mail() -> None:
    who, _, reference = one_sent()
    decide((reference, "integrated", "", LATER))
    assert not Message.objects.filter(template="declarations/emails/refused").exists()
    Credential.objects.filter(pk=who.account.credential.pk).update(email=None, email_proved_at=None)
    decide((reference, "rejected", "duplicate", LATER))
    assert not Message.objects.filter(template="declarations/emails/refused").exists()
