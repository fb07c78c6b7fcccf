"""Tests stay on this machine."""

from __future__ import annotations

import socket

import pytest


def test_a_call_to_elsewhere_fails() -> None:
    with pytest.raises(AssertionError, match="closed"), socket.socket() as closed:
        closed.connect(("192.0.2.1", 80))


def test_a_call_to_oneself_passes() -> None:
    with socket.socket() as listening, socket.socket() as calling:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        calling.connect(listening.getsockname())
