"""What is asked of one who cannot come in: at most three questions, each in the words of who answers (ux.md B8)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a question: where it leads, and its words."""

    slug: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, the how-manieth it is, and its answers."""

    title: str
    number: int
    answers: tuple[Answer, ...]
    back: str = ""


HOW = "Vous avez reçu vos identifiants"
_WHOSE = (
    Answer("plusieurs-parcs-particulier", "Un particulier"),
    Answer("plusieurs-parcs-organisme", "Un organisme, une société, une agence"),
)

QUESTIONS: dict[str, Question] = {
    "": Question(
        "Qu’est-ce qui vous bloque\u00a0?",
        1,
        (
            Answer("identifiant", "Je n’ai pas mon identifiant"),
            Answer("mot-de-passe", "Je n’ai pas de mot de passe, ou il ne marche pas"),
            Answer("rien-recu", "Je n’ai rien reçu"),
            Answer("message", "Un message d’erreur s’affiche"),
            Answer("declarer", "Je suis connecté, mais je n’arrive pas à déclarer"),
            Answer("plusieurs-parcs", "Je ne trouve pas tous mes logements"),
        ),
    ),
    "identifiant": Question(
        HOW,
        2,
        (
            Answer("identifiant-mail", "Par mail"),
            Answer("identifiant-courrier", "Par courrier"),
            Answer("numero-utilisateur", "Je ne sais pas, ou je n’ai plus mon n° d’utilisateur"),
        ),
    ),
    "mot-de-passe": Question(
        "Qu’en est-il de votre mot de passe\u00a0?",
        2,
        (
            Answer("mot-de-passe-perdu", "Je ne l’ai plus"),
            Answer("mot-de-passe-refuse", "Je l’ai, mais il est refusé"),
            Answer("provisoire-expire", "Le mot de passe provisoire n’est plus valable"),
        ),
    ),
    "mot-de-passe-perdu": Question(
        "Vous êtes-vous déjà connecté\u00a0?",
        3,
        (
            Answer("mot-de-passe-mail", "Oui, ou j’ai reçu mes identifiants par mail"),
            Answer("identifiant-courrier", "Non, et mes identifiants sont arrivés par courrier"),
        ),
        back="mot-de-passe",
    ),
    "rien-recu": Question(
        "Qu’attendez-vous\u00a0?",
        2,
        (
            Answer("lettres", "Mes lettres avec l’identifiant et le mot de passe"),
            Answer("identifiant-mail", "Mes identifiants par mail"),
            Answer("mail-perdu", "Un code par mail, à une adresse que je n’ai plus"),
        ),
    ),
    "message": Question(
        "Que dit le message\u00a0?",
        2,
        (
            Answer("saisir-identifiant", "L’identifiant n’est pas reconnu, je n’arrive pas à le saisir"),
            Answer(
                "mot-de-passe-refuse",
                "«\u00a0Cet identifiant et ce mot de passe ne vont pas ensemble\u00a0»",
                "Ou\u00a0: identifiant ou mot de passe incorrect.",
            ),
            Answer("provisoire-expire", "«\u00a0Ce mot de passe provisoire n’est plus valable\u00a0»"),
            Answer("acces-en-pause", "«\u00a0Connexion en pause\u00a0»"),
            Answer("mail-perdu", "Un code est demandé, et je n’ai plus cette adresse mail"),
        ),
    ),
    "mail-perdu": Question(
        "Vous êtes\u00a0:",
        3,
        (
            Answer("mail-perdu-particulier", "Un particulier"),
            Answer("mail-perdu-organisme", "Un organisme, une société, une agence"),
        ),
        back="message",
    ),
    "plusieurs-parcs": Question("Vous êtes\u00a0:", 2, _WHOSE),
    "logement-absent": Question("Vous êtes\u00a0:", 3, _WHOSE, back="declarer"),
    "declarer": Question(
        "Où êtes-vous bloqué\u00a0?",
        2,
        (
            Answer("loyer-de-juillet", "Je ne peux pas saisir le loyer de juillet"),
            Answer("montant-refuse", "Le montant que j’écris est refusé"),
            Answer("logement-absent", "Le logement n’est pas dans ma liste"),
        ),
    ),
}
