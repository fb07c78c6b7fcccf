"""Addresses, worked out once: as Django writes them."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.urls import NoReverseMatch, reverse

from parvis.web.frame.templating import address


@pytest.mark.parametrize("name", ["tenant", "july-rent-save", "july-rent-correct", "declare", "tenant-own-reference"])
def test_the_address_of_a_reference_is_that_of_django(name: str) -> None:
    for account in ("abcdef", "Tout de même/?#", "00000000-0000-4000-8000-000000000000"):
        for reference in (uuid4(), UUID(int=0), uuid4()):
            try:
                expected = reverse(name, args=[account, reference])
            except NoReverseMatch:
                with pytest.raises(NoReverseMatch):
                    address(name, account, reference)
            else:
                assert address(name, account, reference) == expected


def test_other_addresses_are_those_of_django() -> None:
    assert address("sign-in") == reverse("sign-in")
    assert address("receipt", "abcdef", "R-2026 é") == reverse("receipt", args=["abcdef", "R-2026 é"])
    with pytest.raises(NoReverseMatch):
        address("tenant", "abcdef", "nobody")
