from datetime import UTC, datetime

from django.db import migrations

RULES_SUMMARY = [
    "votre accès est personnel",
    "vous consultez seulement pour gérer vos locations",
    "vos consultations sont enregistrées",
    "vous signalez les changements dans les délais",
]
RULES = [
    {
        "title": "À quoi sert ce portail",
        "paragraphs": [
            "Mon Compte Partenaire permet aux bailleurs d’échanger avec leur caisse d’allocations familiales au sujet "
            "des locataires qui reçoivent une aide au logement. Son usage est gratuit. Il n’est jamais obligatoire : "
            "vous pouvez toujours faire vos démarches sur papier.",
        ],
    },
    {
        "title": "Votre accès est personnel",
        "paragraphs": [
            "Votre identifiant, votre mot de passe et les codes reçus par mail sont à vous seul. Vous ne les prêtez "
            "pas et ne les communiquez à personne. Votre caisse ne vous les demandera jamais, ni par mail, ni par "
            "téléphone.",
            "L’adresse mail que vous indiquez est la vôtre : vous êtes seul à la lire. Dans un organisme, chaque "
            "personne a son propre accès. L’administrateur le demande, règle ses droits et le ferme dès qu’elle "
            "quitte ses fonctions.",
            "Vous vous déconnectez à la fin de chaque visite. Si vous pensez que quelqu’un connaît votre mot de passe, "
            "changez-le sans attendre et prévenez votre caisse.",
        ],
    },
    {
        "title": "Ce que vous consultez, et pourquoi",
        "paragraphs": [
            "Vous consultez seulement les dossiers de vos locataires, et seulement pour gérer vos locations. Vous ne "
            "cherchez pas à en savoir plus sur leur situation. Vous ne recopiez pas ces informations dans un autre but "
            "et vous ne les transmettez pas à des tiers qui n’ont pas à les connaître.",
            "Les personnes qui travaillent pour vous sont tenues à la même discrétion.",
        ],
    },
    {
        "title": "Ce que vous déclarez",
        "paragraphs": [
            "Vous déclarez des informations exactes, que vous pouvez justifier. Vous signalez dans les délais ce qui "
            "change le droit de votre locataire : son départ, un impayé, l’arrivée ou le départ d’un colocataire, un "
            "décès, la vente du logement ou la fin de votre gestion.",
            "Une information transmise engage son auteur. Si vous vous êtes trompé, demandez une correction : c’est "
            "toujours possible.",
        ],
    },
    {
        "title": "Ce que nous enregistrons",
        "paragraphs": [
            "Chaque connexion, chaque consultation et chaque déclaration est enregistrée avec sa date et le compte qui "
            "l’a faite. Ces traces servent à vous protéger, à retrouver une erreur et à constater un usage interdit.",
        ],
    },
    {
        "title": "En cas d’usage interdit",
        "paragraphs": [
            "Votre caisse peut suspendre un accès pour le protéger, ou le fermer si ces règles ne sont pas respectées. "
            "Vos démarches restent alors possibles sur papier.",
            "Entrer ou se maintenir sans droit dans un système informatique est puni par la loi (articles 323-1 et "
            "suivants du Code pénal, issus de la loi n° 88-19 du 5 janvier 1988). Une fausse déclaration peut aussi "
            "entraîner le remboursement des sommes versées et des sanctions.",
        ],
    },
]
TERMS_SUMMARY = [
    "vous déclarez vos loyers et les changements ici, plutôt que sur papier",
    "chaque envoi donne un accusé, que vous gardez",
    "ce qui est enregistré n’est pas encore transmis",
    "vos données servent au droit à l’aide, et à rien d’autre",
]
TERMS = [
    {
        "title": "Ce que l’Espace bailleur permet",
        "paragraphs": [
            "L’Espace bailleur montre vos locataires qui ont un droit à une aide au logement et les versements faits "
            "entre vos mains. Il sert à déclarer les loyers de juillet, un impayé, un départ, une colocation, un décès, "
            "la fin d’une gestion ou une vente.",
            "Il ne montre rien des ressources, de la famille ou de la santé de vos locataires.",
        ],
    },
    {
        "title": "Enregistré n’est pas transmis",
        "paragraphs": [
            "Une saisie enregistrée reste un brouillon : votre caisse ne la voit pas. Elle est transmise quand vous "
            "cliquez sur « Transmettre ». Un accusé d’enregistrement vous est alors remis, avec un numéro, la date et "
            "les informations envoyées. Il vaut preuve de l’envoi.",
            "Vous pouvez relire et télécharger vos accusés à tout moment.",
        ],
    },
    {
        "title": "Vos délais",
        "paragraphs": [
            "Le loyer de juillet se déclare pendant la campagne annuelle, avant la date limite affichée. Le départ "
            "d’un locataire se signale dans le mois, un impayé dans les délais rappelés sur la page de déclaration.",
            "Si le service est fermé un moment, la date limite de la campagne est repoussée d’autant.",
        ],
    },
    {
        "title": "Vos engagements quand l’aide vous est versée",
        "paragraphs": [
            "Vous déduisez l’aide du loyer demandé à votre locataire. Vous gardez un logement décent. Vous rendez les "
            "sommes qui vous auraient été versées à tort, par exemple après un départ.",
        ],
    },
    {
        "title": "Droits dans un organisme",
        "paragraphs": [
            "La première personne qui se connecte pour un organisme en devient l’administrateur. Elle peut inviter des "
            "collègues, régler leurs droits et transmettre ce rôle. Un courrier envoyé à l’adresse de l’organisme dit "
            "qui est cette personne.",
        ],
    },
    {
        "title": "Vos données",
        "paragraphs": [
            "Votre caisse traite vos données pour gérer les aides au logement de vos locataires. Vous pouvez y accéder "
            "et les faire corriger : la page « Données personnelles » dit comment. Votre numéro de sécurité sociale et "
            "votre IBAN sont chiffrés et ne sont jamais affichés en entier.",
        ],
    },
    {
        "title": "Si ces conditions changent",
        "paragraphs": [
            "Une nouvelle version vous est présentée à la connexion qui suit. Vous pouvez la refuser : votre espace "
            "n’est alors plus accessible, et vos démarches se font sur papier.",
        ],
    },
]
FIRST = (("usage_rules", RULES_SUMMARY, RULES), ("service_terms", TERMS_SUMMARY, TERMS))


def _spaced(value):
    """No-break spaces where French typography wants them."""
    if isinstance(value, str):
        for sign in ":;?!»":
            value = value.replace(f" {sign}", f"\u00a0{sign}")
        return value.replace("« ", "«\u00a0").replace("n° ", "n°\u00a0")
    if isinstance(value, dict):
        return {key: _spaced(inner) for key, inner in value.items()}
    return [_spaced(inner) for inner in value]


def publish(apps, schema_editor):
    model = apps.get_model("identity", "TextVersion")
    for kind, summary, body in FIRST:
        model.objects.get_or_create(
            kind=kind,
            version=1,
            defaults={
                "published_at": datetime(2020, 1, 1, tzinfo=UTC),
                "summary": _spaced(summary),
                "body": _spaced(body),
            },
        )


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_pauses_and_browsers")]
    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
