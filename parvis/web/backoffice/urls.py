"""Addresses of the back office: all of them under « agents/ »."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.backoffice.addresses import campaign, files, letters, queue, running, said
from parvis.web.backoffice.views import home, own, people
from parvis.web.backoffice.views.entrance import door, enrolment

urlpatterns: list[URLPattern] = [
    path("agents/", home.home, name="agent-home"),
    path("agents/alarmes/", home.alarms, name="agent-alarms"),
    path("agents/connexion/", door.sign_in, name="agent-sign-in"),
    path("agents/connexion/code/", door.code, name="agent-code"),
    path("agents/deconnexion/", door.sign_out, name="agent-sign-out"),
    path("agents/rester/", door.keep_alive, name="agent-keep-alive"),
    path("agents/bienvenue/<str:enrolment>/", enrolment.password, name="agent-enrolment"),
    path("agents/bienvenue/<str:enrolment>/code/", enrolment.code, name="agent-enrolment-code"),
    path("agents/mon-acces/", own.own, name="agent-own"),
    path("agents/mon-acces/mot-de-passe/", own.password, name="agent-own-password"),
    path("agents/mon-acces/codes-de-secours/", own.recovery, name="agent-own-recovery"),
    path("agents/mon-acces/sessions/<int:agent_session>/fermer/", own.close_session, name="agent-own-session"),
    path("agents/agents/", people.people, name="agents"),
    path("agents/agents/inviter/", people.invite, name="agent-invite"),
    path("agents/agents/<uuid:agent>/", people.sheet, name="agent-sheet"),
    path("agents/agents/<uuid:agent>/fermer/", people.close, name="agent-close"),
    path("agents/agents/<uuid:agent>/reinscrire/", people.start_anew, name="agent-anew"),
    path("agents/agents/<uuid:agent>/adresse/", people.home, name="agent-home-address"),
    path("agents/agents/<uuid:agent>/debloquer/", people.unlock, name="agent-unlock"),
    *files.urlpatterns,
    *running.urlpatterns,
    *campaign.urlpatterns,
    *said.urlpatterns,
    *queue.urlpatterns,
    *letters.urlpatterns,
]
