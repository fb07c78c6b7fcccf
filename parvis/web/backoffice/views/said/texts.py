"""« Textes » : what the portal says, edited without a deployment, each version kept."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.identity.kinds import TextKind
from parvis.kit.actors import Duty
from parvis.kit.refusals import ChangedMeanwhile, NotFound, Refusal
from parvis.parameters import texts as services
from parvis.parameters.texts import Family
from parvis.web.backoffice.acting import acted
from parvis.web.backoffice.desk.compared import Difference, compared
from parvis.web.backoffice.forms.settings import TextForm, seen_in
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.views.running.keys import key_in
from parvis.web.frame.render import render


@agent_page(Duty.EDIT_TEXTS)
def families(request: AgentRequest) -> HttpResponse:
    """Every family of texts, and the two texts that people accept."""
    context = {"families": services.families(), "accepted": [(kind.value, kind.label) for kind in TextKind]}
    return render(request, "backoffice/texts/families.html", context)


@agent_page(Duty.EDIT_TEXTS)
def family(request: AgentRequest, family: str) -> HttpResponse:
    """The texts of one family; those that were edited are marked."""
    found, edited = services.family_of(family), services.edited(family)
    groups: dict[str, list[tuple[str, str, bool]]] = {}
    for entry in services.entries_of(found):
        groups.setdefault(entry.group, []).append((entry.key, entry.title, entry.key in edited))
    return render(request, "backoffice/texts/family.html", {"family": found, "groups": groups})


@agent_page(Duty.EDIT_TEXTS, writes=True)
def add(request: AgentRequest, family: str) -> HttpResponse:
    """A code that the portal does not know yet."""
    found = services.family_of(family)
    if not found.new_key:
        raise NotFound
    form = TextForm(request.POST if request.method == "POST" else None, family=found, new=True)
    return _edited(request, found, None, form)


@agent_page(Duty.EDIT_TEXTS, writes=True)
def text(request: AgentRequest, family: str, text: str) -> HttpResponse:
    """One text: edited, looked at, published; or what the portal came with again."""
    found = services.family_of(family)
    initial = dict(services.fields_of(found, text))
    if request.method == "POST" and "retablir" in request.POST:
        return _restored(request, found, text)
    if request.method == "POST" and "reprendre" in request.POST:
        return _taken_again(request, found, text)
    form = TextForm(request.POST if request.method == "POST" else None, family=found, initial=initial)
    return _edited(request, found, text, form)


def _restored(request: AgentRequest, family: Family, key: str) -> HttpResponse:
    """What the portal came with, again; what was added goes, and its page with it."""
    origin, seen, is_ours = "Texte d’origine rétabli", key_in(request.POST, "seen"), bool(family.default(key))
    words = "Le texte d’origine est de nouveau en ligne." if is_ours else "C’est retiré. Ses versions sont gardées."
    reason = origin if is_ours else "Retiré"
    acted(
        request,
        lambda: services.restore(family, key, reason=reason, seen=seen, by=request.actor, at=request.now),
        words,
    )
    if key not in {entry.key for entry in services.entries_of(family)}:
        return HttpResponseRedirect(reverse("agent-text-family", args=[family.code]))
    return HttpResponseRedirect(reverse("agent-text", args=[family.code, key]))


def _taken_again(request: AgentRequest, family: Family, key: str) -> HttpResponse:
    """A former version, in force again."""
    version, seen = key_in(request.POST, "reprendre"), key_in(request.POST, "seen")
    if version is None:
        raise NotFound
    acted(
        request,
        lambda: services.take_again(family, key, version, seen=seen, by=request.actor, at=request.now),
        "Cette version est de nouveau en ligne.",
    )
    return HttpResponseRedirect(reverse("agent-text", args=[family.code, key]))


def _edited(request: AgentRequest, family: Family, key: str | None, form: TextForm) -> HttpResponse:
    """Show the form, its preview when one was asked for, or publish what it holds."""
    shown, is_behind = None, False
    if form.is_valid():
        name = key or " ".join(str(form.cleaned_data.get("key", "")).split())
        try:
            if key is None:
                services.check_new(family, name)
            if "publier" in request.POST:
                reason = form.cleaned_data["reason"]
                seen = form.cleaned_data["seen"]
                services.edit(
                    family, name, form.cleaned_data, reason=reason, seen=seen, by=request.actor, at=request.now
                )
                messages.success(request, "C’est fait. Le texte est en ligne dans deux secondes.")
                return HttpResponseRedirect(reverse("agent-text-family", args=[family.code]))
            shown = services.read_fields(family, form.cleaned_data)
            services.check_text(family, name, shown, at=request.now)
        except Refusal as refusal:
            shown = None
            is_behind = isinstance(refusal, ChangedMeanwhile)
            form.refuse(refusal)
    history = services.history_of(family.code, key) if key else []
    entries = {entry.key: entry.title for entry in services.entries_of(family)}
    context = {
        "family": family,
        "key": key,
        "title": entries.get(key or "", family.new_title),
        "form": form,
        "shown": [(field.label, shown[field.name].splitlines()) for field in family.fields if shown[field.name]]
        if shown
        else None,
        "differences": _differences(family, key, shown),
        "history": history,
        "seen": seen_in(form, history[0].pk if history else 0, is_behind=is_behind),
        "online": services.fields_of(family, key) if key and is_behind else None,
        "is_edited": key in services.edited(family.code),
        "is_ours": key is None or bool(family.default(key)),
    }
    return render(request, "backoffice/texts/text.html", context)


def _differences(family: Family, key: str | None, shown: dict[str, str] | None) -> list[Difference]:
    """What the words looked at change in those that are online."""
    if key is None or shown is None:
        return []
    online = services.fields_of(family, key)
    before, after = ("\n".join(words.get(part.name, "") for part in family.fields) for words in (online, shown))
    return compared(before, after)
