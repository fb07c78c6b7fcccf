"""Every task, in the order they run where several are due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from parvis.agents.services import sessions as agent_sessions
from parvis.audit import sealing
from parvis.changes.services import attachments, drafts, leaving
from parvis.contact.services import ending as contact
from parvis.correspondence.batches import files
from parvis.declarations.bulk import intake
from parvis.declarations.selectors.grid import norms
from parvis.declarations.services import bundles, campaigns, papers
from parvis.declarations.services.campaigns import bounds, figures, forgetting
from parvis.declarations.services.exchange import endings
from parvis.declarations.services.reminders import writing as reminders
from parvis.exchange.models import DeliveryState
from parvis.exchange.refusals import AlreadyRunning
from parvis.exchange.services import answers, inbound, outbound
from parvis.identity.services import sessions
from parvis.identity.services.own import copying
from parvis.kit.actors import Actor, Duty
from parvis.landlords.services.role import replacing, silence, succeeding
from parvis.landlords.services.supervision import reviewing, unused
from parvis.tenancies.services import payment_emails
from parvis.tenancies.services.transfers import comparing
from parvis.upkeep import retention
from parvis.upkeep.clockwork.rhythm import Daily, Every
from parvis.upkeep.clockwork.task import Counts, Task
from parvis.upkeep.invariants import verifying
from parvis.upkeep.models import TaskRun

_FEEDS = (Duty.WATCH_CLOCKWORK, Duty.RUN_FEEDS)


def _one(words: str, work: Callable[[Actor, datetime], int]) -> Callable[[Actor, datetime], Counts]:
    """A task that counts one thing."""

    def run(by: Actor, at: datetime) -> Counts:
        return {words: work(by, at)}

    return run


def _release_changes(by: Actor, at: datetime) -> Counts:
    done = leaving.release_due(by=by, at=at)
    return {
        "prêtes à partir": done.ready,
        "expirées": done.expired,
        "arrêtées": done.stopped,
        "propositions sans réponse": done.lapsed_offers,
    }


def _take_in(by: Actor, at: datetime) -> Counts:
    """What has arrived in the inbox; an import that somebody started by hand is left alone."""
    if not settings.INBOX.is_dir():
        return {}
    try:
        reports = inbound.take_in(settings.INBOX, by=by, at=at)
    except AlreadyRunning:
        return {}
    taken = sum(one.state == DeliveryState.LOADED and one.sentence != inbound.ALREADY for one in reports)
    return {"livraisons chargées": taken, "retenues ou refusées": sum(one.blocks for one in reports)}


def _send_out(by: Actor, at: datetime) -> Counts:
    leaving.release_due(by=by, at=at)
    written = outbound.send(settings.OUTBOX, by=by, at=at)
    return {
        "livraisons écrites": len(written),
        "déclarations": sum(one.rows for one in written),
        "demandes": sum(one.change_rows for one in written),
    }


_SURELY = timedelta(minutes=15)
"""A change of a bound while rents were being judged, or in the seconds others still judged by the former one, is judged again."""


def _set_aside_rents(_by: Actor, at: datetime) -> Counts:
    """What is ready and out of the bounds, where one was moved since all was last judged; else nothing is read."""
    done_at = TaskRun.objects.filter(name="set_aside_rents").values_list("done_at", flat=True).first()
    if not norms.moved_since(done_at - _SURELY if done_at else None):
        return {}
    return {"loyers à corriger": bounds.set_aside_all(at=at)}


def _suspend_unused(by: Actor, at: datetime) -> Counts:
    """What was announced long enough ago, then what is to be announced."""
    return {"utilisateurs suspendus": unused.suspend(by=by, at=at), "préavis": unused.tell_soon(by=by, at=at)}


TASKS = (
    Task("forget_sessions", "Sessions terminées", "Efface les sessions, codes et compteurs qui ne servent plus.", Every(10),
         _one("sessions de bailleurs effacées", lambda _, at: sessions.forget_ended(at=at))),
    Task("forget_agent_sessions", "Sessions d’agents terminées", "Efface les sessions d’agents qui ne servent plus.", Every(10),
         _one("sessions d’agents effacées", lambda _, at: agent_sessions.forget_ended(at=at))),
    Task("copy_data", "Copies de données personnelles", "Prépare les copies demandées, une fois l’attente passée, et efface les anciennes.",
         Every(10), _one("copies préparées", lambda by, at: copying.prepare_due(by=by, at=at))),
    Task("take_in", "Livraisons de la caisse", "Charge les livraisons arrivées, dans l’ordre.", Every(5), _take_in,
         asked_by=_FEEDS),
    Task("tell_payments", "Annonces de virements", "Écrit aux bailleurs qu’un virement est parti.", Every(10),
         _one("mails préparés", lambda _, at: payment_emails.tell_due(at=at)), after=("take_in",)),
    Task("compare_transfers", "Comparaison des longs virements", "Cherche ce qui change depuis le mois d’avant, locataire par locataire.",
         Every(5), _one("virements comparés", lambda _by, _at: comparing.compare_due()), after=("take_in",)),
    Task("release_changes", "Changements retenus", "Laisse partir les changements dont l’attente est finie, ferme les autres.",
         Every(10), _release_changes),
    Task("set_aside_rents", "Loyers hors des limites", "Met à corriger les loyers prêts que refusent des limites changées depuis.",
         Every(5), _set_aside_rents),
    Task("count_campaign", "Chiffres de la campagne", "Compte où en sont les loyers de juillet, pour le tableau des agents.", Every(15),
         _one("campagnes comptées", lambda _, at: figures.count_due(at=at)), after=("take_in", "set_aside_rents")),
    Task("count_answers", "Réponses de la caisse", "Compte ce que la caisse a répondu, livraison par livraison.", Every(15),
         _one("livraisons comptées", lambda _, at: answers.count_open(at=at)), after=("take_in",)),
    Task("make_batches", "Lots de courriers", "Écrit les fichiers des lots validés, pour l’éditique.", Every(1),
         _one("parties écrites", lambda by, at: files.make_due(by=by, at=at))),
    Task("forget_posted", "Lots de courriers postés", "Efface les fichiers des lettres postées depuis un mois.", Daily(0),
         _one("lots effacés", lambda _, at: files.forget_posted(at=at))),
    Task("promote_deputies", "Suppléants", "Nomme le suppléant quand l’administrateur n’a pas répondu à temps.", Daily(0),
         _one("suppléants nommés", lambda by, at: replacing.promote_deputies(by=by, at=at))),
    Task("replace_administrators", "Remplacements d’administrateurs",
         "Fait les remplacements que deux agents ont accordés, une fois le délai d’opposition passé\u00a0; arrête ceux que personne"
         " n’accorde.", Daily(0),
         _one("remplacements avancés", lambda by, at: succeeding.succeed_due(by=by, at=at) + succeeding.lapse_due(by=by, at=at))),
    Task("notice_silent_administrators", "Administrateurs absents", "Prévient les organismes que personne n’administre plus.",
         Daily(0), _one("organismes prévenus", lambda by, at: silence.notice_silent_administrators(by=by, at=at))),
    Task("suspend_unused_rights", "Droits inutilisés", "Annonce, puis suspend, les droits de qui ne vient plus depuis longtemps.",
         Daily(0), _suspend_unused),
    Task("ask_reviews", "Revues des droits", "Demande chaque année aux administrateurs de revoir qui peut faire quoi.", Daily(0),
         _one("revues demandées", lambda by, at: reviewing.ask_due(by=by, at=at))),
    Task("begin_campaigns", "Ouverture des campagnes", "Donne leurs lignes aux campagnes qui s’ouvrent.", Daily(0),
         _one("lignes mises à jour", lambda by, at: campaigns.begin_due(by=by, at=at))),
    Task("end_managements", "Fins de gestion", "Fait prendre effet aux fins de gestion dont le jour est venu.", Daily(0),
         _one("locations closes", lambda by, at: endings.end_due(by=by, at=at)), after=("begin_campaigns",)),
    # A dwelling that is managed no more is reminded of nothing.
    Task("remind_july", "Rappels de la campagne", "Rappelle leurs loyers de juillet à ceux qui en ont encore, et à eux seuls.",
         Daily(0), _one("rappels préparés", lambda by, at: reminders.remind(by=by, at=at)), after=("end_managements",)),
    Task("remind_declarations", "Relances de déclarations", "Redemande où en est ce qui a été déclaré.", Daily(0),
         _one("relances préparées", lambda by, at: bundles.remind_due(by=by, at=at)), after=("end_managements",)),
    Task("close_silent", "Messages terminés", "Ferme les messages répondus qui restent sans suite.", Daily(0),
         _one("messages fermés", lambda by, at: contact.close_silent(by=by, at=at))),
    Task("measure_answers", "Délai des messages", "Mesure le temps que prend chaque caisse pour répondre aux messages.", Daily(1),
         _one("délais mesurés", lambda by, at: contact.measure(by=by, at=at))),
    Task("forget_unjoined", "Pièces jamais jointes", "Efface les pièces qui n’ont été jointes à rien en un jour.", Daily(0),
         _one("pièces effacées", lambda _, at: attachments.forget_unjoined(at=at))),
    Task("forget_orphans", "Pièces de brouillons abandonnés", "Efface les pièces de brouillons qui ne sont plus.", Daily(0),
         _one("pièces effacées", lambda _, at: papers.forget_orphans(at=at))),
    Task("forget_drafts", "Demandes laissées en route", "Efface les demandes commencées et abandonnées.", Daily(0),
         _one("brouillons effacés", lambda _, at: drafts.forget_old(at=at))),
    Task("forget_rent_files", "Fichiers de loyers", "Efface les fichiers de loyers reçus il y a plus de trente jours.", Daily(0),
         _one("fichiers effacés", lambda _, at: intake.forget_old(at=at))),
    Task("forget_july_drafts", "Loyers jamais transmis", "Efface les loyers saisis et jamais transmis de campagnes closes.", Daily(1),
         _one("loyers effacés", lambda by, at: forgetting.forget_unsent(by=by, at=at))),
    Task("seal_journal", "Scellement du journal", "Enchaîne les nouvelles entrées du journal et sort leur sceau.", Every(1),
         _one("entrées scellées", lambda _, at: sealing.seal(at=at))),
    Task("verify", "Vérification", "Vérifie que rien n’est perdu, doublé ou altéré.", Daily(2), verifying.nightly,
         after=("seal_journal",)),
    Task("purge", "Durées de conservation", "Efface ce qui est gardé depuis assez longtemps.", Daily(3), retention.purge,
         after=("verify",)),
    Task("send_out", "Envoi à la caisse", "Écrit la livraison de ce que les bailleurs ont déclaré et demandé.", Daily(20),
         _send_out, asked_by=_FEEDS),
    Task("write_again", "Livraisons à écrire à nouveau", "Réécrit, à l’octet près, les livraisons qu’un agent redemande.", Every(1),
         _one("livraisons réécrites", lambda by, at: outbound.write_asked(settings.OUTBOX, by=by, at=at)), asked_by=_FEEDS),
)  # fmt: skip
BY_NAME = {task.name: task for task in TASKS}
