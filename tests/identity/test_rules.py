"""How typed values are read, and what a password must hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.identity import rules
from parvis.identity.common_passwords import is_common
from parvis.identity.refusals import EmailNotUnderstood, PasswordTooWeak


@pytest.mark.parametrize(
    ("typed", "value", "repaired"),
    [
        ("LOG012345A", "LOG012345A", False),
        (" log 012 345 a ", "LOG012345A", False),
        ("log.012-345\u00a0a", "LOG012345A", False),
        ("LOGO12345A", "LOG012345A", True),
        ("L0G012345A", "LOG012345A", True),
        ("LOG0I2L45A", "LOG012145A", True),
        ("A6D5AZT3O1", "A6D5AZT3O1", False),
        ("Prenom.Nom@Exemple.FR ", "prenom.nom@exemple.fr", False),
        ("", "", False),
    ],
)
def test_an_identifier_is_read_kindly(typed: str, value: str, repaired: bool) -> None:
    reading = rules.read_login(typed)
    assert (reading.value, reading.repaired) == (value, repaired)
    assert bool(reading.note) == repaired or "espaces" in reading.note


def test_a_letter_o_after_log_is_repaired_and_said() -> None:
    note = rules.read_login("LOGO12345A").note
    assert note == "Nous lisons LOG012345A\u00a0: après LOG, ce sont des chiffres (zéro, pas la lettre O)."


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read_without_failing(typed: str) -> None:
    assert len(rules.read_login(typed).value) <= 500
    rules.read_code(typed)
    rules.read_provisional(typed)
    rules.missing_in(rules.read_password(typed))
    rules.network_of(typed)
    is_common(typed)


@pytest.mark.parametrize("typed", ["482913", "482 913", " 482\u00a0913 ", "482-913", "４８２９１３"])
def test_a_code_is_read_with_any_blanks(typed: str) -> None:
    assert rules.read_code(typed) == "482913"


def test_letters_are_no_code() -> None:
    assert rules.read_code("48291O") == ""


@pytest.mark.parametrize("typed", ["abcd-efgh-jkmn", "ABCD EFGH JKMN", "abcdefghjkmn", " abcd\u2011efgh\u2011jkmn\n"])
def test_a_provisional_password_is_read_as_it_was_printed_or_typed(typed: str) -> None:
    assert rules.read_provisional(typed) == "abcdefghjkmn"


def test_provisional_passwords_hold_no_look_alikes() -> None:
    assert not set(rules.PROVISIONAL_SIGNS) & set("0o1il5s2z") - {"z"}
    assert rules.shown_provisional("abcdefghjkmn") == "abcd-efgh-jkmn"


@pytest.mark.parametrize(
    "typed", ["claire@parvis.example", " Claire@Parvis.Example ", "c.m+loyers@sous.domaine.example"]
)
def test_addresses_are_read(typed: str) -> None:
    assert rules.read_email(typed) == "".join(typed.split()).lower()


@pytest.mark.parametrize(
    "typed",
    ["claire", "claire@", "@exemple.fr", "claire@exemple", "a@b@exemple.fr", "claire@ex emple", ".c@exemple.fr",
     "c..m@exemple.fr", "claire@-exemple.fr", "<script>@exemple.fr", "claire@exemple.fr\x00", "x" * 65 + "@exemple.fr",
     "rené@exemple.fr", "claire@x.f", "claire@exämple.fr"],
)  # fmt: skip
def test_what_cannot_be_an_address_is_refused_in_words(typed: str) -> None:
    with pytest.raises(EmailNotUnderstood, match="Il manque quelque chose"):
        rules.read_email(typed)


def test_an_address_is_masked_but_for_its_first_letter_and_domain() -> None:
    assert rules.masked("claire@parvis.example") == "c•••••@parvis.example"


@pytest.mark.parametrize("password", ["Tuile-Verger-Canal-47", "K7#mQ9!xW2r", "Vélo jaune, 3 roues", "ÉcluseÀ4#Pont"])
def test_good_passwords_pass(password: str) -> None:
    rules.check_password(password, rules.Own())


@pytest.mark.parametrize(
    ("password", "line"),
    [
        ("Court-1a", "de 10 à 64 caractères"),
        ("sans-majuscule-1", "majuscule"),
        ("SANS-MINUSCULE-1", "minuscule"),
        ("Sans-Chiffre-Aucun", "chiffre"),
        ("SansSigneAucun12", "spécial"),
        ("A1-" + "b" * 70, "il y en a 9 de trop"),
    ],
)
def test_a_password_outside_the_policy_is_refused_with_its_line(password: str, line: str) -> None:
    with pytest.raises(PasswordTooWeak, match=line):
        rules.check_password(password, rules.Own())


def test_sixty_four_characters_are_accepted() -> None:
    rules.check_password("Aa1-" + "xq" * 30, rules.Own())


@pytest.mark.parametrize(
    "password",
    ["Password123!", "P@ssw0rd!2026", "Motdepasse1!", "M0tD3P@sse!", "Azertyuiop1!", "Qwerty12345!", "Bienvenue2026!",
     "Juillet2026!!", "Loyers-2026!", "@Dmin12345!", "Aaaaaaaaaa1!", "Aa1!1234567890", "Abcdefghij1!", "Soleil-Soleil1",
     "MarseillePSG1!", "123456789Ab!", "!Nantes44000!", "Doudou!Doudou1", "Poiuytreza1!"],
)  # fmt: skip
def test_passwords_everybody_tries_are_refused_whatever_their_decoration(password: str) -> None:
    assert rules.missing_in(password) == []
    with pytest.raises(PasswordTooWeak, match="trop courant"):
        rules.check_password(password, rules.Own())


@pytest.mark.parametrize(
    "password", ["Grandvallet-47x", "x47-grand-vallet-A", "LOG012345A-xy", "Tuilerie-Du-Port9", "zoe.grandvallet9A"]
)
def test_a_password_must_not_tell_who_its_owner_is(password: str) -> None:
    own = rules.Own(("Zoé Grandvallet", "zoe.grandvallet@parvis.example", "LOG012345A", "Tuilerie du Port"))
    with pytest.raises(PasswordTooWeak, match="Évitez votre nom"):
        rules.check_password(password, own)


def test_a_password_is_the_same_on_every_keyboard_and_without_careless_blanks() -> None:
    assert rules.read_password(" E\u0301cluse \n") == "Écluse"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("nonsense", "unknown"),
    ],
)
def test_addresses_count_by_neighbourhood(address: str, network: str) -> None:
    assert rules.network_of(address) == network


def test_a_code_is_good_for_a_day() -> None:
    assert rules.code_still_good(timedelta(minutes=1439), timedelta(days=1))
    assert not rules.code_still_good(timedelta(minutes=1440), timedelta(days=1))
    assert not rules.code_still_good(timedelta(minutes=-1), timedelta(days=1))
