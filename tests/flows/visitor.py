"""Somebody who goes through the pages over HTTP, without Chromium."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client
from django.urls import reverse

from tests.browser import post_office, steps
from tests.browser.conftest import Watch

MAILBOX = "jean-luc.moreau.151@bailleur.example"
"""The landlord of the stories, an individual known to the office by this address."""


class Visitor:
    """Somebody with a browser that follows where it is sent, and posts the forms it was shown."""

    def __init__(self) -> None:
        self.browser = Client()
        self.path = self.html = ""

    def goes(self, address: str) -> None:
        """Ask for a page."""
        self._read(self.browser.get(address, follow=True), address)

    def sends(self, address: str = "", **fields: str) -> None:
        """Post the page's form, with what it hides, to ``address`` or to the page itself."""
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.html)
        shown = {name: unescape(value) for name, value in hidden}
        self._read(self.browser.post(address or self.path, {**shown, **fields}, follow=True), address or self.path)

    def _read(self, response: object, address: str) -> None:
        self.path = response.redirect_chain[-1][0] if response.redirect_chain else address  # type: ignore[attr-defined]
        self.html = response.content.decode()  # type: ignore[attr-defined]

    def sees(self, words: str) -> None:
        """The page says this."""
        said = " ".join(unescape(re.sub(r"<[^>]+>", " ", self.html)).split())
        assert words in said, f"{words!r} is not at {self.path}: {said[:800]}"


def signed_in(identifier: str, password: str) -> Visitor:
    """Who typed an identifier and a password."""
    visitor = Visitor()
    visitor.goes(reverse("sign-in"))
    visitor.sends(identifier=identifier, password=password)
    return visitor


def opens_the_account(watch: Watch) -> Visitor:
    """The landlord of the stories, from the two e-mails to their space."""
    held = steps.credentials_by_email(MAILBOX)
    visitor = signed_in(held.identifier, held.password)
    visitor.sends(first_name="Jean-Luc", last_name="Moreau", email="", email_again="")
    post_office.deliver(at=watch.now())
    code = post_office.code(post_office.email_to(MAILBOX, "est votre code"))
    visitor.sends(f"{visitor.path}code/", code=code)
    visitor.sends(password=steps.OWN_PASSWORD, password_again=steps.OWN_PASSWORD)
    visitor.sends(accepted="on")
    visitor.sends(accepted="on")
    visitor.sees("Votre espace est prêt")
    visitor.sends()
    visitor.sees("Espace bailleur")
    return visitor
