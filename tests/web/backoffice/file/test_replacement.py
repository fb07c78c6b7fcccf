"""An administrator replaced by two agents: what a user asked, what an agent opens on a paper."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parvis.agents.posts import Role
from parvis.audit.models import Entry
from parvis.landlords.models import AdministratorReplacement, ReplacementPaper, ReplacementState
from parvis.landlords.selectors.for_agents import replacements
from parvis.web.backoffice.forms.acts import NEWCOMER
from tests.factories.agents import SQUARE, Colleague, colleague
from tests.factories.landlords import Owner, owner
from tests.factories.papers import pdf
from tests.factories.users import OFTEN, administrator
from tests.factories.users import colleague as user_of
from tests.web.backoffice.file.opening import file_of, opened

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
WHY = {"reason": "Appel du 3230, identité vérifiée"}
KBIS = pdf()


def _officer() -> Colleague:
    return colleague((Role.RIGHTS_OFFICER, "441"))


def _organisation() -> tuple[Owner, Owner]:
    """An administrator, and a user who may take the role."""
    me = administrator()
    return me, user_of(me, "Léa", "Roy", rights=OFTEN)


def _form(me: Owner, new: Owner | None, **more: Any) -> dict[str, Any]:
    guest = {"first_name": "Nour", "last_name": "Benali", "email": "nour.benali@habitat.example"}
    return {
        "former": me.account.reference,
        "becomes": "user",
        "successor": new.account.reference if new else NEWCOMER,
        **({} if new else guest),
        "attachment": SimpleUploadedFile("k-bis.pdf", KBIS),
        **WHY,
        **more,
    }


def _open(browser: Client, me: Owner, form: dict[str, Any]) -> str:
    return browser.post(f"{file_of(me)}remplacement/ouvrir/", form, follow=True).content.decode()


def _act(browser: Client, me: Owner, act: str) -> str:
    form = {**WHY, "demande": str(AdministratorReplacement.objects.get().pk), "acte": act}
    return browser.post(f"{file_of(me)}remplacement/", form, follow=True).content.decode()


@pytest.mark.parametrize("guest", [False, True])
def test_one_opens_another_agrees_and_says_how_long_one_may_object(guest: bool) -> None:
    me, lea = _organisation()
    first, second = _officer(), _officer()
    one, two = opened(first, me), opened(second, me)
    done = _open(one, me, _form(me, None if guest else lea))
    assert "Un second agent doit maintenant donner son accord." in done
    assert "Vous l’avez ouvert" in done
    assert ("Nour Benali" in done, "Léa Roy" in done) == (guest, not guest)
    assert "nour.benali@habitat.example" not in done
    assert "Il faut deux agents" in _act(one, me, "accorder")
    agreed = _act(two, me, "accorder")
    assert "Délai d’opposition\u00a0: 10\u00a0jours" in agreed
    assert AdministratorReplacement.objects.get().approved_by == second.agent.login


def test_the_paper_is_kept_closed_shown_to_agents_and_its_reading_noted() -> None:
    me, lea = _organisation()
    browser = opened(_officer(), me)
    page = _open(browser, me, _form(me, lea))
    paper = ReplacementPaper.objects.get()
    assert KBIS not in bytes(paper.content)
    where = f"{file_of(me)}remplacement/pieces/{paper.opaque}/"
    assert where in page
    answer = browser.get(where)
    assert answer.content == KBIS
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert Entry.objects.filter(event="agents.paper_opened", details__name="k-bis.pdf").count() == 1
    assert not Entry.objects.filter(event="agents.file_read", details__page="file-replacement-paper").exists()
    other = administrator()
    assert opened(_officer(), other).get(where.replace(str(me.landlord.pk), str(other.landlord.pk))).status_code == 404


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (
            {"attachment": SimpleUploadedFile("k-bis.pdf", b"MZ\x90 a program")},
            "Choisissez un fichier PDF, JPEG ou PNG.",
        ),
        ({"attachment": SimpleUploadedFile("k-bis.pdf", b"%PDF-" + b"0" * 5_000_001)}, "plus de 5"),
        ({"attachment": ""}, "Joignez le justificatif"),
        ({"successor": "X"}, "Choisissez dans la liste."),
        ({"former": "X"}, "Choisissez une des réponses proposées."),
        ({"becomes": ""}, "Dites ce qu’il devient."),
        ({"reason": " "}, "Dites pourquoi"),
        ({"successor": NEWCOMER}, "Écrivez le nom de la personne."),
        ({"successor": NEWCOMER, "first_name": "A", "last_name": "B", "email": "contact@x.example"}, "générique"),
        ({"successor": NEWCOMER, "first_name": "A", "last_name": "B", "email": "rien"}, "Il manque quelque chose"),
    ],
)
def test_what_cannot_be_is_said_on_the_page(more: dict[str, Any], sentence: str) -> None:
    me, lea = _organisation()
    page = _open(opened(_officer(), me), me, _form(me, lea, **more))
    assert sentence in page
    assert not AdministratorReplacement.objects.exists()


def test_a_user_of_the_organisation_is_no_newcomer() -> None:
    me, lea = _organisation()
    page = _open(opened(_officer(), me), me, _form(me, None, email=lea.account.credential.email))
    assert "Cette personne a déjà accès" in page
    assert not AdministratorReplacement.objects.exists()


def test_among_many_users_the_new_administrator_is_found_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    me, lea = _organisation()
    user_of(me, "Ana", "Bon", rights=OFTEN)
    browser, where = opened(_officer(), me), f"{file_of(me)}remplacement/ouvrir/"
    assert 'name="mots"' not in browser.get(where).content.decode()
    monkeypatch.setattr(replacements, "MOST_USERS", 1)
    page = browser.get(where).content.decode()
    assert 'name="mots"' in page
    assert lea.account.reference not in page
    assert lea.account.reference in browser.get(where, {"mots": " ROY léa"}).content.decode()
    assert "Personne ne porte ce nom" in browser.get(where, {"mots": "%_' <b>"}).content.decode()
    browser.post(f"{where}?mots=roy", _form(me, lea))
    assert AdministratorReplacement.objects.get().asked_by == lea.account
    assert "Accord attendu" in browser.get(f"{file_of(me)}remplacement/").content.decode()


def test_an_objection_is_noted_and_stops_it() -> None:
    me, lea = _organisation()
    browser = opened(_officer(), me)
    _open(browser, me, _form(me, lea))
    assert "Le remplacement est arrêté." in _act(browser, me, "arreter")
    stopped = AdministratorReplacement.objects.get()
    assert (stopped.state, stopped.objection) == (ReplacementState.REFUSED, WHY["reason"])
    page = browser.get(f"{file_of(me)}remplacement/").content.decode()
    assert "Ouvrir un remplacement" in page
    assert WHY["reason"] in page
    form = {**WHY, "demande": str(stopped.pk), "acte": "arreter"}
    assert browser.post(f"{file_of(me)}remplacement/", form).status_code == 404


@pytest.mark.parametrize(("role", "at"), SQUARE)
@pytest.mark.parametrize("page", ["", "ouvrir/"])
def test_it_is_for_officers_of_the_office(role: Role, at: str, page: str) -> None:
    me, _ = _organisation()
    browser = colleague((role, at)).browser()
    browser.post(file_of(me) + "motif/", {"reason": "call", "note": ""})
    seen = at in ("441", "")
    expected = 403 if role is not Role.RIGHTS_OFFICER else 200 if seen else 404
    assert browser.get(f"{file_of(me)}remplacement/{page}").status_code == expected
    assert browser.post(f"{file_of(me)}remplacement/{page}", WHY).status_code == (
        404 if expected == 200 and not page else expected
    )


def test_the_administrator_reads_of_it_once_both_agree_and_may_object() -> None:
    me, lea = _organisation()
    one, two = opened(_officer(), me), opened(_officer(), me)
    _open(one, me, _form(me, lea))
    mine = me.browser()
    where = f"/c/{me.account.reference}/administrateur/"
    assert "Je m’oppose" not in mine.get(where).content.decode()
    _act(two, me, "accorder")
    assert "Je m’oppose" in mine.get(where).content.decode()
    assert "Je m’oppose" not in lea.browser().get(f"/c/{lea.account.reference}/administrateur/").content.decode()
    mine.post(f"{where}toujours-la/")
    assert AdministratorReplacement.objects.get().state == ReplacementState.REFUSED


class TestReplacing:
    """Two agents, and ten days for the organisation to say no."""

    @staticmethod
    def _asked() -> Owner:
        someone = owner()
        AdministratorReplacement.objects.create(
            landlord=someone.landlord,
            asked_by=someone.account,
            reason="Notre administratrice est partie",
            asked_at=NOW - timedelta(days=11),
            waits_until=NOW - timedelta(days=1),
        )
        return someone

    def test_one_proposes_another_approves(self) -> None:
        someone = self._asked()
        address = file_of(someone) + "remplacement/"
        first, second = _officer(), _officer()
        one, two = opened(first, someone), opened(second, someone)
        page = one.get(address).content.decode()
        assert "Notre administratrice est partie" in page
        form = {**WHY, "demande": str(AdministratorReplacement.objects.get().pk)}
        assert (
            "Un autre agent doit maintenant approuver."
            in one.post(address, {**form, "acte": "proposer"}, follow=True).content.decode()
        )
        own = one.post(address, {**form, "acte": "approuver"}).content.decode()
        assert "Il faut deux agents" in own
        done = two.post(address, {**form, "acte": "approuver"}, follow=True).content.decode()
        assert "L’administrateur est remplacé." in done
        assert AdministratorReplacement.objects.get().approved_by == second.agent.login

    def test_nothing_asked_says_so(self) -> None:
        someone = owner()
        page = opened(_officer(), someone).get(file_of(someone) + "remplacement/").content.decode()
        assert "Aucune demande de remplacement" in page

    def test_a_request_of_another_organisation_does_not_exist_here(self) -> None:
        self._asked()
        other = owner()
        address = file_of(other) + "remplacement/"
        form = {**WHY, "demande": str(AdministratorReplacement.objects.get().pk), "acte": "proposer"}
        assert opened(_officer(), other).post(address, form).status_code == 404
