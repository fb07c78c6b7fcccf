"""What waits for an agent: declarations an officer treats; accounts to verify are in ``test_bank_queue``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from parvis.agents.posts import DUTIES, Role
from parvis.audit.models import Entry
from parvis.changes.models import AwaitedPaper
from parvis.correspondence.models import Message
from parvis.declarations.models import CampaignEntry, Declaration
from parvis.declarations.services.exchange.deciding import decide
from parvis.kit.actors import Duty
from parvis.kit.refusals import NotFound
from parvis.tenancies.models import JulyRent
from tests.factories import declarations
from tests.factories.agents import Colleague, colleague
from tests.factories.landlords import Owner, landlord, office, owner
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

    def test_what_was_confirmed_is_read_with_its_reason(self) -> None:
        made, browser = _manual(), _caseworker().browser()
        assert "Confirmé" not in browser.get(f"{LIST}{made.opaque}/").content.decode()
        Declaration.objects.filter(pk=made.pk).update(confirmed=["decrease"], confirmed_reason="Bail renégocié")
        page = browser.get(f"{LIST}{made.opaque}/").content.decode()
        for words in ("Confirmé", "une forte baisse depuis juillet précédent", "Raison donnée", "Bail renégocié"):
            assert words in page

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
