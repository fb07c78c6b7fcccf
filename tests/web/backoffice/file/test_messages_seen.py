"""What was written for another office of the same landlord is not read by this one's agents."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parvis.agents.posts import Role
from parvis.audit.journal import Event, record
from parvis.correspondence.models import Channel, Message
from parvis.correspondence.selectors import messages_of_partner
from parvis.kit.actors import Actor, ActorKind
from parvis.landlords.models import Office
from tests.factories.agents import colleague
from tests.factories.correspondence import AT
from tests.factories.landlords import Owner, office, owner
from tests.web.backoffice.file.opening import file_of, letter, opened

pytestmark = pytest.mark.django_db
HERE, THERE = "Caf de la Loire-Atlantique", "Caf de Paris"
ACTED = Event("tests.acted_at_an_office", "Fait pour une caisse")


@pytest.fixture
def someone() -> Owner:
    """A landlord known at two offices."""
    me, there = owner(), office("751", THERE)
    me.landlord.third_party_numbers.create(
        office=there, number="0000009", user_number="75100000000009", address_1="1 rue", postcode="75001", city="PARIS"
    )
    return me


def mail(to: Owner, template: str, **context: Any) -> Message:
    return letter(to, template, channel=Channel.EMAIL, to_email="x@caf.example", to_address=[], context=context,
                  subject=f"Sujet {template}", body=f"Texte {template}")  # fmt: skip


def july_letter(to: Owner, name: str) -> Message:
    return letter(to, "declarations/letters/july_rents", context={"office": {"name": name}}, subject=f"Juillet {name}",
                  body=f"Locataires de {name}")  # fmt: skip


def status(browser: Client, someone: Owner, message: Message) -> int:
    return browser.get(f"{file_of(someone)}messages/{message.reference}/").status_code


def test_the_july_letter_of_another_office_does_not_exist(someone: Owner) -> None:
    ours, theirs = july_letter(someone, HERE), july_letter(someone, THERE)
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    for page in ("", "messages/"):
        shown = browser.get(file_of(someone) + page).content.decode()
        assert f"Juillet {HERE}" in shown
        assert f"Juillet {THERE}" not in shown
    assert (status(browser, someone, ours), status(browser, someone, theirs)) == (200, 404)
    both = opened(colleague((Role.RECEPTION, "441"), (Role.RECEPTION, "751")), someone)
    national = opened(colleague(), someone)
    for reader in (both, national):
        assert (status(reader, someone, ours), status(reader, someone, theirs)) == (200, 200)


@pytest.mark.parametrize(
    ("template", "context", "seen"),
    [
        ("identity/letters/password", {"office": {"name": THERE}}, 200), ("identity/emails/new_browser", {}, 200),
        ("landlords/emails/rights_changed", {}, 200), ("declarations/emails/receipt", {"office": HERE}, 200),
        ("declarations/emails/receipt", {"office": THERE}, 404), ("contact/emails/answered", {"office": THERE}, 404),
        ("changes/emails/received", {"office": THERE, "offices": [HERE, THERE]}, 200),
        ("changes/emails/offered", {"offices": [THERE], "tenant": "Mme Quidam"}, 404),
        ("changes/emails/offered", {"offices": [HERE], "tenant": "Mme Quidam"}, 200),
        ("changes/emails/offered", {"tenant": "Mme Quidam"}, 404), ("tenancies/emails/paid", {}, 200),
        ("tenancies/emails/paid", {"offices": [THERE]}, 404), ("declarations/emails/reminder", {}, 200),
        ("declarations/emails/yet_unknown", {}, 404),
    ],
)  # fmt: skip
def test_each_is_seen_by_its_office_and_what_tells_none_only_if_it_names_no_tenant(
    template: str, context: dict[str, Any], seen: int, someone: Owner
) -> None:
    written = mail(someone, template, **context)
    assert status(opened(colleague((Role.RECEPTION, "441")), someone), someone, written) == seen
    assert status(opened(colleague(), someone), someone, written) == 200


def test_the_list_stays_one_statement(someone: Owner) -> None:
    for name in (HERE, THERE, HERE):
        july_letter(someone, name)
    with CaptureQueriesContext(connection) as asked:
        first = messages_of_partner(someone.landlord.pk, [HERE], limit=1)
        rest = messages_of_partner(someone.landlord.pk, [HERE], before=(first[0].created_at, first[0].pk))
    assert (len(asked), len(first), len(rest)) == (2, 1, 1)


def test_an_act_at_another_office_is_no_line_of_the_file(someone: Owner) -> None:
    by = Actor(ActorKind.SYSTEM, "tests", partner_id=someone.landlord.pk)
    for subject, told in (("AR-ICI", {"office": "441"}), ("AR-AILLEURS", {"office": "751"}), ("AR-NULLE-PART", {})):
        record(ACTED, subject=subject, by=by, at=AT, **told)
    for who, seen in ((colleague((Role.RECEPTION, "441")), False), (colleague(), True)):
        page = opened(who, someone).get(file_of(someone) + "journal/").content.decode()
        assert "AR-ICI" in page
        assert "AR-NULLE-PART" in page
        assert ("AR-AILLEURS" in page) == seen


def test_an_office_reads_what_it_wrote_under_the_name_it_had(someone: Owner) -> None:
    letters = [july_letter(someone, HERE)]
    written = mail(someone, "declarations/emails/receipt", office=HERE)
    Office.objects.filter(pk="441").update(name="Caf du Pays de la Loire")
    Office.objects.filter(pk="441").update(name="Caf de l’Ouest")
    letters += [july_letter(someone, name) for name in ("Caf du Pays de la Loire", "Caf de l’Ouest")]
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    assert [status(browser, someone, one) for one in (*letters, written)] == [200] * 4
    paris = opened(colleague((Role.RECEPTION, "751")), someone)
    assert [status(paris, someone, one) for one in (*letters, written)] == [404] * 4


def test_a_name_that_another_office_has_taken_over_is_that_ones(someone: Owner) -> None:
    theirs = july_letter(someone, THERE)
    Office.objects.filter(pk="751").update(name="Caf de l’Île-de-France")
    Office.objects.filter(pk="441").update(name=THERE)
    assert status(opened(colleague((Role.RECEPTION, "441")), someone), someone, theirs) == 200
    assert status(opened(colleague((Role.RECEPTION, "751")), someone), someone, theirs) == 404


def test_whoever_writes_an_office_its_former_names_stay() -> None:
    found = office()
    for name in ("Caf A", "Caf B", HERE):
        found.name, found.former_names = name, []
        found.save()
    found.refresh_from_db()
    assert (found.name, found.former_names) == (HERE, ["Caf A", "Caf B"])
