"""« Rechercher un bailleur »: sent by POST, so that no NIR and no mailbox stands in an address or a log."""

from __future__ import annotations

from django.http import HttpResponse

from parvis.agents.services.searches import note_search
from parvis.kit.actors import Duty
from parvis.web.backoffice.files.searching import search as look
from parvis.web.backoffice.forms.files import SearchForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import render


@agent_page(Duty.OPEN_FILES, writes=True)
def search(request: AgentRequest) -> HttpResponse:
    """One field; what it finds is below, the likeliest first."""
    form, results = SearchForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        results = look(request.actor, form.cleaned_data["asked"])
        if results is None:
            form.add_error("asked", "Tapez au moins 3 lettres ou chiffres.")
        else:
            note_search(results, by=request.actor, at=request.now)
    form.forget_nir()
    return render(request, "backoffice/files/search.html", {"form": form, "results": results})
