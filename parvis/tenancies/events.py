"""What tenancies record."""

from __future__ import annotations

from parvis.audit.journal import Event

FILE_LOOKED = Event("tenancies.file_looked", "Dossier d’un allocataire consulté")
FILES_ALLOWED = Event("tenancies.files_allowed", "«\u00a0Consulter dossier\u00a0» ouvert au bailleur")
FILES_STOPPED = Event("tenancies.files_stopped", "«\u00a0Consulter dossier\u00a0» fermé au bailleur")
OWN_REFERENCE = Event("tenancies.own_reference", "Référence du bailleur changée sur une fiche de locataire")
EXPORTED = Event("tenancies.exported", "Fichier de données personnelles téléchargé")
LIST_EXPORTED = Event("tenancies.list_exported", "Liste des locataires exportée")
ARCHIVE_TAKEN = Event("tenancies.archive_taken", "Documents d’une année téléchargés ensemble")
"""What ``EXPORTED`` took the place of: a journal keeps its lines, and each keeps its sentence."""
