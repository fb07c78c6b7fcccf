"""The four deliveries of the demonstration, as they are shipped."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from parvis.demo import story
from parvis.exchange.models import Delivery, SetAsideLine
from parvis.exchange.services import releasing
from parvis.identity.models import Account, Partner
from parvis.landlords.models import Landlord, ThirdPartyNumber
from parvis.tenancies.models import JulyRent, Payment, PortfolioCount, Tenancy
from tests.exchange.inbox import AT, BY, Inbox, counts, told

pytestmark = pytest.mark.django_db
SHIPPED = story.DELIVERIES


def arrive(inbox: Inbox, *sequences: int) -> None:
    for sequence in sequences:
        shutil.copytree(SHIPPED / f"{sequence:06d}", inbox.folder / f"{sequence:06d}")


def test_the_first_delivery_goes_in_entirely(inbox: Inbox) -> None:
    arrive(inbox, 1)
    assert [report.state for report in inbox.take_in()] == ["loaded"]
    assert not SetAsideLine.objects.exists()
    assert (Tenancy.objects.count(), Payment.objects.count(), JulyRent.objects.count()) == (1505, 5005, 2572)
    assert (ThirdPartyNumber.objects.count(), Landlord.objects.count()) == (231, 231)
    biggest = PortfolioCount.objects.order_by("-current")[0]
    assert (biggest.current, biggest.former) == (325, 0)
    # Six persons have two accounts, one has three: one an office, one person.
    persons = Partner.objects.exclude(person_index=None).values_list("person_index", flat=True)
    assert (len(persons), len({bytes(person or b"") for person in persons})) == (74, 66)
    by_exchange = ThirdPartyNumber.objects.filter(channel="exchange").count()
    assert Account.objects.count() == 231 - by_exchange


def test_the_second_one_adds_ends_and_renumbers(inbox: Inbox) -> None:
    arrive(inbox, 1)
    inbox.take_in()
    renumbered = Tenancy.objects.get(claimant_number="1500500")
    arrive(inbox, 2)
    assert [report.state for report in inbox.take_in()] == ["loaded", "loaded"]
    assert counts(2, "landlords") == {"added": 6}
    assert counts(2, "tenancies") == {"added": 14, "changed": 13}
    assert counts(2, "payments") == {"added": 406}
    assert Tenancy.objects.filter(end_on=date(2026, 7, 31)).count() == 12
    renumbered.refresh_from_db()
    assert (renumbered.claimant_number, renumbered.former_claimant_number) == ("1899999", "1500500")


def test_each_bad_line_of_the_third_one_has_its_own_sentence(inbox: Inbox) -> None:
    arrive(inbox, 1, 2, 3)
    assert [report.state for report in inbox.take_in()] == ["loaded"] * 3
    assert counts(3, "landlords") == {"set_aside": 3}
    assert counts(3, "tenancies") == {"unchanged": 1, "set_aside": 10, "waiting": 1}
    expected = [
        (2, "siret", "Ce SIRET n’est pas valable : vérifiez ses 14 chiffres, sa clé est fausse."),
        (3, "nir", "Ce NIR n’est pas valable : vérifiez ses 15 caractères, sa clé est fausse."),
        (4, "iban", "Cet IBAN n’est pas valable : vérifiez-le, ses chiffres de contrôle sont faux."),
        (2, "claimant_number", "« 15O0600 » n’est pas un numéro d’allocataire : écrivez 7 chiffres, sans lettre ni blanc."),
        (3, "start_on", "« 31/02/2026 » n’est pas une date : écrivez AAAA-MM-JJ, par exemple 2026-07-21."),
        (4, "tiers_number", "Le numéro tiers « 441 9999999 » n’est pas connu ici : livrez-le dans landlords.csv."),
        (5, "rent_cents", "« 525,00 » n’est pas un montant en centimes : écrivez un nombre entier, par exemple 52500 pour "
            "525,00 € (7 chiffres au plus)."),
        (6, "aid_type", "« APX » n’est pas admis : écrivez APL, ALF ou ALS."),
        (7, "last_name", "Le champ last_name est vide et il est obligatoire : complétez-le."),
        (8, "decency", "« oui » n’est pas admis : écrivez decent, non_decent ou unknown."),
        (9, "floor_area_m2", "« -4 » n’est pas une surface en m² : écrivez un nombre entier de 1 à 9999."),
        (10, "lease_holders", "« 0 » n’est pas un nombre de titulaires du bail : écrivez un nombre entier de 1 à 99."),
        (11, "last_name", "Le champ last_name commence par « = », comme une formule de tableur : écrivez le texte seul."),
        (12, "charges_cents", "« 99999999999 » n’est pas un montant en centimes : écrivez un nombre entier, par exemple 52500 "
            "pour 525,00 € (7 chiffres au plus)."),
    ]  # fmt: skip
    plain = [(number, field, sentence.replace("\u00a0", " ")) for number, field, sentence in told(3)]
    assert plain == expected


def test_the_fourth_one_is_held_until_somebody_releases_it(inbox: Inbox) -> None:
    arrive(inbox, 1, 2, 3, 4)
    *_, held = inbox.take_in()
    assert held.state == "held"
    assert "caisse 441, 837 locataires sur 837 (100\u00a0%)" in held.sentence
    assert not Tenancy.objects.exclude(absent_since=None).exists()
    assert inbox.take_in()[-1].state == "held"
    releasing.release(4, reason="Vu avec le producteur", by=BY, at=AT)
    assert inbox.take_in()[-1].state == "loaded"
    assert Tenancy.objects.filter(absent_since=date(2026, 8, 3)).count() == 1206
    assert counts(4, "tenancies") == {"unchanged": 300, "ended": 1206}
    assert Delivery.objects.get(sequence=4).release_reason == "Vu avec le producteur"
