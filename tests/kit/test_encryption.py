import base64
import os

import pytest

from parvis.config import environment
from parvis.kit import encryption
from parvis.kit.references import READABLE, check_letter, keyed_fingerprint, opaque, signature

COLUMN = "landlords_landlord.nir"


def test_a_closed_value_opens_in_its_column_only() -> None:
    stored = encryption.close("295109912611193", COLUMN)
    assert b"295109912611193" not in stored
    assert encryption.open_(stored, COLUMN) == "295109912611193"
    with pytest.raises(encryption.CannotOpen):
        encryption.open_(stored, "landlords_thirdpartynumber.iban")


def test_an_altered_or_foreign_value_does_not_open() -> None:
    stored = encryption.close("295109912611193", COLUMN)
    for wrong in (stored[:-1] + bytes([stored[-1] ^ 1]), b"", b"\x01", stored[:20], b"\x02" + stored[1:]):
        with pytest.raises(encryption.CannotOpen):
            encryption.open_(wrong, COLUMN)


def test_a_new_key_encrypts_while_the_old_one_still_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = encryption.close("a", COLUMN)
    newer = f"key2:{base64.b64encode(os.urandom(32)).decode()},{environment.FIELD_KEYS}"
    monkeypatch.setattr(environment, "FIELD_KEYS", newer)
    encryption._keys.cache_clear()
    try:
        assert encryption.open_(stored, COLUMN) == "a"
        assert b"key2" in encryption.close("b", COLUMN)
    finally:
        monkeypatch.undo()
        encryption._keys.cache_clear()


def test_equal_values_have_equal_indexes_within_one_purpose() -> None:
    assert encryption.blind_index("x", "nir") == encryption.blind_index("x", "nir")
    assert encryption.blind_index("x", "nir") != encryption.blind_index("x", "iban")
    assert len(encryption.blind_index("x", "nir")) == 16


def test_a_check_letter_catches_one_wrong_digit_and_swapped_neighbours() -> None:
    number = "000000123"
    right = check_letter(number)
    for place in range(len(number)):
        for digit in "0123456789":
            wrong = number[:place] + digit + number[place + 1 :]
            assert wrong == number or check_letter(wrong) != right
    for place in range(len(number) - 1):
        wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert wrong == number or check_letter(wrong) != right


def test_references_are_readable_and_signatures_depend_on_their_purpose() -> None:
    assert set(opaque()) <= set(READABLE)
    assert not set(READABLE) & set("0O1IL2Z5S8")
    assert signature("receipt", "AR-1", 8) == signature("receipt", "AR-1", 8) != signature("other", "AR-1", 8)
    assert keyed_fingerprint("a", "x") != keyed_fingerprint("b", "x")
