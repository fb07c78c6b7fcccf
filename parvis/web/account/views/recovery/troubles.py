"""What can go wrong on the way in, and the one thing to do about it: the eleven difficulties of seed 001, and two more.

The leaves of the questions of :mod:`questions`; each is a solution with one recommended action. Words of ux.md B8.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Action:
    """A page of ours and the words that lead there."""

    label: str
    name: str


@dataclass(frozen=True, slots=True)
class Solution:
    """What to do: a title that says it, sentences, steps, one action; ``more`` are other pages that may serve.

    ``tester`` is the kind of field that lets one try without sending anything: ``identifier`` or ``amount``.
    A sentence may name ``{by_email}``, ``{by_letter}`` and ``{by_agent}``, how long provisional passwords live.
    ``trouble`` is how the message to the office names it.
    """

    title: str
    sentences: tuple[str, ...]
    action: Action
    trouble: str
    back: str
    steps: tuple[str, ...] = ()
    more: tuple[Action, ...] = field(default=())
    tester: str = ""


SIGN_IN = Action("Ouvrir la page de connexion", "sign-in")
USER_NUMBER = Action("Où trouver mon n° d’utilisateur\u00a0?", "user-number")
CHOOSE = Action("Choisir un nouveau mot de passe", "forgotten-password")

SOLUTIONS: dict[str, Solution] = {
    "identifiant-mail": Solution(
        "Retrouvez le mail, ou recevez l’identifiant à nouveau",
        (
            "Cherchez «\u00a0identifiant Mon Compte Partenaire\u00a0» dans vos mails, y compris les indésirables.",
            "Sinon, indiquez votre n° d’utilisateur\u00a0: nous renvoyons l’identifiant à l’adresse connue.",
            "Bon à savoir\u00a0: si vous vous êtes déjà connecté, votre adresse mail suffit pour entrer.",
        ),
        Action("Recevoir mon identifiant", "lost-identifier"),
        "J’ai perdu mon identifiant reçu par mail.",
        "identifiant",
        more=(USER_NUMBER,),
    ),
    "mot-de-passe-mail": Solution(
        "Choisissez directement un nouveau mot de passe",
        (
            "Un code arrive par mail, puis vous écrivez votre mot de passe. Rien d’autre à attendre.",
            "Vous ne vous êtes jamais connecté\u00a0? Un nouveau mot de passe provisoire vous est renvoyé par mail.",
        ),
        CHOOSE,
        "J’ai perdu mon mot de passe reçu par mail.",
        "mot-de-passe-perdu",
    ),
    "identifiant-courrier": Solution(
        "Nous renvoyons vos lettres",
        (
            "Il faut votre n° d’utilisateur et le code postal de votre adresse.",
            "L’identifiant et le mot de passe arrivent dans deux lettres. Les lettres précédentes ne marcheront plus.",
            "Si des lettres sont déjà en route, nous vous dirons quand les attendre.",
        ),
        Action("Renvoyer les lettres", "lost-identifier"),
        "J’ai perdu mes identifiants reçus par courrier.",
        "identifiant",
        more=(USER_NUMBER,),
    ),
    "numero-utilisateur": Solution(
        "Votre n° d’utilisateur\u00a0: 14 caractères",
        (
            "Il est en haut à droite de nos lettres et à la fin de nos mails.",
            "Introuvable\u00a0? Un organisme peut le recevoir à nouveau avec son SIRET.",
        ),
        Action("Voir où il se trouve", "user-number"),
        "Je ne trouve pas mon n° d’utilisateur.",
        "identifiant",
    ),
    "saisir-identifiant": Solution(
        "LOG, puis 6 chiffres, puis 1 lettre",
        (
            "Le premier chiffre peut être un zéro, à ne pas confondre avec la lettre O. Nous corrigeons pour vous.",
            "Majuscules, minuscules, espaces et tirets\u00a0: tout est accepté.",
        ),
        SIGN_IN,
        "Je n’arrive pas à saisir mon identifiant.",
        "message",
        tester="identifier",
    ),
    "lettres": Solution(
        "Attendez vos deux lettres, ne redemandez rien pour l’instant",
        (
            "La première apporte l’identifiant, la seconde le mot de passe, quelques jours plus tard.",
            "Si vous redemandez maintenant, le mot de passe en route ne marchera plus.",
            "Avec votre n° d’utilisateur et votre code postal, nous vous disons où elles en sont.",
        ),
        Action("Voir où sont mes lettres", "lost-identifier"),
        "Je n’ai pas encore reçu mes lettres.",
        "rien-recu",
    ),
    "mot-de-passe-refuse": Solution(
        "Copiez-collez plutôt que de taper",
        ("Majuscules et minuscules comptent. Les espaces de début et de fin sont retirés pour vous.",),
        CHOOSE,
        "Mon mot de passe est refusé.",
        "mot-de-passe",
        steps=(
            "Ouvrez le mail qui contient le mot de passe.",
            "Sélectionnez le mot de passe, sans espace, et copiez-le.",
            "Collez-le, puis cliquez sur «\u00a0Afficher\u00a0» pour vérifier.",
        ),
        more=(SIGN_IN,),
    ),
    "provisoire-expire": Solution(
        "Ce mot de passe provisoire a expiré",
        (
            "Par mail, il est valable {by_email} jours\u00a0; par courrier, {by_letter} jours\u00a0; "
            "donné par un agent, {by_agent} heures.",
            "Reçu par mail\u00a0: demandez-en un autre, il arrive tout de suite. Par courrier\u00a0: faites renvoyer vos lettres.",
        ),
        Action("En recevoir un nouveau", "forgotten-password"),
        "Mon mot de passe provisoire a expiré.",
        "mot-de-passe",
        more=(Action("Renvoyer les lettres", "lost-identifier"),),
    ),
    "loyer-de-juillet": Solution(
        "Le loyer de juillet de l’an dernier n’est pas connu\u00a0?",
        (
            "Vous pouvez saisir les deux montants sur la même ligne, sans papier\u00a0: celui de l’an dernier, puis celui de cette année.",
            "Sans internet\u00a0: envoyez à votre caisse la quittance papier de juillet de l’an dernier.",
        ),
        SIGN_IN,
        "Je n’arrive pas à saisir le loyer de juillet.",
        "declarer",
    ),
    "montant-refuse": Solution(
        "Écrivez le montant comme vous voulez",
        (
            "525, 525,00, 525.00 ou 525\u00a0€\u00a0: tout est accepté.",
            "Si un montant est vraiment inhabituel, nous vous demandons seulement de le confirmer.",
        ),
        SIGN_IN,
        "Le montant que j’écris est refusé.",
        "declarer",
        tester="amount",
    ),
    "plusieurs-parcs-particulier": Solution(
        "Changez de compte sans vous déconnecter",
        (
            "Cliquez sur le nom du compte, en haut de l’écran, puis choisissez un autre compte.",
            "Il en manque un\u00a0? Connectez-vous une fois avec l’identifiant reçu pour lui\u00a0: les caisses vous reconnaissent "
            "à votre numéro de Sécurité sociale, et un code envoyé à votre adresse mail déjà validée regroupe vos comptes.",
        ),
        Action("Voir mes comptes", "accounts"),
        "Je ne trouve pas tous mes logements.",
        "plusieurs-parcs",
        more=(Action("Contacter ma caisse", "contact"),),
    ),
    "plusieurs-parcs-organisme": Solution(
        "Changez de compte sans vous déconnecter",
        (
            "Cliquez sur le nom du compte, en haut de l’écran, puis choisissez un autre compte.",
            "Il en manque un\u00a0? Deux comptes se regroupent quand ils ont la même adresse mail\u00a0: "
            "indiquez-la dans «\u00a0Mon profil\u00a0», ou à la première connexion.",
        ),
        Action("Voir mes comptes", "accounts"),
        "Je ne trouve pas tous mes logements.",
        "plusieurs-parcs",
    ),
    "mail-perdu-particulier": Solution(
        "Changer d’adresse sans l’ancienne boîte",
        (
            "Il faut votre n° d’utilisateur et le code postal de votre adresse.",
            "Une lettre arrive à votre adresse postale. Son mot de passe vous laisse indiquer une autre adresse mail.",
            "D’ici là, rien ne change. L’ancienne adresse est prévenue, par sécurité.",
        ),
        Action("Demander la lettre", "mailbox-lost"),
        "Je n’ai plus accès à l’adresse mail de mon compte.",
        "mail-perdu",
        more=(Action("J’ai reçu la lettre", "mailbox-letter"), USER_NUMBER),
    ),
    "mail-perdu-organisme": Solution(
        "Demandez à votre administrateur",
        (
            "Il peut fermer votre accès et vous inviter avec votre nouvelle adresse mail.",
            "Vous êtes l’administrateur\u00a0? Un autre administrateur peut le faire. "
            "Sinon, votre caisse vérifie votre mandat, puis vous rouvre l’accès.",
        ),
        Action("Contacter ma caisse", "contact"),
        "Je n’ai plus accès à l’adresse mail de mon compte, et je n’ai pas d’autre administrateur.",
        "mail-perdu",
    ),
    "acces-en-pause": Solution(
        "Votre accès est en pause, ou quelqu’un s’est trompé à votre place",
        (
            "Après 5 essais, la connexion attend quelques minutes. C’est une protection.",
            "Un code envoyé à votre adresse mail vous laisse entrer tout de suite, sans attendre.",
        ),
        Action("Recevoir plutôt un code par mail", "code-first"),
        "Ma connexion est en pause.",
        "message",
        more=(CHOOSE,),
    ),
}
