"""What landlords record."""

from __future__ import annotations

from parvis.audit.journal import Event

RIGHTS_GRANTED = Event("landlords.rights_granted", "Droits accordés")
