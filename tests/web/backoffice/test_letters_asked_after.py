"""« Je n’ai pas reçu ma lettre » : the answer stands in one line at the top of the file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from parvis.agents.posts import Role
from parvis.correspondence.models import Message, MessageState
from parvis.correspondence.returns import bounces
from parvis.correspondence.returns.models import ReturnReason
from parvis.correspondence.returns.services import note_return
from parvis.identity.models import AccountState, Credential
from tests.factories.agents import colleague
from tests.factories.correspondence import batched
from tests.factories.landlords import Owner, landlord, owner
from tests.web.backoffice.file.opening import alone, file_of, letter, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def someone() -> Owner:
    return owner(landlord(company_name="Habitat du Rivage"))


class TestWhereTheLetterIs:
    """« Je n’ai pas reçu ma lettre »."""

    @pytest.fixture(autouse=True)
    def _new(self, someone: Owner) -> None:
        alone(someone)
        someone.account.state, someone.account.opened_at = AccountState.NEW, None
        someone.account.save()
        Credential.objects.filter(pk=someone.account.credential_id).update(
            email=None, email_proved_at=None, provisional_until=datetime.now(UTC) + timedelta(days=50)
        )

    def page(self, someone: Owner) -> str:
        return opened(colleague((Role.RECEPTION, "441")), someone).get(file_of(someone)).content.decode()

    def test_on_their_way(self, someone: Owner) -> None:
        sent = datetime.now(UTC) - timedelta(days=2)
        first = letter(
            someone,
            "identity/letters/identifier",
            days=2,
            state=MessageState.SENT,
            sent_at=sent,
            number="L-2026-000001",
        )
        batched(first, posted_on=sent.date())
        letter(
            someone, "identity/letters/password", days=2, after=first, is_held=False, due_at=sent + timedelta(days=3)
        )
        page = self.page(someone)
        assert "Lettre en route" in page
        answer = page.split("Où sont ses identifiants", 1)[1].split("</div>", 1)[0]
        assert "Lettre de l’identifiant\u00a0: partie le" in answer
        assert "attendue au plus tard le" in answer
        assert "Lettre du mot de passe\u00a0: partira au plus tôt le" in answer
        assert "L-2026-000001" in page

    def test_made_is_not_gone(self, someone: Owner) -> None:
        """Made twelve days ago and still here: it has not left, and nobody says when it should have arrived."""
        long_ago = datetime.now(UTC) - timedelta(days=12)
        made: dict[str, Any] = {"days": 12, "state": MessageState.SENT, "sent_at": long_ago}
        first = letter(someone, "identity/letters/identifier", number="L-2026-000001", **made)
        letter(someone, "identity/letters/password", number="L-2026-000002", **made)
        page = self.page(someone)
        assert "Lettre en route" in page
        assert "Lettre de l’identifiant\u00a0: attend son lot d’impression." in page
        assert "Lettre du mot de passe\u00a0: attend son lot d’impression, valable jusqu’au" in page
        batch = batched(first)
        page = self.page(someone)
        assert f"attend son lot d’impression, {batch.number} pas encore posté" in page
        assert "partie le" not in page
        assert "devait arriver" not in page

    def test_returned_is_told_with_its_reason(self, someone: Owner) -> None:
        sent_at = datetime.now(UTC) - timedelta(days=12)
        made: dict[str, Any] = {"days": 12, "state": MessageState.SENT, "sent_at": sent_at}
        back = letter(someone, "identity/letters/password", number="L-2026-000002", **made)
        batched(back, posted_on=date(2026, 7, 14))
        note_return(back, ReturnReason.NOT_THERE, by=colleague().actor, at=datetime.now(UTC))
        page = self.page(someone)
        assert "partie le 14 juillet 2026, revenue («\u00a0N’habite pas à l’adresse indiquée\u00a0»)" in page
        assert "devait arriver" not in page
        assert "Jamais connecté" in page

    def test_late_replaced_expired_failed(self, someone: Owner) -> None:
        long_ago = datetime.now(UTC) - timedelta(days=30)
        letter(someone, "identity/letters/password", days=31, state=MessageState.SENT, sent_at=long_ago)
        newer = letter(
            someone,
            "identity/letters/password",
            days=20,
            state=MessageState.SENT,
            sent_at=long_ago,
            number="L-2026-000002",
        )
        batched(newer, posted_on=long_ago.date())
        page = self.page(someone)
        assert "Jamais connecté" in page
        assert "devait arriver au plus tard le" in page
        assert "remplacé depuis" in page
        Credential.objects.update(provisional_until=long_ago)
        assert "il faut en envoyer un autre" in self.page(someone)
        failure = "L’adresse est à vérifier."
        Message.objects.filter(pk=newer.pk).update(state=MessageState.FAILED, sent_at=None, failure=failure)
        assert "n’a pas pu partir (l’adresse est à vérifier)" in self.page(someone)

    def test_bounced(self, someone: Owner) -> None:
        sent = datetime.now(UTC) - timedelta(days=2)
        to = {"channel": "email", "to_email": "lina@tilleuls.example", "to_address": []}
        mail = letter(someone, "identity/emails/identifier", days=2, state=MessageState.SENT, sent_at=sent, **to)
        bounces.note(bounces.Bounce(mail.reference, "5.1.1", is_final=True), at=datetime.now(UTC))
        page = self.page(someone)
        assert "Revenu" in page
        assert "la boîte du destinataire a refusé ce mail (code 5.1.1)" in page
        assert "n’a pas pu partir" not in page

    def test_never_sent(self, someone: Owner) -> None:
        assert "Aucun identifiant n’est parti pour ce compte." in self.page(someone)

    def test_served(self, someone: Owner) -> None:
        sent = datetime.now(UTC) - timedelta(days=20)
        letter(someone, "identity/letters/password", days=20, state=MessageState.SENT, sent_at=sent)
        Credential.objects.update(provisional_until=None)
        browser = opened(colleague((Role.RECEPTION, "441")), someone)
        page = browser.get(f"{file_of(someone)}comptes/{someone.account.reference}/").content.decode()
        assert "la personne a choisi le sien" in page
