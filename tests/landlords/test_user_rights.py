"""Rights given and taken by administrators: what exists, for whom, until when, and never one's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from parvis.audit.models import Entry
from parvis.correspondence.models import Message
from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile, NotAllowed, NotFound
from parvis.landlords.models import Habilitation, Landlord, Membership
from parvis.landlords.refusals import LastAdministrator, NotYetAppointing, NotYourself, RightsNotPossible
from parvis.landlords.rules import Wish, is_generic
from parvis.landlords.selectors.users import UserState
from parvis.landlords.services.users import asking, deciding, rights
from tests.factories.landlords import Owner, landlord, owner
from tests.factories.users import OFTEN, READING, administrator, colleague, line, moment, seen

pytestmark = pytest.mark.django_db
ADMINISTERING = frozenset({Right.CONSULT, Right.ADMINISTER})


def change(me: Owner, user: Owner, wish: Wish) -> bool:
    reference = user.account.reference
    return rights.change_rights(reference, wish, seen=seen(me, user), by=me.actor, at=moment())


def messages(template: str) -> list[str]:
    return sorted(Message.objects.filter(template=f"landlords/emails/{template}").values_list("to_email", flat=True))


def test_rights_offices_and_end_are_written_told_and_recorded() -> None:
    me = administrator()
    other, paul = administrator(me), colleague(me)
    until = day_in_paris(moment()) + timedelta(days=30)
    assert change(me, paul, Wish(OFTEN, frozenset({"441"}), until))
    shown = line(me, paul)
    assert (shown.rights, shown.offices, shown.end_on) == (OFTEN, ("441",), until)
    ends = set(Habilitation.objects.filter(account=paul.account).values_list("ended_at", flat=True))
    midnight = until + timedelta(days=1)
    assert ends == {datetime(midnight.year, midnight.month, midnight.day, tzinfo=ZoneInfo("Europe/Paris"))}
    assert messages("rights_changed") == [paul.account.credential.email]
    assert messages("user_changed") == [other.account.credential.email]
    entry = Entry.objects.get(event="landlords.rights_changed")
    assert (entry.subject, entry.details["after"]["rights"]) == (paul.account.login_id, ["consult", "declare"])


def test_rights_taken_away_end_now_and_rights_kept_are_not_given_again() -> None:
    me = administrator()
    paul = colleague(me, rights=OFTEN)
    before = Habilitation.objects.get(account=paul.account, right=Right.CONSULT).granted_at
    assert change(me, paul, Wish(READING))
    assert line(me, paul).rights == READING
    assert Habilitation.objects.get(account=paul.account, right=Right.CONSULT).granted_at == before
    assert change(me, paul, Wish(OFTEN))
    assert Habilitation.objects.filter(account=paul.account, right=Right.DECLARE).count() == 2


def test_the_same_wish_twice_is_one_act() -> None:
    me = administrator()
    paul = colleague(me)
    page = seen(me, paul)
    reference, wish = paul.account.reference, Wish(OFTEN)
    assert rights.change_rights(reference, wish, seen=page, by=me.actor, at=moment())
    with pytest.raises(ChangedMeanwhile):
        rights.change_rights(reference, wish, seen=page, by=me.actor, at=moment())
    assert not change(me, paul, wish)
    assert len(messages("rights_changed")) == 1


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(frozenset()), "au moins un droit"),
        (Wish(frozenset({Right.CONSULT_FILES})), "n’existe pas"),
        (Wish(READING, frozenset({"999"})), "caisses de votre organisme"),
        (Wish(ADMINISTERING, frozenset({"441"})), "toutes les caisses"),
        (Wish(ADMINISTERING, end_on=date(2090, 1, 1)), "pas de date de fin"),
        (Wish(READING, end_on=date(2020, 1, 1)), "passée"),
        (Wish(READING, end_on=date(9999, 12, 31)), "cinq ans"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(wish: Wish, words: str) -> None:
    me = administrator()
    paul = colleague(me)
    with pytest.raises(RightsNotPossible, match=words):
        change(me, paul, wish)
    assert line(me, paul).rights == READING
    assert not Message.objects.exists()


def test_files_may_be_consulted_where_the_organisation_may() -> None:
    me = administrator()
    paul = colleague(me)
    Landlord.objects.filter(pk=me.landlord.pk).update(may_consult_files=True)
    assert change(me, paul, Wish(READING | {Right.CONSULT_FILES}))


def test_nobody_changes_their_own_rights_nor_those_of_another_organisation() -> None:
    me, stranger = administrator(), administrator()
    with pytest.raises(NotYourself):
        change(me, me, Wish(READING))
    with pytest.raises(NotFound):
        rights.change_rights(stranger.account.reference, Wish(READING), seen="", by=me.actor, at=moment())


@pytest.mark.usefixtures("some_without_administrator")
def test_whoever_lost_the_role_decides_nothing_even_from_an_open_page() -> None:
    me = administrator()
    paul = colleague(me)
    Habilitation.objects.filter(account=me.account, right=Right.ADMINISTER).update(ended_at=moment())
    with pytest.raises(NotAllowed):
        change(me, paul, Wish(OFTEN))


def test_a_new_administrator_changes_users_but_appoints_and_removes_nobody() -> None:
    old = administrator()
    new, paul = owner(old.landlord), colleague(old)
    assert change(new, paul, Wish(OFTEN))
    with pytest.raises(NotYetAppointing):
        change(new, paul, Wish(ADMINISTERING))
    with pytest.raises(NotYetAppointing):
        change(new, old, Wish(READING))
    assert change(old, paul, Wish(ADMINISTERING))
    assert line(old, paul).role == "Administrateur"


def test_the_last_active_administrator_stays() -> None:
    me = administrator()
    other = administrator(me)
    decision = deciding.Decision(me.landlord, me.account, moment(), me.actor, moment())
    decision.check_one_stays(without=other.account.pk)
    Habilitation.objects.filter(account=me.account, right=Right.ADMINISTER).update(ended_at=moment())
    decision = replace(decision, at=moment())
    with pytest.raises(LastAdministrator):
        decision.check_one_stays(without=other.account.pk)


def test_a_right_asked_is_told_to_administrators_once_and_granted_once() -> None:
    me = administrator()
    paul = colleague(me)
    assert asking.ask_right(Right.DECLARE, by=paul.actor, at=moment())
    assert not asking.ask_right(Right.DECLARE, by=paul.actor, at=moment())
    assert messages("right_asked") == [me.account.credential.email]
    (asked,) = paul.account.right_requests.all()
    assert asking.answer_request(asked.pk, grant=True, by=me.actor, at=moment())
    assert not asking.answer_request(asked.pk, grant=True, by=me.actor, at=moment())
    assert line(me, paul).rights == OFTEN
    assert messages("right_answered") == [paul.account.credential.email]
    with pytest.raises(ChangedMeanwhile):
        asking.answer_request(asked.pk, grant=False, by=me.actor, at=moment())


def test_a_declined_right_is_not_given_and_not_asked_again_the_same_day() -> None:
    me, stranger = administrator(), administrator()
    paul = colleague(me)
    asking.ask_right(Right.PAYMENTS, by=paul.actor, at=moment())
    (asked,) = paul.account.right_requests.all()
    with pytest.raises(NotFound):
        asking.answer_request(asked.pk, grant=True, by=stranger.actor, at=moment())
    asking.answer_request(asked.pk, grant=False, by=me.actor, at=moment())
    assert line(me, paul).rights == READING
    with pytest.raises(ActNotPossible):
        asking.ask_right(Right.PAYMENTS, by=paul.actor, at=moment())
    assert asking.ask_right(Right.PAYMENTS, by=paul.actor, at=moment() + timedelta(days=1, minutes=1))


def test_rights_one_has_or_that_do_not_exist_are_not_asked_for() -> None:
    paul = colleague(administrator())
    with pytest.raises(ActNotPossible):
        asking.ask_right(Right.CONSULT, by=paul.actor, at=moment())
    with pytest.raises(NotFound):
        asking.ask_right(Right.CONSULT_FILES, by=paul.actor, at=moment())


def test_an_office_right_keeps_its_offices_when_another_right_is_granted() -> None:
    me = administrator()
    paul = colleague(me)
    Membership.objects.create(account=paul.account, offices=["441"], is_deputy=True)
    asking.ask_right(Right.DECLARE, by=paul.actor, at=moment())
    asking.answer_request(paul.account.right_requests.get().pk, grant=True, by=me.actor, at=moment())
    shown = line(me, paul)
    assert (shown.offices, shown.is_deputy, shown.state) == (("441",), True, UserState.ACTIVE)


@pytest.mark.parametrize(
    ("email", "generic"),
    [
        ("contact@agence.fr", True),
        ("info2@agence.fr", True),
        ("service.gestion@agence.fr", True),
        ("no-reply@agence.fr", True),
        ("contact+paul@agence.fr", True),
        ("paul.girard@agence.fr", False),
        ("p.contact@agence.fr", False),
        ("rh.durand@agence.fr", False),
        ("caroline@contact.fr", False),
    ],
)
def test_the_address_of_a_desk_is_told_from_a_person_s(email: str, generic: bool) -> None:
    assert is_generic(email) is generic


def test_a_landlord_alone_has_no_users_to_decide_about() -> None:
    of = landlord()
    of.partner.nature = "individual"
    of.partner.save()
    with pytest.raises(NotFound):
        deciding.begin(by=owner(of).actor, at=moment())
