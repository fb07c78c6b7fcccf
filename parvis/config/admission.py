"""How many requests a web process takes on: some are worked on, some wait for their turn, the others are refused at once.

Without it, twice as many visitors as a machine can serve wait longer and longer, until nobody is served who is still there.
Waiting is short and bounded, so that whoever gets in is answered soon, and whoever does not is told so in a moment.

Each place has a connection to the database, with all that is prepared in it: threads come and go, connections stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from time import monotonic
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Any]
Refusal = Callable[[Environ, Any], "list[bytes] | None"]

PATIENCE_SECONDS = 1.0
"""Whoever has waited so long is refused: the people behind are fresher, and this one may have gone."""
FREE = ("/static/",)
"""What costs no question to the database, and is needed to show a refusal."""
WATCHED = ("/healthz", "/readyz", "/metrics")
"""What machines ask in order to know how this one is: it has a place of its own, above all when the others are taken."""
FULL = "parvis.full"


class Place:
    """Where one request at a time is worked on."""

    def __init__(self) -> None:
        self._connection: BaseDatabaseWrapper = connections.create_connection(DEFAULT_DB_ALIAS)
        self._connection.inc_thread_sharing()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """The thread that works here asks the database by the place's own connection."""
        own = [one for one in connections.all(initialized_only=True) if one.alias == DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = self._connection
        try:
            yield
        finally:
            self._connection.close_if_unusable_or_obsolete()
            del connections[DEFAULT_DB_ALIAS]
            if own:
                connections[DEFAULT_DB_ALIAS] = own[0]

    def close(self) -> None:
        """Give the connection up."""
        self._connection.close()


class Places:
    """Some places and the line before them."""

    def __init__(self, at_once: int, in_line: int) -> None:
        self._free = [Place() for _ in range(at_once)]
        self._room = Condition()
        self._longest, self._in_line = in_line, 0

    def enter(self, *, sends: bool) -> Place | None:
        """A place, perhaps after some waiting; None where there is no room. Whoever ``sends`` something may wait where readers may not."""
        with self._room:
            if self._free:
                return self._free.pop()
            if self._in_line >= (self._longest if sends else self._longest * 2 // 3):
                return None
            self._in_line += 1
            try:
                came = self._room.wait_for(lambda: bool(self._free), PATIENCE_SECONDS)
            finally:
                self._in_line -= 1
            return self._free.pop() if came else None

    def leave(self, place: Place) -> None:
        """Somebody else's turn."""
        with self._room:
            self._free.append(place)
            self._room.notify()

    def close(self) -> None:
        """Give the connections of free places up."""
        for place in self._free:
            place.close()


class Admission:
    """A WSGI application in front of another one."""

    def __init__(self, application: Application, refuse: Refusal, *, at_once: int, in_line: int) -> None:
        self._application, self._refuse = application, refuse
        self._places, self._watched = Places(at_once, in_line), Places(1, 4)

    def close(self) -> None:
        """Give all connections up, once nobody asks any more."""
        self._places.close()
        self._watched.close()

    def __call__(self, environ: Environ, start_response: Any) -> Any:
        """Answer, or say that there is no room."""
        path = environ.get("PATH_INFO", "")
        if path.startswith(FREE):
            return self._application(environ, start_response)
        places = self._watched if path in WATCHED else self._places
        began = monotonic()
        place = places.enter(sends=environ.get("REQUEST_METHOD") == "POST")
        if place is None:
            environ["parvis.waited"] = monotonic() - began
            told = self._refuse(environ, start_response)
            return self._application({**environ, FULL: True}, start_response) if told is None else told
        return _answered(self._application, environ, start_response, places, place)


def _answered(application: Application, environ: Environ, start_response: Any, places: Places, place: Place) -> Any:
    try:
        with place.taken():
            response = application(environ, start_response)
            if not getattr(response, "streaming", True):
                content = [response.content]
                response.close()
                response = content
    except BaseException:
        places.leave(place)
        raise
    if isinstance(response, list):
        places.leave(place)
        return response
    return _Streamed(response, places, place)


class _Streamed:
    """An answer made while it is sent: its place is taken until its end, whichever thread sends it."""

    def __init__(self, response: Any, places: Places, place: Place) -> None:
        self._response, self._parts = response, iter(response)
        self._places, self._place, self._over = places, place, False

    def __iter__(self) -> Iterator[bytes]:
        """Its parts."""
        return self

    def __next__(self) -> bytes:
        """The next part, with the place's connection at hand."""
        with self._place.taken():
            part: bytes = next(self._parts)
        return part

    def close(self) -> None:
        """It is sent, or nobody waits for the rest."""
        if self._over:
            return
        self._over = True
        try:
            with self._place.taken():
                self._response.close()
        finally:
            self._places.leave(self._place)
