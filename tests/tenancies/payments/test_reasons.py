"""Why an amount changed: each code of the feed has its sentence, with what is known and nothing more (ux.md B15.3)."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.tenancies.reasons import NEUTRAL, REASONS, UNKNOWN, Surroundings, explained, reason_of

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)
APRIL = date(2026, 4, 1)


@pytest.mark.parametrize(
    ("code", "around", "sentence"),
    [
        ("yearly_revision", Surroundings(date(2026, 1, 1)), "Montant recalculé au 01/01/2026."),
        (
            "late_payment",
            Surroundings(APRIL, date(2026, 5, 5)),
            "Le versement d’avril a été fait en mai.",
        ),
        ("late_payment", Surroundings(MARCH, date(2026, 5, 5)), "Le versement de mars a été fait en mai."),
        ("july_rent_missing", Surroundings(MARCH), "Nous attendons le loyer de juillet 2025."),
        (
            "move_out",
            Surroundings(left_on=date(2026, 5, 31), left_told=True),
            "Départ le 31/05/2026, déclaré par vous.",
        ),
        ("move_out", Surroundings(left_on=date(2026, 5, 31)), "Départ le 31/05/2026, connu de votre caisse."),
        (
            "arrears",
            Surroundings(arrears_on=APRIL, plan_by=date(2026, 10, 1)),
            "Dossier d’impayé ouvert le 01/04/2026. Plan attendu avant le 01/10/2026.",
        ),
        (
            "arrears",
            Surroundings(arrears_on=APRIL, arrears_told="plan"),
            "Dossier d’impayé ouvert le 01/04/2026. Votre plan est envoyé.",
        ),
        (
            "arrears",
            Surroundings(arrears_on=APRIL, arrears_told="settled"),
            "Impayé : vous avez dit à votre caisse que tout est payé.",
        ),
        (
            "overpayment",
            Surroundings(MARCH, withheld_cents=11_100, remaining_cents=0),
            "111,00 € retenus sur une somme versée en trop en mars 2026. Reste 0,00 €.",
        ),
        (
            "overpayment",
            Surroundings(MARCH, withheld_cents=11_100),
            "111,00 € retenus sur une somme versée en trop en mars 2026.",
        ),
        ("direct_payment_ended", Surroundings(APRIL), "L’aide est versée au locataire depuis le 01/04/2026."),
        (
            "excess",
            Surroundings(excess_cents=1_200),
            "L’aide dépasse le loyer et les charges de 12,00 € : cette somme revient au locataire.",
        ),
    ],
)
def test_a_reason_says_what_is_known(code: str, around: Surroundings, sentence: str) -> None:
    (found,) = explained([code], around)
    assert found.sentence.replace("\u00a0", " ") == sentence


@pytest.mark.parametrize("code", REASONS)
def test_without_anything_known_a_reason_is_still_a_sentence(code: str) -> None:
    found = reason_of(code, UNKNOWN)
    assert found is not None
    assert found.sentence.endswith(".")
    assert "None" not in found.sentence + found.action


def test_a_code_of_tomorrow_is_not_guessed() -> None:
    assert explained(["never_heard_of", ""]) == (NEUTRAL,)
    assert reason_of("never_heard_of") is None


def test_nothing_of_the_tenant_s_life_is_said() -> None:
    told = " ".join(f"{reason(UNKNOWN).sentence} {reason(UNKNOWN).action}" for reason in REASONS.values()).lower()
    assert not any(word in told for word in ("ressource", "revenu", "salaire", "conjoint", "enfant", "santé", "rsa"))
