"""What stands in the copy of one's data: sections, each a table. A room above adds its own with :func:`register`.

Only what is the person's: who they are, how they come in, what they wrote and were written. Of tenants, no more than they declared
themselves; never a secret, nor a whole IBAN or NIR.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.audit.selectors import journal_of
from parvis.correspondence.models import Message, MessageState
from parvis.identity import events
from parvis.identity.models import Acceptance, Account, AccountState, Session, TrustedBrowser
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, ActorKind
from parvis.kit.clock import PARIS
from parvis.kit.periods import moment
from parvis.kit.text import figure, plural
from parvis.sheets import writing

MOST = 5_000
"""Lines of one section for one account; the newest ones."""
MOST_IN_ALL = 50_000
"""The same for all the accounts of one person together, who may have hundreds: each tells as many. It is made in memory."""
CLOSED = (AccountState.DISABLED, AccountState.FROZEN)
"""Accounts nobody enters any more."""
Row = Sequence[str]
Reading = Callable[[Actor, int], Iterable[Row]]
"""(whose account, how many lines at most) → the lines, newest first."""


@dataclass(frozen=True, slots=True)
class Section:
    """One table: the name of its file, its title, its columns, how it is read.

    ``of_closed``: whether it stands there for a closed account too. What the organisation did, and was written, is no business of
    somebody who left it (security.md §2.8); who they were and how they came in stays theirs.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    read: Reading
    of_closed: bool = False


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Have a section of a room above stand in every copy; called in ``AppConfig.ready()``."""
    _sections[section.name] = section


def when(at: datetime | None) -> str:
    """A moment as the tables write it, in Paris; empty for none."""
    return f"{at.astimezone(PARIS):%d/%m/%Y %H:%M}" if at else ""


def archive_of(credential_id: int, *, at: datetime) -> bytes:
    """The ZIP for all the accounts of one person: an index to read, a JSON of everything, a CSV each section."""
    accounts = list(Account.objects.filter(credential_id=credential_id).select_related("partner").order_by("pk"))
    most = min(MOST, MOST_IN_ALL // max(1, len(accounts)))
    tables = [(section, _rows(section, accounts, most)) for section in (*_OWN, *_sections.values())]
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        _add(file, "LISEZ-MOI.txt", _index(tables, accounts, most, at).encode("utf-8-sig"), at)
        _add(file, "donnees.json", _as_json(tables, at), at)
        for section, rows in tables:
            _add(file, f"{section.name}.csv", writing.csv([("Compte", *section.columns), *rows]), at)
    return kept.getvalue()


Tables = list[tuple[Section, list[Row]]]


def _rows(section: Section, accounts: Sequence[Account], most: int) -> list[Row]:
    found: list[Row] = []
    for account in accounts:
        if account.state in CLOSED and not section.of_closed:
            continue
        actor = Actor(ActorKind.PARTNER, account.login_id, account_id=account.pk, partner_id=account.partner_id)
        found += [(account.login_id, *row) for row in section.read(actor, most)]
    return found


def _index(tables: Tables, accounts: Sequence[Account], most: int, at: datetime) -> str:
    closed = [account.login_id for account in accounts if account.state in CLOSED]
    lines = [
        "Mes données personnelles",
        f"Copie faite le {moment(at)}, pour {plural(len(accounts), 'compte', 'comptes')}\u00a0: "
        + ", ".join(account.login_id for account in accounts),
        *([f"Fermés, sans ce que l’organisme y a fait et reçu\u00a0: {', '.join(closed)}"] if closed else []),
        "",
        "Chaque fichier .csv s’ouvre dans un tableur. Le fichier donnees.json contient tout, pour une machine.",
        "",
        *(
            f"{section.name}.csv\u00a0: {section.title} ({plural(len(rows), 'ligne', 'lignes')})"
            for section, rows in tables
        ),
        "",
        f"Chaque fichier s’arrête aux {figure(most)}\u00a0lignes les plus récentes de chaque compte.",
        "Les mots de passe et les codes n’y sont pas\u00a0: personne ne les garde en clair. D’un compte bancaire, seule la fin est écrite.",
        "Faire corriger ou effacer\u00a0: écrivez au délégué à la protection des données de votre caisse.",
        "Gardez cette copie en lieu sûr.",
    ]
    return "\r\n".join(lines) + "\r\n"


def _as_json(tables: Tables, at: datetime) -> bytes:
    told = {
        section.title: [dict(zip(("Compte", *section.columns), row, strict=True)) for row in rows]
        for section, rows in tables
    }
    return json.dumps({"Copie faite le": at.isoformat(), **told}, ensure_ascii=False, indent=1).encode()


def _add(file: zipfile.ZipFile, name: str, content: bytes, at: datetime) -> None:
    known = zipfile.ZipInfo(name, at.astimezone(PARIS).timetuple()[:6])
    known.compress_type = zipfile.ZIP_DEFLATED
    file.writestr(known, content)


def _profile(actor: Actor, most: int) -> Iterable[Row]:
    one = Account.objects.select_related("credential").get(pk=own_account(actor))
    told = (
        ("Prénom", one.first_name), ("Nom", one.last_name), ("Fonction", one.job_title), ("Téléphone", one.phone),
        ("Adresse mail", one.credential.email or one.claimed_email), ("Identifiant", one.login_id),
        ("Numéro d’utilisateur", one.user_number), ("Compte créé le", when(one.created_at)),
        ("Première connexion", when(one.opened_at)), ("Dernière connexion", when(one.last_signed_in_at)),
        ("Mot de passe changé le", when(one.credential.password_changed_at)),
        ("Rappels de campagne", "oui" if one.campaign_reminders else "non"),
        ("Mails de versement", one.get_payment_emails_display()), ("Courriers", one.get_letters_display()),
    )  # fmt: skip
    return [(label, str(value)) for label, value in told]


def _sign_ins(actor: Actor, most: int) -> Iterable[Row]:
    lines = journal_of(actor, events=[events.SIGNED_IN.code, events.ENTERED_DEMONSTRATION.code], limit=most)
    return [(when(line.at), str(line.details.get("browser") or "Appareil inconnu")) for line in lines]


def _devices(actor: Actor, most: int) -> Iterable[Row]:
    mine = {"credential__accounts": own_account(actor)}
    for one in Session.objects.filter(**mine).order_by("-seen_at", "-pk")[:most]:
        yield "Session", one.browser or "Appareil inconnu", when(one.seen_at)
    for known in TrustedBrowser.objects.filter(**mine).order_by("-code_validated_at", "-pk")[:most]:
        yield "Navigateur reconnu", known.browser or "Navigateur inconnu", when(known.code_validated_at)


def _texts(actor: Actor, most: int) -> Iterable[Row]:
    rows = (
        Acceptance.objects.filter(account_id=own_account(actor)).select_related("text").order_by("-accepted_at", "-pk")
    )
    return [(row.text.get_kind_display(), str(row.text.version), when(row.accepted_at)) for row in rows[:most]]


def _messages(actor: Actor, most: int) -> Iterable[Row]:
    rows = Message.objects.filter(account_id=actor.account_id, partner_id=actor.partner_id)
    sent = rows.filter(state__in=[MessageState.SENT, MessageState.BOUNCED]).order_by("-created_at", "-reference")
    for row in sent[:most]:
        yield when(row.sent_at or row.created_at), row.get_channel_display(), row.subject, row.body


def _journal(actor: Actor, most: int) -> Iterable[Row]:
    return [(when(line.at), line.sentence, line.by, line.subject) for line in journal_of(actor, limit=most)]


_OWN = (
    Section("profil", "Mon profil", ("Donnée", "Valeur"), _profile, of_closed=True),
    Section("connexions", "Mes connexions", ("Quand", "Appareil"), _sign_ins, of_closed=True),
    Section("appareils", "Mes appareils", ("Genre", "Appareil", "Vu le"), _devices, of_closed=True),
    Section("textes-acceptes", "Textes acceptés", ("Texte", "Version", "Accepté le"), _texts, of_closed=True),
    Section("messages-recus", "Ce que le portail m’a écrit", ("Quand", "Par", "Objet", "Message"), _messages),
    Section(
        "journal", "Qui a fait quoi sur mon compte", ("Quand", "Ce qui s’est passé", "Par", "À propos de"), _journal
    ),
)
