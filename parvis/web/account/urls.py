"""Addresses of the account pages."""

from __future__ import annotations

from parvis.web.account.addresses import accounts, first, linking, profile, recovery, sign_in

urlpatterns = [
    *sign_in.patterns,
    *recovery.patterns,
    *accounts.patterns,
    *first.patterns,
    *linking.patterns,
    *profile.patterns,
]
