"""The line to the mail server is kept between e-mails that come one by one, and called anew where the server hung up."""

from __future__ import annotations

import smtplib
from types import SimpleNamespace

import pytest
from django.core.mail import EmailMultiAlternatives

from parvis.correspondence import sending


class Line:
    """A line that counts; ``gone`` is what the server says when asked whether it is there."""

    gone: Exception | None = None

    def noop(self) -> tuple[int, bytes]:
        if self.gone:
            raise self.gone
        return 250, b"OK"


class Post:
    """The mail server's side of a connection."""

    def __init__(self) -> None:
        self.connection, self.sent, self.is_open = Line(), 0, False

    def open(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def send_messages(self, emails: list[EmailMultiAlternatives]) -> None:
        assert self.is_open
        self.sent += len(emails)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Post]:
    made: list[Post] = []

    def called() -> Post:
        made.append(Post())
        return made[-1]

    monkeypatch.setattr(sending, "get_connection", called)
    return made


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [1_000.0]
    monkeypatch.setattr("parvis.correspondence.sending.time", SimpleNamespace(monotonic=lambda: moment[0]))
    return moment


def email() -> EmailMultiAlternatives:
    return EmailMultiAlternatives("Bonjour", "Lina", "us@parvis.example", ["lina@tilleuls.example"])


def test_e_mails_a_few_seconds_apart_leave_by_one_call_and_a_long_rest_hangs_up(
    calls: list[Post], now: list[float]
) -> None:
    counter = sending.Counter()
    for _ in range(3):
        counter.send(email())
        now[0] += sending.KEPT_SECONDS - 1
        counter.rest()
    assert [post.sent for post in calls] == [3]
    now[0] += 2
    counter.rest()
    assert not calls[0].is_open
    counter.send(email())
    assert [post.sent for post in calls] == [3, 1]


def test_a_server_that_hung_up_meanwhile_is_called_again_and_nothing_is_lost(
    calls: list[Post], now: list[float]
) -> None:
    counter = sending.Counter()
    counter.send(email())
    calls[0].connection.gone = smtplib.SMTPServerDisconnected("gone")
    now[0] += 5
    counter.send(email())
    assert [(post.sent, post.is_open) for post in calls] == [(1, False), (1, True)]
    counter.close()
    assert not calls[1].is_open
