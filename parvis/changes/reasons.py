"""Why the office did not do what was asked: what a landlord may be told, and what is left to do."""

from __future__ import annotations

from parvis.parameters import texts

REASONS = {
    "address_unknown": "Cette adresse n’existe pas pour La Poste. Vérifiez-la, puis demandez à nouveau.",
    "iban_refused": "La banque ne connaît pas ce compte. Vérifiez l’IBAN sur votre RIB, puis demandez à nouveau.",
    "holder_differs": "Le titulaire du compte n’est pas celui que la caisse connaît. Joignez un justificatif.",
    "not_decent": "Le logement n’est pas connu comme décent. Envoyez à votre caisse la preuve de sa mise en conformité.",
    "close_relative": "L’aide ne peut pas être versée à un proche parent du locataire.",
    "tenancy_ended": "Ce locataire n’est plus dans votre logement. Si c’est une erreur, contactez la caisse.",
    "no_aid": "La caisse ne peut pas faire ce changement pour ce locataire en ce moment. Vous pourrez demander à nouveau.",
    "paper_missing": "Il manque un justificatif. Contactez la caisse, ou demandez à nouveau en le joignant.",
    "duplicate": "La caisse a déjà reçu cette demande.",
}
"""By the ``reason_code`` of outcomes.csv. An unknown code gives the general sentence rather than a wrong one."""
GENERAL = "La caisse n’a pas pu faire ce changement. Contactez-la pour savoir pourquoi."


TEXTS = "change-reasons"
"""The family of these sentences, which the office may edit and add to."""


def refusal_sentence(code: str) -> str:
    """Why a change was refused, in the landlord's words."""
    written = texts.edited(TEXTS).get(code)
    return written["sentence"] if written else REASONS.get(code, GENERAL)


BANK_REASONS = {
    "not_confirmed": "La personne jointe au numéro que la caisse connaît n’a pas confirmé ce changement.",
    "unreachable": "La caisse n’a pas pu vous joindre pour vérifier ce compte. Appelez-la, puis demandez à nouveau.",
    "holder_unproved": "Le titulaire n’est pas le bailleur, et rien ne l’explique. Demandez à nouveau, avec un justificatif.",
    "paper_unreadable": "La pièce jointe ne se lit pas, ou ne va pas avec ce compte. Demandez à nouveau, avec un autre RIB.",
    "account_not_accepted": "La caisse ne verse pas d’aides sur ce compte. Appelez-la pour en parler.",
    "origin_doubted": "La caisse a un doute sur l’origine de cette demande. Changez votre mot de passe, puis appelez-la.",
    "asked_to_stop": "Vous avez demandé à la caisse de ne pas faire ce changement.",
}
"""Why an agent refuses or stops a bank change before it leaves, by code. None says that somebody else has the account."""
BANK_TEXTS = "bank-refusals"
"""The family of these sentences, which the office may edit and add to."""


def bank_reasons() -> dict[str, str]:
    """Every reason an agent may choose, in the landlord's words; those the office added at the end."""
    return {**BANK_REASONS, **{code: fields["sentence"] for code, fields in texts.edited(BANK_TEXTS).items()}}


PAPERS = {
    "lease": "Le bail signé",
    "rent_receipt": "La quittance de loyer",
    "rent_statement": "Le décompte des loyers et charges dus",
    "payment_plan": "Le plan de remboursement signé",
    "notice": "Le congé du locataire",
    "inventory": "L’état des lieux de sortie",
    "mandate": "Le mandat de gestion",
    "deed": "L’acte ou l’attestation de vente",
    "bank_details": "Un RIB au nom du bailleur",
    "identity": "Une pièce d’identité du bailleur",
    "decency": "La preuve que le logement est décent",
    "address_proof": "Un justificatif d’adresse",
}
"""Which paper is awaited, by the ``reason_code`` of a line whose status is ``paper_awaited``. The office's own words stay out:
they could name a tenant, and this is told in mails."""
ANOTHER_PAPER = "Une pièce que votre caisse vous a précisée"


def paper_words(code: str) -> str:
    """Which paper is awaited, in the landlord's words."""
    return PAPERS.get(code, ANOTHER_PAPER)


FAMILY = texts.of_sentences(
    TEXTS, "Refus d’une demande", "Pourquoi la caisse n’a pas fait un changement demandé, par code.", REASONS
)
BANK_FAMILY = texts.of_sentences(
    BANK_TEXTS,
    "Refus ou arrêt d’un nouveau compte",
    "Pourquoi un agent a refusé ou arrêté un changement de coordonnées bancaires, par code.",
    BANK_REASONS,
)
