"""What the pages of a file are called where the journal tells who read them."""

from __future__ import annotations

PAGES = {
    "account-administrator": "retrait d’un administrateur", "account-block": "blocage d’un accès",
    "account-confirm": "confirmation d’un administrateur",
    "account-delegate": "délégation rendue", "account-email": "adresse mail d’un accès",
    "account-mailbox-letter": "messagerie perdue", "account-password": "nouveau mot de passe",
    "account-provisional": "mot de passe provisoire", "account-reinstate": "rétablissement d’un accès",
    "account-right": "suspension d’un droit", "account-right-back": "droit rendu",
    "account-send": "renvoi des identifiants", "account-suspend": "suspension d’un accès",
    "account-unlock": "déblocage d’un accès", "account-withdraw": "retrait de la délégation",
    "file": "dossier entier", "file-account": "compte", "file-accounts": "liste des comptes", "file-change": "demande",
    "file-change-stop": "arrêt d’une demande", "file-changes": "liste des demandes", "file-declaration": "déclaration",
    "file-declarations": "liste des déclarations", "file-journal": "journal du dossier", "file-message": "message",
    "file-messages": "liste des messages",
    "file-passed": "ce qui s’est passé", "file-receipt": "accusé", "file-receipt-pdf": "accusé en PDF",
    "file-replacement": "remplacement de l’administrateur", "file-replacement-open": "ouverture d’un remplacement",
    "file-replacement-paper": "pièce d’un remplacement", "file-tenancies": "liste des locataires",
    "viewing-begin": "ouverture de l’espace en lecture",
}  # fmt: skip
"""Each by the name of its address; a test holds every page of a file against it."""


def page_words(name: str) -> str:
    """A page in words; the name of its address for one that is of no file."""
    return PAGES.get(name, name)
