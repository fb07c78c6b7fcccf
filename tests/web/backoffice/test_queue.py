"""What waits for an agent: declarations an officer treats, accounts to verify."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from parvis.agents.posts import DUTIES, Role
from parvis.audit.models import Entry
from parvis.changes.models import AwaitedPaper, ChangeRequest
from parvis.correspondence.models import Message
from parvis.declarations.models import CampaignEntry, Declaration
from parvis.declarations.services.exchange.deciding import decide
from parvis.kit.actors import Duty
from parvis.kit.refusals import NotFound
from parvis.tenancies.models import JulyRent
from tests.factories import declarations
from tests.factories.agents import Colleague, colleague
from tests.factories.changes import BELGIAN, bank_asked
from tests.factories.landlords import Owner, landlord, office, owner
from tests.factories.papers import PAPER
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
LIST = "/agents/declarations/"


def _manual(someone: Owner | None = None) -> Declaration:
    """A July rent that the office's system left to an officer."""
    someone = someone or owner()
    rented = tenancy(someone.landlord)
    july_rent(rented, declarations.YEAR - 1, 52_400)
    declarations.campaign()
    declarations.typed(someone, rented, "525")
    (receipt,) = declarations.sent(someone)
    made = receipt.declarations.get(kind="july_rent")
    Declaration.objects.filter(pk=made.pk).update(state="manual", sent_at=NOW)
    made.refresh_from_db()
    return made


def _caseworker(place: str = "441") -> Colleague:
    return colleague((Role.CASEWORKER, place))


@pytest.mark.parametrize("address", [LIST, "/agents/coordonnees-bancaires/"])
@pytest.mark.parametrize("role", list(Role))
def test_each_queue_opens_to_those_who_decide(role: Role, address: str) -> None:
    duty = Duty.DECIDE_DECLARATIONS if address == LIST else Duty.DECIDE_BANK_DETAILS
    browser = colleague((role, "" if role is Role.NATIONAL_ADMINISTRATOR else "441")).browser()
    assert browser.get(address).status_code == (200 if duty in DUTIES[role] else 403)


class TestDeclarations:
    """Taken in, refused, or a paper asked for."""

    def test_an_empty_queue_says_so(self) -> None:
        assert "Rien à traiter" in _caseworker().browser().get(LIST).content.decode()

    def test_what_another_office_treats_does_not_exist(self) -> None:
        office("261", "Caf de la Drôme")
        there = _manual(owner(landlord(office_code="261")))
        here = _manual()
        browser = _caseworker().browser()
        page = browser.get(LIST).content.decode()
        assert str(here.opaque) in page
        assert str(there.opaque) not in page
        assert browser.get(f"{LIST}{there.opaque}/").status_code == 404
        with pytest.raises(NotFound):
            decide(there.opaque, "integrated", note="x", by=_caseworker().actor, at=NOW)

    def test_taken_in_it_counts_and_the_landlord_is_told(self) -> None:
        made, browser = _manual(), _caseworker().browser()
        address = f"{LIST}{made.opaque}/"
        page = browser.get(address).content.decode()
        assert made.reference
        assert made.reference in page
        assert "525,00\u00a0€" in page
        browser.post(address, {"status": "integrated", "note": "Bail vérifié"})
        made.refresh_from_db()
        assert made.state == "integrated"
        assert JulyRent.objects.get(tenancy=made.tenancy_id, year=declarations.YEAR).rent_cents == 52_500
        assert CampaignEntry.objects.get(tenancy=made.tenancy_id, year=declarations.YEAR).state == "integrated"
        entry = Entry.objects.get(event="declarations.decided")
        assert (entry.actor_kind, entry.details["note"]) == ("agent", "Bail vérifié")
        assert entry.partner_id == made.landlord_id
        assert browser.get(address).status_code == 404

    def test_refused_the_landlord_reads_the_reason_and_not_the_note(self) -> None:
        made, browser = _manual(), _caseworker().browser()
        form = {"status": "rejected", "reason_code": "amount_inconsistent", "note": "Appel du locataire"}
        browser.post(f"{LIST}{made.opaque}/", form)
        made.refresh_from_db()
        assert (made.state, made.reason_code) == ("rejected", "amount_inconsistent")
        assert "Appel du locataire" not in str(list(Message.objects.values_list("context", flat=True)))

    def test_a_paper_is_asked_for_by_a_day(self) -> None:
        made, browser = _manual(), _caseworker().browser()
        day = (NOW + timedelta(days=20)).strftime("%d/%m/%Y")
        form = {"status": "paper_awaited", "paper": "lease", "answer_by": day, "note": "Bail illisible"}
        browser.post(f"{LIST}{made.opaque}/", form)
        assert AwaitedPaper.objects.get(subject=made.reference).paper == "lease"
        assert "Pièce attendue" in browser.get(LIST).content.decode()

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"note": "x"}, "Choisissez une décision."),
            ({"status": "integrated"}, "Dites pourquoi."),
            ({"status": "rejected", "note": "x"}, "Choisissez la raison que lira le bailleur."),
            ({"status": "rejected", "reason_code": "rien", "note": "x"}, "Choisissez une des réponses proposées."),
            ({"status": "paper_awaited", "note": "x"}, "Choisissez la pièce attendue."),
            ({"status": "paper_awaited", "paper": "lease", "note": "x"}, "Donnez un jour à venir pour répondre."),
            (
                {"status": "paper_awaited", "paper": "lease", "note": "x", "answer_by": "01/01/2020"},
                "Donnez un jour à venir",
            ),
        ],
    )
    def test_what_lacks_is_said_and_nothing_is_decided(self, typed: dict[str, str], sentence: str) -> None:
        made = _manual()
        page = _caseworker().browser().post(f"{LIST}{made.opaque}/", typed).content.decode()
        assert sentence in page
        made.refresh_from_db()
        assert made.state == "manual"

    def test_of_two_agents_the_second_is_told(self) -> None:
        made, form = _manual(), {"status": "integrated", "note": "Vu"}
        first, second = _caseworker().browser(), _caseworker().browser()
        assert first.post(f"{LIST}{made.opaque}/", form).status_code == 302
        assert second.post(f"{LIST}{made.opaque}/", form).status_code == 404
        assert Entry.objects.filter(event="declarations.decided").count() == 1

    def test_long_queues_are_paged_by_key(self) -> None:
        someone = owner()
        rented = [tenancy(someone.landlord) for _ in range(27)]
        for one in rented:
            july_rent(one, declarations.YEAR - 1, 52_400)
        declarations.campaign()
        for one in rented:
            declarations.typed(someone, one, "525")
        declarations.sent(someone)
        Declaration.objects.filter(landlord=someone.landlord).update(state="manual", sent_at=NOW)
        browser = _caseworker().browser()
        first = browser.get(LIST).content.decode()
        following = first.split('href="?apres=')[1].split('"')[0]
        second = browser.get(f"{LIST}?apres={following}").content.decode()
        assert (first.count("/agents/declarations/"), second.count('<th scope="row"')) != (0, 0)
        assert first.count('<th scope="row"') == 25
        assert second.count('<th scope="row"') == 2


class TestBankChanges:
    """Nothing leaves before it is verified."""

    LIST = "/agents/coordonnees-bancaires/"

    def test_a_change_is_approved_with_its_reason_once(self) -> None:
        change, browser = bank_asked(owner(), iban=BELGIAN), _caseworker().browser()
        listed = browser.get(self.LIST).content.decode()
        assert "Compte hors de France" in listed
        page = browser.get(f"{self.LIST}{change.number}/").content.decode()
        assert change.iban_last4 in page
        assert BELGIAN not in page.replace(" ", "")
        done = browser.post(f"{self.LIST}{change.number}/", {"decision": "approve", "reason": "Rappelé au siège"})
        assert done.status_code == 302
        change.refresh_from_db()
        assert change.approved_by.startswith("agent.")
        assert browser.get(f"{self.LIST}{change.number}/").status_code == 404
        assert "Rien à vérifier" in browser.get(self.LIST).content.decode()

    def test_a_refused_one_tells_the_landlord_why(self) -> None:
        change, browser = bank_asked(owner(), iban=BELGIAN), _caseworker().browser()
        browser.post(f"{self.LIST}{change.number}/", {"decision": "refuse", "reason": "Titulaire inconnu"})
        change.refresh_from_db()
        assert (change.state, change.reason) == ("refused", "Titulaire inconnu")

    @pytest.mark.parametrize("typed", [{}, {"decision": "approve"}, {"reason": "x"}, {"decision": "x", "reason": "x"}])
    def test_what_lacks_is_said_and_nothing_is_decided(self, typed: dict[str, str]) -> None:
        change = bank_asked(owner(), iban=BELGIAN)
        page = _caseworker().browser().post(f"{self.LIST}{change.number}/", typed).content.decode()
        assert "Erreur" in page
        change.refresh_from_db()
        assert not change.approved_by

    def test_what_another_office_verifies_does_not_exist(self) -> None:
        office("261", "Caf de la Drôme")
        change = bank_asked(owner(), iban=BELGIAN)
        browser = _caseworker("261").browser()
        assert change.number not in browser.get(self.LIST).content.decode()
        assert browser.get(f"{self.LIST}{change.number}/").status_code == 404

    def test_its_paper_is_opened_and_who_opened_it_noted(self) -> None:
        change = bank_asked(owner(), iban=BELGIAN, file=PAPER)
        browser = _caseworker().browser()
        page = browser.get(f"{self.LIST}{change.number}/").content.decode()
        address = page.split('href="' + f"{self.LIST}{change.number}/pieces/")[1].split('"')[0]
        answer = browser.get(f"{self.LIST}{change.number}/pieces/{address}")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert Entry.objects.get(event="agents.paper_opened").partner_id == change.landlord_id
        assert Entry.objects.filter(event="agents.looked", subject=change.number).exists()
        office("261", "Caf de la Drôme")
        assert _caseworker("261").browser().get(f"{self.LIST}{change.number}/pieces/{address}").status_code == 404
        assert browser.get(f"{self.LIST}{change.number}/pieces/{uuid4()}/").status_code == 404

    def test_one_that_waits_for_a_second_agreement_may_be_refused(self) -> None:
        change, browser = bank_asked(owner(), iban=BELGIAN), _caseworker().browser()
        ChangeRequest.objects.filter(pk=change.pk).update(state="agreement")
        browser.post(f"{self.LIST}{change.number}/", {"decision": "refuse", "reason": "Titulaire inconnu"})
        change.refresh_from_db()
        assert change.state == "refused"
        assert Entry.objects.get(event="changes.refused").partner_id == change.landlord_id

    def test_an_unflagged_one_waits_for_nobody(self) -> None:
        change = bank_asked(owner())
        browser = _caseworker().browser()
        assert change.flags == []
        assert browser.get(f"{self.LIST}{change.number}/").status_code == 404
