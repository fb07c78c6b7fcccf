"""P2: a whole sign-in with its code by e-mail, against django-allauth doing the same."""

from __future__ import annotations

import http.client
import logging
import os
import queue
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from itertools import count
from urllib.parse import urlencode, urlsplit

from benchmarks import people
from benchmarks.measure import Line, children_of, cpu_seconds, interleaved
from benchmarks.peers import environment
from benchmarks.stage import ROOT, Stage, WebServer

FLOWS = 5
PEOPLE = 200
MAIL_PORT, OUR_PORT, PEER_PORT = 18_425, 18_402, 18_403


def run(stage: Stage) -> list[Line]:
    """CPU of each site's processes and of PostgreSQL, from the first page to the page after the code."""
    people.office()
    ours_to_be = [people.somebody(910_000 + number).login_id for number in range(PEOPLE)]
    with _mailbox() as mails, _ours(stage) as ours, _peer(stage) as peer:

        def postgres() -> list[int]:
            return children_of(stage.postgres_pid)

        our_people, peer_people = iter(ours_to_be), (f"peer{number}@peer.example" for number in count())

        def measured(site: Callable[[], list[int]], flow: Callable[[], None]) -> float:
            before = cpu_seconds([*site(), *postgres()])
            for _ in range(FLOWS):
                flow()
            return (cpu_seconds([*site(), *postgres()]) - before) / FLOWS * 1000

        def at_ours() -> float:
            return measured(ours, lambda: _sign_in(OUR_PORT, "/connexion/", "identifier", next(our_people), mails))

        def at_peer() -> float:
            return measured(peer, lambda: _sign_in(PEER_PORT, "/accounts/login/", "login", next(peer_people), mails))

        at_ours(), at_peer()
        first, second = interleaved(
            ("Parvis", at_ours), ("allauth", at_peer), unit="ms CPU", rounds=4,
            our_cpu=lambda: cpu_seconds([*ours(), *peer(), *postgres(), os.getpid()]),
        )  # fmt: skip
    ratio = second.median / first.median
    return [
        Line("P2", "whole sign-in with code, worker and PostgreSQL included, CPU", str(first),
             f"allauth, password and code {second}", f"{ratio:.1f} × less", "≥ 8 × less", ratio >= 8),
    ]  # fmt: skip


@contextmanager
def _mailbox() -> Iterator[queue.Queue[str]]:
    """A mail server both sites write to; what arrives is queued as text."""
    from aiosmtpd.controller import Controller

    logging.getLogger("mail.log").setLevel(logging.WARNING)
    arrived: queue.Queue[str] = queue.Queue()

    class Handler:
        async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
            message = message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[attr-defined]
            part = message.get_body(("plain",))
            arrived.put(part.get_content() if part is not None else "")
            return "250 OK"

    controller = Controller(Handler(), hostname="127.0.0.1", port=MAIL_PORT)
    controller.start()
    try:
        yield arrived
    finally:
        controller.stop()


@contextmanager
def _ours(stage: Stage) -> Iterator[Callable[[], list[int]]]:
    """Our web server and our worker."""
    told = {"PARVIS_EMAIL_HOST": "127.0.0.1", "PARVIS_EMAIL_PORT": str(MAIL_PORT)}
    server = WebServer("parvis.config.wsgi:application", OUR_PORT, told)
    command = [str(environment.ROOT / ".venv" / "bin" / "python"), "-m", "parvis", "worker"]
    worker = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **told}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield lambda: [*children_of(server.process.pid), *children_of(worker.pid)]
    finally:
        worker.terminate()
        worker.wait(20)
        server.stop()


@contextmanager
def _peer(stage: Stage) -> Iterator[Callable[[], list[int]]]:
    """allauth's site in its own environment and its own database of the same cluster."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE peer")
    known = connection.get_connection_params()
    told = {
        "PEER_DB_NAME": "peer",
        "PEER_DB_USER": str(known.get("user", "")),
        "PEER_DB_HOST": str(known.get("host", "")),
        "PEER_EMAIL_PORT": str(MAIL_PORT),
        "PYTHONPATH": str(ROOT / "benchmarks" / "peers"),
    }
    interpreter = environment.python()
    prepare = [str(interpreter), "benchmarks/peers/allauth_site.py", str(PEOPLE), people.PASSWORD]
    subprocess.run(prepare, cwd=ROOT, env={**os.environ, **told}, check=True)
    server = WebServer("allauth_site:application", PEER_PORT, told, granian=interpreter.with_name("granian"))
    try:
        yield lambda: children_of(server.process.pid)
    finally:
        server.stop()


def _sign_in(port: int, page: str, login_field: str, login: str, mails: queue.Queue[str]) -> None:
    """The five requests of a person, forms read as a browser reads them."""
    browser = _Browser(port)
    page = browser.submit(page, {login_field: login, "password": people.PASSWORD})
    digits = _code_in(mails.get(timeout=30))
    page = browser.submit(page, {"code": digits})
    browser.get(page)


def _code_in(text: str) -> str:
    """Ours: two groups of three digits; allauth's: letters and digits alone on their line."""
    ours = re.search(r"\b(\d{3})\u00a0(\d{3})\b", text)
    if ours:
        return ours[1] + ours[2]
    theirs = re.search(r"^([A-Z0-9-]{4,10})\r?$", text, re.MULTILINE)
    assert theirs, text
    return theirs[1]


class _Browser:
    """One visitor: a connection, cookies, forms."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> str:
        """A page, redirects followed."""
        for _ in range(5):
            response, body = self._ask("GET", path)
            if response.status == 200:
                self.path = path
                return body
            path = _where(response)
        raise RuntimeError(f"{path}: too many redirects")

    def submit(self, path: str, values: dict[str, str]) -> str:
        """Fill and send the form of a page; returns where it leads."""
        body = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)
        assert token, f"no form on {path}"
        sent = urlencode({"csrfmiddlewaretoken": token[1], **values})
        response, answer = self._ask("POST", self.path, sent)
        if response.status not in (302, 303):
            raise RuntimeError(f"{self.path}: {response.status}\n{answer[:2000]}")
        return _where(response)

    def _ask(self, method: str, path: str, body: str = "") -> tuple[http.client.HTTPResponse, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body=body or None, headers=headers)
        response = self.connection.getresponse()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, kept = value.split(";")[0].partition("=")
                self.cookies[key] = kept
        return response, response.read().decode("utf-8", "replace")


def _where(response: http.client.HTTPResponse) -> str:
    parts = urlsplit(response.getheader("Location") or "/")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
