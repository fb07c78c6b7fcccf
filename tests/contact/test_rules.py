"""What may stand in a message."""

from __future__ import annotations

import pytest

from parvis.contact.refusals import WordsNotPossible
from parvis.contact.rules import LONGEST, check_about, check_words, has_iban, has_nir

IBAN = "FR76 3000 6000 0112 3456 7890 189"
NIR = "2 84 05 26 198 012 16"


@pytest.mark.parametrize(
    "text",
    [f"Mon compte : {IBAN} merci", IBAN.replace(" ", ""), IBAN.lower(), "iban=DE89370400440532013000.", f"x\n{IBAN}"],
)
def test_an_account_is_seen_however_it_is_written(text: str) -> None:
    assert has_iban(text)
    with pytest.raises(WordsNotPossible, match="IBAN"):
        check_words(f"Bonjour {text}")


@pytest.mark.parametrize(
    "text", ["FR76 3000 6000 0112 3456 7890 180", "LOG012345A", "44100046470V12", "D-2026-000000123-K"]
)
def test_what_is_no_account_passes(text: str) -> None:
    assert not has_iban(text)
    assert check_words(f"Bonjour {text}")


def test_a_social_security_number_is_seen() -> None:
    from stdnum.fr import nir

    thirteen = "2840526198012"
    whole = thirteen + nir.calc_check_digits(thirteen)
    assert has_nir(f"le numéro {whole}.")
    assert has_nir(" ".join((whole[0], whole[1:3], whole[3:5], whole[5:7], whole[7:10], whole[10:13], whole[13:])))
    assert not has_nir("18405261980121")
    assert not has_nir(f"{whole}7")
    with pytest.raises(WordsNotPossible, match="sécurité sociale"):
        check_about(whole)


@pytest.mark.parametrize("text", ["", "  \n ", "Oui", "a" * (LONGEST + 1)])
def test_a_message_says_something_and_ends(text: str) -> None:
    with pytest.raises(WordsNotPossible) as told:
        check_words(text)
    assert told.value.field == "text"


def test_lines_stay_lines() -> None:
    assert check_words("  Bonjour,\r\n\r\n\r\n\r\nDeux  mots. \r\n") == "Bonjour,\n\nDeux  mots."
    assert check_about("  Locataire   n° 1 ") == "Locataire n° 1"
    with pytest.raises(WordsNotPossible):
        check_about("a" * 121)
