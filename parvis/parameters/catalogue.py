"""Every parameter: name, unit, default, bounds, meaning. Pure."""

from __future__ import annotations

from parvis.parameters.parameter import Parameter as Parameter
from parvis.parameters.parameter import Unit as Unit

CODE_DELAY = Parameter(
    "code_delay", Unit.MINUTES, 1_440, 0, 43_200, "Délai entre deux codes à la connexion, par identité et navigateur"
)
PROFILE_CODE_DELAY = Parameter(
    "profile_code_delay",
    Unit.MINUTES,
    0,
    0,
    60,
    "Délai entre deux codes dans «\u00a0Mon profil\u00a0» (0\u00a0: toujours demandé)",
)
CODE_TRIES = Parameter("code_tries", Unit.NUMBER, 5, 3, 5, "Essais d’un même code")
CODE_AGAIN_AFTER = Parameter("code_again_after", Unit.SECONDS, 60, 30, 300, "Attente avant de redemander un code")
CODES_A_DAY = Parameter("codes_a_day", Unit.NUMBER, 10, 5, 30, "Codes envoyés par jour pour un même usage")
BROWSER_REMEMBERED = Parameter(
    "browser_remembered", Unit.DAYS, 30, 2, 90, "Jours pendant lesquels un navigateur reste reconnu"
)
_CHOSEN_NEXT = "Compte pour les mots de passe choisis ensuite. Ceux d’aujourd’hui restent."
PASSWORD_SHORTEST = Parameter(
    "password_shortest", Unit.NUMBER, 10, 10, 20, "Caractères au moins dans le mot de passe d’un bailleur", _CHOSEN_NEXT
)
TRIES_A_DAY = Parameter(
    "tries_a_day", Unit.NUMBER, 100, 20, 100, "Essais de connexion par jour sur un même identifiant"
)
RECOVERIES_A_DAY = Parameter(
    "recoveries_a_day", Unit.NUMBER, 6, 3, 10, "Demandes «\u00a0mot de passe oublié\u00a0» par jour et par identifiant"
)
CODE_LIFE = Parameter("code_life", Unit.MINUTES, 10, 2, 10, "Durée de vie d’un code")
SESSION_SILENCE = Parameter("session_silence", Unit.MINUTES, 30, 5, 120, "Silence après lequel une session se ferme")
AGENT_SILENCE = Parameter(
    "agent_silence", Unit.MINUTES, 15, 5, 30, "Silence après lequel la session d’un agent se ferme"
)
AGENT_VIEWING = Parameter("agent_viewing", Unit.MINUTES, 15, 5, 30, "Durée de «\u00a0voir comme le bailleur\u00a0»")
AGENT_PASSWORD_SHORTEST = Parameter(
    "agent_password_shortest", Unit.NUMBER, 16, 16, 32, "Caractères au moins dans le mot de passe d’un agent",
    _CHOSEN_NEXT,
)  # fmt: skip
AGENT_FILES_AN_HOUR = Parameter(
    "agent_files_an_hour", Unit.NUMBER, 40, 5, 1_000, "Dossiers ouverts par heure et par agent avant l’alerte au contrôleur"
)  # fmt: skip
AGENT_SEARCHES_AN_HOUR = Parameter(
    "agent_searches_an_hour", Unit.NUMBER, 120, 10, 1_000, "Recherches par heure et par agent avant l’alerte au contrôleur"
)  # fmt: skip
EXPORT_ALONE = Parameter(
    "export_alone", Unit.NUMBER, 500, 0, 100_000,
    "Lignes de fichiers qu’un agent peut prendre seul en un jour\u00a0; au-delà, un second agent est nécessaire (0\u00a0: toujours)",
)  # fmt: skip
EXPORT_LAPSES = Parameter(
    "export_lapses", Unit.HOURS, 48, 1, 168, "Attente de l’accord d’un second agent pour un fichier"
)
EXPORT_READY = Parameter(
    "export_ready", Unit.HOURS, 4, 1, 24, "Temps pour prendre un fichier accordé par un second agent"
)
OF_EXPORTS = (EXPORT_ALONE, EXPORT_LAPSES, EXPORT_READY)
PASSWORD_AFTER_LETTER = Parameter(
    "password_after_letter", Unit.DAYS, 3, 3, 15, "Jours entre la lettre de l’identifiant et celle du mot de passe"
)
VALID_BY_EMAIL = Parameter("valid_by_email", Unit.DAYS, 14, 1, 14, "Validité d’un mot de passe provisoire par mail")
VALID_BY_LETTER = Parameter(
    "valid_by_letter", Unit.DAYS, 60, 15, 60, "Validité d’un mot de passe provisoire par courrier"
)
VALID_BY_AGENT = Parameter(
    "valid_by_agent", Unit.HOURS, 24, 1, 72, "Validité d’un mot de passe provisoire donné par un agent"
)
LETTER_AGAIN_AFTER = Parameter(
    "letter_again_after", Unit.DAYS, 10, 3, 30, "Jours avant qu’une nouvelle lettre d’identifiants puisse partir"
)
LETTERS_A_DAY = Parameter(
    "letters_a_day", Unit.NUMBER, 2_000, 1, 100_000, "Lettres d’identifiants demandées par jour, toutes ensemble"
)
POSTAL_DELIVERY = Parameter("postal_delivery", Unit.DAYS, 6, 2, 15, "Jours au plus pour qu’une lettre arrive")
INVITATION_LIFE = Parameter("invitation_life", Unit.DAYS, 7, 1, 14, "Validité d’une invitation d’utilisateur")
NEW_ADMINISTRATOR_WAITS = Parameter(
    "new_administrator_waits", Unit.HOURS, 72, 0, 240, "Attente avant qu’un nouvel administrateur nomme ou retire"
)
ADMINISTRATOR_REPLACED_AFTER = Parameter(
    "administrator_replaced_after", Unit.DAYS, 10, 5, 30,
    "Attente avant que le remplacement d’un administrateur puisse se faire, ou être redemandé",
)  # fmt: skip
REPLACEMENT_LAPSES = Parameter(
    "replacement_lapses", Unit.DAYS, 30, 5, 90,
    "Attente de l’accord d’un second agent, après laquelle le remplacement d’un administrateur s’arrête",
)  # fmt: skip
ADMINISTRATOR_SILENCE = Parameter(
    "administrator_silence", Unit.DAYS, 60, 15, 365,
    "Absence des administrateurs après laquelle l’organisme est prévenu",
)  # fmt: skip
REMOVAL_REVERSIBLE = Parameter(
    "removal_reversible", Unit.DAYS, 7, 1, 30, "Délai où un agent peut rendre son rôle à un administrateur retiré"
)
RIGHTS_UNUSED = Parameter(
    "rights_unused", Unit.DAYS, 365, 180, 1_096, "Absence d’un utilisateur après laquelle ses droits sont suspendus"
)
RIGHTS_UNUSED_TOLD = Parameter(
    "rights_unused_told", Unit.DAYS, 30, 7, 90, "Préavis avant de suspendre des droits inutilisés"
)
RIGHTS_REVIEW = Parameter(
    "rights_review", Unit.DAYS, 365, 180, 1_096, "Temps entre deux revues des droits d’un organisme"
)
RIGHTS_REVIEW_LATE = Parameter(
    "rights_review_late", Unit.DAYS, 30, 7, 180, "Attente avant qu’une revue des droits soit redemandée, puis en retard"
)
OF_RIGHTS = (REMOVAL_REVERSIBLE, RIGHTS_UNUSED, RIGHTS_UNUSED_TOLD, RIGHTS_REVIEW, RIGHTS_REVIEW_LATE)
CAPTCHA_AFTER = Parameter(
    "captcha_after", Unit.NUMBER, 3, 0, 5, "Échecs de connexion avant la vérification de sécurité"
)
FILE_LOOKS_AN_HOUR = Parameter(
    "file_looks_an_hour", Unit.NUMBER, 30, 1, 1_000, "Consultations de dossiers par heure et par compte"
)
BANK_HOLD = Parameter(
    "bank_hold", Unit.HOURS, 72, 72, 240, "Attente avant qu’un changement de coordonnées bancaires parte"
)
BANK_HOLD_AFTER_RECOVERY = Parameter(
    "bank_hold_after_recovery", Unit.DAYS, 10, 3, 30, "La même, après un changement de mot de passe ou d’adresse mail"
)
BANK_HOLD_AFTER_POST = Parameter(
    "bank_hold_after_post", Unit.DAYS, 15, 3, 30, "La même, après une ouverture de compte par courrier"
)
SECOND_AGREEMENT = Parameter(
    "second_agreement", Unit.DAYS, 7, 1, 30, "Délai du second accord pour des coordonnées bancaires"
)
DIRECT_PAYMENT_ANSWER = Parameter(
    "direct_payment_answer",
    Unit.NUMBER,
    2,
    1,
    6,
    "Mois pour répondre à une proposition de versement direct, quand la loi ne le dit pas",
)
PAYMENT_SETTLED = Parameter(
    "payment_settled", Unit.DAYS, 2, 0, 10, "Jours avant un versement à partir desquels son montant ne change plus"
)
_OF_CAMPAIGN = "Compte pour la campagne propre de cette caisse, si elle en a une."
REMINDER_AFTER_OPENING = Parameter(
    "reminder_after_opening",
    Unit.DAYS,
    30,
    7,
    90,
    "Jours entre l’ouverture de la campagne et son premier rappel",
    of_office=_OF_CAMPAIGN,
)
REMINDER_BEFORE_DEADLINE = Parameter(
    "reminder_before_deadline",
    Unit.DAYS,
    10,
    2,
    30,
    "Jours entre le dernier rappel et la date limite",
    of_office=_OF_CAMPAIGN,
)
REMINDER_LATE_EVERY = Parameter(
    "reminder_late_every",
    Unit.DAYS,
    30,
    15,
    90,
    "Jours entre deux rappels après la date limite",
    of_office=_OF_CAMPAIGN,
)
REMINDER_UNSENT = Parameter(
    "reminder_unsent", Unit.DAYS, 3, 1, 15, "Jours avant le rappel des loyers saisis et non transmis"
)
RENT_INCREASE = Parameter(
    "rent_increase", Unit.PERCENT, 10, 1, 100, "Hausse d’un loyer de juillet au-delà de laquelle il est à confirmer",
    "Compte là où l’indice des loyers n’est pas connu. Ailleurs, une hausse est à confirmer dès qu’elle dépasse le plus bas des"
    " deux\u00a0: ce seuil, ou l’indice et les points accordés au-dessus.",
)  # fmt: skip
RENT_ABOVE_INDEX = Parameter(
    "rent_above_index", Unit.POINTS, 0, 0, 10,
    "Points au-dessus de l’indice des loyers au-delà desquels une hausse est à confirmer",
)  # fmt: skip
RENT_DECREASE = Parameter(
    "rent_decrease", Unit.PERCENT, 30, 1, 100, "Baisse d’un loyer de juillet au-delà de laquelle il est à confirmer"
)
RENT_LOW = Parameter(
    "rent_low", Unit.CENTS, 100, 1, 50_000, "Loyer en dessous duquel il est à confirmer, en dehors de zéro",
    "Un loyer connu de la caisse aussi bas que celui-là n’est pas à confirmer.",
)  # fmt: skip
RENT_HIGH = Parameter(
    "rent_high", Unit.CENTS, 999_999, 100_000, 9_999_999, "Loyer au-dessus duquel il est à confirmer",
    "Un loyer connu de la caisse aussi haut que celui-là n’est pas à confirmer.",
)  # fmt: skip
RENT_LOWEST = Parameter(
    "rent_lowest", Unit.CENTS, 1, 1, 10_000, "Loyer le plus bas qui peut être transmis, en dehors de zéro"
)
RENT_HIGHEST = Parameter(
    "rent_highest", Unit.CENTS, 9_999_999, 100_000, 9_999_999, "Loyer le plus haut qui peut être transmis",
    "Les fichiers échangés avec la caisse ne prennent pas un loyer plus haut que 99\u00a0999,99\u00a0€.",
)  # fmt: skip
OF_RENTS = (RENT_INCREASE, RENT_ABOVE_INDEX, RENT_DECREASE, RENT_LOW, RENT_HIGH, RENT_LOWEST, RENT_HIGHEST)
LETTER_PRICE = Parameter(
    "letter_price", Unit.CENTS, 110, 1, 2_000, "Prix d’une lettre, papier, mise sous pli et affranchissement"
)
LETTER_BUDGET = Parameter("letter_budget", Unit.EUROS, 20_000, 0, 10_000_000, "Budget des courriers par mois")
REMINDER_LETTERS = Parameter(
    "reminder_letters",
    Unit.SWITCH,
    1,
    0,
    1,
    "Rappels par courrier aux bailleurs qu’aucun mail n’atteint",
    of_office=_OF_CAMPAIGN,
)
FEED_EVERY = {
    kind: Parameter(
        f"feed_every_{kind}",
        Unit.DAYS,
        days,
        0,
        400,
        f"Jours au plus entre deux fichiers «\u00a0{words}\u00a0» (0\u00a0: pas d’alarme)",
    )
    for kind, words, days in (
        ("offices", "caisses", 0),
        ("landlords", "tiers", 2),
        ("tenancies", "locataires", 2),
        ("july_rents", "loyers de juillet", 0),
        ("payments", "versements", 35),
        ("outcomes", "réponses aux déclarations", 3),
        ("processing_times", "délais de traitement", 35),
        ("payment_offers", "propositions de versement direct", 0),
    )
}
FEED_MOST_ENDED = Parameter(
    "feed_most_ended", Unit.PERCENT, 5, 1, 50,
    "Part de ce qui est actif à une caisse qu’un fichier complet peut clore seul",
    of_office="Compte pour ce qui est actif à cette caisse.",
)  # fmt: skip
SENT_OUT_EVERY = Parameter(
    "sent_out_every", Unit.HOURS, 26, 1, 240, "Heures au plus avant que ce qui est transmis parte pour la caisse"
)
MESSAGES_LEAVE_IN = Parameter(
    "messages_leave_in", Unit.MINUTES, 15, 1, 1_440, "Minutes au plus avant qu’un mail ou un courrier dû parte"
)
MESSAGE_ANSWERED_IN = Parameter(
    "message_answered_in", Unit.DAYS, 28, 1, 180,
    "Délai de réponse annoncé, là où la caisse n’a pas mesuré le sien",
    of_office="Compte pour les messages écrits à cette caisse.",
)  # fmt: skip
MESSAGE_CLOSED_AFTER = Parameter(
    "message_closed_after", Unit.DAYS, 30, 7, 180, "Silence après lequel un message répondu se ferme"
)
MESSAGES_MEASURED = Parameter(
    "messages_measured", Unit.NUMBER, 10, 0, 10_000,
    "Réponses en 30 jours à partir desquelles le délai des messages est mesuré (0\u00a0: jamais)",
)  # fmt: skip
_DPO = (
    "Au-delà de 365\u00a0jours, et jusqu’à 1\u00a0096 au plus, il faut la décision écrite du délégué à la protection des données\u00a0:"
    " sa référence est demandée, et le journal la garde."
)
KEEP_JOURNAL = Parameter("keep_journal", Unit.DAYS, 365, 180, 1_096, "Conservation du journal", _DPO, 365)
KEEP_MESSAGES = Parameter("keep_messages", Unit.DAYS, 1_826, 60, 3_653, "Conservation des mails et courriers partis")
KEEP_CONVERSATIONS = Parameter(
    "keep_conversations", Unit.DAYS, 730, 90, 1_826, "Conservation des messages à la caisse, une fois terminés"
)
KEEP_SET_ASIDE = Parameter("keep_set_aside", Unit.DAYS, 90, 7, 365, "Conservation des lignes écartées d’une livraison")
KEEP_LOOKS = Parameter(
    "keep_looks", Unit.DAYS, 365, 180, 1_096, "Conservation des consultations de dossiers", _DPO, 365
)
KEEP_OPINIONS = Parameter("keep_opinions", Unit.DAYS, 365, 92, 1_096, "Conservation des remarques écrites avec un avis")
KEEP_DELAYS = Parameter("keep_delays", Unit.DAYS, 730, 400, 3_653, "Conservation des délais mesurés par les caisses")
KEEP_CODES = Parameter("keep_codes", Unit.DAYS, 1, 1, 30, "Conservation des codes terminés")
KEEP_PROOFS = Parameter(
    "keep_proofs", Unit.DAYS, 30, 1, 90, "Conservation des changements dont le code n’est jamais venu"
)
KEEP_JULY_DRAFTS = Parameter(
    "keep_july_drafts", Unit.DAYS, 90, 30, 366,
    "Conservation des loyers de juillet saisis et non transmis, après la suspension de leur campagne",
)  # fmt: skip
COPY_WAITS = Parameter(
    "copy_waits", Unit.HOURS, 24, 1, 240, "Attente avant de préparer la copie de ses données personnelles"
)
COPY_KEPT = Parameter("copy_kept", Unit.DAYS, 7, 1, 30, "Conservation de cette copie, une fois prête")

PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        CODE_DELAY, PROFILE_CODE_DELAY, CODE_LIFE, CODE_TRIES, CODE_AGAIN_AFTER, CODES_A_DAY, BROWSER_REMEMBERED,
        PASSWORD_SHORTEST, TRIES_A_DAY, RECOVERIES_A_DAY, SESSION_SILENCE, AGENT_SILENCE, AGENT_VIEWING, AGENT_PASSWORD_SHORTEST,
        AGENT_FILES_AN_HOUR, AGENT_SEARCHES_AN_HOUR, *OF_EXPORTS, PASSWORD_AFTER_LETTER, VALID_BY_EMAIL, VALID_BY_LETTER,
        VALID_BY_AGENT, LETTER_AGAIN_AFTER, LETTERS_A_DAY, POSTAL_DELIVERY, INVITATION_LIFE, NEW_ADMINISTRATOR_WAITS,
        ADMINISTRATOR_REPLACED_AFTER, REPLACEMENT_LAPSES, ADMINISTRATOR_SILENCE, *OF_RIGHTS, CAPTCHA_AFTER, FILE_LOOKS_AN_HOUR, BANK_HOLD,
        BANK_HOLD_AFTER_RECOVERY, BANK_HOLD_AFTER_POST, SECOND_AGREEMENT, DIRECT_PAYMENT_ANSWER, PAYMENT_SETTLED,
        REMINDER_AFTER_OPENING, REMINDER_BEFORE_DEADLINE, REMINDER_LATE_EVERY, REMINDER_UNSENT, REMINDER_LETTERS, *OF_RENTS,
        FEED_MOST_ENDED, *FEED_EVERY.values(), SENT_OUT_EVERY, MESSAGES_LEAVE_IN, MESSAGE_ANSWERED_IN,
        MESSAGE_CLOSED_AFTER, MESSAGES_MEASURED, KEEP_JOURNAL, KEEP_MESSAGES, KEEP_CONVERSATIONS, KEEP_SET_ASIDE,
        KEEP_LOOKS, KEEP_OPINIONS, KEEP_DELAYS, KEEP_CODES, KEEP_PROOFS, KEEP_JULY_DRAFTS, COPY_WAITS, COPY_KEPT,
        LETTER_PRICE, LETTER_BUDGET,
    )
}  # fmt: skip
