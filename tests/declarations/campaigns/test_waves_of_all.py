"""The opening is announced to everybody, by mail or by post; the end sends back to what was declared."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier

import pytest
from django.db import connection

from parvis.correspondence.models import Message
from parvis.declarations.models import CampaignReminder
from parvis.declarations.services import campaigns, july
from parvis.declarations.services.reminders import by_post, writing
from parvis.identity.models import Account, Credential
from parvis.kit.actors import Right, system
from parvis.kit.clock import PARIS
from tests.factories import declarations as made
from tests.factories.declarations import NOW, typed
from tests.factories.identity import deliver
from tests.factories.landlords import Owner, landlord, office, owner
from tests.factories.tenancies import july_rent, tenancy
from tests.factories.two_offices import THERE, two_offices

pytestmark = pytest.mark.django_db
BY = system("worker")


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 8, 0, tzinfo=PARIS)


def two_owed() -> Owner:
    me = owner()
    for name in ("Abadie", "Benali"):
        july_rent(tenancy(me.landlord, last_name=name), 2025, 52_400)
    made.campaign()
    return me


def own_dates(code: str) -> None:
    """The campaign of the year at one office, which ends a month before the others'."""
    campaigns.open_campaign(
        2026, opens_on=date(2026, 7, 1), deadline_on=date(2026, 8, 31), suspension_on=date(2027, 1, 15), office=office(code),
        by=BY, at=made.OPENING,
    )  # fmt: skip


def without_mailbox(me: Owner) -> None:
    Credential.objects.filter(pk=me.account.credential_id).update(email=None, email_proved_at=None)


def refused(me: Owner) -> None:
    """The server of their mailbox says that nobody has it."""
    Credential.objects.filter(pk=me.account.credential_id).update(email_refused_at=at(6, 1))


def written(template: str) -> list[Message]:
    return list(Message.objects.filter(template=template).order_by("id"))


def test_the_opening_is_announced_once_to_each_person_for_all_their_accounts() -> None:
    me = two_owed()
    other = owner(landlord(company_name="Autre bailleur"), credential=me.account.credential)
    tenancy(other.landlord)
    made.campaign()
    assert writing.remind(by=BY, at=at(7, 1)) == 1
    assert writing.remind(by=BY, at=at(7, 2)) == 0
    (mail,) = written(writing.TEMPLATE)
    assert (mail.context["kind"], mail.context["count"]) == ("opening", 3)
    assert sorted(mail.context["accounts"]) == [["Alliance Familiale", 2], ["Autre bailleur", 1]]
    assert not written(by_post.TEMPLATE)


def test_the_end_sends_the_recap_to_who_declared_and_to_nobody_else() -> None:
    me, idle = two_owed(), owner(landlord(company_name="Autre"))
    july_rent(tenancy(idle.landlord), 2025, 52_400)
    made.campaign()
    july.prefill(me.actor, 2026, at=NOW)
    made.sent(me)
    assert writing.remind(by=BY, at=at(10, 1)) == 1
    assert writing.remind(by=BY, at=at(10, 2)) == 0
    (mail,) = written(writing.TEMPLATE)
    assert (mail.context["kind"], mail.context["done"], mail.context["count"]) == ("closing", 2, 0)
    (arrived,) = (mail for mail in deliver(at(10, 1)) if mail.subject == "Campagne terminée\u00a0: récapitulatif")
    assert f"/c/{me.account.reference}/bailleur/loyers/recapitulatif/?annee=2026" in str(arrived.body)


def test_the_end_leads_who_may_only_declare_to_what_they_may_see() -> None:
    me = owner(two_owed().landlord, rights=frozenset({Right.DECLARE}))
    made.campaign()
    july.prefill(me.actor, 2026, at=NOW)
    made.sent(me)
    assert writing.remind(by=BY, at=at(10, 1)) == 2
    (arrived,) = (
        mail for mail in deliver(at(10, 1)) if mail.to == [me.account.credential.email] and "Campagne" in mail.subject
    )
    found = re.search(r"suite=(/c/\S+)", str(arrived.body))
    assert found is not None
    assert found[1] == f"/c/{me.account.reference}/bailleur/loyers/?etat=transmis"
    page = me.browser().get(found[1])
    assert page.status_code == 200
    assert "Abadie" in page.content.decode()
    recap = f"/c/{me.account.reference}/bailleur/loyers/recapitulatif/?annee=2026"
    assert me.browser().get(recap).status_code == 403


def test_a_landlord_no_mail_reaches_gets_one_letter_with_the_table_to_fill() -> None:
    me = two_owed()
    second = owner(me.landlord)
    without_mailbox(me)
    without_mailbox(second)
    assert writing.remind(by=BY, at=at(7, 1)) == 0
    assert writing.remind(by=BY, at=at(7, 2)) == 0
    (letter,) = written(by_post.TEMPLATE)
    assert letter.account_id == min(me.account.pk, second.account.pk)
    assert letter.to_address[0] == "ALLIANCE FAMILIALE"
    assert [name for name, _ in letter.context["tenants"]] == ["Lina Abadie", "Lina Benali"]
    assert letter.context["tenants"][0][1] == "524,00\u00a0€"
    assert CampaignReminder.objects.get().wave == f"{me.third_party_number.office_id}:{by_post.WAVE}"
    deliver(at(7, 1))
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_a_colleague_with_a_mailbox_is_enough_and_so_is_a_rent_already_sent() -> None:
    me = two_owed()
    owner(me.landlord)
    without_mailbox(me)
    assert writing.remind(by=BY, at=at(7, 1)) == 1
    assert not written(by_post.TEMPLATE)
    alone = owner(landlord(company_name="Autre"))
    of = tenancy(alone.landlord)
    july_rent(of, 2025, 52_400)
    made.campaign()
    typed(alone, of, "525")
    made.sent(alone)
    without_mailbox(alone)
    writing.remind(by=BY, at=at(7, 2))
    assert not written(by_post.TEMPLATE)


def test_a_mailbox_that_nobody_has_reaches_nobody_the_letter_leaves_instead() -> None:
    me = two_owed()
    refused(me)
    for day in (1, 2):
        assert writing.remind(by=BY, at=at(7, day)) == 0
    assert writing.remind(by=BY, at=at(7, 31)) == 0
    assert [letter.context["kind"] for letter in written(by_post.TEMPLATE)] == ["opening", "remaining"]


def test_once_the_mail_of_a_wave_came_back_its_letter_leaves_and_no_other_mail() -> None:
    me = two_owed()
    assert writing.remind(by=BY, at=at(7, 1)) == 1
    refused(me)
    for day in (2, 3):
        assert writing.remind(by=BY, at=at(7, day)) == 0
    assert len(written(by_post.TEMPLATE)) == 1


def test_of_two_colleagues_the_one_whose_mailbox_takes_mail_is_enough() -> None:
    me = two_owed()
    second = owner(me.landlord)
    refused(me)
    assert writing.remind(by=BY, at=at(7, 1)) == 1
    assert [mail.account_id for mail in written(writing.TEMPLATE)] == [second.account.pk]
    assert not written(by_post.TEMPLATE)


def test_who_wants_no_reminders_and_has_lost_the_mailbox_is_told_of_the_opening_alone() -> None:
    me = two_owed()
    Account.objects.filter(pk=me.account.pk).update(campaign_reminders=False)
    refused(me)
    for month, day in ((7, 1), (7, 31), (9, 20)):
        assert writing.remind(by=BY, at=at(month, day)) == 0
    assert [letter.context["kind"] for letter in written(by_post.TEMPLATE)] == ["opening"]


def test_a_colleague_who_wants_no_reminders_does_not_stand_for_who_does() -> None:
    me = two_owed()
    second = owner(me.landlord)
    Account.objects.filter(pk=second.account.pk).update(campaign_reminders=False)
    refused(me)
    assert writing.remind(by=BY, at=at(7, 1)) == 1
    assert writing.remind(by=BY, at=at(7, 31)) == 0
    assert [letter.context["kind"] for letter in written(by_post.TEMPLATE)] == ["remaining"]


def test_no_mail_is_promised_nor_written_about_typed_rents_where_nobody_has_the_mailbox() -> None:
    me = owner()
    of = tenancy(me.landlord)
    july_rent(of, 2025, 52_400)
    made.campaign()
    typed(me, of, "525", at=at(7, 10))
    assert writing.promised_on(me.account.pk, at=at(7, 10)) == date(2026, 7, 13)
    refused(me)
    assert writing.promised_on(me.account.pk, at=at(7, 10)) is None
    assert writing.remind(by=BY, at=at(7, 14)) == 0


def test_an_account_never_opened_is_told_by_post() -> None:
    me = two_owed()
    Account.objects.filter(pk=me.account.pk).update(opened_at=None)
    writing.remind(by=BY, at=at(7, 1))
    assert len(written(by_post.TEMPLATE)) == 1


def test_each_office_writes_of_its_own_tenants_alone() -> None:
    world = two_offices()
    own_dates(THERE)
    for who in (world.chief, world.limited):
        without_mailbox(who)
    for day in (1, 2):
        writing.remind(by=BY, at=at(7, day))
    letters = {letter.context["office"]["name"]: letter for letter in written(by_post.TEMPLATE)}
    assert {
        name: (letter.context["count"], letter.context["more"], [told for told, _ in letter.context["tenants"]])
        for name, letter in letters.items()
    } == {
        "Caf de la Loire-Atlantique": (2, 0, ["Lina Abadie", "Lina Celik"]),
        "Caf de Paris": (2, 0, ["Lina Benali", "Lina Dupont"]),
    }
    assert letters["Caf de Paris"].context["user_number"].startswith("751")
    assert letters["Caf de Paris"].context["deadline"] == "2026-08-31"
    assert letters["Caf de Paris"].to_address[-1] == "75013 PARIS"


def test_a_letter_that_names_tenants_is_kept_with_somebody_who_may_see_them() -> None:
    world = two_offices()
    blind = owner(landlord(company_name="Autre"), rights=frozenset({Right.PAYMENTS}))
    Account.objects.filter(pk=blind.account.pk).update(partner=world.chief.landlord.pk)
    Account.objects.filter(pk=world.chief.account.pk).update(state="disabled")
    for who in (world.limited, blind):
        without_mailbox(who)
    writing.remind(by=BY, at=at(7, 1))
    (letter,) = written(by_post.TEMPLATE)
    assert letter.account_id == world.limited.account.pk
    assert [name for name, _ in letter.context["tenants"]] == ["Lina Abadie", "Lina Celik"]


def test_a_mailbox_limited_to_one_office_does_not_reach_for_another() -> None:
    world = two_offices()
    without_mailbox(world.chief)
    writing.remind(by=BY, at=at(7, 1))
    assert [letter.context["office"]["name"] for letter in written(by_post.TEMPLATE)] == ["Caf de Paris"]


def test_who_wishes_paper_gets_it_beside_the_mail() -> None:
    me = two_owed()
    Account.objects.filter(pk=me.account.pk).update(letters="paper")
    assert writing.remind(by=BY, at=at(7, 1)) == 1
    assert writing.remind(by=BY, at=at(7, 2)) == 0
    assert [letter.account_id for letter in written(by_post.TEMPLATE)] == [me.account.pk]


def test_a_long_list_says_how_many_more() -> None:
    me = owner()
    for number in range(by_post.MOST_TENANTS + 3):
        tenancy(me.landlord, last_name=f"Nom{number:02d}", first_name="Marie-Antoinette")
    made.campaign()
    without_mailbox(me)
    writing.remind(by=BY, at=at(7, 1))
    (letter,) = written(by_post.TEMPLATE)
    assert (len(letter.context["tenants"]), letter.context["more"]) == (by_post.MOST_TENANTS, 3)
    deliver(at(7, 1))
    letter.refresh_from_db()
    assert letter.state == "sent"


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_one_letter() -> None:
    without_mailbox(two_owed())
    together = Barrier(2)

    def work(_: int) -> None:
        together.wait()
        try:
            writing.remind(by=BY, at=at(7, 1))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    assert len(written(by_post.TEMPLATE)) == 1
