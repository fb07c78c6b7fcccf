"""The forms of address, telephone, direct payment and account keep what is typed; the IBAN is kept nowhere."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from parvis.changes.models import ChangeDraft, ChangeRequest
from parvis.changes.rules import COMMITMENTS
from parvis.changes.services import offers
from parvis.kit.actors import Right, system
from tests.factories.changes import IBAN
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import tenancy
from tests.web.landlord.changes.pages import address, new_address, text

pytestmark = pytest.mark.django_db


def kept(client: Client, url: str, **typed: object) -> str:
    """What the page is told when it posts itself."""
    answer = client.post(url, {"garder": "1", **typed})
    assert answer.status_code == 200, answer.content
    assert answer.json()["saved"].startswith("Enregistré à ")
    return str(answer.json()["version"])


def test_an_address_half_typed_is_there_again_and_gone_once_asked() -> None:
    me = owner()
    client, here = me.browser(), address(me, "change-address")
    assert 'data-keep=""' in text(client, here)
    version = kept(client, here, address_1="3 <b>place", postcode="4\x004", city="")
    page = text(client, here)
    assert f'data-keep="{version}"' in page
    assert 'value="3 &lt;b&gt;place"' in page
    assert 'value="44"' in page
    assert "Nous avons gardé ce que vous aviez écrit le" in page
    assert not ChangeRequest.objects.exists()
    client.post(here, new_address())
    page = text(client, here)
    assert "3 &lt;b&gt;place" not in page
    assert version not in page
    assert "Nous avons gardé" not in page


def test_who_is_asked_for_and_the_commitments_stay_ticked() -> None:
    me = owner()
    one, two = (tenancy(me.landlord, direct_payment=False) for _ in range(2))
    client, here = me.browser(), address(me, "direct-payment-ask")
    kept(client, here, tenancies=[str(one.reference)], commitments=[next(iter(COMMITMENTS))])
    page = text(client, here)
    assert f'value="{one.reference}" checked' in page
    assert f'value="{two.reference}" checked' not in page
    assert page.count(" checked") == 2
    kept(client, here, commitments=[])
    assert " checked" not in text(client, here)


def test_who_is_ticked_stays_ticked_while_one_looks_for_others() -> None:
    me = owner()
    one, two = (tenancy(me.landlord, direct_payment=False, last_name=name) for name in ("Moreau", "Petit"))
    client, here = me.browser(), address(me, "direct-payment-ask")
    ticked = {"key": str(uuid4()), "tenancies": [str(one.reference)], "commitments": [next(iter(COMMITMENTS))]}
    answer = client.post(here, {**ticked, "geste": "chercher", "q": "petit lin"})
    assert answer["Location"] == f"{here}?q=petit+lin"
    page = text(client, answer["Location"])
    assert f'value="{one.reference}" checked' in page
    assert f'value="{two.reference}"' in page
    assert f'value="{two.reference}" checked' not in page
    assert page.count(" checked") == 2
    both = {**ticked, "tenancies": [str(one.reference), str(two.reference)], "commitments": list(COMMITMENTS)}
    client.post(f"{here}?q=petit", both)
    assert ChangeRequest.objects.count() == 2, "those of every page are asked for at once"


def test_the_next_page_keeps_what_is_ticked_and_leads_nowhere_else() -> None:
    me = owner()
    one = tenancy(me.landlord, direct_payment=False)
    client, here = me.browser(), address(me, "direct-payment-ask")
    ticked = {"key": str(uuid4()), "tenancies": [str(one.reference)]}
    answer = client.post(here, {**ticked, "geste": f"?apres={one.reference}"})
    assert answer["Location"] == f"{here}?apres={one.reference}"
    assert f'value="{one.reference}" checked' in text(client, answer["Location"])
    for bad in ("?apres=//ailleurs", "//ailleurs", "?", "x" * 10_000):
        assert client.post(here, {**ticked, "geste": bad})["Location"] == f"{here}?"


def test_rows_ticked_in_the_list_of_tenants_are_ticked_here() -> None:
    me = owner()
    one, other = tenancy(me.landlord, direct_payment=False), tenancy(owner().landlord, direct_payment=False)
    chosen = f"{address(me, 'tenants-chosen')}?geste=versement&choix={one.reference}&choix={other.reference}"
    page = me.browser().get(chosen, follow=True).content.decode()
    assert f'value="{one.reference}" checked' in page
    assert str(other.reference) not in page.split("<main")[1]
    assert "locataire choisi n’est pas proposé" in page


def test_a_tenant_is_found_by_the_beginning_of_a_name_or_a_number() -> None:
    me = owner()
    lina = tenancy(me.landlord, direct_payment=False, first_name="Lina", last_name="D’Almeida")
    tenancy(me.landlord, direct_payment=False, first_name="Paul", last_name="Petit")
    client, here = me.browser(), address(me, "direct-payment-ask")
    for words in ("lina d alm", "d’alm", lina.claimant_number):
        page = client.get(here, {"q": words}).content.decode()
        assert str(lina.reference) in page, words
        assert "Paul Petit" not in page
    assert str(lina.reference) not in client.get(here, {"q": "ina"}).content.decode()


def test_each_offer_has_its_own_answer() -> None:
    me = owner()
    made = [
        offers.offer_direct_payment(
            "441", each.claimant_number, each.tenancy_ref, by=system("office"), at=timezone.now()
        )
        for each in (tenancy(me.landlord, direct_payment=False) for _ in range(2))
    ]
    client = me.browser()
    kept(client, address(me, "direct-payment-offer", made[0].opaque), answer="no")
    assert 'value="no" checked' in text(client, address(me, "direct-payment-offer", made[0].opaque))
    assert 'value="no" checked' not in text(client, address(me, "direct-payment-offer", made[1].opaque))
    strange = client.post(address(me, "direct-payment-offer", uuid4()), {"garder": "1", "answer": "no"})
    assert strange.status_code == 404


def test_the_iban_is_kept_nowhere_and_the_page_says_so() -> None:
    me = owner()
    client, here = me.browser(), address(me, "bank-change")
    kept(client, here, holder="Une autre personne", iban=IBAN)
    page = text(client, here)
    assert 'value="Une autre personne"' in page
    assert IBAN not in page
    assert "data-never-kept" in page
    assert "il n’est jamais gardé" in page
    assert IBAN not in str(list(ChangeDraft.objects.values()))


@pytest.mark.parametrize("name", ["change-address", "change-contacts", "direct-payment-ask", "bank-change"])
def test_what_cannot_be_kept_is_said_and_nobody_else_s_is_touched(name: str) -> None:
    me: Owner = owner()
    here = address(me, name)
    long = {"address_1": "a" * 10_000, "phone": "a" * 10_000, "tenancies": "a" * 10_000, "holder": "a" * 10_000}
    answer = me.browser().post(here, {"garder": "1", **long})
    assert (answer.status_code, answer.json()["sentence"][:15]) == (409, "c’est trop long")
    assert owner().browser().post(here, {"garder": "1"}).status_code == 404
    assert Client().post(here, {"garder": "1"}).status_code in (302, 404)
    reader = owner(rights=frozenset({Right.CONSULT}))
    assert reader.browser().post(address(reader, name), {"garder": "1"}).status_code == 403
    assert not ChangeDraft.objects.exists()
