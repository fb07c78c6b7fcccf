"""Parameters, texts and banners changed by national administrators, and by nobody else."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.agents.posts import DUTIES, Role
from parvis.audit.models import Entry
from parvis.declarations.reasons import GENERAL, rejection_sentence
from parvis.kit.actors import Duty
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import DutyMissing
from parvis.parameters import banners, selectors, services, texts
from parvis.parameters.catalogue import CODE_DELAY, PARAMETERS
from parvis.parameters.models import Banner, BannerKind, EditedText, ParameterValue
from parvis.tenancies.reasons import reason_of
from tests.factories.agents import colleague
from tests.factories.landlords import office, owner

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
PAGES = {
    Duty.SET_PARAMETERS: ["/agents/reglages/", "/agents/reglages/code_delay/"],
    Duty.EDIT_TEXTS: [
        "/agents/textes/", "/agents/textes/help/", "/agents/textes/help/code-non-recu/", "/agents/textes/acceptes/usage_rules/",
        "/agents/textes/payment-reasons/ajouter/", "/agents/textes/rent-index/2026-T2/", "/agents/textes/rent-index/ajouter/",
        "/agents/bandeaux/",
    ],
    Duty.READ_JOURNAL: ["/agents/journal/"],
    Duty.READ_OPINIONS: ["/agents/avis/", "/agents/avis/aide/"],
}  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("duty", "address"), [(duty, address) for duty, them in PAGES.items() for address in them])
def test_each_page_opens_to_the_roles_that_hold_its_duty(role: Role, duty: Duty, address: str) -> None:
    browser = colleague((role, "" if role is Role.NATIONAL_ADMINISTRATOR else "441")).browser()
    assert browser.get(address).status_code == (200 if duty in DUTIES[role] else 403)


class TestParameters:
    """Reglages."""

    def test_every_parameter_is_shown_with_its_unit_and_default(self) -> None:
        page = colleague().browser().get("/agents/reglages/").content.decode()
        for parameter in PARAMETERS.values():
            assert parameter.name in page
            assert parameter.meaning.replace("'", "&#39;") in page

    def test_a_change_says_who_when_and_why(self) -> None:
        boss = colleague()
        browser, address = boss.browser(), "/agents/reglages/code_delay/"
        done = browser.post(address, {"value": "60", "reason": "Essai à Nantes"}, follow=True).content.decode()
        assert "La nouvelle valeur compte partout" in done
        assert selectors.value(CODE_DELAY) == 60
        assert boss.agent.login in done
        assert "Essai à Nantes" in done
        entry = Entry.objects.get(event="parameters.changed")
        assert entry.details == {"before": 1440, "after": 60, "reason": "Essai à Nantes"}

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"value": "60"}, "Dites en quelques mots pourquoi."),
            ({"value": "x", "reason": "a"}, "Écrivez un nombre entier."),
            ({"value": "99999999", "reason": "a"}, "va de 0 à 43200"),
            ({"value": "", "reason": "a"}, "Indiquez la valeur."),
        ],
    )
    def test_what_cannot_be_is_said_and_nothing_changes(self, typed: dict[str, str], sentence: str) -> None:
        page = colleague().browser().post("/agents/reglages/code_delay/", typed).content.decode()
        assert sentence in page
        assert not ParameterValue.objects.exists()

    def test_the_history_says_what_was_before_and_when_it_counts(self) -> None:
        browser, address = colleague().browser(), "/agents/reglages/code_delay/"
        for value in ("60", "30"):
            browser.post(address, {"value": value, "reason": "Essai"})
        page = browser.get(address).content.decode().replace("\u00a0", " ")
        for before, after in (("1\u202f440", "60"), ("60", "30")):
            assert f'data-l="Avant">{before} minutes</td><td class="r" data-l="Après">{after} minutes' in page
        assert "Prend effet à la prochaine connexion" in page

    @pytest.mark.parametrize(
        ("name", "effect"),
        [
            ("code_delay", "à la prochaine connexion de chacun"),
            ("keep_codes", "la nuit suivante"),
            ("bank_hold", "deux secondes après"),
        ],
    )
    def test_each_page_says_from_when_a_value_counts_and_so_does_the_answer(self, name: str, effect: str) -> None:
        browser, address = colleague().browser(), f"/agents/reglages/{name}/"
        assert f"Prend effet {effect}" in browser.get(address).content.decode()
        answer = browser.post(address, {"value": str(PARAMETERS[name].high), "reason": "Essai"}, follow=True)
        assert f"La nouvelle valeur compte partout. Prend effet {effect}" in answer.content.decode()

    def test_a_switch_is_yes_or_no(self) -> None:
        browser = colleague().browser()
        assert "Oui" in browser.get("/agents/reglages/reminder_letters/").content.decode()
        browser.post("/agents/reglages/reminder_letters/", {"value": "0", "reason": "Essai"})
        assert "<dd>Non</dd>" in browser.get("/agents/reglages/reminder_letters/").content.decode()

    def test_two_clicks_are_one_change(self) -> None:
        browser = colleague().browser()
        for _ in range(2):
            browser.post("/agents/reglages/code_delay/", {"value": "60", "reason": "Essai"})
        assert ParameterValue.objects.count() == 1

    def test_the_delay_between_codes_says_how_many_it_would_send(self) -> None:
        owner().browser()
        page = colleague().browser().get("/agents/reglages/code_delay/").content.decode()
        assert re.search("Avec 1\u202f440\u00a0minutes, environ [0-9]+\u00a0codes? par jour", page)
        assert re.findall("Avec ([^,]+), environ", page) == [
            "0\u00a0minute", "60\u00a0minutes", "1\u202f440\u00a0minutes", "10\u202f080\u00a0minutes",
        ]  # fmt: skip

    def test_a_parameter_that_does_not_exist_is_not_found(self) -> None:
        assert colleague().browser().get("/agents/reglages/rien/").status_code == 404

    def test_the_service_asks_for_the_duty_too(self) -> None:
        with pytest.raises(DutyMissing):
            services.change("code_delay", 60, by=colleague((Role.CASEWORKER, "")).actor, at=NOW, reason="x")


class TestTexts:
    """Textes."""

    def test_an_article_is_looked_at_before_it_is_published(self) -> None:
        browser, address = colleague().browser(), "/agents/textes/help/code-non-recu/"
        form = self._typed(browser, "help", "code-non-recu")
        form["short"] = "Regardez vos courriers indésirables."
        preview = browser.post(address, {**form, "apercu": "1"}).content.decode()
        assert "Rien n’est encore en ligne." in preview
        assert not EditedText.objects.exists()
        public = reverse("help-article", args=["code-non-recu"])
        assert "Regardez vos courriers indésirables." not in Client().get(public).content.decode()
        browser.post(address, {**form, "reason": "Plus clair", "publier": "1"})
        assert "Regardez vos courriers indésirables." in Client().get(public).content.decode()
        browser.post(address, {"retablir": "1"})
        assert "Regardez vos courriers indésirables." not in Client().get(public).content.decode()
        assert EditedText.objects.count() == 2

    @staticmethod
    def _typed(browser: Client, family: str, key: str) -> dict[str, Any]:
        return dict(texts.fields_of(texts.family_of(family), key))

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("short", "x" * 261, "260 caractères au plus."),
            ("easy", "Une phrase.", "3 phrases au moins, une par ligne."),
            ("related", "nulle-part", "Cet article n’existe pas"),
            ("links", "Ici | nulle-part", "n’existe pas."),
            ("title", "", "Écrivez «\u00a0Question\u00a0»."),
            ("know", "== easy ==", "Cet article ne peut pas être lu."),
        ],
    )
    def test_an_article_nobody_could_read_is_refused(self, field: str, value: str, sentence: str) -> None:
        browser = colleague().browser()
        form = {**self._typed(browser, "help", "code-non-recu"), field: value, "reason": "x", "publier": "1"}
        page = browser.post("/agents/textes/help/code-non-recu/", form).content.decode()
        assert sentence in page
        assert not EditedText.objects.exists()

    def test_publishing_needs_a_reason_and_two_clicks_are_one_version(self) -> None:
        browser, address = colleague().browser(), "/agents/textes/declaration-reasons/duplicate/"
        form = {"sentence": "Déjà reçue.", "publier": "1"}
        assert "Dites en quelques mots pourquoi." in browser.post(address, form).content.decode()
        for _ in range(2):
            browser.post(address, {**form, "reason": "Plus court"})
        assert EditedText.objects.count() == 1
        assert rejection_sentence("duplicate") == "Déjà reçue."

    def test_a_code_the_portal_does_not_know_gets_its_sentence(self) -> None:
        assert rejection_sentence("lease_ended") == GENERAL
        browser, address = colleague().browser(), "/agents/textes/declaration-reasons/ajouter/"
        refused = browser.post(address, {"key": "Bail fini", "sentence": "x", "reason": "x", "publier": "1"})
        assert "Un code s’écrit en minuscules" in refused.content.decode()
        browser.post(address, {"key": "lease_ended", "sentence": "Le bail est fini.", "reason": "x", "publier": "1"})
        assert rejection_sentence("lease_ended") == "Le bail est fini."
        assert "lease_ended" in browser.get("/agents/textes/declaration-reasons/").content.decode()

    def test_a_code_that_is_there_already_is_not_added_over_it_and_one_withdrawn_is_added_anew(self) -> None:
        browser, root = colleague().browser(), "/agents/textes/declaration-reasons/"
        form = {"key": "lease_ended", "sentence": "Le bail est fini.", "reason": "x", "publier": "1", "seen": "0"}
        browser.post(f"{root}ajouter/", form)
        again = browser.post(f"{root}ajouter/", {**form, "sentence": "Autre."}).content.decode()
        assert "Il existe déjà" in again
        assert rejection_sentence("lease_ended") == "Le bail est fini."
        assert "Retirer" in browser.get(f"{root}lease_ended/").content.decode()
        gone = browser.post(f"{root}lease_ended/", {"retablir": "1"}, follow=True).content.decode()
        assert "C’est retiré." in gone
        assert rejection_sentence("lease_ended") == GENERAL
        assert browser.get(f"{root}lease_ended/").status_code == 404
        browser.post(f"{root}ajouter/", {**form, "sentence": "Bail terminé."})
        assert rejection_sentence("lease_ended") == "Bail terminé."

    def test_the_reason_of_a_payment_is_what_the_office_wrote(self) -> None:
        browser = colleague().browser()
        form = {"sentence": "Recalcul annuel.", "action": "", "reason": "x", "publier": "1"}
        browser.post("/agents/textes/payment-reasons/yearly_revision/", form)
        written = reason_of("yearly_revision")
        assert written is not None
        assert (written.sentence, written.action) == ("Recalcul annuel.", "")

    def test_what_does_not_exist_is_not_found(self) -> None:
        browser = colleague().browser()
        for address in ("rien/", "help/rien/", "help/ajouter/", "acceptes/rien/"):
            assert browser.get(f"/agents/textes/{address}").status_code == 404


class TestBanners:
    """« À savoir »."""

    @staticmethod
    def _form(**other: str) -> dict[str, str]:
        today = day_in_paris(NOW)
        return {
            "kind": "warm", "title": "Accueil fermé", "body": "Appelez-nous demain.", "office": "441",
            "starts_on": today.strftime("%d/%m/%Y"), "ends_on": (today + timedelta(days=3)).strftime("%d/%m/%Y"),
            "publier": "1", **other,
        }  # fmt: skip

    def test_it_is_shown_to_the_landlords_of_the_office_only(self) -> None:
        here, there = owner(), owner(_landlord_of("261"))
        browser = colleague().browser()
        browser.post("/agents/bandeaux/", self._form())
        browser.post("/agents/bandeaux/", self._form())
        assert Banner.objects.count() == 1
        home = "/c/{}/bailleur/"
        assert "Accueil fermé" in here.browser().get(home.format(here.account.reference)).content.decode()
        assert "Accueil fermé" not in there.browser().get(home.format(there.account.reference)).content.decode()
        assert "Accueil fermé" not in Client().get(reverse("sign-in")).content.decode()

    def test_everybodys_is_shown_before_sign_in_too_until_it_is_withdrawn(self) -> None:
        browser = colleague().browser()
        browser.post("/agents/bandeaux/", self._form(office=""))
        for address in (reverse("sign-in"), reverse("home")):
            assert "Accueil fermé" in Client().get(address).content.decode()
        banner = Banner.objects.get()
        for _ in range(2):
            browser.post(f"/agents/bandeaux/{banner.reference}/retirer/")
        assert "Accueil fermé" not in Client().get(reverse("sign-in")).content.decode()
        assert Entry.objects.filter(event="parameters.banner_withdrawn").count() == 1
        assert "Accueil fermé" in browser.get("/agents/bandeaux/?quand=passes").content.decode()

    def test_a_banner_lives_in_its_period(self) -> None:
        today = day_in_paris(NOW)
        wording = banners.Wording(BannerKind.INFO, "Titre", "Texte", "", today, today)
        banners.write(wording, by=colleague().actor, at=NOW, on=today)
        assert [banners.banners_for((), on=today + timedelta(days=days)) != [] for days in (-1, 0, 1)] == [
            False,
            True,
            False,
        ]

    @pytest.mark.parametrize(
        ("other", "sentence"),
        [
            ({"title": ""}, "Écrivez un titre."),
            ({"body": ""}, "Écrivez le texte du bandeau."),
            ({"ends_on": "01/01/2020"}, "Le dernier jour vient après le premier."),
            ({"starts_on": "01/01/2020", "ends_on": "02/01/2020"}, "Ce dernier jour est déjà passé."),
            ({"ends_on": "01/01/2090"}, "Un an au plus."),
            ({"ends_on": "demain"}, "Écrivez une date"),
        ],
    )
    def test_what_cannot_be_shown_is_said(self, other: dict[str, str], sentence: str) -> None:
        office()
        page = colleague().browser().post("/agents/bandeaux/", self._form(**other)).content.decode()
        assert sentence in page
        assert not Banner.objects.exists()

    def test_a_preview_publishes_nothing(self) -> None:
        office()
        form = self._form()
        del form["publier"]
        page = colleague().browser().post("/agents/bandeaux/", {**form, "apercu": "1"}).content.decode()
        assert "Aperçu" in page
        assert not Banner.objects.exists()


def _landlord_of(code: str) -> Any:
    from tests.factories.landlords import landlord

    office(code, "Caf de la Drôme")
    return landlord(office_code=code)
