"""What the pages of files call things."""

from __future__ import annotations

from parvis.tenancies.looks import AidState

AID_STATES = {
    AidState.PAID: "Versée",
    AidState.SUSPENDED: "Suspendue",
    AidState.NOT_YET: "Pas encore versée",
    AidState.UNKNOWN: "Versée au locataire",
    AidState.ENDED: "Terminée",
}
AID_PILLS = {
    AidState.PAID: "ok",
    AidState.SUSPENDED: "bad",
    AidState.NOT_YET: "warm",
    AidState.UNKNOWN: "",
    AidState.ENDED: "",
}
AID_SENTENCES = {
    AidState.PAID: "L’aide est versée chaque mois au bailleur.",
    AidState.SUSPENDED: "Le bailleur ne reçoit plus l’aide.",
    AidState.NOT_YET: "L’aide doit être versée au bailleur. Aucun versement n’a encore été fait.",
    AidState.UNKNOWN: "Seule la caisse sait si l’aide versée au locataire est suspendue.",
    AidState.ENDED: "L’aide de ce logement est terminée.",
}
