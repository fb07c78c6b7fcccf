"""Everything that calls for somebody, on one page: each alarm with its sentence and where to act. An agent sees those of their duties.

A topic adds its own function to ``_ALARMS``: what stands still, what fails, what has waited too long. What is merely to be done every
day is no alarm: it has its queue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from parvis.agents.selectors.alerts import alerts
from parvis.agents.selectors.exports import awaiting_agreement
from parvis.audit.selectors import last_check
from parvis.changes.selectors.flagged import flagged_changes
from parvis.contact.selectors.queue import late_at_desks
from parvis.correspondence.batches.selectors import late_batches, late_letters
from parvis.correspondence.batches.services import spent_this_month
from parvis.correspondence.models import BatchState, LetterBatch
from parvis.correspondence.selectors import waiting
from parvis.declarations.models import CampaignWave
from parvis.declarations.selectors.deciding import awaiting_decision
from parvis.exchange.selectors import health
from parvis.kit.actors import Actor, Duty
from parvis.kit.clock import day_in_paris
from parvis.kit.money import euros
from parvis.kit.periods import day, moment
from parvis.kit.text import plural
from parvis.landlords.selectors.for_agents.confirmations import awaiting_second
from parvis.landlords.selectors.for_agents.letters import letters_exhausted
from parvis.landlords.selectors.returned import doubtful_addresses
from parvis.landlords.selectors.supervised import late_reviews
from parvis.parameters import catalogue
from parvis.parameters.selectors import duration, value
from parvis.upkeep.selectors import lines_of
from parvis.web.frame.templating import address

WAITED_TOO_LONG = timedelta(days=7)
"""A declaration, an account or an address nobody has looked at since."""
NOT_VERIFIED_FOR = timedelta(days=2)
MOST = 100


class Alarm(NamedTuple):
    """One thing that calls for somebody: ``kind`` is ``bad`` (it stands still, it is lost) or ``warm`` (it waits)."""

    kind: str
    title: str
    sentence: str
    act: str
    url: str
    icon: str


def alarms_for(actor: Actor, *, at: datetime) -> list[Alarm]:
    """What calls for this agent, the worst first."""
    found = [alarm for duty, find in _ALARMS if actor.holds(duty) for alarm in find(actor, at)]
    return sorted(found, key=lambda alarm: alarm.kind != "bad")


def _coming(actor: Actor, at: datetime) -> Iterator[Alarm]:
    for feed in health.feeds(at=at):
        if feed.late_by and feed.expected_by:
            title = f"Le flux «\u00a0{feed.title}\u00a0» est en retard"
            sentence = f"Attendu le {moment(feed.expected_by)}. Les bailleurs voient des données plus anciennes."
            yield Alarm("warm", title, sentence, "Voir les flux", address("agent-feeds"), "inbox")
    for delivery in health.held():
        sentence = f"{delivery.sentence} Deux agents peuvent la libérer.".strip()
        url = address("agent-delivery", delivery.pk)
        yield Alarm("bad", f"La livraison {delivery.sequence} est retenue", sentence, "Voir la livraison", url, "lock")
    awaited, early = health.missing_sequence()
    if early:
        sentence = f"La suivante est déjà arrivée\u00a0: {early[0]}. Rien n’est pris tant que la {awaited} manque."
        yield Alarm("bad", f"La livraison {awaited} manque", sentence, "Voir les flux", address("agent-feeds"), "inbox")


def _leaving(actor: Actor, at: datetime) -> Iterator[Alarm]:
    going = health.going(at=at)
    if going.late_by and going.oldest_at:
        sentence = f"Depuis le {moment(going.oldest_at)}\u00a0: {_what_waits(going)}."
        yield Alarm(
            "bad", "L’envoi vers la caisse est en retard", sentence, "Voir les flux", address("agent-feeds"), "send"
        )
    queue = waiting(at=at)
    if queue.oldest_due_at is not None and at - queue.oldest_due_at > duration(catalogue.MESSAGES_LEAVE_IN):
        sentence = f"{plural(queue.due, 'message attend', 'messages attendent')}, le plus ancien depuis le {moment(queue.oldest_due_at)}."
        yield Alarm("bad", "Les messages ne partent plus", sentence, "Voir les flux", address("agent-feeds"), "mail")
    if queue.failed:
        sentence = "Boîte mail ou adresse refusée. Essayez à nouveau, ou abandonnez l’envoi."
        title = plural(queue.failed, "message n’a pas pu partir", "messages n’ont pas pu partir")
        yield Alarm("warm", title, sentence, "Voir les messages", address("agent-messages"), "mail")


def _what_waits(going: health.Going) -> str:
    counted = (
        (going.declarations, "déclaration", "déclarations"),
        (going.changes, "demande", "demandes"),
        (going.papers, "pièce", "pièces"),
        (going.unwritten, "livraison à écrire", "livraisons à écrire"),
    )
    return ", ".join(plural(count, one, many) for count, one, many in counted if count)


def _tasks(actor: Actor, at: datetime) -> Iterator[Alarm]:
    for line in lines_of(at=at):
        url = f"{address('agent-tasks')}#{line.task.name}"
        if line.state == "late":
            sentence = (
                f"Elle devait commencer le {moment(line.run.due_at)}. Un processus de travail est-il arrêté\u00a0?"
            )
            yield Alarm(
                "bad", f"«\u00a0{line.task.label}\u00a0» est en retard", sentence, "Voir la tâche", url, "clock"
            )
        elif line.state == "failed":
            sentence = f"{plural(line.run.failures, 'essai', 'essais')}. Elle est reprise d’elle-même. Si cela dure, prévenez l’exploitant."
            yield Alarm("warm", f"«\u00a0{line.task.label}\u00a0» a échoué", sentence, "Voir la tâche", url, "clock")


def _letters(actor: Actor, at: datetime) -> Iterator[Alarm]:
    spent, budget = spent_this_month(at=at), value(catalogue.LETTER_BUDGET) * 100
    if spent > budget:
        sentence = f"{euros(spent)} validés ce mois-ci, pour {euros(budget)}. Les lettres partent quand même."
        yield Alarm(
            "warm", "Le budget des courriers est dépassé", sentence, "Voir les lots", address("agent-letters"), "euro"
        )
    stuck = LetterBatch.objects.filter(state=BatchState.APPROVED, made_at=None).exclude(failure="")
    for batch in stuck.order_by("pk")[:MOST]:
        url = address("agent-batch", batch.number)
        yield Alarm("bad", f"Le lot {batch.number} ne peut pas être écrit", batch.failure, "Voir le lot", url, "mail")
    for batch in LetterBatch.objects.filter(state=BatchState.HANDED_OVER).exclude(failure="").order_by("pk")[:MOST]:
        url = address("agent-batch", batch.number)
        title = f"Le lot {batch.number} est à vérifier auprès de l’éditique"
        yield Alarm("warm", title, batch.failure, "Voir le lot", url, "mail")


def _late_letters(actor: Actor, at: datetime) -> Iterator[Alarm]:
    late = late_letters(at=at)
    if late.oldest_on is not None:
        title = f"{plural(late.letters, 'lettre attend', 'lettres attendent')} un lot depuis plus d’un jour ouvré"
        sentence = f"La plus ancienne est prête depuis le {day(late.oldest_on)}. Rien ne part tant que personne ne prépare de lot."
        yield Alarm("warm", title, sentence, "Préparer un lot", address("agent-letters"), "mail")
    for batch in late_batches(at=at)[:MOST]:
        title, sentence = _what_holds(batch)
        url = address("agent-batch", batch.number)
        yield Alarm("warm", f"Le lot {batch.number} {title}", sentence, "Voir le lot", url, "mail")


def _what_holds(batch: LetterBatch) -> tuple[str, str]:
    """What a late batch waits for, and whom."""
    if batch.handed_over_at is not None:
        sentence = f"Envoyé à l’éditique le {moment(batch.handed_over_at)}. Demandez-lui le jour du dépôt, et notez-le."
        return "n’est pas posté", sentence
    if batch.made_at is not None:
        sentence = f"Ses fichiers sont prêts depuis le {moment(batch.made_at)}. Notez leur envoi à l’éditique."
        return "n’est pas envoyé à l’éditique", sentence
    if batch.approved_at is not None:
        sentence = f"Validé le {moment(batch.approved_at)}, sans ses fichiers. Prévenez l’exploitant."
        return "n’est toujours pas écrit", sentence
    sentence = f"Préparé le {moment(batch.prepared_at)} par {batch.prepared_by}. Un autre agent doit le valider."
    return "attend une validation", sentence


def _credential_letters(actor: Actor, at: datetime) -> Iterator[Alarm]:
    exhausted = letters_exhausted(at=at)
    if exhausted is not None:
        limit = plural(value(catalogue.LETTERS_A_DAY), "lettre", "lettres")
        told = (
            f"Jusqu’au {moment(exhausted.until)}, plus aucune demande n’en donne."
            if exhausted.until
            else "D’autres demandes n’en ont pas donné. Elles le peuvent à nouveau."
        )
        sentence = f"{limit} au plus en un jour. {told} Cherchez qui en demande tant."
        title = "Les lettres d’identifiants du jour sont épuisées"
        yield Alarm("bad", title, sentence, "Voir les réglages", address("agent-parameters"), "lock")


def _returned(actor: Actor, at: datetime) -> Iterator[Alarm]:
    oldest = next(iter(doubtful_addresses(actor, limit=1)), None)
    if oldest is not None and oldest.noted_at < at - WAITED_TOO_LONG:
        sentence = f"La plus ancienne depuis le {moment(oldest.noted_at)}. Rien d’autre ne part vers elles d’ici là."
        url = address("agent-returns")
        yield Alarm("warm", "Des adresses attendent une vérification", sentence, "Vérifier les adresses", url, "inbox")


def _declarations(actor: Actor, at: datetime) -> Iterator[Alarm]:
    oldest = next(iter(awaiting_decision(actor, limit=1)), None)
    if oldest is not None and oldest.submitted_at < at - WAITED_TOO_LONG:
        sentence = f"La plus ancienne a été transmise le {moment(oldest.submitted_at)}. Le bailleur attend."
        url = address("agent-declarations")
        yield Alarm("warm", "Des déclarations attendent depuis une semaine", sentence, "Traiter la file", url, "inbox")


def _messages(actor: Actor, at: datetime) -> Iterator[Alarm]:
    late = late_at_desks(actor, today=day_in_paris(at))
    if late.oldest_at is not None:
        count = plural(late.how_many, "message attend", "messages attendent")
        title = f"{f'Plus de {count}' if late.and_more else count} au-delà du délai annoncé"
        sentence = f"Le plus ancien depuis le {moment(late.oldest_at)}. Le bailleur attend."
        yield Alarm("warm", title, sentence, "Voir les messages", address("agent-conversations"), "mail")


def _accounts(actor: Actor, at: datetime) -> Iterator[Alarm]:
    oldest = next(iter(flagged_changes(actor, limit=1)), None)
    if oldest is not None and oldest.asked_at < at - WAITED_TOO_LONG:
        sentence = (
            f"Le plus ancien a été demandé le {moment(oldest.asked_at)}. Il ne part pas tant que personne n’a décidé."
        )
        url = address("agent-bank-changes")
        yield Alarm("warm", "Des comptes bancaires signalés attendent", sentence, "Voir les comptes", url, "bank")


def _waves(actor: Actor, at: datetime) -> Iterator[Alarm]:
    held = actor.offices_of(Duty.RUN_CAMPAIGN)
    paused = CampaignWave.objects.filter(paused_at__isnull=False, year__gte=day_in_paris(at).year - 1).order_by(
        "-year", "pk"
    )
    for wave in paused[:MOST]:
        if wave.paused_at is not None and (held is None or wave.office_id in held):
            sentence = f"Mis en pause le {moment(wave.paused_at)} par {wave.paused_by}. Rien n’en part tant que personne ne le reprend."
            url = f"{address('agent-campaign-waves')}?annee={wave.year}"
            yield Alarm("warm", f"Un rappel de {wave.year} est en pause", sentence, "Voir les rappels", url, "cal")


def _chain(actor: Actor, at: datetime) -> Iterator[Alarm]:
    if actor.offices_of(Duty.READ_JOURNAL) is not None:
        return
    check, url = last_check(), address("agent-journal")
    if check is not None and check.row:
        sentence = f"{check.sentence} Ne réparez rien. Prévenez l’exploitant et le délégué à la protection des données."
        yield Alarm("bad", "La chaîne du journal est rompue", sentence, "Voir le journal", url, "book")
    elif check is not None and check.at < at - NOT_VERIFIED_FOR:
        sentence = f"Dernière vérification le {moment(check.at)}. Elle a lieu chaque nuit."
        yield Alarm("warm", "Le journal n’est plus vérifié", sentence, "Voir le journal", url, "book")


def _alerts(actor: Actor, at: datetime) -> Iterator[Alarm]:
    standing = alerts(actor)
    if standing:
        title = plural(len(standing), "alerte sur ce que font des agents", "alertes sur ce que font des agents")
        kinds = ", ".join(sorted({alert.get_kind_display().lower() for alert in standing}))
        sentence = f"{kinds[:1].upper()}{kinds[1:]}."
        yield Alarm("warm", title, sentence, "Voir les alertes", address("agent-alerts"), "eye")


def _reviews(actor: Actor, at: datetime) -> Iterator[Alarm]:
    late = late_reviews(actor, limit=MOST, at=at)
    if late:
        count = (
            f"{MOST}\u00a0organismes au moins n’ont"
            if len(late) == MOST
            else plural(len(late), "organisme n’a", "organismes n’ont")
        )
        whom, which = (
            ("l’administrateur", "La revue")
            if len(late) == 1
            else ("leurs administrateurs", "La revue la plus ancienne")
        )
        sentence = f"{which} attend depuis le {day(late[0][1].due_on)}. Appelez {whom}."
        title = f"{count} pas revu les droits de l’année"
        yield Alarm("warm", title, sentence, "Voir les revues", address("agent-reviews"), "users")


def _newcomers(actor: Actor, at: datetime) -> Iterator[Alarm]:
    for one in awaiting_second(actor, limit=MOST, at=at):
        title = f"{one.landlord}\u00a0: un administrateur attend un second agent"
        sentence = f"{one.name}, proposé par {one.proposed_by} le {moment(one.proposed_at)}. Vérifiez son mandat."
        url = address("account-confirm", str(one.partner_id), one.reference)
        yield Alarm("warm", title, sentence, "Confirmer ou non", url, "users")


def _exports(actor: Actor, at: datetime) -> Iterator[Alarm]:
    for one in awaiting_agreement(actor, at=at):
        title, lines = f"{one.asked_by} demande un fichier", plural(one.rows, "ligne", "lignes")
        sentence = f"{one.title}, {lines}. Il ne part que si un autre agent l’accorde."
        yield Alarm("warm", title, sentence, "Accorder ou non", address("agent-exports"), "file")


_ALARMS: tuple[tuple[Duty, Callable[[Actor, datetime], Iterator[Alarm]]], ...] = (
    (Duty.RUN_FEEDS, _coming),
    (Duty.RUN_FEEDS, _leaving),
    (Duty.WATCH_CLOCKWORK, _tasks),
    (Duty.BATCH_LETTERS, _letters),
    (Duty.BATCH_LETTERS, _late_letters),
    (Duty.SET_PARAMETERS, _credential_letters),
    (Duty.READ_JOURNAL, _chain),
    (Duty.READ_JOURNAL, _alerts),
    (Duty.DECIDE_DECLARATIONS, _declarations),
    (Duty.ANSWER_MESSAGES, _messages),
    (Duty.DECIDE_BANK_DETAILS, _accounts),
    (Duty.NOTE_RETURNED_LETTER, _returned),
    (Duty.RUN_CAMPAIGN, _waves),
    (Duty.SUSPEND_ACCOUNTS, _reviews),
    (Duty.REPLACE_ADMINISTRATORS, _newcomers),
    (Duty.OPEN_FILES, _exports),
)
