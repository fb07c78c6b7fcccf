"""A web server killed while rents are sent: what was acknowledged is kept, and a retry gives the same receipt."""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from parvis.declarations.models import Declaration, Receipt
from parvis.web.frame import cookies
from tests.crash import victims
from tests.factories import declarations, landlords, tenancies

KILLS = 8
SENDINGS = 40


class _Browser:
    """Somebody who clicks again when nothing comes."""

    def __init__(self, owner: landlords.Owner, port: int) -> None:
        browser = owner.browser()
        self.base = f"/c/{owner.account.reference}/bailleur/loyers/"
        self.port = port
        self.cookie = f"{cookies.SESSION}={browser.cookies[cookies.SESSION].value}"

    def request(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, place one is sent to, body; asked again until the server answers."""
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
                connection.request(method, path, body=urlencode(fields) if fields else None, headers=headers)
                response = connection.getresponse()
                body = response.read().decode()
                for name, value in response.getheaders():
                    if name.lower() == "set-cookie" and value.startswith("csrf="):
                        self.cookie = re.sub(r"; csrf=[^;]*", "", self.cookie) + "; " + value.split(";")[0]
                return response.status, response.getheader("Location") or "", body
            except OSError:
                time.sleep(0.02)
            except http.client.HTTPException:
                time.sleep(0.02)
            finally:
                connection.close()

    def send_all(self) -> str:
        """From the check page to the receipt, with the key of the form: the number that was shown."""
        _, _, page = self.request("GET", self.base + "verifier/")
        fields = {
            name: re.search(rf'name="{name}" value="([^"]*)"', page)[1]  # type: ignore[index]
            for name in ("csrfmiddlewaretoken", "cle", "vu", "annee")
        }
        status, place, _ = self.request("POST", self.base + "transmettre/", fields)
        assert status == 302
        assert "/accuses/AR-" in place, place
        _, again, _ = self.request("POST", self.base + "transmettre/", fields)
        assert again == place, "the same form, sent twice, gives the same receipt"
        return place.rstrip("/").rsplit("/", 1)[1]


@pytest.mark.crash
@pytest.mark.django_db(transaction=True)
def test_what_a_killed_server_acknowledged_is_kept_and_sent_once() -> None:
    owner = landlords.owner()
    homes = [tenancies.tenancy(owner.landlord) for _ in range(SENDINGS)]
    declarations.campaign(at=datetime.now(UTC))
    server = victims.Server(victims.free_port())
    server.start()
    stop, kills, chance = threading.Event(), [0], random.Random()

    def killer() -> None:
        while not stop.wait(0.02 + chance.random() * 0.15) and kills[0] < KILLS:
            server.kill()
            kills[0] += 1
            server.start()

    thread = threading.Thread(target=killer)
    thread.start()
    browser, shown = _Browser(owner, server.port), []
    try:
        for home in homes:
            assert declarations.typed(owner, home, "525,00", previous="520,00").sentence == ""
            shown.append(browser.send_all())
    finally:
        stop.set()
        thread.join()
        server.kill()

    assert kills[0] >= 3, "too few kills to prove anything"
    assert len(set(shown)) == SENDINGS
    assert set(Receipt.objects.values_list("number", flat=True)) == set(shown), (
        "a receipt nobody saw, or one that is lost"
    )
    rents = Declaration.objects.filter(kind="july_rent").exclude(state="draft")
    assert sorted(rents.values_list("tenancy_id", flat=True)) == sorted(home.pk for home in homes)
    assert declarations.counts_are_true()
