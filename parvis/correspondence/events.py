"""What the journal keeps of messages: those that did not leave. Those that did are their own trace."""

from __future__ import annotations

from parvis.audit.journal import Event

FAILED = Event("correspondence.failed", "Le message n’a pas pu partir")
CANCELLED = Event("correspondence.cancelled", "Le message a été annulé avant son départ")
RETRIED = Event("correspondence.retried", "Le message en échec a été remis dans la file")
