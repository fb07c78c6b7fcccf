"""What is said of a file that cannot be read."""

from __future__ import annotations

from parvis.kit.refusals import Refusal
from parvis.sheets.limits import LARGEST_FILE

SENTENCES = {
    "empty": "Ce fichier est vide. Choisissez celui que vous avez rempli.",
    "too_heavy": f"Ce fichier pèse plus de {LARGEST_FILE // 1_000_000}\u00a0Mo. Découpez-le, ou enregistrez-le au format CSV.",
    "too_large": "Ce fichier, une fois ouvert, est beaucoup trop gros. Copiez vos lignes dans un nouveau classeur, puis envoyez-le.",
    "too_many_rows": "Ce fichier a trop de lignes. Découpez-le en plusieurs fichiers.",
    "damaged": "Ce fichier est abîmé\u00a0: il ne s’ouvre pas. Enregistrez-le à nouveau depuis votre tableur.",
    "locked": "Ce fichier est protégé par un mot de passe. Enlevez le mot de passe, puis envoyez-le à nouveau.",
    "not_a_table": "Ce fichier n’est pas un tableau. Envoyez un fichier XLSX, ODS ou CSV.",
    "too_slow": "Ce fichier est trop long à lire. Enregistrez-le au format CSV, puis envoyez-le à nouveau.",
    "no_rows": "Ce fichier ne contient aucune ligne. Vérifiez que vous avez envoyé le bon.",
}


class Unreadable(Refusal):
    """The file cannot be read; the sentence says what to do. ``why`` is a key of :data:`SENTENCES`."""

    def __init__(self, why: str) -> None:
        super().__init__(SENTENCES[why], field="file")
        self.why = why
