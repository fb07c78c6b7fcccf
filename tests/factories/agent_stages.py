"""What must be there for an act of agents to take effect: each stage says what else stands in the address and in the form."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from parvis.agents.services import proofs
from parvis.correspondence.models import LetterBatch, Message
from parvis.declarations.models import RentCampaign
from parvis.declarations.selectors.campaign.running import next_year
from parvis.declarations.services import campaigns
from parvis.declarations.services.campaigns import figures
from parvis.declarations.services.reminders import running
from parvis.exchange.models import Delivery
from parvis.identity.models import Account, AccountState, Credential, Nature, Partner
from parvis.kit.actors import Right, system
from parvis.kit.clock import day_in_paris
from parvis.landlords.models import AdministratorReplacement, ThirdPartyNumber
from parvis.landlords.rules import Wish
from parvis.landlords.services import by_agent
from parvis.landlords.services.supervision import suspending
from parvis.landlords.services.users.rights import change_rights
from parvis.tenancies.models import Tenancy
from parvis.upkeep.models import TaskRun
from tests.factories.agents import colleague as agent
from tests.factories.correspondence import letter
from tests.factories.identity import attempt
from tests.factories.landlords import Owner, landlord, office, owner
from tests.factories.papers import PAPER
from tests.factories.tenancies import july_rent, many_tenancies
from tests.factories.users import OFTEN, administrator, moment, seen
from tests.factories.users import colleague as user_of

Real = dict[str, Any]
Form = dict[str, Any]
SYSTEM = system("tests")


@dataclass(frozen=True, slots=True)
class Try:
    """Where and as whom an act is tried: one of everything that has an address, and the landlord it is about."""

    real: Real
    someone: Owner
    browser: Client

    def user(self) -> Owner:
        """Somebody who acts for the landlord beside the administrator."""
        return user_of(self.someone, rights=OFTEN)


def now() -> datetime:
    """The moment of a try."""
    return datetime.now(UTC)


def of_a_user(one: Try) -> tuple[Real, Form]:
    """A user who is not the administrator."""
    return {"holder": one.user().account.reference}, {}


def unopened(one: Try) -> tuple[Real, Form]:
    """An account nobody has opened yet."""
    user = one.user()
    Account.objects.filter(pk=user.account.pk).update(
        state=AccountState.NEW,
        opened_at=None,
        credential=Credential.objects.create(),
        claimed_email="neuf@agence.example",
    )
    return {"holder": user.account.reference}, {}


def paused(one: Try) -> tuple[Real, Form]:
    """Somebody who typed six wrong passwords."""
    user = one.user()
    for _ in range(6):
        attempt(user.account.login_id, "Autre-Chose-2026!", at=now())
    return {"holder": user.account.reference}, {}


def suspended(one: Try) -> tuple[Real, Form]:
    """Somebody whose access is suspended."""
    user = one.user()
    by_agent.suspend(user.landlord.pk, user.account.reference, reason="Essai", by=SYSTEM, at=now())
    return {"holder": user.account.reference}, {}


def right_suspended(one: Try) -> tuple[Real, Form]:
    """Somebody without one of their rights."""
    user = one.user()
    whose = user.landlord.pk, user.account.reference
    suspending.suspend_right(*whose, Right.DECLARE, reason="Essai", by=SYSTEM, at=now())
    return {"holder": user.account.reference}, {}


def individual(one: Try) -> tuple[Real, Form]:
    """The landlord is a person in their own name."""
    Partner.objects.filter(pk=one.someone.landlord.pk).update(nature=Nature.INDIVIDUAL)
    return {}, {}


def of_two_offices(one: Try) -> tuple[Real, Form]:
    """A landlord of two offices, and a user."""
    user, known = one.user(), one.someone.landlord.third_party_numbers.get()
    ThirdPartyNumber.objects.create(
        office=office("751", "Caf de Paris"), number="7654321", landlord=one.someone.landlord,
        user_number=f"751{known.user_number[3:]}", address_1="1 rue", postcode="75001", city="PARIS",
    )  # fmt: skip
    return {"holder": user.account.reference}, {}


def delegation_withdrawn(one: Try) -> tuple[Real, Form]:
    """A user whom one office no longer lets act."""
    more, typed = of_two_offices(one)
    whose = one.someone.landlord.pk, more["holder"]
    suspending.withdraw_delegation(*whose, one.real["office"], reason="Essai", by=SYSTEM, at=now())
    return more, typed


def removed(one: Try) -> tuple[Real, Form]:
    """An administrator whom another removed."""
    me = administrator(one.someone)
    other = administrator(one.someone, first_name="Paul", last_name="Girard")
    change_rights(other.account.reference, Wish(OFTEN), seen=seen(me, other), by=me.actor, at=moment())
    return {"holder": other.account.reference}, {}


def newcomer(one: Try) -> tuple[Real, Form]:
    """Whoever administers alone, since today."""
    alone = owner()
    return {"partner": alone.landlord.pk, "holder": alone.account.reference}, {}


def password_of_long_ago(one: Try) -> tuple[Real, Form]:
    """A user with a password of their own, chosen long ago."""
    user = one.user()
    before = now() - timedelta(days=90)
    Credential.objects.filter(pk=user.account.credential_id).update(password_changed_at=before, password="never typed")
    return {"holder": user.account.reference}, {}


def viewed(one: Try) -> tuple[Real, Form]:
    """A space that is being read."""
    one.browser.post(reverse("viewing-begin", args=[one.someone.landlord.pk, one.someone.account.reference]))
    return {}, {}


def replacement_asked(one: Try) -> tuple[Real, Form]:
    """A replacement a user asked for, whose delay is over."""
    asked = AdministratorReplacement.objects.create(
        landlord=one.someone.landlord, asked_by=one.user().account, reason="Elle est partie", asked_at=now() - timedelta(days=11),
        waits_until=now() - timedelta(days=1),
    )  # fmt: skip
    return {}, {"demande": str(asked.pk)}


def replacement_form(one: Try) -> tuple[Real, Form]:
    """Who is replaced, by whom, on which paper."""
    named = {"former": one.someone.account.reference, "successor": one.user().account.reference}
    return {}, {**named, "attachment": SimpleUploadedFile("k-bis.pdf", PAPER)}


def held(one: Try) -> tuple[Real, Form]:
    """A delivery that is held."""
    held = Delivery.objects.create(sequence=900_000, state="held", started_at=now(), producer="SI")
    return {"delivery": held.pk}, {}


def failed(one: Try) -> tuple[Real, Form]:
    """A message that failed just now."""
    Message.objects.filter(reference=one.real["message"]).update(due_at=now())
    return {}, {}


def dates_typed(one: Try) -> tuple[Real, Form]:
    """A campaign to come, and later dates for it."""
    year = next_year(at=now())
    days = date(year, 7, 1), date(year, 9, 30), date(year + 1, 1, 15)
    campaigns.open_campaign(
        year, opens_on=days[0], deadline_on=days[1], suspension_on=days[2], by=SYSTEM, at=now()
    )  # fmt: skip
    typed = {"opens_on": f"01/07/{year}", "deadline_on": f"15/10/{year}", "suspension_on": f"15/01/{year + 1}"}
    return {"?": f"annee={year}"}, {**typed, "seen_dates": " ".join(day.isoformat() for day in days)}


def new_campaign(one: Try) -> tuple[Real, Form]:
    """The dates of the next campaign."""
    year = next_year(at=now())
    return {}, {"opens_on": f"01/07/{year}", "deadline_on": f"30/09/{year}", "suspension_on": f"15/01/{year + 1}"}


def wave(one: Try) -> tuple[Real, Form]:
    """A wave that is still to come."""
    RentCampaign.objects.update(suspension_on=day_in_paris(now()) + timedelta(days=300))
    campaign = RentCampaign.objects.latest("year")
    return {"?": f"annee={campaign.year}"}, {"wave": running.waves_of(campaign)[-1].name}


def _in_the_campaign() -> int:
    """The tenancies there are, asked about by the last campaign; its year."""
    campaigns.refresh_entries(by=SYSTEM, at=now())
    figures.count(at=now())
    return RentCampaign.objects.latest("year").year


def newcomers(one: Try) -> tuple[Real, Form]:
    """A landlord with rents left, of whom nobody has ever come in."""
    never, year = owner(landlord(company_name="Le Bail")), RentCampaign.objects.latest("year").year
    many_tenancies(never.landlord, 2)
    never.landlord.third_party_numbers.update(channel="portal")
    Tenancy.objects.filter(landlord=never.landlord).update(start_on=date(year - 1, 9, 1))
    Account.objects.filter(pk=never.account.pk).update(opened_at=None)
    return {"?": f"annee={_in_the_campaign()}"}, {}


def on_paper(one: Try) -> tuple[Real, Form]:
    """The rent of a tenancy that is asked about, on the form as it is shown."""
    rented = Tenancy.objects.get(reference=one.real["tenancy"])
    july_rent(rented, RentCampaign.objects.latest("year").year - 1, 52_000)
    _in_the_campaign()
    page = one.browser.get(reverse("agent-paper", args=[rented.reference])).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(key|seen)" value="([^"]*)"', page))
    return {}, {**hidden, "received_on": day_in_paris(now()).isoformat()}


def prepared_batch(one: Try) -> tuple[Real, Form]:
    """A batch another agent prepared."""
    batch = LetterBatch.objects.create(
        number="LOT-2026-9002", count=1, price_cents=100, prepared_at=now(), prepared_by=agent().agent.login
    )
    return {"batch": batch.number}, {}


def waiting_letter(one: Try) -> tuple[Real, Form]:
    """A letter that waits for a batch."""
    _printed(one, "L-2026-900002")
    return {}, {}


def returned(one: Try) -> tuple[Real, Form]:
    """A letter that was posted."""
    return {}, {"numbers_typed": _printed(one, "L-2026-900003").number}


def _printed(one: Try, number: str) -> Message:
    made = letter(account_id=one.someone.account.pk, partner_id=one.someone.landlord.pk)
    Message.objects.filter(pk=made.pk).update(state="sent", sent_at=now() - timedelta(days=3), number=number)
    made.refresh_from_db()
    return made


def invited(one: Try) -> tuple[Real, Form]:
    """Another agent."""
    return {"agent": agent().agent.reference}, {}


def agent_paused(one: Try) -> tuple[Real, Form]:
    """Another agent, held at the entrance."""
    made = agent()
    for _ in range(6):
        proofs.check(made.agent, "000000", by=made.actor, at=now())
    return {"agent": made.agent.reference}, {}


def task_idle(one: Try) -> tuple[Real, Form]:
    """Nobody has asked for a task yet."""
    TaskRun.objects.all().update(asked_at=None)
    return {}, {}


def today(**more: str) -> Callable[[Try], tuple[Real, Form]]:
    """A form with days, which are those of today."""

    def prepare(one: Try) -> tuple[Real, Form]:
        return {}, {name: f"{day_in_paris(now()):{words}}" for name, words in more.items()}

    return prepare
