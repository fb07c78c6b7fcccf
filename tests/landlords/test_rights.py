"""The first person to finish gets every right, once; an organisation is told by post who it was."""

from __future__ import annotations

from typing import Any

import pytest

from parvis.audit.models import Entry
from parvis.correspondence.models import Message
from parvis.identity.models import Account, AccountState, Nature, Partner, TextKind
from parvis.identity.selectors.texts import in_force
from parvis.identity.services.own import texts
from parvis.kit.actors import Right
from parvis.kit.refusals import ActNotPossible
from parvis.landlords.models import Habilitation, Landlord
from parvis.landlords.selectors import accounts_of, has_rights_given
from parvis.landlords.services.rights import finish_first_sign_in, grant_first_rights
from tests.factories.identity import NOW, actor_of, member
from tests.factories.landlords import landlord, office, owner

pytestmark = pytest.mark.django_db


def about_to_finish(of: Landlord) -> Account:
    """Somebody with every step done but the last click."""
    who = member(of.partner)
    Account.objects.filter(pk=who.pk).update(state=AccountState.NEW, opened_at=None)
    for kind in TextKind:
        texts.accept(kind, in_force(kind, at=NOW).version, by=actor_of(who), at=NOW)
    return who


def rights_of(who: Account) -> set[str]:
    return set(Habilitation.objects.filter(account=who, ended_at=None).values_list("right", flat=True))


def test_the_first_of_an_organisation_becomes_administrator_and_a_letter_says_so() -> None:
    of = landlord(company_name="Agence des Trois Tilleuls")
    who = about_to_finish(of)
    assert not has_rights_given(of.pk)
    finish_first_sign_in(by=actor_of(who), at=NOW)
    assert rights_of(who) == {right.value for right in Right if right is not Right.CONSULT_FILES}
    letter = Message.objects.get(template="landlords/letters/administrator")
    assert letter.to_address == ["AGENCE DES TROIS TILLEULS", "12 RUE DES TILLEULS", "44220 COUERON"]
    assert letter.context["person"] == "Claire Martin"
    assert letter.context["office"]["name"] == "Caf de la Loire-Atlantique"
    assert has_rights_given(of.pk)


def test_finishing_twice_grants_and_writes_once() -> None:
    who = about_to_finish(landlord())
    finish_first_sign_in(by=actor_of(who), at=NOW)
    finish_first_sign_in(by=actor_of(who), at=NOW)
    assert Habilitation.objects.filter(account=who).count() == 5
    assert Message.objects.filter(template="landlords/letters/administrator").count() == 1
    assert Entry.objects.filter(event="landlords.rights_granted").count() == 1


def test_the_second_person_of_a_landlord_gets_no_right_by_coming() -> None:
    of = landlord()
    first, second = about_to_finish(of), about_to_finish(of)
    finish_first_sign_in(by=actor_of(first), at=NOW)
    finish_first_sign_in(by=actor_of(second), at=NOW)
    assert rights_of(second) == set()
    assert not grant_first_rights(second, at=NOW, by=actor_of(second))
    assert Message.objects.filter(template="landlords/letters/administrator").count() == 1


@pytest.mark.usefixtures("some_without_administrator")
def test_rights_once_ended_are_not_given_again_to_who_comes_next() -> None:
    of = landlord()
    first, second = about_to_finish(of), about_to_finish(of)
    finish_first_sign_in(by=actor_of(first), at=NOW)
    Habilitation.objects.filter(account=first).update(ended_at=NOW)
    finish_first_sign_in(by=actor_of(second), at=NOW)
    assert rights_of(second) == set()


def test_an_individual_gets_the_rights_and_no_letter() -> None:
    office()
    partner = Partner.objects.create(nature=Nature.INDIVIDUAL)
    of = Landlord.objects.create(partner=partner, reference_key="N:1", last_name="Moreau", first_name="Jean-Luc")
    who = about_to_finish(of)
    finish_first_sign_in(by=actor_of(who), at=NOW)
    assert len(rights_of(who)) == 5
    assert not Message.objects.filter(channel="letter").exists()


def test_with_a_step_owed_nothing_is_granted() -> None:
    who = about_to_finish(landlord())
    who.acceptances.all().delete()
    with pytest.raises(ActNotPossible):
        finish_first_sign_in(by=actor_of(who), at=NOW)
    assert rights_of(who) == set()
    assert not Message.objects.exists()


def test_the_choice_of_accounts_holds_ones_own_only_by_name() -> None:
    first = owner(landlord(company_name="Zéphyr Habitat"))
    credential = first.account.credential
    owner(landlord(company_name="Écluse Gestion"), credential=credential)
    owner(landlord(company_name="Alliance"), credential=credential)
    owner(landlord(company_name="Autre"))
    names = [line.name for line in accounts_of(credential.pk).lines]
    assert names == ["Alliance", "Écluse Gestion", "Zéphyr Habitat"]


@pytest.mark.usefixtures("some_without_administrator")
def test_accounts_are_found_by_any_word_and_closed_ones_are_not() -> None:
    first = owner(landlord(company_name="Écluse & Gestion 100%"))
    credential = first.account.credential
    second = owner(landlord(company_name="Alliance"), credential=credential)
    Landlord.objects.filter(pk=second.landlord.pk).update(siret="73282932000074")

    def found(words: str) -> list[str]:
        return [line.name for line in accounts_of(credential.pk, words=words).lines]

    assert found("ecluse GESTION") == ["Écluse & Gestion 100%"]
    assert found("100%") == ["Écluse & Gestion 100%"]
    assert found("%") == ["Écluse & Gestion 100%"]
    assert found("_") == []
    assert found("732 829 320 00074") == ["Alliance"]
    assert found(second.account.login_id.lower()) == ["Alliance"]
    assert len(found("loire atlantique")) == 2
    Account.objects.filter(pk=second.account.pk).update(state=AccountState.DISABLED)
    assert found("alliance") == []


def test_pages_of_accounts_go_forth_and_back_without_gap_or_repeat() -> None:
    first = owner(landlord(company_name="Bailleur 00"))
    credential = first.account.credential
    for number in range(1, 8):
        owner(landlord(company_name=f"Bailleur {number:02d}"), credential=credential)
    one = accounts_of(credential.pk, size=3)
    two = accounts_of(credential.pk, size=3, after=one.after)
    three = accounts_of(credential.pk, size=3, after=two.after)
    names = [line.name[-2:] for page in (one, two, three) for line in page.lines]
    assert names == ["00", "01", "02", "03", "04", "05", "06", "07"]
    assert (one.before, three.after) == ("", "")
    assert accounts_of(credential.pk, size=3, before=three.before).lines == two.lines
    assert accounts_of(credential.pk, size=3, before=two.before).lines == one.lines
    assert accounts_of(credential.pk, size=3, before=two.before).before == ""


def test_one_account_or_thirty_cost_the_same(django_assert_num_queries: Any) -> None:
    first = owner()
    for _ in range(29):
        owner(credential=first.account.credential)
    alone = owner().account.credential_id
    with django_assert_num_queries(1):
        accounts_of(alone)
    with django_assert_num_queries(1):
        accounts_of(first.account.credential_id)
