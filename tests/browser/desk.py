"""An agent on the telephone: comes in, finds who calls, reads the answer, acts; every click from the search on is counted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from parvis.agents.posts import Role
from parvis.correspondence.models import Channel, Message, MessageState
from parvis.identity.models import Account, Nature
from parvis.identity.services import birth
from parvis.kit.actors import system
from parvis.kit.clock import day_in_paris
from parvis.landlords.models import Landlord
from tests.browser import post_office
from tests.browser.conftest import Watch
from tests.browser.person import Person
from tests.factories.agents import PASSWORD, colleague
from tests.factories.correspondence import batched
from tests.factories.landlords import landlord

FIELD = "Nom, SIRET, NIR, n°\u00a0tiers, n°\u00a0d’utilisateur, identifiant, mail ou n°\u00a0allocataire"
SYSTEM = system("import")
WEEK = timedelta(days=7)


class Desk:
    """One agent at work. ``clicks`` are the links and buttons used since the search was begun."""

    def __init__(self, person: Person, watch: Watch, role: Role = Role.RECEPTION) -> None:
        self.person, self.clicks = person, 0
        agent = colleague((role, "441"), password=PASSWORD)
        person.goes("/agents/")
        person.types("Identifiant ou adresse mail professionnelle", agent.agent.login)
        person.types("Mot de passe", PASSWORD)
        person.presses("Continuer")
        person.types("Code à 6 chiffres, ou code de secours", agent.code(watch.now()))
        person.presses("Valider")
        person.follows("Rechercher un bailleur")

    def finds(self, said: str, *, name: str = "") -> None:
        """Type what the caller says, open their file for a call; ``name`` tells which one, where several are found."""
        person = self.person
        person.goes("/agents/recherche/")
        self.clicks = 0
        person.types(FIELD, said)
        self.presses("Rechercher")
        assert "résultat" in person.words, person.words
        row = person.page.locator("main tbody tr", has_text=name)
        self.clicks += 1
        person.clicks(row.first.locator("th a"))
        if person.heading.startswith("Pourquoi"):
            self.clicks += 1
            person.ticks("Appel")
            self.presses("Ouvrir le dossier")

    def follows(self, words: str) -> None:
        """One more link."""
        self.clicks += 1
        self.person.follows(words)

    def presses(self, words: str) -> None:
        """One more button."""
        self.clicks += 1
        self.person.presses(words)

    def reads(self, *sentences: str, clicks: int) -> None:
        """The answer stands on this page, in sight of axe, at so many clicks from the search at most."""
        words = self.person.words
        for sentence in sentences:
            assert sentence in words, f"« {sentence} » is not in: {words}"
        assert self.clicks <= clicks, f"{self.clicks} clicks"
        self.person.looks()

    def does(self, act: str, button: str) -> None:
        """From the file: the page of an act, with its reason."""
        self.follows(act)
        self.person.types("Pourquoi", "Appel, identité vérifiée")
        self.presses(button)


def born(*, at: datetime, email: str = "", name: str = "") -> Account:
    """Who has just been brought by a feed, their first messages sent or posted in their time; ``name`` makes them an individual."""
    of = landlord(company_name="" if name else "Régie du Vieux Port")
    if name:
        alone(of, name)
    number = of.third_party_numbers.get()
    window = (name or of.company_name, "12 rue des Tilleuls", "44220 COUERON")
    office = {"name": "Caf de la Loire-Atlantique", "address": ["44000 NANTES"], "phone": "3230"}
    who = birth.Newcomer(of.partner_id, number.user_number, email, window[0], window[1:], office)
    with transaction.atomic():
        assert birth.open_accounts([who], at=at, by=SYSTEM) == 1
    arrives(at)
    return Account.objects.get(partner_id=of.partner_id)


def alone(of: Landlord, name: str) -> None:
    """They let in their own name."""
    of.company_name, (of.first_name, of.last_name) = "", name.split()
    of.save()
    of.partner.nature = Nature.INDIVIDUAL
    of.partner.save()


def arrives(at: datetime) -> None:
    """Two messages that leave one after the other, e-mails or letters, are let leave; letters are posted the same day."""
    for hours in (0, 1, 24 * 3 + 1):
        post_office.deliver(at=at + timedelta(hours=hours))
    for letter in Message.objects.filter(channel=Channel.LETTER, state=MessageState.SENT, batch=None).order_by("pk"):
        assert letter.sent_at is not None
        batched(letter, posted_on=day_in_paris(letter.sent_at))
