"""All addresses, one way in after the other."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import commonpath

from django.urls import URLPattern, URLResolver, include, path

from parvis.web.account.urls import urlpatterns as account
from parvis.web.backoffice.urls import urlpatterns as backoffice
from parvis.web.demonstration.urls import urlpatterns as demonstration
from parvis.web.files.urls import urlpatterns as files
from parvis.web.landlord.urls import urlpatterns as landlord
from parvis.web.organisation.urls import urlpatterns as organisation
from parvis.web.public.urls import urlpatterns as public

Addresses = Sequence[URLPattern | URLResolver]
WORTH_A_GROUP = 4


def gathered(addresses: Addresses) -> list[URLPattern | URLResolver]:
    """The same addresses, those that begin alike in one group, again and again.

    The largest groups come first, and words before what stands for any word: « inviter » is nobody's reference.

    An address is looked for one after the other: two hundred in a row took longer than drawing a small page.
    """
    groups: dict[str, list[URLPattern | URLResolver]] = {}
    for one in addresses:
        groups.setdefault(str(one.pattern).partition("/")[0], []).append(one)
    ordered = sorted(groups, key=lambda start: (start.startswith("<"), -len(groups[start])))
    return [address for start in ordered for address in _group(groups[start])]


def _group(alike: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """One address that holds all of them, below what they have in common; as they are when they are few."""
    plain = [one for one in alike if isinstance(one, URLPattern)]
    start = commonpath([str(one.pattern) for one in plain] or [""]) + "/"
    if len(alike) < WORTH_A_GROUP or len(plain) < len(alike) or start == "/":
        return alike
    below = [path(str(one.pattern).removeprefix(start), one.callback, one.default_args, one.name) for one in plain]
    return [path(start, include(gathered(below)))]


urlpatterns = gathered([*public, *account, *landlord, *organisation, *files, *backoffice, *demonstration])

handler400 = "parvis.web.frame.errors.bad_request"
handler404 = "parvis.web.frame.errors.not_found"
handler500 = "parvis.web.frame.errors.broken"
