"""The mail at the end of a campaign carries its recapitulation: one paper for all the accounts it tells of (ux.md B21)."""

from __future__ import annotations

import io
from datetime import date, datetime

import pypdf
import pytest
from django.core import mail

from parvis.correspondence import worker
from parvis.correspondence.models import Message
from parvis.declarations.models import RentCampaign
from parvis.declarations.paper import closing_lines
from parvis.declarations.services import campaigns, july
from parvis.declarations.services.reminders import writing
from parvis.identity.models import Account, Credential
from parvis.kit.actors import Right, system
from parvis.kit.clock import PARIS
from tests.factories import declarations as made
from tests.factories.declarations import NOW
from tests.factories.landlords import Owner, landlord, office, owner
from tests.factories.tenancies import july_rent, payment, tenancy
from tests.factories.two_offices import two_offices

pytestmark = pytest.mark.django_db
BY = system("worker")
END = datetime(2026, 10, 1, 8, 0, tzinfo=PARIS)


def half_declared() -> Owner:
    """Abadie’s rent is sent; Benali’s, whom the office pays an aid for, is missing."""
    me = owner()
    done, left = tenancy(me.landlord, last_name="Abadie"), tenancy(me.landlord, last_name="Benali", direct_payment=True)
    for of in (done, left):
        july_rent(of, 2025, 52_400)
    payment(left, date(2026, 6, 1), 23_117)
    made.campaign()
    made.typed(me, done, "525")
    made.sent(me)
    return me


def papers(at: datetime = END) -> list[str]:
    """The words of the recapitulations that left ``at``, once what was due is written."""
    writing.remind(by=BY, at=at)
    Message.objects.exclude(template=writing.TEMPLATE).delete()
    worker.run_until_empty(at=at)
    carried = [sent.attachments for sent in mail.outbox if "récapitulatif" in sent.subject]
    mail.outbox.clear()
    found = []
    for attached in carried:
        ((name, content, kind),) = attached
        assert (name, kind) == ("recapitulatif-loyers-juillet-2026.pdf", "application/pdf")
        reader = pypdf.PdfReader(io.BytesIO(content))
        assert reader.xmp_metadata is not None
        assert b"pdfuaid" in reader.xmp_metadata.stream.get_data()
        found.append(" ".join(" ".join(page.extract_text() for page in reader.pages).split()))
    return found


def test_the_paper_says_what_was_sent_and_what_is_missing_and_no_aid() -> None:
    me = half_declared()
    (words,) = papers()
    assert "1 loyer transmis sur 2" in words
    for said in ("Locataires : 2", "Loyers manquants : 1", me.account.user_number, "Alliance Familiale"):
        assert said in words
    missing, sent = words.split("Loyers transmis, hors charges")
    assert "Benali" in missing
    assert "À saisir" in missing
    assert "Benali" not in sent
    assert "Abadie" in sent
    assert "525,00 €" in sent
    assert "231,17" not in words
    assert f"/connexion/?suite=/c/{me.account.reference}/bailleur/loyers/recapitulatif/?annee=2026" in words.replace(
        " ", ""
    )


def test_the_words_of_the_mail_name_no_tenant() -> None:
    half_declared()
    papers()
    (kept,) = Message.objects.filter(attachment_name="recapitulatif-loyers-juillet-2026.pdf")
    assert kept.state == "sent"
    assert "Abadie" not in kept.body + kept.subject
    assert "Benali" not in kept.body + str(kept.context)


def test_one_paper_holds_all_accounts_of_a_person() -> None:
    me = half_declared()
    other = owner(landlord(company_name="Autre bailleur"), credential=me.account.credential)
    july_rent(of := tenancy(other.landlord, last_name="Corre"), 2025, 40_000)
    made.campaign()
    made.typed(other, of, "401")
    made.sent(other)
    (words,) = papers()
    assert "2 loyers transmis sur 3" in words
    for said in ("Alliance Familiale", "Autre bailleur", "Abadie", "Benali", "Corre", "Vos comptes", "Total 3 2 1"):
        assert said in words
    assert "/comptes/" in words


def test_beyond_its_bound_the_paper_lists_what_is_missing_first_and_says_where_the_rest_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(closing_lines, "LISTED", 1)
    monkeypatch.setattr("parvis.declarations.paper.closing.LISTED", 1)
    half_declared()
    (words,) = papers()
    assert "Benali" in words
    assert "Abadie" not in words
    assert "Les 1 premières lignes" in words
    assert "déjà connu" not in words


def test_who_may_not_consult_gets_figures_and_no_name() -> None:
    me = half_declared()
    declarer = owner(me.landlord, rights=frozenset({Right.DECLARE}))
    Account.objects.filter(pk=me.account.pk).update(campaign_reminders=False)
    (words,) = papers()
    assert "Loyers transmis : 1" in words
    assert "Abadie" not in words
    assert "Benali" not in words
    assert f"/c/{declarer.account.reference}/bailleur/loyers/?etat=transmis" in words.replace(" ", "")


def test_what_is_of_another_office_stays_out_of_the_paper_of_a_limited_user() -> None:
    two = two_offices()
    july.prefill(two.chief.actor, 2026, at=NOW)
    made.sent(two.chief)
    Account.objects.filter(pk=two.chief.account.pk).update(campaign_reminders=False)
    (words,) = papers()
    assert "2 loyers transmis sur 2" in words
    assert "Abadie" in words
    assert "Benali" not in words


def test_each_campaign_tells_of_its_own_offices() -> None:
    me = half_declared()
    far = tenancy(me.landlord, caf_code=office("312", "Caf de la Haute-Garonne").caf_code, last_name="Lointain")
    july_rent(far, 2025, 30_000)
    campaigns.open_campaign(
        2026, opens_on=date(2026, 7, 1), deadline_on=date(2026, 8, 31), suspension_on=date(2027, 1, 15),
        office=office("312"), by=BY, at=made.OPENING,
    )  # fmt: skip
    campaigns.refresh_entries(by=made.CLOCK, at=NOW)
    made.typed(me, far, "300")
    made.sent(me)
    (first,) = papers(datetime(2026, 9, 1, 8, 0, tzinfo=PARIS))
    assert "Lointain" in first
    assert "Abadie" not in first
    (second,) = papers()
    assert "Abadie" in second
    assert "Lointain" not in second


@pytest.mark.parametrize("change", [{"frozen_at": NOW}, {"email": "autre@parvis.example"}], ids=["frozen", "moved"])
def test_a_mailbox_blocked_or_left_meanwhile_gets_no_paper(change: dict[str, object]) -> None:
    me = half_declared()
    writing.remind(by=BY, at=END)
    Credential.objects.filter(pk=me.account.credential_id).update(**change)
    worker.run_until_empty(at=END)
    (closing,) = (sent for sent in mail.outbox if "récapitulatif" in sent.subject)
    assert closing.attachments == []


def test_a_campaign_that_is_gone_leaves_the_mail_without_its_paper() -> None:
    half_declared()
    writing.remind(by=BY, at=END)
    RentCampaign.objects.all().delete()
    worker.run_until_empty(at=END)
    (closing,) = (sent for sent in mail.outbox if "récapitulatif" in sent.subject)
    assert closing.attachments == []


def test_no_other_reminder_carries_a_paper() -> None:
    half_declared()
    for moment in (datetime(2026, 7, 1, 8, tzinfo=PARIS), datetime(2026, 9, 20, 8, tzinfo=PARIS)):
        assert writing.remind(by=BY, at=moment) == 1
    assert {kept.attachment for kept in Message.objects.filter(template=writing.TEMPLATE)} == {""}
