"""P1: the sign-in POST against the bare hash it contains."""

from __future__ import annotations

import http.client
import os
import re
from urllib.parse import urlencode

from benchmarks import people
from benchmarks.measure import Line, children_of, cpu_seconds, interleaved, memory_mb
from benchmarks.stage import Stage, WebServer

POSTS = 40


def run(stage: Stage) -> list[Line]:
    """CPU of the web server and of PostgreSQL for one POST, against Argon2id alone in this process."""
    people.office()
    owner = people.somebody(900_001)
    server = WebServer("parvis.config.wsgi:application", 18_401)
    try:

        def mine() -> list[int]:
            return children_of(server.process.pid)

        def theirs() -> list[int]:
            return children_of(stage.postgres_pid)

        form = _Form(server.port, owner.login_id, _remembered_browser(owner))

        def posts() -> float:
            before = cpu_seconds(mine()) + cpu_seconds(theirs())
            for _ in range(POSTS):
                form.post()
            return (cpu_seconds(mine()) + cpu_seconds(theirs()) - before) / POSTS * 1000

        posts()
        ours, floor = interleaved(
            ("sign-in POST", posts), ("Argon2id", _hashes), unit="ms CPU", rounds=5,
            our_cpu=lambda: cpu_seconds([*mine(), *theirs(), os.getpid()]),
        )  # fmt: skip
        ratio = ours.median / floor.median
        memory = memory_mb(mine())
    finally:
        server.stop()
    return [
        Line("P1", "sign-in POST, CPU", str(ours), f"bare Argon2id {floor}", f"{ratio:.2f} ×", "≤ 1.25 ×", ratio <= 1.25),
        Line("P13", "web server (supervisor and 2 workers), memory", f"{memory:.0f} MB PSS", "90 MB a process", f"{memory / 3:.0f} MB",
             "≤ 90 MB a process", memory / 3 <= 90),
        Line("P13", "start to first answer", f"{server.start_seconds:.2f} s", "2.5 s", f"{server.start_seconds / 2.5:.2f} ×", "≤ 2.5 s",
             server.start_seconds <= 2.5),
    ]  # fmt: skip


def _remembered_browser(owner: people.Somebody) -> str:
    """The token of a browser in which a code was typed today: the POST leads straight in, as on most days."""
    from datetime import UTC, datetime

    from parvis.identity.models import Account, TrustedBrowser
    from parvis.kit.references import fingerprint, token

    value = token()
    credential = Account.objects.select_related("credential").get(login_id=owner.login_id).credential
    TrustedBrowser.objects.create(
        token_hash=fingerprint(value),
        credential=credential,
        credential_version=credential.version,
        code_validated_at=datetime.now(UTC),
    )
    return value


def _hashes() -> float:
    from django.contrib.auth.hashers import check_password, make_password

    encoded = make_password(people.PASSWORD)
    before = cpu_seconds([os.getpid()])
    for _ in range(POSTS):
        assert check_password(people.PASSWORD, encoded)
    return (cpu_seconds([os.getpid()]) - before) / POSTS * 1000


class _Form:
    """The sign-in form, filled once and posted many times from one connection."""

    def __init__(self, port: int, login_id: str, browser: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.connection.request("GET", "/connexion/")
        response = self.connection.getresponse()
        page = response.read().decode()
        cookies = [value.split(";")[0] for name, value in response.getheaders() if name.lower() == "set-cookie"]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, "no form on the sign-in page"
        names = re.findall(r'<input[^>]*name="([a-z_]+)"', page)
        login = next(name for name in names if name in ("login", "identifier", "typed", "login_id", "identifiant"))
        secret = next(name for name in names if name in ("password", "mot_de_passe"))
        self.body = urlencode({"csrfmiddlewaretoken": token.group(1), login: login_id, secret: people.PASSWORD})
        self.headers = {
            "Cookie": "; ".join([*cookies, f"browser={browser}"]),
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def post(self) -> None:
        """Sign in; the right password leads on."""
        self.connection.request("POST", "/connexion/", body=self.body, headers=self.headers)
        response = self.connection.getresponse()
        response.read()
        if response.status != 302:
            raise RuntimeError(f"sign-in answered {response.status}")
