"""What the agents' own accounts record."""

from __future__ import annotations

from parvis.audit.journal import Event

INVITED = Event("agents.invited", "Agent invité")
ENROLLED = Event("agents.enrolled", "Agent inscrit, mot de passe et application de codes en place")
SIGNED_IN = Event("agents.signed_in", "Agent connecté")
RECOVERY_USED = Event("agents.recovery_used", "Agent connecté par un code de secours")
RECOVERY_DRAWN = Event("agents.recovery_drawn", "Codes de secours renouvelés")
PASSWORD_CHANGED = Event("agents.password_changed", "Mot de passe d’un agent changé")
POSTS_CHANGED = Event("agents.posts_changed", "Rôles d’un agent changés")
CLOSED = Event("agents.closed", "Accès d’un agent fermé")
REOPENED = Event("agents.reopened", "Accès d’un agent rouvert")
RESET = Event("agents.reset", "Agent à réinscrire\u00a0: anciens mot de passe et codes annulés")
UNLOCKED = Event("agents.unlocked", "Pause d’un agent levée")
FILE_OPENED = Event("agents.file_opened", "Un agent a ouvert votre dossier", to_all=True)
FILE_READ = Event("agents.file_read", "Page d’un dossier lue par un agent", quiet=True)
MANY_FILES = Event("agents.many_files", "Alerte au contrôleur\u00a0: beaucoup de dossiers ouverts en une heure")
NAMESAKE = Event("agents.namesake", "Alerte au contrôleur\u00a0: dossier d’un homonyme de l’agent")
MANY_SEARCHES = Event("agents.many_searches", "Alerte au contrôleur\u00a0: beaucoup de recherches en une heure")
ALERT_CLOSED = Event("agents.alert_closed", "Alerte au contrôleur regardée")
SEARCHED = Event("agents.searched", "Bailleur recherché")
VIEWING_BEGUN = Event("agents.viewing_begun", "Un agent a ouvert votre espace en lecture")
VIEWING_LEFT = Event("agents.viewing_left", "Un agent a quitté votre espace")
PAGE_VIEWED = Event("agents.page_viewed", "Page lue par un agent dans l’espace du bailleur")
JOURNAL_EXPORTED = Event("agents.journal_exported", "Extrait du journal téléchargé")
LOOKED = Event("agents.looked", "Dossier à traiter regardé par un agent")
LISTED = Event("agents.listed", "Liste de bailleurs regardée par un agent")
PAPER_OPENED = Event("agents.paper_opened", "Pièce jointe ouverte par un agent")
