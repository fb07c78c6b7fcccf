"""The rules and the terms that people accept: another version, looked at, then published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.identity.kinds import TextKind
from parvis.identity.models import TextVersion
from parvis.identity.selectors import texts as selectors
from parvis.identity.services.own import texts as services
from parvis.kit.actors import Duty
from parvis.kit.refusals import ChangedMeanwhile, NotFound, Refusal
from parvis.web.backoffice.desk.compared import compared
from parvis.web.backoffice.forms.settings import PublishForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import render


@agent_page(Duty.EDIT_TEXTS, writes=True)
def accepted(request: AgentRequest, accepted: str) -> HttpResponse:
    """The version in force, those before, and the form of the next one."""
    if accepted not in set(TextKind):
        raise NotFound
    kind = TextKind(accepted)
    versions = selectors.versions(kind, at=request.now)
    again = _again(request, versions)
    form = PublishForm(request.POST if request.method == "POST" else None, initial=again)
    shown: list[dict[str, Any]] | None = None
    is_behind = False
    if form.is_valid():
        summary, body = _summary(form.cleaned_data["summary"]), in_parts(form.cleaned_data["body"])
        try:
            services.check(summary, body)
            if "publier" in request.POST:
                seen = form.cleaned_data["seen"]
                said = {"summary": summary, "body": body, "reason": form.cleaned_data["reason"], "seen": seen}
                services.publish(kind, **said, by=request.actor, at=request.now)
                messages.success(request, "C’est fait. Chacun lira ce qui change à sa prochaine connexion.")
                return HttpResponseRedirect(reverse("agent-accepted", args=[accepted]))
            shown = body
        except Refusal as refusal:
            is_behind = isinstance(refusal, ChangedMeanwhile)
            form.refuse(refusal)
    typed = form.cleaned_data.get("seen") if form.is_bound else None
    context = {
        "kind": kind,
        "versions": versions,
        "form": form,
        "shown": shown,
        "differences": compared(in_lines(versions[0]), form.cleaned_data["body"]) if shown else [],
        "taken": again.get("taken"),
        "seen": versions[0].version if typed is None or is_behind else typed,
        "online": versions[0].body if is_behind else None,
    }
    return render(request, "backoffice/texts/accepted.html", context)


def _again(request: AgentRequest, versions: list[TextVersion]) -> dict[str, Any]:
    """What the form begins with: the words in force, or those of a former version one takes up again."""
    asked = request.GET.get("reprendre", "")[:5]
    former = next((text for text in versions[1:] if str(text.version) == asked), None)
    if former is None:
        return {"body": in_lines(versions[0])}
    reason = f"Version {former.version} reprise"
    return {"body": in_lines(former), "reason": reason, "taken": former.version}


def in_lines(text: TextVersion) -> str:
    """A version as it is typed: « ## » before a title, a blank line between paragraphs."""
    return "\n\n".join(f"## {part['title']}\n\n" + "\n\n".join(part["paragraphs"]) for part in text.body)


def in_parts(typed: str) -> list[dict[str, Any]]:
    """What was typed, as versions keep it; what comes before the first title has none."""
    parts: list[dict[str, Any]] = []
    for block in typed.replace("\r\n", "\n").split("\n\n"):
        words = " ".join(block.split())
        if words.startswith("##"):
            parts.append({"title": words.lstrip("# "), "paragraphs": []})
        elif words:
            if not parts:
                parts.append({"title": "", "paragraphs": []})
            parts[-1]["paragraphs"].append(words)
    return parts


def _summary(typed: str) -> list[str]:
    return [words for line in typed.splitlines() if (words := " ".join(line.split()))]
