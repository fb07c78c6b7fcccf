"""`make run`: everything a person needs to try Parvis, started together and stopped by Ctrl-C."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.demo import cast, story
from parvis.kit import clock, periods

PR_SET_PDEATHSIG = 1
GRANIAN = [
    "--interface",
    "wsgi",
    "parvis.config.wsgi:application",
    "--host",
    "127.0.0.1",
    "--workers",
    "2",
    "--blocking-threads",
    "24",
    "--no-ws",
    "--respawn-failed-workers",
    "--log-level",
    "warning",
]


class Command(BaseCommand):
    """Prepare the demonstration's data once, then run mail server, worker and web server until Ctrl-C."""

    help = "Run the demonstration: database, data, mail server, worker and web server."

    def add_arguments(self, parser: CommandParser) -> None:
        """The port people open, the day the demonstration lives at."""
        parser.add_argument("--port", type=int, default=8000, help="where to listen (the next free one is taken)")
        parser.add_argument("--date", help="live at this day from now on: 2026-09-25")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if not clock.MAY_LIVE_ELSEWHEN:
            raise CommandError("demonstrate is for demonstration instances only (PARVIS_MODE=demonstration).")
        logging.getLogger().setLevel(logging.WARNING)
        port, mail_port = _free_port(options["port"]), _free_port(8025)
        address = f"http://localhost:{port}"
        os.environ.update(PARVIS_PUBLIC_URL=address, PARVIS_EMAIL_PORT=str(mail_port))
        settings.PUBLIC_URL, settings.EMAIL_PORT = address, mail_port
        _say("Préparation de la base de données…")
        call_command("migrate", verbosity=0)
        _collect_static()
        children = [_start("mailserver", "--port", str(mail_port))]
        try:
            _wait_for_port(mail_port)
            self._set_the_scene(options["date"])
            children += [_start("worker"), _serve(port)]
            _wait_for_page(address)
            self._welcome(address)
            _until_stopped(children)
        except KeyboardInterrupt:
            pass
        finally:
            if story.is_played():
                story.remember_the_moment()
            for child in reversed(children):
                child.terminate()
            for child in children:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(10)
            _say("\nArrêté. Les données sont gardées\u00a0; «\u00a0make reset\u00a0» repart de zéro.")

    def _set_the_scene(self, day: str | None) -> None:
        if story.is_played():
            story.resume()
        else:
            _say("Première fois\u00a0: la livraison de la caisse entre, les identifiants partent (une demi-minute)…")
            story.play()
        if day:
            story.move_to(day)

    def _welcome(self, address: str) -> None:
        _say(f"\nParvis est ouvert\u00a0: {address}")
        _say(f"  Nous sommes le {periods.long_day(clock.day_in_paris(clock.now()))} (démonstration, données fictives).")
        _say(f"  Boîte aux lettres de tout le monde\u00a0: {address}/demonstration/boite/")
        _say("\n  Se connecter comme\u00a0:")
        for person in cast.people():
            _say(f"    {person.login_id}   {person.title}")
            _say(f"                 {person.story}")
            _say(f"                 Mot de passe\u00a0: {person.password_hint}")
        _say(f"\n  Entrer comme un agent de la caisse\u00a0: {address}/demonstration/#agents")
        _say("\n  Les habits de l’interface\u00a0: " + f"{address}/catalogue/")
        _say("  Ctrl-C arrête tout.")


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _die_with_the_parent() -> None:
    """So that nothing goes on in the background if this process is killed."""
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _start(*command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "parvis", *command],
        preexec_fn=_die_with_the_parent,
        stdout=_log(command[0]),
        stderr=subprocess.STDOUT,
    )


def _serve(port: int) -> subprocess.Popen[bytes]:
    granian = Path(sys.executable).with_name("granian")
    return subprocess.Popen(
        [str(granian), *GRANIAN, "--port", str(port)],
        preexec_fn=_die_with_the_parent,
        stdout=_log("web"),
        stderr=subprocess.STDOUT,
    )


def _log(name: str) -> Any:
    folder = settings.VAR / "log"
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / f"{name}.log").open("ab")


def _free_port(wanted: int) -> int:
    for port in range(wanted, wanted + 50):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise CommandError(f"Aucun port libre entre {wanted} et {wanted + 49}.")


def _wait_for_port(port: int) -> None:
    for _ in range(1200):  # a minute: a small machine may be at something else
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise CommandError("Le serveur de mail de la démonstration ne démarre pas\u00a0: voir var/log/mailserver.log.")


def _wait_for_page(address: str) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310
            return
        time.sleep(0.1)
    raise CommandError("Le serveur web ne démarre pas\u00a0: voir var/log/web.log.")


def _until_stopped(children: list[subprocess.Popen[bytes]]) -> None:
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            time.sleep(2)
            story.remember_the_moment()
            for index, child in enumerate(children):
                if child.poll() is not None:
                    arguments = list(map(str, child.args[1:])) if isinstance(child.args, list) else []
                    raise CommandError(
                        f"Un processus s’est arrêté ({index}, {' '.join(arguments[:3])})\u00a0: voir var/log."
                    )


def _collect_static() -> None:
    """Once per version of the static files: brotli takes seconds."""
    sources = sorted(Path(settings.ROOT / "parvis").glob("*/static/**/*")) + sorted(
        Path(settings.ROOT / "parvis/web").glob("*/static/**/*")
    )
    newest = max((path.stat().st_mtime for path in sources if path.is_file()), default=0.0)
    mark = settings.STATIC_ROOT / ".collected"
    if mark.exists() and mark.stat().st_mtime >= newest:
        return
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    mark.touch()
