"""Bank changes before an agent: those to verify, narrowed, decided; any that has not left, stopped."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from uuid import uuid4

import pytest
from django.db import transaction

from parvis.agents.posts import Role
from parvis.audit.models import Entry
from parvis.changes.models import ChangeKind, ChangeRequest
from parvis.changes.reasons import BANK_REASONS
from parvis.changes.services import keeping, leaving
from parvis.changes.services.bank import by_agent
from parvis.correspondence.models import Message
from parvis.kit.actors import Right, operator, system
from parvis.kit.refusals import ActNotPossible, DutyMissing, NotFound
from parvis.landlords.models import ThirdPartyNumber
from parvis.parameters import texts
from parvis.parameters.selectors import forget
from tests.factories.agents import SQUARE, Colleague, colleague
from tests.factories.changes import BELGIAN, address_asked, bank_asked
from tests.factories.landlords import landlord, office, owner
from tests.factories.papers import PAPER
from tests.web.backoffice.file.opening import file_of, opened

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
LIST = "/agents/coordonnees-bancaires/"
REFUSED = {"decision": "refuse", "reason_code": "holder_unproved", "note": "Titulaire inconnu"}


def caseworker(place: str = "441") -> Colleague:
    """Somebody who decides about accounts at an office."""
    return colleague((Role.CASEWORKER, place))


class TestDeciding:
    """Nothing leaves before it is verified."""

    def test_a_change_is_approved_with_its_reason_once(self) -> None:
        change, browser = bank_asked(owner(), iban=BELGIAN), caseworker().browser()
        listed = browser.get(LIST).content.decode()
        assert "Compte hors de France" in listed
        page = browser.get(f"{LIST}{change.number}/").content.decode()
        assert change.iban_last4 in page
        assert BELGIAN not in page.replace(" ", "")
        done = browser.post(f"{LIST}{change.number}/", {"decision": "approve", "note": "Rappelé au siège"})
        assert done.status_code == 302
        change.refresh_from_db()
        assert change.approved_by.startswith("agent.")
        assert browser.get(f"{LIST}{change.number}/").status_code == 404
        assert "Rien à vérifier" in browser.get(LIST).content.decode()

    def test_a_refused_one_tells_the_landlord_why(self) -> None:
        change, browser = bank_asked(owner(), iban=BELGIAN), caseworker().browser()
        browser.post(f"{LIST}{change.number}/", REFUSED)
        change.refresh_from_db()
        assert (change.state, change.reason, change.iban) == ("refused", BANK_REASONS["holder_unproved"], None)
        told = Message.objects.get(template="changes/emails/decided")
        assert told.context["reason"] == change.reason
        assert Message.objects.get(template="changes/letters/bank_stopped").context["reason"] == change.reason
        assert "Titulaire inconnu" not in str(list(Message.objects.values_list("context", flat=True)))
        assert Entry.objects.get(event="changes.refused").details["note"] == "Titulaire inconnu"

    def test_every_administrator_hears_of_a_refusal_and_the_asker_once(self) -> None:
        who = owner()
        other = owner(who.landlord, rights=frozenset({Right.ADMINISTER}))
        change = bank_asked(who, iban=BELGIAN)
        caseworker().browser().post(f"{LIST}{change.number}/", REFUSED)
        told = Message.objects.filter(template__in=["changes/emails/decided", "changes/emails/bank_stopped"])
        assert sorted(told.values_list("template", "to_email")) == [
            ("changes/emails/bank_stopped", other.account.credential.email),
            ("changes/emails/decided", who.account.credential.email),
        ]

    def test_the_office_writes_its_own_reasons(self) -> None:
        change = bank_asked(owner(), iban=BELGIAN)
        family, editor = texts.family_of("bank-refusals"), operator("Camille")
        for code, sentence in (("compte_clos", "Ce compte est clos."), ("unreachable", "Appelez-nous au 3230.")):
            texts.edit(family, code, {"sentence": sentence}, reason="Usage", by=editor, at=NOW)
        forget()
        browser = caseworker().browser()
        page = browser.get(f"{LIST}{change.number}/").content.decode()
        assert "Ce compte est clos." in page
        assert "Appelez-nous au 3230." in page
        assert BANK_REASONS["unreachable"] not in page
        browser.post(f"{LIST}{change.number}/", {**REFUSED, "reason_code": "compte_clos"})
        change.refresh_from_db()
        assert change.reason == "Ce compte est clos."

    @pytest.mark.parametrize(
        "typed",
        [
            {},
            {"decision": "approve"},
            {"note": "x"},
            {"decision": "x", "note": "x"},
            {"decision": "refuse", "note": "x"},
            {"decision": "refuse", "reason_code": "unreachable"},
            {"decision": "refuse", "reason_code": "rien", "note": "x"},
            {"decision": "refuse", "reason_code": "unreachable", "note": "x" * 401},
        ],
    )
    def test_what_lacks_is_said_and_nothing_is_decided(self, typed: dict[str, str]) -> None:
        change = bank_asked(owner(), iban=BELGIAN)
        page = caseworker().browser().post(f"{LIST}{change.number}/", typed).content.decode()
        assert "Erreur" in page
        change.refresh_from_db()
        assert (change.approved_by, change.state) == ("", "held")

    def test_what_another_office_verifies_does_not_exist(self) -> None:
        office("261", "Caf de la Drôme")
        change = bank_asked(owner(), iban=BELGIAN)
        browser = caseworker("261").browser()
        assert change.number not in browser.get(LIST).content.decode()
        assert browser.get(f"{LIST}{change.number}/").status_code == 404

    def test_its_paper_is_opened_and_who_opened_it_noted(self) -> None:
        change = bank_asked(owner(), iban=BELGIAN, file=PAPER)
        browser = caseworker().browser()
        page = browser.get(f"{LIST}{change.number}/").content.decode()
        address = page.split('href="' + f"{LIST}{change.number}/pieces/")[1].split('"')[0]
        answer = browser.get(f"{LIST}{change.number}/pieces/{address}")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert Entry.objects.get(event="agents.paper_opened").partner_id == change.landlord_id
        assert Entry.objects.filter(event="agents.looked", subject=change.number).exists()
        office("261", "Caf de la Drôme")
        assert caseworker("261").browser().get(f"{LIST}{change.number}/pieces/{address}").status_code == 404
        assert browser.get(f"{LIST}{change.number}/pieces/{uuid4()}/").status_code == 404

    def test_one_that_waits_for_a_second_agreement_may_be_refused(self) -> None:
        change, browser = bank_asked(owner(), iban=BELGIAN), caseworker().browser()
        ChangeRequest.objects.filter(pk=change.pk).update(state="agreement")
        browser.post(f"{LIST}{change.number}/", REFUSED)
        change.refresh_from_db()
        assert change.state == "refused"
        assert Entry.objects.get(event="changes.refused").partner_id == change.landlord_id

    def test_an_unflagged_one_waits_for_nobody(self) -> None:
        change = bank_asked(owner())
        browser = caseworker().browser()
        assert change.flags == []
        assert browser.get(f"{LIST}{change.number}/").status_code == 404


class TestNarrowing:
    """By office, by reason to look, by age, by country."""

    def test_the_queue_is_narrowed_by_each(self) -> None:
        office("261", "Caf de la Drôme")
        abroad = bank_asked(owner(), iban=BELGIAN, at=NOW - timedelta(days=2))
        named = bank_asked(owner(landlord(office_code="261")), holder="Jean Dupont", file=PAPER, at=NOW)
        browser = colleague((Role.CASEWORKER, "441"), (Role.CASEWORKER, "261")).browser()

        def listed(query: str) -> set[str]:
            page = browser.get(LIST + query).content.decode()
            return {change.number for change in (abroad, named) if change.number in page}

        both = {abroad.number, named.number}
        assert listed("") == listed("?caisse=&pays=&depuis=0&signalement=") == both
        assert listed("?caisse=261") == listed("?signalement=holder_differs") == listed("?pays=FR") == {named.number}
        assert listed("?caisse=441") == listed("?depuis=1") == listed("?pays=BE") == {abroad.number}
        assert listed("?caisse=261&pays=BE") == set()
        assert "Aucun compte à vérifier ne correspond" in browser.get(LIST + "?depuis=7").content.decode()
        assert listed("?caisse=999&depuis=x&pays=%00&signalement=autre&apres=C-x") == both

    def test_offices_of_others_are_no_choice(self) -> None:
        office("261", "Caf de la Drôme")
        bank_asked(owner(landlord(office_code="261")), iban=BELGIAN)
        page = caseworker().browser().get(LIST + "?caisse=261").content.decode()
        assert "Caf de la Drôme" not in page
        assert "Rien à vérifier" in page

    def test_pages_keep_what_the_queue_is_narrowed_to(self) -> None:
        with transaction.atomic():
            for who in [owner() for _ in range(26)]:
                keeping.begin(
                    ChangeKind.BANK_DETAILS, who.third_party_number, state="held", key=uuid4(), by=who.actor, at=NOW,
                    flags=["foreign_iban"], details={"account_holder": "x", "country": "BE"}, iban=b"x", iban_index=b"x",
                )  # fmt: skip
        browser = caseworker().browser()
        page = browser.get(LIST + "?pays=BE").content.decode()
        following = page.split('href="?pays=BE&amp;apres=')[1].split('"')[0]
        second = browser.get(f"{LIST}?pays=BE&apres={following}").content.decode()
        assert (page.count('<th scope="row"'), second.count('<th scope="row"')) == (25, 1)
        assert 'value="BE" selected' in second
        assert f'href="{LIST}?pays=BE"' in second


class TestStopping:
    """Any bank change that has not left, flagged or not, from the file of its landlord."""

    WORDS: ClassVar[dict[str, str]] = {"reason_code": "origin_doubted", "note": "Appel du siège, rappelé"}

    def test_it_is_stopped_with_a_reason_and_everybody_is_told(self) -> None:
        who = owner()
        other = owner(who.landlord, rights=frozenset({Right.ADMINISTER}))
        change = bank_asked(who)
        assert change.flags == []
        browser, address = opened(caseworker(), who), f"{file_of(who)}demandes/{change.number}/"
        assert f"{address}arreter/" in browser.get(address).content.decode()
        assert "Arrêter ce changement de compte" in browser.get(f"{address}arreter/").content.decode()
        assert browser.post(f"{address}arreter/", self.WORDS).headers["Location"] == address
        change.refresh_from_db()
        assert (change.state, change.reason, change.iban) == ("stopped", BANK_REASONS["origin_doubted"], None)
        mails = Message.objects.filter(template="changes/emails/bank_stopped")
        assert {mail.to_email for mail in mails} == {who.account.credential.email, other.account.credential.email}
        letter = Message.objects.get(template="changes/letters/bank_stopped")
        assert letter.context["reason"] == change.reason
        assert "Appel du siège" not in str(list(Message.objects.values_list("context", flat=True)))
        entry = Entry.objects.get(event="changes.stopped")
        assert (entry.actor_kind, entry.partner_id) == ("agent", who.landlord.pk)
        assert (entry.details["note"], entry.details["reason_code"]) == (self.WORDS["note"], "origin_doubted")
        told = who.browser().get(f"/c/{who.account.reference}/bailleur/demandes/{change.number}/").content.decode()
        assert change.reason in told
        assert "agent." not in told
        after = browser.get(address).content.decode()
        assert change.reason in after
        assert f"{address}arreter/" not in after
        assert leaving.release_due(by=system("test"), at=NOW + timedelta(days=30)).ready == 0

    @pytest.mark.parametrize("state", ["agreement", "held", "ready"])
    def test_from_each_state_in_which_it_has_not_left(self, state: str) -> None:
        change = bank_asked(owner())
        ChangeRequest.objects.filter(pk=change.pk).update(state=state)
        by_agent.stop_for_office(change.number, "unreachable", note="Vu", by=caseworker().actor, at=NOW)
        change.refresh_from_db()
        assert change.state == "stopped"

    @pytest.mark.parametrize("state", ["sent", "manual", "done", "refused", "stopped", "expired"])
    def test_what_left_or_is_over_is_stopped_no_more(self, state: str) -> None:
        who = owner()
        change = bank_asked(who)
        ChangeRequest.objects.filter(pk=change.pk).update(state=state)
        with pytest.raises(ActNotPossible):
            by_agent.stop_for_office(change.number, "unreachable", note="Vu", by=caseworker().actor, at=NOW)
        address = f"{file_of(who)}demandes/{change.number}/"
        answer = opened(caseworker(), who).post(f"{address}arreter/", self.WORDS, follow=True).content.decode()
        assert "ne peut plus être arrêté ici" in answer
        change.refresh_from_db()
        assert change.state == state

    @pytest.mark.parametrize(("role", "place"), SQUARE)
    def test_only_those_who_decide_about_accounts_at_its_office(self, role: Role, place: str) -> None:
        change = bank_asked(owner())
        by, may = colleague((role, place)).actor, role is Role.CASEWORKER and place in ("441", "")
        with nullcontext() if may else pytest.raises(DutyMissing):
            by_agent.stop_for_office(change.number, "unreachable", note="Vu", by=by, at=NOW)
        change.refresh_from_db()
        assert change.state == ("stopped" if may else "held")

    def test_a_landlord_and_the_clock_are_no_agent(self) -> None:
        who = owner()
        change = bank_asked(who)
        for by in (who.actor, system("test")):
            with pytest.raises(ActNotPossible):
                by_agent.stop_for_office(change.number, "unreachable", note="Vu", by=by, at=NOW)

    def test_the_duty_at_another_office_of_the_landlord_is_not_enough(self) -> None:
        office("261", "Caf de la Drôme")
        who = owner()
        ThirdPartyNumber.objects.create(
            landlord=who.landlord, office_id="261", number="0000261", user_number="26100000000V01", address_1="1 rue",
            postcode="26000", city="VALENCE",
        )  # fmt: skip
        change = bank_asked(who)
        address = f"{file_of(who)}demandes/{change.number}/arreter/"
        assert opened(caseworker("261"), who).get(address).status_code == 404
        both = opened(colleague((Role.CASEWORKER, "261"), (Role.RECEPTION, "441")), who)
        page = both.get(address.removesuffix("arreter/")).content.decode()
        assert "arreter/" not in page
        assert both.get(address).status_code == 403
        assert both.post(address, self.WORDS).status_code == 403
        change.refresh_from_db()
        assert change.state == "held"

    @pytest.mark.parametrize(
        "typed", [{}, {"note": "x"}, {"reason_code": "unreachable"}, {"reason_code": "rien", "note": "x"}]
    )
    def test_what_lacks_is_said_and_nothing_is_stopped(self, typed: dict[str, str]) -> None:
        who = owner()
        change = bank_asked(who)
        page = opened(caseworker(), who).post(f"{file_of(who)}demandes/{change.number}/arreter/", typed)
        assert "Erreur" in page.content.decode()
        change.refresh_from_db()
        assert change.state == "held"

    def test_no_other_kind_is_stopped_here(self) -> None:
        (moved,) = address_asked(owner())
        with pytest.raises(NotFound):
            by_agent.stop_for_office(moved.number, "unreachable", note="Vu", by=caseworker().actor, at=NOW)
