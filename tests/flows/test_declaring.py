"""The whole story over HTTP, as a machine without Chromium can still tell it: two visitors, one landlord, one receipt."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from parvis.declarations.models import Declaration, Receipt
from tests.browser import office, post_office, steps
from tests.browser.conftest import Watch

pytestmark = pytest.mark.django_db(transaction=True)

MAILBOX = "jean-luc.moreau.151@bailleur.example"


class Visitor:
    """Somebody with a browser that follows where it is sent, and posts the forms it was shown."""

    def __init__(self) -> None:
        self.browser = Client()
        self.path = self.html = ""

    def goes(self, address: str) -> None:
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
        said = " ".join(unescape(re.sub(r"<[^>]+>", " ", self.html)).split())
        assert words in said, f"{words!r} is not at {self.path}: {said[:800]}"


def _signed_in(identifier: str, password: str) -> Visitor:
    visitor = Visitor()
    visitor.goes(reverse("sign-in"))
    visitor.sends(identifier=identifier, password=password)
    return visitor


def _opens_the_account(watch: Watch) -> Visitor:
    held = steps.credentials_by_email(MAILBOX)
    visitor = _signed_in(held.identifier, held.password)
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


def test_two_tabs_send_one_declaration_and_the_answer_is_seen_in_both(watch: Watch, folders: Settings) -> None:
    office.delivers("0005067")
    watch.set_to(office.MORNING)
    first = _opens_the_account(watch)
    second = Visitor()
    second.browser.cookies = first.browser.cookies
    account = first.path.split("/")[2]

    first.goes(reverse("july-rents-prefill", args=[account]))
    first.sends()
    first.sees("5 loyers repris")
    for tab in (first, second):
        tab.goes(reverse("july-rents-check", args=[account]))
        tab.sees("Vérifiez avant de transmettre")
    for tab in (first, second):
        tab.sends(reverse("july-rents-submit", args=[account]))
        tab.sees("loyers transmis")
    assert Receipt.objects.count() == 1
    assert first.path == second.path

    sent = office.takes()
    left = Declaration.objects.filter(state="draft")
    assert all("increase_above_index" in draft.warnings for draft in left), "only what is to be confirmed waits"
    assert len(sent) == Declaration.objects.count() - left.count() == Receipt.objects.get().count
    office.answers(2, *((line["declaration_ref"], "integrated", "") for line in sent), at=watch.now())
    for tab in (first, second):
        tab.goes(tab.path)
        tab.sees("Pris en compte")
