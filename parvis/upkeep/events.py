"""What upkeep records."""

from __future__ import annotations

from parvis.audit.journal import Event

TASK_ASKED = Event("upkeep.task_asked", "Tâche lancée à la demande")
TASK_FAILED = Event("upkeep.task_failed", "Tâche en échec")
PURGED = Event("upkeep.purged", "Données effacées après leur durée de conservation")
RESTORED = Event("upkeep.restored", "Base remise depuis une sauvegarde")
KEYS_ROTATED = Event("upkeep.keys_rotated", "Données rechiffrées avec la nouvelle clé")
