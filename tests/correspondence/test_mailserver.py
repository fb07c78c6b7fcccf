"""The demonstration's mail server keeps what it receives, whole."""

from __future__ import annotations

import smtplib
import socket
from pathlib import Path

from aiosmtpd.controller import Controller

from parvis.commands.management.commands.mailserver import Pigeonholes


def test_an_email_becomes_one_file_before_the_server_says_yes(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(Pigeonholes(tmp_path), hostname="127.0.0.1", port=port)
    server.start()
    try:
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail("us@parvis.example", ["lina@tilleuls.example"], "Subject: é\r\n\r\nBonjour".encode())
            (kept,) = tmp_path.iterdir()
    finally:
        server.stop()
    assert kept.suffix == ".eml"
    assert kept.read_bytes().replace(b"\r\n", b"\n").startswith("Subject: é\n\nBonjour".encode())
