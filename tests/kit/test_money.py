import pytest

from parvis.kit.money import NBSP, NotAnAmount, TwoReadings, decimal, euros, read_amount, signed_euros


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("525", 52500),
        ("525,5", 52550),
        ("525.50", 52550),
        ("525,00", 52500),
        ("525 €", 52500),
        ("525€", 52500),
        ("1 234,56 €", 123456),
        ("1\u202f234,56\u00a0€", 123456),
        ("1.234,56", 123456),
        ("713.00 euros", 71300),
        ("713 EUR", 71300),
        ("1'050,50", 105050),
        ("1’050,50 €", 105050),
        ("1 234 567,8", 123456780),
        ("1 050", 105000),
        ("525,00 \u00a0 €", 52500),
        ("0", 0),
        (",5", 50),
        ("\uff15\uff12\uff15", 52500),
        ("0.525", None),
        ("1.234.567", 123456700),
    ],
)
def test_an_amount_is_read_whatever_its_writing(written: str, cents: int | None) -> None:
    if cents is None:
        with pytest.raises(NotAnAmount):
            read_amount(written)
    else:
        assert read_amount(written).cents == cents


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "Écrivez un montant"),
        ("abc", "« abc » n’est pas un montant"),
        ("-5", "ne peut pas être négatif"),
        ("−5,00", "ne peut pas être négatif"),
        ("1,234.56", "peut se lire de plusieurs façons"),
        ("525,123", "Deux chiffres après la virgule"),
        ("1,2,3", "n’est pas un montant"),
        ("=1+1", "n’est pas un montant"),
        ("<b>5</b>", "n’est pas un montant"),
        ("1" * 10_000, "trop grand"),
        ("x" * 10_000, "n’est pas un montant"),
        (".", "n’est pas un montant"),
        ("1 0 5 0", "« 1 0 5 0 » n’est pas un montant"),
        ("5'2'5", "n’est pas un montant"),
        ("1050 500", "n’est pas un montant"),
        ("1 50", "n’est pas un montant"),
        ("525 ,50", "n’est pas un montant"),
        ("45'30", "n’est pas un montant"),
        ("٥٢٥", "n’est pas un montant"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(written: str, words: str) -> None:
    with pytest.raises(NotAnAmount) as refusal:
        read_amount(written)
    assert words in refusal.value.sentence
    assert len(refusal.value.sentence) < 160


def test_a_point_and_three_digits_has_two_readings() -> None:
    with pytest.raises(TwoReadings) as refusal:
        read_amount("1.050")
    assert refusal.value.readings == (105_000, 105)
    assert f"1{NBSP}050,00{NBSP}€ ou 1,05{NBSP}€" in refusal.value.sentence


@pytest.mark.parametrize(
    ("written", "readings", "words"),
    [
        ("45 30", (4_530, 453_000), f"45,30{NBSP}€ ou 4{NBSP}530,00{NBSP}€"),
        ("52\u00a050 €", (5_250, 525_000), f"52,50{NBSP}€ ou 5{NBSP}250,00{NBSP}€"),
        ("525 50", (52_550, 5_255_000), f"525,50{NBSP}€ ou 52{NBSP}550,00{NBSP}€"),
    ],
)
def test_a_blank_where_a_comma_may_be_missing_has_two_readings(
    written: str, readings: tuple[int, int], words: str
) -> None:
    with pytest.raises(TwoReadings) as refusal:
        read_amount(written)
    assert refusal.value.readings == readings
    assert words in refusal.value.sentence


def test_only_an_unusual_writing_is_shown_back() -> None:
    assert not read_amount("525,00").changed
    assert not read_amount("525").changed
    assert read_amount("713.00 euros").changed


def test_amounts_are_written_the_french_way() -> None:
    assert euros(123456) == f"1{NBSP}234,56{NBSP}€"
    assert decimal(52500) == "525,00"
    assert euros(-4400) == f"−44,00{NBSP}€"
    assert signed_euros(11200) == f"+112,00{NBSP}€"
    assert euros(5) == f"0,05{NBSP}€"
