"""What is said of a file of rents that cannot be used, or no longer."""

from __future__ import annotations

from collections.abc import Sequence

from parvis.declarations.selectors.across.declaring import Hindrance
from parvis.kit.money import NBSP
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile, Refusal


class WrongFile(Refusal):
    """The whole file is of no use here; the sentence says which one is."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="file")


class OtherYear(WrongFile):
    """Made for another campaign."""

    def __init__(self, theirs: int, year: int) -> None:
        super().__init__(f"Ce fichier date de la campagne {theirs}. Téléchargez celui de {year}.")
        self.theirs = theirs


class OtherAccount(WrongFile):
    """Made in another account of the same person; ``account`` is its reference."""

    def __init__(self, name: str, account: str) -> None:
        super().__init__(f"Ce fichier vient d’un autre compte ({name}). Ouvrez ce compte pour l’envoyer.")
        self.account = account


class ColumnNotFound(Refusal):
    """Nothing says where the rents or the tenants are; ``header`` is what was found, from line ``start`` on."""

    def __init__(self, header: Sequence[str], year: int) -> None:
        found = ", ".join(words for words in header if words)[:150] or "rien"
        super().__init__(
            f"Ce fichier n’a pas de colonne «{NBSP}Loyer juillet {year}{NBSP}»{NBSP}: nous avons trouvé {found}.",
            field="file",
        )
        self.header = tuple(header)


class NoLines(WrongFile):
    """A head and nothing under it."""

    def __init__(self) -> None:
        super().__init__("Ce fichier est vide. Choisissez celui que vous avez rempli.")


class NoRents(WrongFile):
    """Tenants, and no amount at all."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"Aucun loyer n’est rempli dans ce fichier. Complétez la colonne «{NBSP}Loyer juillet {year}{NBSP}»."
        )


class NothingOfYours(WrongFile):
    """Not one line is of an account the person may declare for; ``sentence`` is what the first one is told."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"Aucune ligne de ce fichier n’est dans un compte où vous pouvez déclarer. {sentence}")


class SeveralAccounts(WrongFile):
    """Lines of other accounts of the same person among those of this one; ``name`` is one of them."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Ce fichier contient aussi des loyers d’un autre de vos comptes ({name})."
            f" Déposez-le dans «{NBSP}Loyers à déclarer, tous comptes confondus{NBSP}»."
        )


HINDRANCES = {
    Hindrance.CLOSED: "Ce compte est fermé.",
    Hindrance.NO_RIGHT: f"Vous n’avez plus le droit «{NBSP}Déclarer{NBSP}» dans ce compte. Demandez-le à son administrateur.",
    Hindrance.STEP: "Il vous reste une étape de connexion dans ce compte. Ouvrez-le, puis revenez ici.",
    Hindrance.NO_CAMPAIGN: "Aucune campagne de loyers n’est ouverte dans ce compte.",
}
"""Why nothing can be declared in an account, and what its person can do."""


class HeldBack(ActNotPossible):
    """An account may not declare now; the others are not held back by it."""

    def __init__(self, why: Hindrance) -> None:
        super().__init__(f"{HINDRANCES[why]} Rien n’en est transmis.")


class RightLost(ActNotPossible):
    """Whoever sent it may no longer declare for this account."""

    def __init__(self) -> None:
        super().__init__(
            f"Ce compte est fermé, ou vous n’y avez plus le droit «{NBSP}Déclarer{NBSP}». Rien n’est transmis."
        )


class NotReadHere(WrongFile):
    """Reading it failed again and again, for a reason nobody foresaw."""

    def __init__(self) -> None:
        super().__init__(
            "Ce fichier n’a pas pu être contrôlé. Enregistrez-le au format CSV et déposez-le de nouveau, ou saisissez à l’écran."
        )


class NotKept(ActNotPossible):
    """Keeping its lines failed again and again; nothing of it was kept."""

    def __init__(self) -> None:
        super().__init__(
            "L’enregistrement n’a pas abouti, rien n’a été transmis. Confirmez de nouveau"
            f"{NBSP}; si cela recommence, écrivez à votre caisse."
        )


class LinesSetAside(ChangedMeanwhile):
    """Lines that were ready are out of bounds that moved since: told before anything is kept."""

    def __init__(self, count: int) -> None:
        what = "loyer prêt est hors" if count == 1 else "loyers prêts sont hors"
        super().__init__(
            f"Rien n’est enregistré{NBSP}: {count} {what} des limites, qui ont changé depuis le contrôle de ce fichier."
            " À corriger, ou confirmez les autres."
        )


class FileClosed(ActNotPossible):
    """Confirmed or abandoned: its lines do not change any more."""

    def __init__(self) -> None:
        super().__init__("Ce fichier est déjà confirmé ou abandonné. Envoyez-en un nouveau pour changer un loyer.")


class FileNotChecked(ActNotPossible):
    """Still being read."""

    def __init__(self) -> None:
        super().__init__("Le contrôle de ce fichier n’est pas terminé. Patientez, puis recommencez.")


class NothingReady(ActNotPossible):
    """No line can be kept."""

    def __init__(self) -> None:
        super().__init__("Aucun loyer de ce fichier n’est prêt. Corrigez une ligne, puis recommencez.")
