"""What an agent takes from a user, and gives back: a right, a delegation, a password too old, the role of who was removed."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse

from parvis.kit.actors import Duty, Right
from parvis.kit.periods import moment
from parvis.kit.refusals import NotFound
from parvis.landlords import rules
from parvis.landlords.selectors.for_agents.accounts import AccountCard
from parvis.landlords.selectors.for_agents.files import LandlordFile
from parvis.landlords.selectors.role import confirmation_proposed
from parvis.landlords.selectors.supervised import PAGE, acts_for, late_reviews, taken_from
from parvis.landlords.selectors.users import administers_since
from parvis.landlords.services import by_agent
from parvis.landlords.services.role import confirming
from parvis.landlords.services.supervision import removing, suspending
from parvis.parameters.catalogue import NEW_ADMINISTRATOR_WAITS
from parvis.parameters.selectors import duration
from parvis.web.backoffice.forms.acts import ActForm, ChoiceForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.views.acts.accounts import AccountAct, page_of
from parvis.web.frame.render import render

Facts = list[tuple[str, str]]


def _rights(file: LandlordFile, card: AccountCard, form: ActForm, at: datetime) -> Facts:
    assert isinstance(form, ChoiceForm)
    form.offer("Quel droit suspendre", [(right.value, right.label) for right in Right if right in card.rights])
    return [("Droits", ", ".join(rules.labels(card.rights)) or "Aucun")]


def _suspended(file: LandlordFile, card: AccountCard, form: ActForm, at: datetime) -> Facts:
    assert isinstance(form, ChoiceForm)
    taken = taken_from(card.id, at=at)
    rows = [*taken.suspended, *taken.unused]
    form.offer("Quel droit rendre", [(row.right, Right(row.right).label) for row in rows])
    return [
        (Right(row.right).label, f"suspendu le {moment(row.suspended_at)} par {row.suspended_by}. {row.reason}")
        for row in rows
    ]


def _suspend(request: AgentRequest, file: LandlordFile, holder: str, form: ActForm) -> str:
    right, reason = Right(form.cleaned_data["choice"]), form.cleaned_data["reason"]
    done = suspending.suspend_right(file.partner_id, holder, right, reason=reason, by=request.actor, at=request.now)
    said = f"Le droit «\u00a0{right.label}\u00a0»"
    return f"{said} est suspendu. Un mail prévient la personne." if done else f"{said} était déjà suspendu."


def _give_back(request: AgentRequest, file: LandlordFile, holder: str, form: ActForm) -> str:
    right, reason = Right(form.cleaned_data["choice"]), form.cleaned_data["reason"]
    suspending.give_right_back(file.partner_id, holder, right, reason=reason, by=request.actor, at=request.now)
    return f"Le droit «\u00a0{right.label}\u00a0» est rendu. Un mail prévient la personne."


def _offices(file: LandlordFile, card: AccountCard, form: ActForm, at: datetime) -> Facts:
    assert isinstance(form, ChoiceForm)
    acted_for = acts_for(card.id, file.partner_id)
    named = {known.office_code: known.office_name for known in file.known_as}
    form.offer("Quelle caisse", [(code, name) for code, name in named.items() if code in acted_for])
    return []


def _withdrawn(file: LandlordFile, card: AccountCard, form: ActForm, at: datetime) -> Facts:
    assert isinstance(form, ChoiceForm)
    rows = [row for row in taken_from(card.id, at=at).withdrawn if row.office_id in file.offices]
    form.offer("Quelle caisse", [(row.office_id, row.office.name) for row in rows])
    return [
        (row.office.name, f"retirée le {moment(row.withdrawn_at)} par {row.withdrawn_by}. {row.reason}") for row in rows
    ]


def _withdraw(request: AgentRequest, file: LandlordFile, holder: str, form: ActForm) -> str:
    office, reason = form.cleaned_data["choice"], form.cleaned_data["reason"]
    done = suspending.withdraw_delegation(
        file.partner_id, holder, office, reason=reason, by=request.actor, at=request.now
    )
    return "La délégation est retirée. Un mail prévient la personne." if done else "Elle était déjà retirée."


def _delegate_again(request: AgentRequest, file: LandlordFile, holder: str, form: ActForm) -> str:
    office, reason = form.cleaned_data["choice"], form.cleaned_data["reason"]
    suspending.give_delegation_back(file.partner_id, holder, office, reason=reason, by=request.actor, at=request.now)
    return "La délégation est rendue. Un mail prévient la personne."


def _demand_password(request: AgentRequest, file: LandlordFile, holder: str, form: ActForm) -> str:
    reason = form.cleaned_data["reason"]
    done = by_agent.demand_password(file.partner_id, holder, reason=reason, by=request.actor, at=request.now)
    if not done:
        return "C’était déjà demandé."
    return "La personne choisira un nouveau mot de passe à sa prochaine connexion. Un mail la prévient."


def _removal(file: LandlordFile, card: AccountCard, form: ActForm, at: datetime) -> Facts:
    removal = taken_from(card.id, at=at).removal
    if removal is None:
        return []
    held = ", ".join(rules.labels({Right(right) for right in removal.rights}))
    return [
        ("Retiré", f"le {moment(removal.removed_at)} par {removal.removed_by}"),
        ("Droits d’alors", held),
        ("Réversible jusqu’au", moment(removal.reversible_until)),
    ]


def _reverse(request: AgentRequest, file: LandlordFile, holder: str, form: ActForm) -> str:
    removing.reverse(file.partner_id, holder, reason=form.cleaned_data["reason"], by=request.actor, at=request.now)
    return "La personne administre à nouveau, avec ses droits d’alors. Tous sont prévenus."


def _newcomer(file: LandlordFile, card: AccountCard, form: ActForm, at: datetime) -> Facts:
    since = administers_since(card.id, at=at)
    if since is None:
        return []
    facts = [("Administre depuis le", moment(since))]
    if card.is_confirmable:
        facts.append(
            ("Sans confirmation, peut nommer et retirer à partir du", moment(since + duration(NEW_ADMINISTRATOR_WAITS)))
        )
    proposed = confirmation_proposed(card.id, since=since)
    if proposed is not None:
        facts.append(("Proposé", f"le {moment(proposed.proposed_at)} par {proposed.proposed_by}. {proposed.reason}"))
        facts.append(("Attend", "l’accord d’un second agent"))
    return facts


def _confirm(request: AgentRequest, file: LandlordFile, holder: str, form: ActForm) -> str:
    reason = form.cleaned_data["reason"]
    if confirming.confirm(file.partner_id, holder, reason=reason, by=request.actor, at=request.now):
        return "L’administrateur est confirmé\u00a0: il n’attend plus. Un mail le prévient."
    return "Un autre agent doit maintenant confirmer. Rien ne change d’ici là."


suspend_right = page_of(
    AccountAct(
        Duty.SUSPEND_ACCOUNTS,
        "Suspendre un droit",
        "Un seul droit, aussitôt. Les autres restent. Aucun administrateur ne peut le rendre\u00a0: vous seuls, ici.",
        "Suspendre ce droit",
        _suspend,
        ChoiceForm,
        kind="danger",
        prepare=_rights,
    )
)
give_right_back = page_of(
    AccountAct(
        Duty.SUSPEND_ACCOUNTS,
        "Rendre un droit",
        "Le droit revient comme il était, sauf si sa date de fin est passée.",
        "Rendre ce droit",
        _give_back,
        ChoiceForm,
        prepare=_suspended,
    )
)
withdraw_delegation = page_of(
    AccountAct(
        Duty.SUSPEND_ACCOUNTS,
        "Retirer la délégation",
        "La personne n’agit plus pour cette caisse et n’y voit plus de locataire. Rien ne change pour les autres caisses.",
        "Retirer la délégation",
        _withdraw,
        ChoiceForm,
        kind="danger",
        prepare=_offices,
    )
)
give_delegation_back = page_of(
    AccountAct(
        Duty.SUSPEND_ACCOUNTS,
        "Rendre la délégation",
        "La personne agit à nouveau pour cette caisse, avec les droits qu’elle a.",
        "Rendre la délégation",
        _delegate_again,
        ChoiceForm,
        prepare=_withdrawn,
    )
)
demand_password = page_of(
    AccountAct(
        Duty.SUSPEND_ACCOUNTS,
        "Demander un nouveau mot de passe",
        "Ses sessions s’arrêtent. À sa prochaine connexion, elle entre son mot de passe, puis en choisit un autre, pour tous ses"
        " comptes rapprochés.",
        "Demander le changement",
        _demand_password,
        kind="danger",
    )
)
reverse_removal = page_of(
    AccountAct(
        Duty.REPLACE_ADMINISTRATORS,
        "Rétablir l’administrateur",
        "Un autre administrateur l’a retiré il y a peu. Elle retrouve son rôle, ses droits et son accès.",
        "Rétablir",
        _reverse,
        prepare=_removal,
    )
)


confirm_administrator = page_of(
    AccountAct(
        Duty.REPLACE_ADMINISTRATORS,
        "Confirmer l’administrateur",
        "Il vient de prendre ce rôle\u00a0: il travaille, mais ne nomme ni ne retire encore d’administrateur. Deux agents qui ont"
        " vérifié son mandat lèvent cette attente. Un doute\u00a0? Ne confirmez pas\u00a0: remplacez-le.",
        "Confirmer",
        _confirm,
        prepare=_newcomer,
    )
)


@agent_page(Duty.SUSPEND_ACCOUNTS)
def reviews(request: AgentRequest) -> HttpResponse:
    """The organisations that have not looked at their rights in time."""
    asked = request.GET.get("apres", "")
    if asked and not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        raise NotFound
    found = late_reviews(request.actor, after=int(asked or 0), limit=PAGE + 1, at=request.now)
    following = f"?apres={found[PAGE - 1][0]}" if len(found) > PAGE else None
    context = {"lines": [line for _, line in found[:PAGE]], "following": following, "first": "?" if asked else None}
    return render(request, "backoffice/people/reviews.html", context)
