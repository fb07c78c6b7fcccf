"""What this room writes in the journal: never a word of the messages."""

from __future__ import annotations

from parvis.audit.journal import Event

ASKED = Event("contact.asked", "Message écrit à la caisse")
REPLIED = Event("contact.replied", "Message écrit à la suite")
SETTLED = Event("contact.settled", "Échange terminé par le bailleur")
TAKEN = Event("contact.taken", "Message pris en charge")
LEFT = Event("contact.left", "Message remis dans la file")
ANSWERED = Event("contact.answered", "Réponse écrite au bailleur")
HANDED_OVER = Event("contact.handed_over", "Message passé à un autre service")
CLOSED = Event("contact.closed", "Échange fermé")
MEASURED = Event("contact.measured", "Délai de réponse aux messages mesuré")
